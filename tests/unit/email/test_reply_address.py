"""The signed address proves the conversation and nothing else does."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from trato.channels.email.reply_address import (
    conversation_of,
    make_reply_address,
    read_reply_address,
    without_tag,
)

KEY = b"k" * 32
names = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=20)
keys = st.binary(min_size=32, max_size=32)


@given(st.uuids(), names, keys)
def test_what_was_signed_is_recognised_however_relays_write_it(
    conversation: UUID, name: str, key: bytes
) -> None:
    address = make_reply_address(f"{name}@Example.com", conversation, key)
    assert len(address.partition("@")[0]) <= 64
    assert read_reply_address(address, key) == conversation
    assert read_reply_address(address.lower(), key) == conversation
    assert read_reply_address(address.upper(), key) == conversation
    assert read_reply_address(f"<{address}>", key) == conversation
    assert without_tag(address) == f"{name}@Example.com"


@given(st.uuids(), st.uuids(), keys)
def test_no_part_can_be_exchanged(one: UUID, other: UUID, other_key: bytes) -> None:
    first = make_reply_address("soporte@example.com", one, KEY)
    second = make_reply_address("soporte@example.com", other, KEY)
    token = first.partition("+")[2].partition(".")[0]
    mixed = f"soporte+{token}.{second.partition('.')[2]}"
    assert read_reply_address(mixed, KEY) == (one if one == other else None)
    assert read_reply_address(first, other_key) == (one if other_key == KEY else None)
    assert read_reply_address(first.replace("soporte", "ventas"), KEY) is None
    assert read_reply_address(first.replace("example.com", "example.net"), KEY) is None


@given(st.uuids(), st.integers(0, 42), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_sign_breaks_it(conversation: UUID, at: int, sign: str) -> None:
    address = make_reply_address("soporte@example.com", conversation, KEY)
    start = len("soporte+")
    changed = address[: start + at] + sign + address[start + at + 1 :]
    if changed != address:
        assert read_reply_address(changed, KEY) is None


@given(st.text(max_size=100))
def test_other_addresses_say_nothing(address: str) -> None:
    assert read_reply_address(address, KEY) is None


def test_a_tag_is_replaced_not_stacked() -> None:
    first = make_reply_address("soporte@example.com", UUID(int=1), KEY)
    second = make_reply_address(first, UUID(int=2), KEY)
    assert read_reply_address(second, KEY) == UUID(int=2)
    assert len(second) == len(first)


def test_an_address_without_room_stays_as_it_is() -> None:
    long = "una-direccion-verdaderamente-larga@example.com"
    assert make_reply_address(long, UUID(int=1), KEY) == long


def test_the_first_signed_address_counts() -> None:
    signed = make_reply_address("soporte@example.com", UUID(int=7), KEY)
    assert conversation_of(["ana@example.com", signed], KEY) == UUID(int=7)
    assert conversation_of(["ana@example.com"], KEY) is None
