"""Which passwords are taken, and what is stored of them."""

import pytest

from trato.access import passwords
from trato.access.errors import WeakPassword


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "lluvia sobre tejados 7",
        "ñandú que canta",
        "aB3$xyzQ9!mn",
        "日本語のとても長い秘密のことば",
        "Admin123!Admin",
    ],
)
def test_a_phrase_of_ones_own_is_taken(password: str) -> None:
    passwords.check_rules(password, email="ana.gomez@example.com", name="Ana Gómez")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "12 characters"),
        ("x" * 12, "repeats"),
        ("abababababab", "repeats"),
        ("123456789012", "repeats"),
        ("qwertyuiopasdf", "row"),
        ("zyxwvutsrqponm", "row"),
        ("password1234", "tried first"),
        ("P@ssw0rd!2024", "tried first"),
        ("Contraseña2024", "tried first"),
        ("2024bienvenido!!", "tried first"),
        ("passwordpassword", "tried first"),
        ("ana.gomez@example.com", "your own"),
        ("gomez-example-1", "your own"),
        ("Ana Gómez Ana Gómez", "your own"),
        ("x" * 200 + "abcdef" * 20, "256"),
    ],
)
def test_what_is_tried_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(WeakPassword, match=why):
        passwords.check_rules(password, email="ana.gomez@example.com", name="Ana Gómez")


async def test_what_is_stored_is_argon2id_with_a_salt_of_its_own() -> None:
    one, other = [await passwords.hash_password("lluvia sobre tejados") for _ in range(2)]
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert one != other


async def test_right_and_wrong() -> None:
    stored = await passwords.hash_password("ñandú que canta")
    assert await passwords.verify("ñandú que canta", stored) == (True, None)
    decomposed = "n\u0303andu\u0301\u00a0que canta"
    assert await passwords.verify(decomposed, stored) == (True, None), "however the keyboard composes it"
    assert await passwords.verify("nandu que canta", stored) == (False, None)
    assert await passwords.verify("", stored) == (False, None)


async def test_nobodys_password_is_never_right() -> None:
    for guess in ("", "the password of nobody", "ñandú que canta"):
        assert await passwords.verify(guess, None) == (False, None)
    assert await passwords.verify("x", "not a hash") == (False, None)


async def test_an_aged_hash_is_made_anew() -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    aged = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash("ñandú que canta")
    right, fresh = await passwords.verify("ñandú que canta", aged)
    assert right
    assert fresh is not None
    assert fresh.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
