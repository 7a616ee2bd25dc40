"""A mail turned into what the straight line takes: a message, news of one of ours, or something broken."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from trato.channel_sdk import Broken, Delivery, File, Inbound, InboundEvent, Party
from trato.channels.email.addresses import Mailbox
from trato.channels.email.authentication import AuthenticationResult, MethodResult, server_result
from trato.channels.email.body import render_html
from trato.channels.email.compose import everybody_else
from trato.channels.email.model import Attachment, ParsedMail, SentBy
from trato.channels.email.own_check import Lookup, own_result
from trato.channels.email.parse import parse_mail
from trato.channels.email.reply_address import conversation_of, without_tag
from trato.channels.email.settings import MailSettings
from trato.kit.clean_text import clean_line

MAX_FILES: Final = 200
MAX_SHOWN: Final = 200
MAX_OTHERS: Final = 100
NOBODY_DOMAIN: Final = "unknown.invalid"
"""The domain of those who gave no address (RFC 2606): each such mail is somebody of its own."""

_AHEAD: Final = timedelta(hours=1)
_MAX_HEADER: Final = 1_000
_MAX_FULL_TEXT: Final = 100_000  # it goes to every desk with the message; the original has the rest
_MAX_SIGNATURE: Final = 2_000
_SHOWN_ID: Final = re.compile(r"""["']cid:([^"'<>\s]{1,998})["']""", re.IGNORECASE)
_SPAM_FIELDS: Final = ("x-spam-flag", "x-spam-status", "x-spam")

log = structlog.get_logger(__name__)


def content_id_of(raw: bytes) -> str:
    """Return what a mailbox's copy of a mail is known by, whatever number the server gives it."""
    return "mail:" + hashlib.sha256(raw).hexdigest()


def read_events(
    raw: bytes,
    settings: MailSettings,
    *,
    provider_id: str,
    received_at: datetime,
    lookup: Lookup | None = None,
    spf: Callable[[], MethodResult | None] = lambda: None,
) -> Sequence[InboundEvent]:
    """Return what a mail says, in the order to deliver it; never raises, whatever the bytes.

    `lookup` asks DNS for our own check, where no trusted server has spoken, and `spf` says what is known of
    who handed the mail to us. May block as long as these do: run it in a thread.
    """
    try:
        mail = parse_mail(raw, ours=settings.ours)
        if not raw.strip() or any(error.startswith("could not be read") for error in mail.errors):
            return [Broken(provider_id, "; ".join(mail.errors), raw)]
        authentication = _authentication(mail, raw, settings, lookup, spf)
        message = _message(mail, raw, settings, provider_id, received_at, authentication)
        failure = _failed_delivery(mail, provider_id, received_at)
    except Exception as error:
        log.exception("mail_not_taken", size=len(raw))
        return [Broken(provider_id, f"could not be taken in: {type(error).__name__}", raw)]
    return [failure, message] if failure else [message]


def _message(
    mail: ParsedMail,
    raw: bytes,
    settings: MailSettings,
    provider_id: str,
    received_at: datetime,
    authentication: AuthenticationResult,
) -> Inbound:
    references = _references(mail)
    sender = _sender(mail, provider_id)
    known = settings.ours.addresses | {sender.value.lower()}
    others = [m for m in everybody_else((*mail.to, *mail.cc), known) if not settings.is_ours(m.address)]
    return Inbound(
        provider_id=provider_id,
        conversation_key=next(iter(references), None) or mail.message_id or provider_id,
        sender=sender,
        occurred_at=_occurred_at(mail.date, received_at),
        text=mail.reply_text or mail.text,
        html=_html(mail),
        subject=mail.subject,
        external_id=mail.message_id,
        dedupe_key=_dedupe_key(mail),
        references=references,
        conversation_id=conversation_of(_addressed(mail), settings.signing_key),
        others=[Party("email", m.address, m.name, "copy") for m in others[:MAX_OTHERS]],
        files=_files(mail),
        verified=authentication.from_authenticated,
        sent_by=mail.sent_by.value,
        spam=_is_spam(mail),
        language=mail.language,
        payload=_payload(mail, authentication),
        raw=raw,
    )


def _failed_delivery(mail: ParsedMail, provider_id: str, received_at: datetime) -> Delivery | None:
    """Return the news that a mail of ours did not arrive; a report of a mere delay is no such news."""
    bounce = mail.bounce
    if mail.sent_by is not SentBy.BOUNCE or bounce is None or not bounce.permanent:
        return None
    if not bounce.original_message_id:
        return None
    reason = " ".join(part for part in (bounce.status, bounce.diagnostic) if part)
    return Delivery(
        provider_id=f"{provider_id}:failed",
        external_id=bounce.original_message_id,
        status="failed",
        at=received_at,
        error=": ".join(part for part in (bounce.recipient, reason) if part) or "it was returned",
        recipient=bounce.recipient,
    )


def _authentication(
    mail: ParsedMail,
    raw: bytes,
    settings: MailSettings,
    lookup: Lookup | None,
    spf: Callable[[], MethodResult | None],
) -> AuthenticationResult:
    said = server_result(mail, settings.trusted_servers)
    if said.source == "none" and lookup is not None:
        sender = spf()
        if sender or "dkim-signature" in mail.headers:
            return own_result(raw, mail, lookup, sender)
    return said


def _references(mail: ParsedMail) -> list[str]:
    """Return the thread's ids from its root on; a report speaks of the mail that it returns."""
    ids = [*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])]
    if mail.bounce and mail.bounce.original_message_id:
        ids.append(mail.bounce.original_message_id)
    return list(dict.fromkeys(ids))


def _sender(mail: ParsedMail, provider_id: str) -> Party:
    """Return the author; one without an address is nobody whom we know, not one with all such."""
    author = mail.sender
    if author and "@" in author.address:
        return Party("email", author.address, author.name)
    digest = hashlib.sha256(provider_id.encode()).hexdigest()[:16]
    return Party("email", f"{digest}@{NOBODY_DOMAIN}", (author.name or author.address) if author else "")


def _occurred_at(date: datetime | None, received_at: datetime) -> datetime:
    """Return when it was written; a date that lies ahead is a wrong clock."""
    oldest = datetime(1990, 1, 1, tzinfo=UTC)
    return date if date and oldest <= date <= received_at + _AHEAD else received_at


def _addressed(mail: ParsedMail) -> list[str]:
    return [*mail.delivered_to, *(mailbox.address for mailbox in (*mail.to, *mail.cc))]


def _html(mail: ParsedMail) -> str | None:
    """Return safe HTML in which inline images still say `cid:…`, for whoever shows it to put an address."""
    if mail.html_source is None:
        return None
    return render_html(mail.html_source, lambda content_id: f"cid:{content_id}")


def _dedupe_key(mail: ParsedMail) -> str | None:
    """Return what the copies of one mail in several mailboxes have in common.

    The whole content counts beside the Message-ID: whoever repeats somebody's id with other words, or with
    another address for the answer, suppresses nothing.
    """
    if not mail.message_id:
        return None
    digest = hashlib.sha256()
    parts = (
        mail.message_id,
        mail.sender.address.lower() if mail.sender else "",
        *(mailbox.address.lower() for mailbox in (*mail.reply_to, *mail.to, *mail.cc)),
        mail.date.isoformat() if mail.date else "",
        mail.subject,
        mail.text,
        mail.html_source or "",
    )
    for part in parts:
        digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    for attachment in (*mail.attachments, *mail.inline):
        digest.update(hashlib.sha256(attachment.content).digest())
    return "mail:" + digest.hexdigest()


def _files(mail: ParsedMail) -> list[File]:
    """Return the files; one that the HTML shows is inline, whatever its sender calls it."""
    shown = set(_SHOWN_ID.findall(mail.html_source or ""))
    return [_file(attachment, shown) for attachment in (*mail.attachments, *mail.inline)[:MAX_FILES]]


def _file(attachment: Attachment, shown: set[str]) -> File:
    return File(
        filename=attachment.filename or _name_for(attachment.content_type),
        content_type=attachment.content_type,
        data=attachment.content,
        content_id=attachment.content_id,
        inline=attachment.inline or attachment.content_id in shown,
    )


def _name_for(content_type: str) -> str:
    return {"message/rfc822": "message.eml", "text/calendar": "invitation.ics"}.get(content_type, "file")


def _is_spam(mail: ParsedMail) -> bool:
    """Whether a filter on the way has said so; such fields can only harm the mail that carries them."""
    return any(mail.headers.text(name).strip().lower().startswith("yes") for name in _SPAM_FIELDS)


def _payload(mail: ParsedMail, authentication: AuthenticationResult) -> dict[str, Any]:
    """Return what is kept beside the message: for answers to all, for the details, for judging trust."""
    full = mail.text[:_MAX_FULL_TEXT] if mail.text.strip() != mail.reply_text.strip() else None
    everything = {
        "from": _shown([mail.sender] if mail.sender else []),
        "reply_to": _shown(mail.reply_to),
        "to": _shown(mail.to),
        "cc": _shown(mail.cc),
        "recipients": len(mail.to) + len(mail.cc),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "date": mail.date.isoformat() if mail.date else None,
        "authentication": {
            "spf": authentication.spf,
            "dkim": authentication.dkim,
            "dmarc": authentication.dmarc,
            "source": authentication.source,
            "from_authenticated": authentication.from_authenticated,
        },
        "auto_submitted": clean_line(mail.headers.text("auto-submitted"), 200),
        "list": {
            name: value
            for name in ("list-id", "list-post", "list-unsubscribe")
            if (value := clean_line(mail.headers.text(name), _MAX_HEADER))
        },
        "full_text": full,
        "signature": mail.signature[:_MAX_SIGNATURE],
        "errors": _errors(mail),
    }
    return {name: value for name, value in everything.items() if value not in (None, "", [], {})}


def _errors(mail: ParsedMail) -> list[str]:
    errors = [clean_line(error, 300) for error in mail.errors[:20]]
    files = len(mail.attachments) + len(mail.inline)
    return [*errors, f"only {MAX_FILES} of {files} files were kept apart"] if files > MAX_FILES else errors


def _shown(mailboxes: Iterable[Mailbox]) -> list[dict[str, str]]:
    """Return mailboxes as people know them: an answer to all must not go to our own signed address."""
    return [{"address": without_tag(m.address), "name": m.name} for m in [*mailboxes][:MAX_SHOWN]]


Reader = Callable[[bytes, str, datetime], Sequence[InboundEvent]]
"""Reads one original with its provider id and the instant it came; bound to an account by the caller."""
