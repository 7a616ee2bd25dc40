"""What we write is what others read, and no text of anybody can become a header field."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trato.channels.email.addresses import Mailbox
from trato.channels.email.classify import Ours
from trato.channels.email.compose import Outgoing, OutgoingFile, Quote, compose, everybody_else
from trato.channels.email.header_lines import thread_references, wire_address
from trato.channels.email.model import SentBy
from trato.channels.email.parse import parse_mail
from trato.channels.email.subjects import forward_subject, reply_subject
from trato.kit.errors import Invalid

WHEN = datetime(2026, 4, 7, 13, 0, 1, tzinfo=UTC)
ANA = Mailbox("Ana Muñoz", "ana@example.com")
SHOP = Mailbox("Tienda, la mejor", "soporte@tienda.example")
HOSTILE = "x\r\nBcc: robado@evil.example\r\n\r\ny\n\x0b\x0c\x1c\x85\u2028Bcc: otro@evil.example\0"


def outgoing(**changes: object) -> Outgoing:
    values: dict[str, object] = {
        "sender": SHOP,
        "to": (ANA,),
        "subject": "Re: Su pedido llegó",
        "text": "Hola, Ana:\n\nSu pedido está en camino.",
        "message_id": "m2@tienda.example",
        "date": WHEN,
    }
    return Outgoing(**(values | changes))  # type: ignore[arg-type]


def fields(raw: bytes) -> list[str]:
    return [name.lower() for name in message_from_bytes(raw)]


def test_a_reply_reads_back_as_it_was_written() -> None:
    composed = compose(
        outgoing(
            cc=(Mailbox("", "beto@example.com"),),
            bcc=(Mailbox("", "oculta@example.com"),),
            reply_to=Mailbox("Tienda", "soporte+abc@tienda.example"),
            in_reply_to="m1@example.com",
            references=("r@example.com",),
            signature="Lucía\nTienda",
            quote=Quote("Ana Muñoz", WHEN, "¿Dónde está?\n> antes"),
            files=(OutgoingFile("factura año.pdf", "application/pdf", b"%PDF\x00\xff"),),
        )
    )
    mail = parse_mail(composed.raw)
    assert mail.sender == SHOP
    assert (mail.to, mail.cc, mail.bcc) == ((ANA,), (Mailbox("", "beto@example.com"),), ())
    assert mail.reply_to == (Mailbox("Tienda", "soporte+abc@tienda.example"),)
    assert (mail.subject, mail.date, mail.message_id) == ("Re: Su pedido llegó", WHEN, "m2@tienda.example")
    assert (mail.in_reply_to, mail.references) == ("m1@example.com", ("r@example.com", "m1@example.com"))
    assert mail.text == (
        "Hola, Ana:\n\nSu pedido está en camino.\n\n-- \nLucía\nTienda\n\n"
        "El 07/04/2026 13:00, Ana Muñoz escribió:\n> ¿Dónde está?\n>> antes"
    )
    assert mail.reply_text == "Hola, Ana:\n\nSu pedido está en camino."
    assert [(f.filename, f.content_type, f.content) for f in mail.attachments] == [
        ("factura año.pdf", "application/pdf", b"%PDF\x00\xff")
    ]
    assert mail.errors == ()
    assert composed.sender == "soporte@tienda.example"
    assert composed.recipients == ("ana@example.com", "beto@example.com", "oculta@example.com")
    assert not composed.needs_utf8
    assert b"oculta" not in composed.raw


def test_html_has_a_text_beside_it_and_its_images_inside() -> None:
    logo = OutgoingFile("logo.png", "image/png", b"\x89PNG", content_id="logo@tienda")
    other = OutgoingFile("a.txt", "text/plain", "ñ".encode("latin-1"))
    composed = compose(outgoing(html='<p>Hola <img src="cid:logo@tienda"></p>', files=(logo, other)))
    parsed = message_from_bytes(composed.raw, policy=policy.default)
    assert parsed.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in parsed.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html",
        "image/png", "text/plain",
    ]  # fmt: skip
    mail = parse_mail(composed.raw)
    assert mail.text.startswith("Hola, Ana:")
    assert mail.html == "<p>Hola <img></p>\n"
    assert [(f.filename, f.content_id, f.inline) for f in mail.attachments] == [
        ("logo.png", "logo@tienda", True),
        ("a.txt", None, False),
    ]


def test_an_automatic_mail_says_so_and_comes_back_as_a_loop() -> None:
    raw = compose(outgoing(automatic=True, loop_mark="abc123")).raw
    assert parse_mail(raw).sent_by is SentBy.AUTO_REPLY
    assert parse_mail(raw, ours=Ours(loop_marks=frozenset({"abc123"}))).sent_by is SentBy.LOOP
    assert parse_mail(compose(outgoing()).raw).sent_by is SentBy.PERSON


def test_every_line_is_ascii_and_short() -> None:
    raw = compose(
        outgoing(text="ñ" * 5000 + "\n" + "x" * 5000 + "\nFrom here\n.\n", subject="ñandú " * 60)
    ).raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": HOSTILE},
        {"sender": Mailbox(HOSTILE, "soporte@tienda.example")},
        {"to": (Mailbox(HOSTILE, "ana@example.com"),)},
        {"reply_to": Mailbox(HOSTILE, "r@tienda.example")},
        {"in_reply_to": HOSTILE, "references": (HOSTILE, "ok@example.com")},
        {"loop_mark": HOSTILE},
        {"quote": Quote(HOSTILE, WHEN, HOSTILE)},
        {"signature": HOSTILE},
        {"text": HOSTILE},
        {"files": (OutgoingFile(HOSTILE, HOSTILE, b"x", HOSTILE),)},
        {"html": "<p>x", "files": (OutgoingFile(HOSTILE, "image/png", b"x", HOSTILE),)},
        {"language": HOSTILE, "quote": Quote("a", WHEN, "b")},
    ],
)
def test_no_value_becomes_a_field(changes: dict[str, object]) -> None:
    composed = compose(outgoing(**changes))
    assert "bcc" not in fields(composed.raw)
    assert parse_mail(composed.raw).bcc == ()
    assert parse_mail(composed.raw).message_id == "m2@tienda.example"
    assert not [address for address in composed.recipients if "evil" in address]


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com\r\nBcc: x@evil.example",
        "ana@example.com\nx",
        "ana@exa mple.com",
        "ana@example.com, x@evil.example",
        "<ana@example.com>",
        "ana@@example.com",
        "ana",
        "@example.com",
        "ana@",
        "ana@-example.com",
        "a\u2028b@example.com",
        "a\0b@example.com",
        "ana@ex\u0000ample.com",
        "ana@" + "x" * 300 + ".com",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        compose(outgoing(to=(Mailbox("", address),)))
    with pytest.raises(Invalid):
        compose(outgoing(sender=Mailbox("", address)))
    with pytest.raises(Invalid):
        compose(outgoing(reply_to=Mailbox("", address)))


def test_a_mail_to_nobody_and_a_broken_id_are_refused() -> None:
    with pytest.raises(Invalid):
        compose(outgoing(to=()))
    with pytest.raises(Invalid):
        compose(outgoing(message_id="a b\r\nBcc: x@y"))


def test_blind_copies_alone_name_nobody() -> None:
    composed = compose(outgoing(to=(), bcc=(ANA,)))
    assert b"To: undisclosed-recipients:;\r\n" in composed.raw
    assert composed.recipients == ("ana@example.com",)


def test_domains_and_names_beyond_ascii() -> None:
    assert wire_address("ana@münchen.example") == "ana@xn--mnchen-3ya.example"
    composed = compose(outgoing(to=(Mailbox("", "josé@correo.example"),)))
    assert composed.needs_utf8
    assert parse_mail(composed.raw).to == (Mailbox("", "josé@correo.example"),)


texts = st.text(max_size=120)


@given(subject=texts, name=texts, text=texts, filename=texts, signature=texts)
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_the_fields_are_ours(
    subject: str, name: str, text: str, filename: str, signature: str
) -> None:
    mail = outgoing(
        subject=subject,
        sender=Mailbox(name, "soporte@tienda.example"),
        text=text,
        signature=signature,
        files=(OutgoingFile(filename, "application/pdf", b"x"),),
    )
    composed = compose(mail)
    assert sorted(fields(composed.raw)) == [
        "content-type", "date", "from", "message-id", "mime-version", "subject", "to",
    ]  # fmt: skip
    parsed = parse_mail(composed.raw)
    assert parsed.sender is not None
    assert parsed.sender.address == "soporte@tienda.example"
    assert [file.content for file in parsed.attachments] == [b"x"]


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Pedido", "Re: Pedido"),
        ("Re: Pedido", "Re: Pedido"),
        ("RE: RE: re : Pedido", "Re: Pedido"),
        ("RV: Pedido", "Re: Pedido"),
        ("RES: ENC: Pedido", "Re: Pedido"),
        ("AW: WG: Pedido", "Re: Pedido"),
        ("Re[2]: Antw: SV: TR: Fwd: Pedido", "Re: Pedido"),
        ("Regalo: una caja", "Re: Regalo: una caja"),
        ("Reclamo 3322: garantía", "Re: Reclamo 3322: garantía"),
        ("", "Re:"),
        ("Re: " * 40 + "x", "Re: x"),
        ("a\r\nBcc: b", "Re: a Bcc: b"),
    ],
)
def test_subject_of_an_answer(subject: str, reply: str) -> None:
    assert reply_subject(subject) == reply
    assert reply_subject(reply) == reply
    assert forward_subject(subject) == reply.replace("Re:", "Fwd:", 1)


def test_references_keep_the_root_and_the_newest() -> None:
    ids = [f"{n}@x" for n in range(100)]
    found = thread_references(ids, "last@x")
    assert (found[0], found[1], found[-1], len(found)) == ("0@x", "72@x", "last@x", 30)
    assert thread_references(["a@x", "b@x", "a b", "ñ@x"], "b@x") == ("a@x", "b@x")


def test_a_reply_to_all_leaves_us_out() -> None:
    boxes = [ANA, SHOP, Mailbox("", "ANA@example.com"), Mailbox("", "beto@example.com"), Mailbox("Nadie", "")]
    assert everybody_else(boxes, frozenset({"soporte@tienda.example"})) == (
        ANA,
        Mailbox("", "beto@example.com"),
    )
