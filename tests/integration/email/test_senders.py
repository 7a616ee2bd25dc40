"""Who is believed of those who hand us mail directly: by SPF, asked of a real name server."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.email.test_listener import US, send
from tests.support.mail import PEOPLE, free_ports, mail
from tests.support.name_server import NameServer, running_name_server
from tests.support.sink import MemorySink, account_of, running_listener
from tests.support.until import until

from trato.channel_sdk import Inbound
from trato.channels.email.connector import Email
from trato.channels.email.own_check import LookupFailed
from trato.channels.email.records import Answer, Records

pytestmark = pytest.mark.slow

HERE, ELSEWHERE = '"v=spf1 ip4:127.0.0.1 -all"', '"v=spf1 ip4:192.0.2.1 " "-all"'
PEDRO, STRANGER = f"pedro@{PEOPLE}", "otro@otra.test"


@pytest.fixture
def names() -> Iterator[NameServer]:
    with running_name_server({PEOPLE: [("TXT", HERE)], "otra.test": [("TXT", HERE)]}) as running:
        yield running


async def received(names: NameServer, sender: str = PEDRO, **settings: Any) -> Inbound:
    """Return what a mail from Pedro becomes, handed in by this machine as if from outside."""
    (port,) = free_ports(1)
    account = account_of(
        "email", {"address": US, "listener_host": "127.0.0.1", "listener_port": port, **settings}
    )
    connector, sink = Email(Records(names.resolver()), internal=()), MemorySink()
    forged = {"Authentication-Results": f"mx.tienda.test; dmarc=pass header.from={PEOPLE}"}
    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it listens")
        await send(account, mail("Soy Pedro", to=US, headers=forged), US, sender=sender)
    return sink.messages[0]


async def test_the_domains_own_server_is_believed(names: NameServer) -> None:
    message = await received(names)
    assert message.verified
    assert message.payload["authentication"] == {
        "spf": "pass",
        "dkim": None,
        "dmarc": "pass",
        "source": "own",
        "from_authenticated": True,
    }


async def test_another_server_is_not(names: NameServer) -> None:
    names.zone[PEOPLE] = [("TXT", ELSEWHERE)]
    names.zone[f"_dmarc.{PEOPLE}"] = [("TXT", '"v=DMARC1; p=none"')]
    message = await received(names)
    assert not message.verified
    found = message.payload["authentication"]
    assert (found["spf"], found["dmarc"]) == ("fail", "fail")


async def test_another_domains_good_server_does_not_vouch_for_pedro(names: NameServer) -> None:
    message = await received(names, STRANGER)
    assert message.payload["authentication"]["spf"] == "pass"
    assert not message.verified


async def test_who_may_send_for_us_hands_on_what_anybody_wrote(names: NameServer) -> None:
    names.zone[US.rpartition("@")[2]] = [("TXT", HERE)]
    assert not (await received(names)).verified


async def test_a_server_of_ours_in_front_is_believed_if_it_is_trusted(names: NameServer) -> None:
    relayed: dict[str, Any] = {"listener_relays": ["127.0.0.0/8"]}
    assert not (await received(names, **relayed)).verified
    assert (await received(names, **relayed, trusted_servers=["mx.tienda.test"])).verified


async def test_a_silent_name_server_delays_little_and_verifies_nothing(names: NameServer) -> None:
    names.silent |= {PEOPLE, US.rpartition("@")[2], f"_dmarc.{PEOPLE}"}
    before = time.monotonic()
    message = await received(names)
    assert time.monotonic() - before < 15
    assert message.payload["authentication"]["spf"] == "temperror"
    assert not message.verified


def test_answers_are_remembered_and_silence_is_not_asked_again_and_again(names: NameServer) -> None:
    names.zone["a.test"] = [("MX", "10 mx.a.test."), ("A", "192.0.2.1")]
    records = Records(names.resolver())
    for _ in range(2):
        assert records.ask("A.test.", "MX") == Answer(("mx.a.test",))
        assert records.ask("a.test", "A") == Answer(("192.0.2.1",))
        assert records.ask("a.test", "AAAA") == Answer()
        assert records.ask("b.test", "A") == Answer(exists=False)
        assert records(PEOPLE) == HERE.strip('"')
    assert len(names.asked) == 5
    names.silent = {f"{n}.test" for n in range(10)}
    for name in sorted(names.silent):
        with pytest.raises(LookupFailed):
            records(name)
    assert len({name for name, _ in names.asked} & names.silent) == 3
