"""A mail written to bytes: what an agent wrote, in a form that every mail program reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from trato.channels.email.addresses import Mailbox
from trato.channels.email.classify import LOOP_FIELD
from trato.channels.email.header_lines import (
    address_line,
    date_line,
    id_line,
    is_message_id,
    text_line,
    thread_references,
    wire_address,
)
from trato.kit.clean_text import clean_line, clean_text
from trato.kit.errors import Invalid
from trato.kit.markup import escape

_POLICY: Final = SMTP.clone(cte_type="7bit")  # not every relay keeps eight bits
_MAX_QUOTE: Final = 50_000
_CONTENT_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}", re.IGNORECASE)
_CONTENT_ID: Final = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x7e]{1,200}")
_ATTRIBUTIONS: Final = {
    "es": "El {date}, {author} escribió:",
    "en": "On {date}, {author} wrote:",
    "pt": "Em {date}, {author} escreveu:",
}


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send; with a `content_id` it is shown where the HTML says `cid:…`."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that is answered, to stand below the answer; `date` in the reader's time zone."""

    author: str
    date: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to write; ids without brackets."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    reply_to: Mailbox | None = None
    html: str | None = None
    signature: str = ""
    quote: Quote | None = None
    language: str = "es"
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False
    """Nobody wrote it just now: says so (RFC 3834), and asks other machines not to answer."""
    loop_mark: str = ""
    leave_url: str | None = None
    """Where its reader, or their mail program in one step (RFC 8058), ends mails of this kind."""


_UNSAFE = re.compile(r"[\s<>,]")  # in an address between angle brackets


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready for the wire, with its envelope; `needs_utf8` asks for SMTPUTF8 (RFC 6531)."""

    raw: bytes = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    needs_utf8: bool


def compose(mail: Outgoing) -> Composed:
    """Return the bytes of a mail and its envelope; blind copies stand in the envelope alone.

    A line end in a subject, a name or the name of a file becomes a space. Raises `Invalid` for an
    address or a message id that cannot be written safely, and for a mail to nobody.
    """
    recipients = tuple(
        dict.fromkeys(wire_address(mailbox.address) for mailbox in (*mail.to, *mail.cc, *mail.bcc))
    )
    if not recipients:
        raise Invalid("The mail has no recipient.", todo="Add an address.", field="to")
    header = _header(mail)
    sender = wire_address(mail.sender.address)
    raw = header.encode("utf-8") + _body(mail).as_bytes(policy=_POLICY)
    everybody = (sender, *recipients, mail.reply_to.address if mail.reply_to else "")
    needs_utf8 = not header.isascii() or not all(address.isascii() for address in everybody)
    return Composed(raw, sender, recipients, needs_utf8)


def _header(mail: Outgoing) -> str:
    if not is_message_id(mail.message_id):
        raise Invalid("The message id cannot be written.", field="message_id")
    lines = [date_line(mail.date), address_line("From", [mail.sender])]
    lines.append(address_line("To", mail.to) if mail.to or mail.cc else "To: undisclosed-recipients:;\r\n")
    if mail.cc:
        lines.append(address_line("Cc", mail.cc))
    if mail.reply_to:
        lines.append(address_line("Reply-To", [mail.reply_to]))
    lines.append(text_line("Subject", mail.subject))
    lines.append(id_line("Message-ID", [mail.message_id]))
    if mail.in_reply_to and is_message_id(mail.in_reply_to):
        lines.append(id_line("In-Reply-To", [mail.in_reply_to]))
    references = thread_references(mail.references, mail.in_reply_to)
    if references:
        lines.append(id_line("References", references))
    if mail.automatic:
        lines.append("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n")
    if mail.leave_url and mail.leave_url.isascii() and not _UNSAFE.search(mail.leave_url):
        lines.append(f"List-Unsubscribe: <{mail.leave_url}>\r\n")  # RFC 2369
        if mail.leave_url.startswith("https://"):  # which RFC 8058 asks for
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    if mail.loop_mark:
        lines.append(text_line(LOOP_FIELD, mail.loop_mark))
    return "".join(lines)


def _body(mail: Outgoing) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message.set_content(_plain_text(mail), charset="utf-8")
    inline = [file for file in mail.files if file.content_id and mail.html]
    if mail.html:
        message.add_alternative(_html(mail), subtype="html", charset="utf-8")
        parts = message.get_payload()
        rich = parts[-1] if isinstance(parts, list) else message
        if isinstance(rich, EmailMessage):
            for file in inline:
                _attach(rich, file, inline=True)
    for file in mail.files:
        if file not in inline:
            _attach(message, file, inline=False)
    return message


def _plain_text(mail: Outgoing) -> str:
    sections = [clean_text(mail.text).rstrip()]
    if mail.signature.strip():
        sections.append(f"-- \n{clean_text(mail.signature).strip()}")
    if mail.quote:
        quoted = clean_text(mail.quote.text[:_MAX_QUOTE]).strip().split("\n")
        lines = [f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in quoted]
        sections.append("\n".join([_attribution(mail.quote, mail.language), *lines]))
    return "\n\n".join(sections) + "\n"


def _html(mail: Outgoing) -> str:
    sections = [_without_surrogates(mail.html or "")]
    if mail.signature.strip():
        sections.append(f"<div>-- <br>{_as_html(mail.signature.strip())}</div>")
    if mail.quote:
        quoted = _as_html(mail.quote.text[:_MAX_QUOTE].strip())
        attribution = escape(_attribution(mail.quote, mail.language))
        sections.append(f'<div>{attribution}</div><blockquote type="cite">{quoted}</blockquote>')
    return "<br>\n".join(sections) + "\n"


def _as_html(text: str) -> str:
    return escape(clean_text(text)).replace("\n", "<br>\n")


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _attribution(quote: Quote, language: str) -> str:
    form = "%Y-%m-%d %H:%M" if language == "en" else "%d/%m/%Y %H:%M"
    template = _ATTRIBUTIONS.get(language, _ATTRIBUTIONS["en"])
    return template.format(date=quote.date.strftime(form), author=clean_line(quote.author, 200))


def _attach(message: EmailMessage, file: OutgoingFile, *, inline: bool) -> None:
    given = file.content_type if _CONTENT_TYPE.fullmatch(file.content_type) else "application/octet-stream"
    main, _, sub = given.lower().partition("/")
    if main in {"multipart", "message"}:
        # A composite type must not be in base64 (RFC 2046 §5.2.1), which is what keeps any bytes whole.
        main, sub = "application", "octet-stream"
    filename = clean_line(file.filename, 200) or "file"
    if inline and file.content_id and _CONTENT_ID.fullmatch(file.content_id):
        message.add_related(
            file.content,
            maintype=main,
            subtype=sub,
            cid=f"<{file.content_id}>",
            filename=filename,
            disposition="inline",
        )
    else:
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=filename)


def everybody_else(parsed: Sequence[Mailbox], ours: frozenset[str]) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a reply to all, each once, without our own addresses (in lower case)."""
    found = {mailbox.address.lower(): mailbox for mailbox in reversed(parsed) if "@" in mailbox.address}
    return tuple(mailbox for address, mailbox in reversed(found.items()) if address not in ours)
