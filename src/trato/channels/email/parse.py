"""Bytes of a mail turned into a `ParsedMail`; whatever the bytes are, it never raises."""

import codecs
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import structlog

from trato.channels.email.addresses import Mailbox, parse_addresses
from trato.channels.email.body import Body, read_body, render_html
from trato.channels.email.classify import Ours, classify, list_id
from trato.channels.email.fields import delivered_to, parse_date, parse_id, parse_references, return_path
from trato.channels.email.headers import Headers
from trato.channels.email.model import Attachment, ParsedMail, SentBy
from trato.channels.email.reports import read_bounce
from trato.channels.email.structure import Kind, Part, Structure, read_structure
from trato.kit.charsets import decode
from trato.kit.clean_text import clean_line, clean_text
from trato.kit.language import detect_language
from trato.kit.reply_text import split_reply

MAX_BYTES: Final = 100 * 1024 * 1024
MAX_SUBJECT: Final = 1_000
_MAX_FILENAME: Final = 200
_MAX_CONTENT_ID: Final = 998
# Text that is no mail may hold colons too; a mail has one of these.
_TELLING_NAMES: Final = (
    "from to subject date message-id received return-path content-type mime-version delivered-to cc bcc "
    "reply-to sender in-reply-to references content-transfer-encoding auto-submitted x-mailer"
)
_MBOX_LINE: Final = re.compile(rb"\A>?From [^\n]*\n")

_NOBODY: Final = Ours()

log = structlog.get_logger(__name__)


def parse_mail(raw: bytes, *, ours: Ours = _NOBODY) -> ParsedMail:
    """Return everything that a mail says; never raises, whatever the bytes.

    What is broken, cut or left out stands in `errors`. `ours` tells mail of our own that comes back.
    """
    try:
        return _parse(raw, ours)
    except Exception as error:
        log.exception("mail_not_understood", size=len(raw))
        return _unreadable(raw, f"could not be read: {type(error).__name__}")


def _parse(raw: bytes, ours: Ours) -> ParsedMail:
    errors = _errors_of_size(raw)
    data = _MBOX_LINE.sub(b"", raw[:MAX_BYTES].removeprefix(codecs.BOM_UTF8), count=1)
    structure = read_structure(data)
    headers = structure.headers
    if data.strip() and not any(name in headers for name in _TELLING_NAMES.split()):
        return _unreadable(raw, "has no header fields: shown as text")
    body = read_body(structure)
    reply = split_reply(body.text)
    authors, more_authors = parse_addresses(headers.all("from")[-5:])
    sent_by = classify(structure, body.text, ours)
    mail = ParsedMail(
        message_id=parse_id(headers.last("message-id")),
        in_reply_to=parse_id(headers.last("in-reply-to")),
        references=parse_references(headers.last("references")),
        sender=_author(headers),
        from_count=len(authors) + more_authors,
        reply_to=_mailboxes(headers, "reply-to", errors),
        to=_mailboxes(headers, "to", errors),
        cc=_mailboxes(headers, "cc", errors),
        bcc=_mailboxes(headers, "bcc", errors),
        delivered_to=delivered_to(headers),
        return_path=return_path(headers),
        date=parse_date(headers.last("date")),
        subject=clean_line(headers.text("subject"), MAX_SUBJECT),
        text=body.text,
        html=None if body.html is None else render_html(body.html),
        html_source=body.html,
        reply_text=reply.reply_text,
        signature=reply.signature,
        attachments=tuple(_attachment(structure.parts[index]) for index in structure.attachments),
        inline=_inline(structure),
        sent_by=sent_by,
        bounce=read_bounce(structure, body.text) if sent_by is SentBy.BOUNCE else None,
        list_id=list_id(headers),
        language=detect_language(reply.reply_text or body.text),
        headers=headers,
        errors=(),
    )
    return replace(mail, errors=(*errors, *structure.errors, *body.errors, *_flaws(mail)))


def _errors_of_size(raw: bytes) -> list[str]:
    if not raw.strip():
        return ["the mail is empty"]
    if len(raw) > MAX_BYTES:
        return [f"only the first {MAX_BYTES} of {len(raw)} bytes were read"]
    return []


def _flaws(mail: ParsedMail) -> list[str]:
    """Say what a mail lacks that every mail must have (RFC 5322 §3.6)."""
    flaws = []
    if mail.from_count == 0:
        flaws.append("no From")
    elif mail.from_count > 1:
        flaws.append("more than one author in From")
    if mail.date is None:
        flaws.append("Date is not a date" if "date" in mail.headers else "no Date")
    if mail.message_id is None:
        flaws.append("no Message-ID")
    if "\ufffd" in mail.subject:
        flaws.append("bytes in Subject that are not text")
    return flaws


def _author(headers: Headers) -> Mailbox | None:
    value = headers.last("from")
    authors, _ = parse_addresses([value] if value else [], limit=1)
    return authors[0] if authors else None


def _mailboxes(headers: Headers, name: str, errors: list[str]) -> tuple[Mailbox, ...]:
    found, more = parse_addresses(headers.all(name))
    if more:
        errors.append(f"only the first {len(found)} addresses of {name.title()} were read")
    return found


def _attachment(part: Part) -> Attachment:
    disposition = part.disposition.value if part.disposition else ""
    content_id = clean_line(part.headers.text("content-id").strip("<> "), _MAX_CONTENT_ID) or None
    return Attachment(
        filename=_filename(part),
        content_type=_content_type(part),
        content_id=content_id,
        inline=disposition != "attachment" and (disposition == "inline" or content_id is not None),
        content=part.content,
    )


def _content_type(part: Part) -> str:
    if part.content_type is None:
        return "message/rfc822" if part.kind is Kind.MESSAGE else "text/plain"
    value = clean_line(part.content_type.value, 127)
    return value if part.content_type.sub else "application/octet-stream"


def _filename(part: Part) -> str | None:
    """Return a name that is safe as one: the last step of a path, without signs that systems forbid."""
    for source in (part.disposition, part.content_type):
        for key in ("filename", "name"):
            given = source.parameters.get(key, "") if source else ""
            name = PurePosixPath(clean_line(given, 20_000).replace("\\", "/")).name.strip(". ")
            if name:
                stem, dot, suffix = name[-_MAX_FILENAME * 4 :].rpartition(".")
                return (stem[: _MAX_FILENAME - 20] + dot + suffix[:20]) if dot else name[:_MAX_FILENAME]
    return None


def _inline(structure: Structure) -> tuple[Attachment, ...]:
    """Return the body parts that are files of their own as well, though RFC 8621 lists them as body."""
    listed = set(structure.attachments)
    indexes = dict.fromkeys([*structure.text_body, *structure.html_body])
    found = (_attachment(structure.parts[index]) for index in indexes if index not in listed)
    return tuple(part for part in found if part.filename or part.content_id)


def _unreadable(raw: bytes, error: str) -> ParsedMail:
    """Return a mail that holds its bytes as text: nothing is lost, and the reason is said."""
    text = clean_text(decode(raw[:1_000_000], None)[0])
    body = Body(text, None, ())
    return ParsedMail(
        message_id=None,
        in_reply_to=None,
        references=(),
        sender=None,
        from_count=0,
        reply_to=(),
        to=(),
        cc=(),
        bcc=(),
        delivered_to=(),
        return_path=None,
        date=None,
        subject="",
        text=body.text,
        html=None,
        html_source=None,
        reply_text=body.text.strip(),
        signature="",
        attachments=(),
        inline=(),
        sent_by=SentBy.PERSON,
        bounce=None,
        list_id=None,
        language=None,
        headers=Headers(),
        errors=(error,),
    )
