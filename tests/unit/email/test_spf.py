"""What SPF says of who hands us a mail, and whom it lets speak for the address in From."""

import ipaddress

import pytest

from trato.channels.email.authentication import AuthenticationResult, MethodResult
from trato.channels.email.own_check import LookupFailed, own_result
from trato.channels.email.parse import parse_mail
from trato.channels.email.records import Answer, Kind
from trato.channels.email.spf import INTERNAL, Peer, spf_of

SERVER, STRANGER = "192.0.2.10", "198.51.100.7"
ZONE = {
    "cliente.example": f"v=spf1 ip4:{SERVER} -all",
    "mail.cliente.example": f"v=spf1 ip4:{SERVER} -all",
    "mx.cliente.example": f"v=spf1 ip4:{SERVER} -all",
    "otro.example": f"v=spf1 ip4:{SERVER} ip4:{STRANGER} -all",
    "nube.example": "v=spf1 include:cliente.example ~all",
    "bucle.example": "v=spf1 include:bucle.example -all",
    "roto.example": "v=spf1 ip4:esto -all",
    "tienda.example": "v=spf1 ip4:203.0.113.5 -all",
}


def ask(name: str, kind: Kind) -> Answer:
    if name.startswith("mudo"):
        raise LookupFailed(name)
    if name not in ZONE:
        return Answer(exists=False)
    return Answer((ZONE[name],) if kind == "TXT" else ())


def spf(address: str = SERVER, mail_from: str = "ana@cliente.example", helo: str = "mx.cliente.example"):
    relays = [*INTERNAL, ipaddress.ip_network("203.0.113.64/26")]
    return spf_of(Peer(address, helo, mail_from), "tienda.example", relays, ask)


@pytest.mark.parametrize(
    ("address", "mail_from", "expected"),
    [
        (SERVER, "ana@cliente.example", "pass"),
        (f"::ffff:{SERVER}", "ana@cliente.example", "pass"),
        (STRANGER, "ana@cliente.example", "fail"),
        (SERVER, "ana@nube.example", "pass"),
        (STRANGER, "ana@nube.example", "softfail"),
        (SERVER, "ana@nadie.example", "none"),
        (SERVER, "ana@bucle.example", "permerror"),
        (SERVER, "ana@roto.example", "permerror"),
        (SERVER, "ana@mudo.example", "temperror"),
        (SERVER, "sin dominio", "none"),
    ],
)
def test_the_senders_domain_says_who_may_send_for_it(address: str, mail_from: str, expected: str) -> None:
    found = spf(address, mail_from)
    assert found is not None
    assert (found.method, found.result) == ("spf", expected)


def test_for_the_null_sender_the_servers_own_name_counts() -> None:
    assert spf(mail_from="") == MethodResult("spf", "pass", {"smtp.helo": "mx.cliente.example"})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "203.0.113.70", "203.0.113.5", "unknown"],
)
def test_of_a_server_that_hands_on_nothing_is_said(address: str) -> None:
    assert spf(address, "ana@otro.example") is None


AUTHOR = b"From: Ana <ana@mail.cliente.example>\r\nSubject: Hola\r\n\r\nHola\r\n"


def own(found: MethodResult | None, policy: str | None = None, raw: bytes = AUTHOR) -> AuthenticationResult:
    return own_result(raw, parse_mail(raw), {"_dmarc.mail.cliente.example": policy}.get, found)


def test_a_pass_of_the_authors_organisation_vouches() -> None:
    assert own(spf(), "v=DMARC1; p=reject") == AuthenticationResult(
        spf="pass", dmarc="pass", source="own", from_authenticated=True
    )
    assert own(spf()).from_authenticated
    assert own(spf(mail_from="")).from_authenticated


def test_a_strict_policy_wants_the_very_domain() -> None:
    strict = "v=DMARC1; p=reject; aspf=s"
    assert own(spf(), strict).dmarc == "fail"
    assert own(spf(mail_from="ana@mail.cliente.example"), strict).dmarc == "pass"


@pytest.mark.parametrize(
    ("address", "mail_from"),
    [
        (STRANGER, "ana@cliente.example"),
        (STRANGER, "ana@otro.example"),  # passes, for a domain that is not the author's
        (STRANGER, ""),
        (SERVER, "ana@mudo.example"),
        ("127.0.0.1", "ana@cliente.example"),
    ],
)
def test_nothing_else_vouches(address: str, mail_from: str) -> None:
    assert not own(spf(address, mail_from)).from_authenticated
    assert not own(spf(address, mail_from), "v=DMARC1; p=none").from_authenticated


def test_with_two_authors_nobody_is_vouched_for() -> None:
    two = b"From: ana@mail.cliente.example, jefe@cliente.example\r\n\r\nHola\r\n"
    assert own(spf(), raw=two) == AuthenticationResult(spf="pass", source="own")


def test_where_the_policy_cannot_be_asked_the_stricter_one_counts() -> None:
    def silent(name: str) -> str | None:
        raise LookupFailed(name)

    mail = parse_mail(AUTHOR)
    found = own_result(AUTHOR, mail, silent, spf())
    assert (found.spf, found.dmarc, found.from_authenticated) == ("pass", "temperror", False)
