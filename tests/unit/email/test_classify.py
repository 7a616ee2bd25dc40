"""Machines are told from people, and what their reports say is understood."""

import pytest

from trato.channels.email.classify import Ours
from trato.channels.email.inspection import inspect
from trato.channels.email.model import Bounce, SentBy
from trato.channels.email.parse import parse_mail

HEAD = (
    b"From: Ana <ana@example.com>\r\nTo: soporte@tienda.example\r\nSubject: Pedido\r\n"
    b"Date: Tue, 7 Apr 2026 10:00:01 -0300\r\nMessage-ID: <m1@example.com>\r\n"
)


def with_fields(*fields: str, body: str = "Hola") -> bytes:
    head = HEAD
    for field in fields:
        name = field.partition(":")[0].lower()
        head = b"".join(
            line
            for line in head.splitlines(keepends=True)
            if not line.lower().startswith(f"{name}:".encode())
        )
        head += field.encode() + b"\r\n"
    return head + b"\r\n" + body.encode()


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ([], SentBy.PERSON),
        (["Auto-Submitted: no"], SentBy.PERSON),
        (["Auto-Submitted: auto-replied; owner-email=x@y"], SentBy.AUTO_REPLY),
        (["Auto-Submitted: Auto-Generated"], SentBy.AUTO_REPLY),
        (["X-Autoreply: yes"], SentBy.AUTO_REPLY),
        (["X-Autoreply: no"], SentBy.PERSON),
        (["X-Autorespond: gracias"], SentBy.AUTO_REPLY),
        (["Precedence: auto_reply"], SentBy.AUTO_REPLY),
        (["Subject: Respuesta automática: Pedido"], SentBy.AUTO_REPLY),
        (["Subject: Resposta automática: Pedido"], SentBy.AUTO_REPLY),
        (["Subject: Automatic reply: order"], SentBy.AUTO_REPLY),
        (["Subject: Out of Office: order"], SentBy.AUTO_REPLY),
        (["Subject: Fuera de la oficina"], SentBy.AUTO_REPLY),
        (["Subject: Re: Respuesta automática: Pedido"], SentBy.PERSON),
        (["Subject: Automático roto"], SentBy.PERSON),
        (["Return-Path: <>"], SentBy.AUTO_REPLY),
        (["Return-Path: <ana@example.com>"], SentBy.PERSON),
        (["Precedence: bulk"], SentBy.LIST),
        (["Precedence: list"], SentBy.LIST),
        (["List-Id: Novedades <novedades.example.com>"], SentBy.LIST),
        (["List-Unsubscribe: <https://example.com/u>"], SentBy.LIST),
        (["X-Trato-Loop: nuestro"], SentBy.LOOP),
        (["X-Trato-Loop: de otro"], SentBy.PERSON),
        (["Auto-Submitted: auto-replied", "List-Id: <l.example.com>"], SentBy.AUTO_REPLY),
        (["X-Trato-Loop: nuestro", "Auto-Submitted: auto-generated"], SentBy.LOOP),
    ],
)
def test_kinds_by_their_fields(fields: list[str], kind: SentBy) -> None:
    mail = parse_mail(with_fields(*fields), ours=Ours(loop_marks=frozenset({"nuestro"})))
    assert mail.sent_by is kind
    assert mail.auto_submitted is (kind in {SentBy.AUTO_REPLY, SentBy.LOOP})


def test_a_mail_that_goes_round_is_a_loop() -> None:
    assert parse_mail(b"Received: from a by b\r\n" * 80 + HEAD + b"\r\nx").sent_by is SentBy.LOOP


def test_a_shared_inbox_made_as_a_group_is_no_list() -> None:
    raw = with_fields("List-Id: <soporte.tienda.example>", "Precedence: list")
    ours = Ours(addresses=frozenset({"soporte@tienda.example"}))
    assert parse_mail(raw).sent_by is SentBy.LIST
    assert parse_mail(raw, ours=ours).sent_by is SentBy.PERSON
    assert parse_mail(raw).list_id == "soporte.tienda.example"


DSN = (
    b"From: MAILER-DAEMON@mx.example.net\r\nTo: soporte@tienda.example\r\n"
    b"Subject: Undelivered Mail Returned to Sender\r\nDate: Tue, 7 Apr 2026 10:00:01 -0300\r\n"
    b"Message-ID: <d1@mx.example.net>\r\nAuto-Submitted: auto-replied\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
    b"--B\r\n\r\nLo sentimos.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; mx.example.net\r\n\r\n"
    b"Final-Recipient: rfc822; ok@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
    b"Final-Recipient: rfc822; <ana@example.com>\r\nOriginal-Recipient: rfc822;Ana@example.com\r\n"
    b"Action: failed\r\nStatus: 5.1.1 (no mailbox)\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 <ana@example.com>:\r\n    User unknown\r\n"
    b"--B\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Message-ID: <ours@tienda.example>\r\nSubject: Su pedido\r\n\r\nHola\r\n--B--\r\n"
)


def test_a_delivery_report_tells_who_and_why_and_which_mail() -> None:
    mail = parse_mail(DSN)
    assert mail.sent_by is SentBy.BOUNCE
    assert mail.bounce == Bounce(
        "ana@example.com",
        "5.1.1",
        "550 5.1.1 <ana@example.com>: User unknown",
        original_message_id="ours@tienda.example",
        action="failed",
    )
    assert mail.bounce.permanent
    assert inspect(DSN)["bounce"] == {
        "recipient": "ana@example.com",
        "status": "5.1.1",
        "diagnostic": "550 5.1.1 <ana@example.com>: User unknown",
    }


def test_a_delay_is_not_final() -> None:
    bounce = parse_mail(DSN.replace(b"failed", b"delayed").replace(b"5.1.1", b"4.4.7")).bounce
    assert bounce is not None
    assert not bounce.permanent


def test_headers_alone_tell_which_mail_it_was() -> None:
    raw = DSN.replace(b"message/rfc822", b"text/rfc822-headers")
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert bounce.original_message_id == "ours@tienda.example"


@pytest.mark.parametrize(
    ("fields", "body", "bounce"),
    [
        (
            ["From: MAILER-DAEMON@yahoo.example", "Subject: failure notice"],
            (
                "Hi. This is the qmail-send program at yahoo.example.\n\n<ana@example.com>:\n"
                "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 No such user\nGiving up.\n\n"
                "--- Below this line is a copy of the message.\n\nMessage-ID: <ours@tienda.example>\n"
            ),
            ("ana@example.com", "5.1.1", "Remote host said: 550 5.1.1 No such user", "ours@tienda.example"),
        ),
        (
            [
                "From: Mail Delivery System <Mailer-Daemon@mx.example>",
                "Subject: Mail delivery failed: returning message to sender",
                "X-Failed-Recipients: ana@example.com",
            ],
            (
                "A message that you sent could not be delivered:\n\n  ana@example.com\n"
                "    SMTP error from remote mail server after RCPT TO: 452 mailbox full\n"
            ),
            (
                "ana@example.com",
                "4.0.0",
                "SMTP error from remote mail server after RCPT TO: 452 mailbox full",
                None,
            ),
        ),
        (
            ["From: postmaster@empresa.example", "Subject: No se puede entregar: Su pedido"],
            "No se pudo entregar a estos destinatarios:\n\nana@example.com\nEl buzón no existe.",
            ("ana@example.com", None, "El buzón no existe.", None),
        ),
        (
            ["From: MAILER-DAEMON <>", "Subject: Mail delivery failed"],
            "There was an error delivering your mail to <ana@example.com>.\n\n550 5.7.26 Not accepted",
            ("ana@example.com", "5.7.26", "550 5.7.26 Not accepted", None),
        ),
        (
            [
                "From: Mail Delivery System <Mail.Delivery.System@mx.example>",
                "Subject: Delivery status notification",
            ],
            "Delivery failed permanently:\n\n   * ana@example.com\n\n553 5.3.0 No such user here",
            ("ana@example.com", "5.3.0", "553 5.3.0 No such user here", None),
        ),
        (
            ["From: postmaster@empresa.example", "Return-Path: <>", "Subject: Não foi possível entregar"],
            "ana@example.com\n#550 5.7.1 rejeitada#",
            ("ana@example.com", "5.7.1", "#550 5.7.1 rejeitada#", None),
        ),
    ],
)
def test_reports_in_words(
    fields: list[str], body: str, bounce: tuple[str | None, str | None, str | None, str | None]
) -> None:
    mail = parse_mail(with_fields(*fields, body=body))
    assert mail.sent_by is SentBy.BOUNCE
    assert mail.bounce is not None
    found = mail.bounce
    assert (found.recipient, found.status, found.diagnostic, found.original_message_id) == bounce


def test_a_person_who_writes_about_a_bounce_is_a_person() -> None:
    raw = with_fields("Subject: Mail delivery failed", body="This is the mail system at host. ¿Qué hago?")
    assert parse_mail(raw).sent_by is SentBy.PERSON


def test_a_complaint_is_a_feedback_report() -> None:
    raw = (
        HEAD + b"Content-Type: multipart/report; report-type=feedback-report; boundary=B\r\n\r\n"
        b"--B\r\n\r\nspam\r\n--B\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
        b"--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--B--\r\n"
    )
    assert parse_mail(raw).sent_by is SentBy.FEEDBACK_REPORT


def test_a_read_receipt_is_no_message_of_a_person() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B\r\n\r\n--B--"
    )
    assert parse_mail(raw).sent_by is SentBy.AUTO_REPLY
