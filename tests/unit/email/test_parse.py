"""What is read of whole mails, the sound ones and the broken ones."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.shared_data import shared_data

from trato.channels.email.addresses import MAX_ADDRESSES, Mailbox
from trato.channels.email.inspection import inspect
from trato.channels.email.model import SentBy
from trato.channels.email.parse import parse_mail

FIELDS = (
    b"From: Ana <ana@example.com>\r\nTo: soporte@tienda.example\r\nSubject: Pedido\r\n"
    b"Date: Tue, 7 Apr 2026 10:00:01 -0300\r\nMessage-ID: <m1@example.com>\r\nMIME-Version: 1.0\r\n"
)


def in_parts(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return FIELDS + b"Content-Type: multipart/" + kind + b'; boundary="B"\r\n\r\n' + body + b"--B--\r\n"


def expected_mails() -> list[Path]:
    return sorted(shared_data("mail", "parse").glob("*/*.json"))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_subject_and_number_of_attachments_are_those_of_the_public_suite(line_end: bytes) -> None:
    wrong = []
    for file in expected_mails():
        expected = json.loads(file.read_text("utf-8"))
        raw = file.with_suffix(".eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end)
        found = inspect(raw)
        subjects = [h["value"] for h in expected["parts"][0]["headers"] if h["name"] == "subject"]
        subject = subjects[-1]["Text"] if subjects else ""
        if (found["subject"], len(found["attachments"])) != (subject, len(expected["attachments"])):
            wrong.append(f"{file.parent.name}/{file.name}")
    assert wrong == []


@pytest.mark.parametrize("inner", [b"not a mail", b"Subject: only a header", b"", b"\r\nhola"])
def test_what_follows_a_nested_message_is_no_part_of_it(inner: bytes) -> None:
    nested = b"Content-Type: message/rfc822\r\n\r\n" + inner
    found = inspect(in_parts(b"\r\nHola", nested, b"Content-Type: application/pdf\r\n\r\nabc"))
    assert [(part["content_type"], part["size"]) for part in found["attachments"]] == [
        ("message/rfc822", len(inner)),
        ("application/pdf", 3),
    ]


def test_a_mark_of_byte_order_before_a_mail_is_no_part_of_its_first_field() -> None:
    sender = parse_mail(b"\xef\xbb\xbf" + FIELDS + b"\r\nHola").sender
    assert sender == Mailbox("Ana", "ana@example.com")


def test_a_boundary_may_be_folded() -> None:
    raw = FIELDS + (
        b'Content-Type: multipart/mixed; boundary="a\r\n b"\r\n\r\n--a b\r\n\r\nHola\r\n'
        b"--a b\r\nContent-Type: application/pdf\r\n\r\nabc\r\n--a b--\r\n"
    )
    assert [part["size"] for part in inspect(raw)["attachments"]] == [3]


def test_every_shared_file_gives_one_object_of_plain_json() -> None:
    keys = set(inspect(FIELDS + b"\r\nhola"))
    for file in shared_data("mail").rglob("*"):
        if file.is_file():
            found = inspect(file.read_bytes())
            assert json.loads(json.dumps(found)) == found
            assert set(found) == keys


def test_a_plain_mail_says_all_that_it_says() -> None:
    raw = FIELDS + (
        b"In-Reply-To: <m0@tienda.example>\r\nReferences: <r@tienda.example>\r\n <m0@tienda.example>\r\n"
        b"Cc: =?utf-8?B?UMOpcmV6LCBKdWFu?= <juan@example.com>\r\nReply-To: otra@example.com\r\n"
        b"Delivered-To: soporte@tienda.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
        b"\xbfD\xf3nde est\xe1 mi pedido?\r\n\r\n> Su pedido va en camino.\r\n"
    )
    mail = parse_mail(raw)
    assert mail.message_id == "m1@example.com"
    assert mail.in_reply_to == "m0@tienda.example"
    assert mail.references == ("r@tienda.example", "m0@tienda.example")
    assert mail.sender == Mailbox("Ana", "ana@example.com")
    assert mail.cc == (Mailbox("Pérez, Juan", "juan@example.com"),)
    assert mail.reply_to == (Mailbox("", "otra@example.com"),)
    assert mail.delivered_to == ("soporte@tienda.example",)
    assert mail.date == datetime(2026, 4, 7, 13, 0, 1, tzinfo=UTC)
    assert mail.reply_text == "¿Dónde está mi pedido?"
    assert mail.language == "es"
    assert mail.sent_by is SentBy.PERSON
    assert mail.errors == ()


def test_printed_form_is_the_documented_one() -> None:
    found = inspect(in_parts(b"\r\nHola", b"Content-Type: application/pdf; name=a.pdf\r\n\r\nabc"))
    assert list(found) == [
        "message_id", "in_reply_to", "references", "from", "reply_to", "to", "cc", "date", "subject", "text",
        "html", "reply_text", "attachments", "inline", "auto_submitted", "bounce", "language", "errors",
    ]  # fmt: skip
    assert found["from"] == {"name": "Ana", "address": "ana@example.com"}
    assert found["date"] == "2026-04-07T13:00:01Z"
    assert found["attachments"] == [
        {"filename": "a.pdf", "content_type": "application/pdf", "size": 3, "content_id": None}
    ]


def test_alternative_gives_text_and_clean_html_with_its_image_as_attachment() -> None:
    html = (
        b"Content-Type: multipart/related; boundary=R\r\n\r\n--R\r\nContent-Type: text/html\r\n\r\n"
        b'<p onclick="x()">Hola<script>bad()</script> <img src="cid:logo@x"></p>\r\n'
        b"--R\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--R--"
    )
    mail = parse_mail(in_parts(b"Content-Type: text/plain\r\n\r\nHola", html, kind=b"alternative"))
    assert mail.text == "Hola"
    assert mail.html == "<p>Hola <img></p>"
    assert [(part.content_id, part.content, part.inline) for part in mail.attachments] == [
        ("logo@x", b"hello", True)
    ]


def test_html_alone_gives_readable_text() -> None:
    mail = parse_mail(FIELDS + b"Content-Type: text/html\r\n\r\n<p>Hola</p><ul><li>uno<li>dos</ul>")
    assert mail.text == "Hola\n\n- uno\n- dos"


def test_nested_message_is_one_attachment_and_its_parts_none() -> None:
    nested = in_parts(b"\r\ntexto", b"Content-Type: image/png\r\n\r\nx").replace(b"--B", b"--N")
    nested = nested.replace(b'"B"', b'"N"')
    mail = parse_mail(in_parts(b"\r\nvea", b"Content-Type: message/rfc822\r\n\r\n" + nested))
    assert [part.content_type for part in mail.attachments] == ["message/rfc822"]
    assert mail.attachments[0].content == nested


def test_named_inline_text_is_body_and_kept_as_a_file_too() -> None:
    note = b'Content-Type: text/plain\r\nContent-Disposition: inline; filename="n.txt"\r\n\r\nnota'
    mail = parse_mail(in_parts(b"\r\nHola", note))
    assert mail.text == "Hola\n\nnota"
    assert mail.attachments == ()
    assert [part.filename for part in mail.inline] == ["n.txt"]


@pytest.mark.parametrize(
    ("parameters", "filename"),
    [
        (b'filename="factura.pdf"', "factura.pdf"),
        (b"filename*=utf-8''factura%20n%C2%BA%201.pdf", "factura nº 1.pdf"),
        (b"filename*0*=iso-8859-1''a%F1o; filename*1=\" 2026\"; filename*2=.pdf", "año 2026.pdf"),
        (b"filename=plain.txt; filename*=utf-8''mejor.txt", "mejor.txt"),
        (b'filename="=?utf-8?Q?a=C3=B1o?=.pdf"', "año .pdf"),
        (b'filename="a\xf1o.pdf"', "año.pdf"),
        (b'filename="..\\\\..\\\\windows\\\\x.exe"', "x.exe"),
        (b'filename="../../etc/passwd"', "passwd"),
        (b'filename="x\xe2\x80\xaefdp.exe"', "xfdp.exe"),
        (b"filename=foo(1).pdf", "foo(1).pdf"),
        (b'filename="nul\x00l.txt"', "null.txt"),
        (b'filename="' + b"x" * 5000 + b'.pdf"', "x" * 180 + ".pdf"),
        (b'filename=""', None),
    ],
)
def test_names_of_files(parameters: bytes, filename: str | None) -> None:
    part = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + parameters
    mail = parse_mail(in_parts(part + b"\r\n\r\nx"))
    assert [attachment.filename for attachment in mail.attachments] == [filename]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?Q?=C2=BFD=C3=B3nde?=\r\n =?utf-8?Q?_est=C3=A1=3F?=", "¿Dónde está?"),
        (b"=?utf-8?B?w7E=?= y =?ISO-8859-1?Q?=F1?=", "ñ y ñ"),
        (b"=?utf-8?B?ww==?= =?utf-8?B?sQ==?=", "ñ"),
        (b"=?utf-8*es?Q?ma=C3=B1ana?=", "mañana"),
        (b"=?klingon?Q?abc?=", "abc"),
        (b"=?utf-8?Q?=ZZ?=", "=?utf-8?Q?=ZZ?="),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("Envío".encode(), "Envío"),
        (b"Env\xedo", "Env\ufffdo"),
        (b"a\r\n\tb\r\n  c", "a b c"),
        (b"safe\xe2\x80\xaetxt \x07\x1b[31m", "safetxt [31m"),
        (b"=?utf-8?Q?uno=0D=0ABcc:_x=40y.z?=", "uno Bcc: x@y.z"),
        (b"x" * 5000, "x" * 1000),
    ],
)
def test_subjects(raw: bytes, subject: str) -> None:
    assert parse_mail(b"Subject: " + raw + b"\r\nFrom: a@b.c\r\n\r\nx").subject == subject


def test_many_recipients_are_bounded_and_said() -> None:
    to = b",\r\n ".join(b'"Persona %d" <p%d@example.com>' % (n, n) for n in range(10_000))
    mail = parse_mail(b"From: a@b.c\r\nTo: " + to + b"\r\n\r\nhola")
    assert len(mail.to) == MAX_ADDRESSES
    assert mail.to[-1] == Mailbox("Persona 999", "p999@example.com")
    assert "only the first 1000 addresses of To were read" in mail.errors


@pytest.mark.parametrize(
    ("raw", "error", "text"),
    [
        (b"", "the mail is empty", ""),
        (b"\r\n\r\n", "the mail is empty", ""),
        (b"just some words\nand more", "has no header fields: shown as text", "just some words\nand more"),
        (
            FIELDS + b"Content-Type: multipart/mixed\r\n\r\nsin l\xc3\xadmite",
            "a multipart without a boundary",
            "sin límite",
        ),
        (
            FIELDS + b"Content-Type: multipart/mixed; boundary=zz\r\n\r\nnunca llega",
            "a multipart whose boundary never comes",
            "nunca llega",
        ),
        (
            FIELDS + b"Content-Transfer-Encoding: base64\r\n\r\nesto no es base64, es texto!",
            "a part that is not in the encoding it claims, or has no end",
            "esto no es base64, es texto!",
        ),
        (
            FIELDS + b"Content-Type: text/plain; charset=x-nada\r\n\r\na\xf1o",
            "unknown charset 'x-nada'",
            "año",
        ),
        (FIELDS + b"Content-Type: text/plain; charset=rot13\r\n\r\nhola", "unknown charset 'rot13'", "hola"),
        (
            FIELDS + b"Content-Type: text/plain; charset=utf-8\r\n\r\na\xf1o",
            "bytes that are not utf-8",
            "a\ufffdo",
        ),
    ],
)
def test_broken_mail_keeps_its_text_and_says_what_is_wrong(raw: bytes, error: str, text: str) -> None:
    mail = parse_mail(raw)
    assert error in mail.errors
    assert mail.text.strip() == text


@pytest.mark.parametrize(
    ("fields", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=utf-7", b"ma+APE-ana", "mañana"),
        (b"Content-Type: text/plain; charset=utf-7", b"+2AA-", "\ufffd"),
        (b"Content-Type: text/plain; charset=utf-16", "mañana".encode("utf-16"), "mañana"),
        (b"Content-Type: text/plain; charset=us-ascii", "mañana".encode(), "mañana"),
        (b"Content-Type: text/plain; charset=gb2312", "你好".encode("gb18030"), "你好"),
        (b"Content-Transfer-Encoding: base64", b"bWHDsW\n FuYQ==", "mañana"),
        (b"Content-Transfer-Encoding: quoted-printable", b"ma=C3=B1=\r\nana=20\r\n=ZZ", "mañana \n=ZZ"),
        (b"Content-Transfer-Encoding: x-uuencode", b"begin 644 a\n#86)C\n`\nend\n", "abc"),
        (
            b"Content-Type: text/plain; format=flowed",
            b"uno \r\ndos\r\n> cita \r\n> otra",
            "uno dos\n> cita \n> otra",
        ),
        (b"Content-Type: text/plain", b"a\x00\x08b\r\nc\x1b[0m\xe2\x80\xaed", "ab\nc[0md"),
        (b"Content-Type: text/html", b'<meta charset="iso-8859-1"><p>a\xf1o', "año"),
    ],
)
def test_encodings_of_the_body(fields: bytes, body: bytes, text: str) -> None:
    assert parse_mail(FIELDS + fields + b"\r\n\r\n" + body).text.rstrip("\n") == text


def test_a_text_under_a_broken_type_is_still_read() -> None:
    mail = parse_mail(FIELDS + b"Content-Type: text/plain charset=utf-8\r\n\r\nsin punto y coma")
    assert mail.text == "sin punto y coma"
    assert len(mail.attachments) == 1


def test_mbox_line_is_no_header() -> None:
    mail = parse_mail(b"From ana@example.com Tue Apr  7 10:00:01 2026\n" + FIELDS + b"\r\nhola")
    assert (mail.sender, mail.text) == (Mailbox("Ana", "ana@example.com"), "hola")


def test_several_authors_are_counted() -> None:
    twice = b"From: real@bank.example\r\n" + FIELDS + b"\r\nhola"
    assert parse_mail(twice).from_count == 2
    assert "more than one author in From" in parse_mail(twice).errors


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(FIELDS + b"Content-Type: message/rfc822\r\n\r\n" * 5_000, id="messages in messages"),
        pytest.param(
            FIELDS
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=X%dX\r\n\r\n--X%dX\r\n" % (n, n)
                for n in range(5_000)
            ),
            id="parts in parts",
        ),
        pytest.param(in_parts(*[b"\r\nx"] * 12_000), id="thousands of parts"),
        pytest.param(
            in_parts(*[b"Content-Type: multipart/mixed; boundary=Z%d\r\n\r\n" % n for n in range(5_000)]),
            id="boundaries that never come",
        ),
        pytest.param(b"A: b\r\n" * 200_000 + b"\r\nhola", id="many fields"),
        pytest.param(b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\n\r\nhola", id="many words"),
        pytest.param(FIELDS + b"To: " + b'"' * 500_000 + b"\r\n\r\nhola", id="quotes"),
        pytest.param(FIELDS + b"To: " + b'\\"' * 250_000 + b"\r\n\r\nhola", id="escaped quotes"),
        pytest.param(FIELDS + b"To: " + b"(" * 500_000 + b"\r\n\r\nhola", id="comments"),
        pytest.param(FIELDS + b"Subject: a" + b" " * 500_000 + b"b\r\n\r\nhola", id="spaces"),
        pytest.param(FIELDS + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000, id="deep HTML"),
        pytest.param(FIELDS + b"Content-Type: text/html\r\n\r\n" + b"&" * 1_000_000, id="entities"),
        pytest.param(FIELDS + b"\r\n" + b"-Ana\r\n\r\n" * 100_000, id="signatures"),
        pytest.param(FIELDS + b"\r\n" + b"*" * 1_000_000, id="rules"),
    ],
)
def test_hostile_mail_is_read_in_bounded_time(raw: bytes) -> None:
    began_s = time.process_time()
    assert parse_mail(raw).message_id in {"m1@example.com", None}
    assert time.process_time() - began_s < 20


SEEDS = [
    in_parts(b"\r\nHola", b"Content-Type: application/pdf; name=a.pdf\r\n\r\nabc"),
    FIELDS + b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hola <b>mundo</b>",
    in_parts(b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny", kind=b"digest"),
    FIELDS + b"Content-Transfer-Encoding: base64\r\n\r\nSG9sYQ==",
]


def shared_seeds() -> list[bytes]:
    try:
        return [file.with_suffix(".eml").read_bytes() for file in expected_mails()]
    except pytest.skip.Exception:
        return []


@st.composite
def mutated(draw: Any, seeds: list[bytes]) -> bytes:
    raw = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw)))
        until = min(len(raw), at + draw(st.integers(0, 40)))
        patch = draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"\n", b"--B", b'"', b"=?", b"\0", b":"]))
        )
        raw[at:until] = patch
    return bytes(raw)


@given(mutated(SEEDS + shared_seeds()))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_to_a_mail_makes_it_unreadable(raw: bytes) -> None:
    found = inspect(raw)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    assert not [error for error in found["errors"] if error.startswith("could not be read")]


@given(st.binary(max_size=3000))
@settings(max_examples=300, deadline=None)
def test_no_bytes_at_all_make_it_raise(raw: bytes) -> None:
    found = inspect(raw)
    assert not [error for error in found["errors"] if error.startswith("could not be read")]
