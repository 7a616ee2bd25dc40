"""What an agent sends, as the mail that will be written: sender, subject, signed address, files."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from trato.channel_sdk import Outbound, OutboundFile, Party, SendFailed, Why
from trato.channels.email.addresses import Mailbox
from trato.channels.email.compose import Composed, Outgoing, OutgoingFile, compose
from trato.channels.email.events import NOBODY_DOMAIN
from trato.channels.email.reply_address import make_reply_address
from trato.channels.email.settings import MailSettings, loop_mark
from trato.channels.email.subjects import reply_subject
from trato.channels.email.trouble import say
from trato.kit.clean_text import clean_line
from trato.kit.errors import Invalid
from trato.kit.markup import escape

MAX_BYTES: Final = 35 * 1024 * 1024
"""All files of a mail together; larger ones are refused by most servers."""


def message_id(of: UUID, address: str) -> str:
    """Return the Message-ID, without brackets, under which one of our messages is known outside."""
    domain = address.rpartition("@")[2].strip().lower()
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = "localhost"
    return f"{of}@{host}"


async def write(message: Outbound, settings: MailSettings) -> Composed:
    """Return the mail ready for the wire; raises `SendFailed` for what no server could take."""
    if any(party.value.lower().endswith(f"@{NOBODY_DOMAIN}") for party in message.to):
        raise SendFailed(Why.REJECTED, say("nobody_to_answer"))
    if sum(file.size for file in message.files) > MAX_BYTES:
        raise SendFailed(Why.REJECTED, say("files_too_large", limit=MAX_BYTES // (1024 * 1024)))
    files = tuple([await _file(file) for file in message.files])
    try:
        return compose(_outgoing(message, settings, files))
    except Invalid as error:
        raise SendFailed(Why.REJECTED, error.message) from error


def _outgoing(message: Outbound, settings: MailSettings, files: tuple[OutgoingFile, ...]) -> Outgoing:
    name = settings.sender_name or message.brand_name
    shown = f"{message.author_name} · {name}" if message.author_name and not message.automatic else name
    return Outgoing(
        sender=Mailbox(clean_line(shown.strip(" ·"), 120), settings.address),
        to=_mailboxes(message.to),
        cc=_mailboxes(message.cc),
        bcc=_mailboxes(message.bcc),
        reply_to=_reply_to(message, settings, name),
        subject=_subject(message),
        text=message.text,
        html=message.html or _as_html(message.text),
        signature=message.signature,
        message_id=message.external_id or message_id(message.message_id, settings.address),
        date=message.created_at or datetime.now(UTC),
        language=message.language or "es",
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        files=files,
        automatic=message.automatic,
        loop_mark=loop_mark(settings.signing_key),
        leave_url=message.leave_url,
    )


def _subject(message: Outbound) -> str:
    subject = message.subject or ""
    own_words = message.payload.get("forwards") or not message.in_reply_to
    return subject if own_words else reply_subject(subject)


def _reply_to(message: Outbound, settings: MailSettings, name: str) -> Mailbox | None:
    """Return the signed address; answers come back to it, or by References where it is switched off."""
    if not settings.signed_replies:
        return None
    address = make_reply_address(settings.address, message.conversation_id, settings.signing_key)
    return Mailbox(clean_line(name, 120), address) if address != settings.address else None


def _mailboxes(parties: Sequence[Party]) -> tuple[Mailbox, ...]:
    return tuple(Mailbox(party.name, party.value) for party in parties)


def _as_html(text: str) -> str:
    return f"<div>{escape(text.rstrip()).replace(chr(10), '<br>')}</div>"


async def _file(file: OutboundFile) -> OutgoingFile:
    content_id = file.content_id if file.inline else None
    return OutgoingFile(file.filename, file.content_type, await file.read(), content_id)
