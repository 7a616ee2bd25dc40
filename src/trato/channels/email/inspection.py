"""A mail as `trato inspect email` prints it: one JSON object with everything that was understood."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from trato.channels.email.addresses import Mailbox
from trato.channels.email.model import Attachment, ParsedMail
from trato.channels.email.parse import parse_mail


def inspect(raw: bytes) -> dict[str, Any]:
    """Return what a mail says as plain JSON values; never raises, whatever the bytes."""
    return as_json(parse_mail(raw))


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """Return the printed form of a mail that was read."""
    return {
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "from": None if mail.sender is None else _mailbox(mail.sender),
        "reply_to": _mailboxes(mail.reply_to),
        "to": _mailboxes(mail.to),
        "cc": _mailboxes(mail.cc),
        "date": None if mail.date is None else _instant(mail.date),
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "reply_text": mail.reply_text,
        "attachments": [_attachment(part) for part in mail.attachments],
        "inline": [_attachment(part) for part in mail.inline],
        "auto_submitted": mail.auto_submitted,
        "bounce": None
        if mail.bounce is None
        else {
            "recipient": mail.bounce.recipient,
            "status": mail.bounce.status,
            "diagnostic": mail.bounce.diagnostic,
        },
        "language": mail.language,
        "errors": list(mail.errors),
    }


def _mailbox(mailbox: Mailbox) -> dict[str, str | None]:
    return {"name": mailbox.name or None, "address": mailbox.address or None}


def _mailboxes(mailboxes: Iterable[Mailbox]) -> list[dict[str, str | None]]:
    return [_mailbox(mailbox) for mailbox in mailboxes]


def _instant(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC; a year has four digits there, also before 1000."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _attachment(part: Attachment) -> dict[str, str | int | None]:
    return {
        "filename": part.filename,
        "content_type": part.content_type,
        "size": part.size,
        "content_id": part.content_id,
    }
