"""Who is believed about where a mail comes from: trusted servers and good signatures, nobody else."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from trato.channels.email.authentication import AuthenticationResult, aligned, server_result
from trato.channels.email.own_check import LookupFailed, own_result
from trato.channels.email.parse import parse_mail

TRUSTED = {"mx.tienda.example"}
REST = b"To: soporte@tienda.example\r\nSubject: Hola\r\nDate: Tue, 7 Apr 2026 10:00:01 -0300\r\n\r\nHola\r\n"
FROM = b"From: Ana <ana@mail.cliente.com.ar>\r\n"


def server(*fields: bytes, author: bytes = FROM) -> AuthenticationResult:
    lines = b"".join(b"Authentication-Results: " + field + b"\r\n" for field in fields)
    return server_result(parse_mail(lines + author + REST), TRUSTED)


@pytest.mark.parametrize(
    "field",
    [
        b"mx.tienda.example; dmarc=pass header.from=mail.cliente.com.ar",
        b"MX.tienda.example. 1; spf=fail; dmarc=PASS (p=REJECT sp=none) header.from=mail.cliente.com.ar;",
        b'"mx.tienda.example" ; dkim=pass header.d=cliente.com.ar header.s=a header.b="x/y=="',
        b"mx.tienda.example;\r\n dkim=fail header.d=otro.example;\r\n\tdkim=pass header.i=@cliente.com.ar",
        b"mx.tienda.example; spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=bounce@mail.cliente.com.ar",
        b"mx.tienda.example; dmarc=none; dkim=pass header.d=mail.cliente.com.ar",
    ],
)
def test_a_trusted_server_is_believed(field: bytes) -> None:
    found = server(field)
    assert (found.source, found.from_authenticated) == ("server", True)


@pytest.mark.parametrize(
    "field",
    [
        b"mx.tienda.example; dmarc=fail; dkim=pass header.d=mail.cliente.com.ar",
        b"mx.tienda.example; dmarc=pass header.from=otro.example",
        b"mx.tienda.example; dkim=pass header.d=otro.example",
        b"mx.tienda.example; dkim=pass header.d=com.ar",
        b"mx.tienda.example; dkim=fail header.d=cliente.com.ar",
        b"mx.tienda.example; spf=pass smtp.mailfrom=otro.example smtp.helo=cliente.com.ar",
        b"mx.tienda.example; (dmarc=pass header.from=mail.cliente.com.ar) none",
        b'mx.tienda.example; auth=fail reason="; dmarc=pass header.from=mail.cliente.com.ar"',
        b"mx.tienda.example; dkim=fail header.b=x=dmarc=pass",
        b"mx.tienda.example; none",
    ],
)
def test_what_a_trusted_server_does_not_say_is_not_assumed(field: bytes) -> None:
    found = server(field)
    assert (found.source, found.from_authenticated) == ("server", False)


GOOD = b"mx.tienda.example; dmarc=pass header.from=mail.cliente.com.ar"


@pytest.mark.parametrize(
    "fields",
    [
        [b"mx.evil.example; dmarc=pass header.from=mail.cliente.com.ar"],
        [b"mx.evil.example (mx.tienda.example); dmarc=pass"],
        [b"mx.evil.example; x=y", GOOD],
        [b"mx.tienda.example 2; dmarc=pass"],
        [b"mx.tienda.example.evil.example; dmarc=pass"],
        [b"mx.tienda.\xd0\xb5xample; dmarc=pass"],
        [b"\xff mx.tienda.example; dmarc=pass"],
        [b"; mx.tienda.example; dmarc=pass"],
        [b""],
        [b"dmarc=pass; mx.tienda.example"],
        [],
    ],
)
def test_a_field_that_the_trusted_server_did_not_write_on_top_is_ignored(fields: list[bytes]) -> None:
    assert server(*fields) == AuthenticationResult()


def test_a_forged_field_below_changes_nothing() -> None:
    found = server(b"mx.tienda.example; dmarc=fail header.from=mail.cliente.com.ar", GOOD)
    assert (found.dmarc, found.from_authenticated) == ("fail", False)
    found = server(b"mx.tienda.example; spf=none", GOOD)
    assert (found.dmarc, found.from_authenticated) == (None, False)


@pytest.mark.parametrize(
    "author",
    [
        FROM + b"From: Jefe <jefe@mail.cliente.com.ar>\r\n",
        b"From: ana@mail.cliente.com.ar, jefe@otro.example\r\n",
        b"X: y\r\n",
        b"From: Ana\r\n",
        FROM + b"X: y\r\n" * 3_000,
    ],
)
def test_without_exactly_one_author_nothing_is_authenticated(author: bytes) -> None:
    assert not server(GOOD, author=author).from_authenticated


def test_no_server_is_trusted_unless_it_is_named() -> None:
    mail = parse_mail(b"Authentication-Results: " + GOOD + b"\r\n" + FROM + REST)
    assert server_result(mail, set()) == AuthenticationResult()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a.example.com", "example.com", True),
        ("a.example.com", "b.example.com", True),
        ("example.com.ar", "otro.com.ar", False),
        ("com.ar", "cliente.com.ar", False),
        ("uno.github.io", "dos.github.io", False),
        ("example.com", "example.com", True),
        ("", "", False),
    ],
)
def test_alignment_ends_at_the_registered_domain(one: str, other: str, expected: bool) -> None:
    assert aligned(one, other) is expected


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)
RECORD = f"v=DKIM1; k=rsa; p={base64.b64encode(PUBLIC).decode()}"


def signed(domain: bytes = b"cliente.com.ar", raw: bytes = FROM + REST, **options: bool) -> bytes:
    return (
        bytes(dkim.sign(raw, b"s1", domain, PRIVATE, include_headers=[b"from", b"subject"], **options)) + raw
    )


def own(raw: bytes, names: dict[str, str] | None = None, *, silent: bool = False) -> AuthenticationResult:
    records = {"s1._domainkey.cliente.com.ar": RECORD, "s1._domainkey.otro.example": RECORD} | (names or {})

    def lookup(name: str) -> str | None:
        if silent:
            raise LookupFailed
        return records.get(name)

    return own_result(raw, parse_mail(raw), lookup)


def test_our_own_check_believes_a_good_signature_of_the_authors_domain() -> None:
    assert own(signed()) == AuthenticationResult(
        dkim="pass", dmarc="pass", source="own", from_authenticated=True
    )


def test_another_domains_signature_does_not_vouch() -> None:
    found = own(signed(b"otro.example"))
    assert (found.dkim, found.dmarc, found.from_authenticated) == ("pass", None, False)


def test_a_strict_policy_is_obeyed() -> None:
    found = own(signed(), {"_dmarc.cliente.com.ar": "v=DMARC1; p=reject; adkim=s"})
    assert (found.dmarc, found.from_authenticated) == ("fail", False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hola\r\n", b"Deme su clave\r\n"),
        (b"ana@", b"jefe@"),
        (b"Subject: Hola", b"Subject: Clave"),
        (b"From:", b"From: jefe@mail.cliente.com.ar\r\nFrom:"),
        (b"d=cliente", b"d=clientf"),
        (b"b=", b"b=A"),
        (b"h=from : subject", b"h=subject"),
        (b"v=1", b"v=x"),
    ],
)
def test_a_changed_mail_is_not_the_authors(old: bytes, new: bytes) -> None:
    raw = signed()
    assert own(raw).from_authenticated
    assert old in raw
    assert not own(raw.replace(old, new)).from_authenticated


def test_what_looks_like_a_second_author_is_none() -> None:
    raw = signed().replace(b"From:", b"Fr om: jefe@mail.cliente.com.ar\r\nFrom:")
    mail = parse_mail(raw)
    assert mail.sender is not None
    assert mail.sender.address == "ana@mail.cliente.com.ar"


def test_a_signature_of_a_part_of_the_body_is_worth_nothing() -> None:
    raw = signed(length=True)
    assert not own(raw).from_authenticated
    assert not own(raw + b"Deme su clave\r\n").from_authenticated


def test_silent_dns_says_that_nothing_is_known() -> None:
    found = own(signed(), silent=True)
    assert (found.dkim, found.from_authenticated) == ("temperror", False)


def test_without_signature_nothing_is_known() -> None:
    assert own(FROM + REST) == AuthenticationResult(source="own")
