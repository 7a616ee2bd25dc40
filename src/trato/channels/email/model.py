"""What a mail says once it is read: plain frozen values without bytes of the wire, except attachments."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trato.channels.email.addresses import Mailbox
from trato.channels.email.headers import Headers


class SentBy(StrEnum):
    """Who is behind a mail; only a person's mail is ever answered."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    FEEDBACK_REPORT = "feedback_report"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is kept as a file; `content` is decoded, a nested message is kept as it came."""

    filename: str | None
    content_type: str
    content_id: str | None
    inline: bool
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Its size in bytes, decoded."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which address did not get a mail of ours, and why (RFC 3464).

    `status` is the enhanced status code (RFC 3463) such as `5.1.1`; `original_message_id` tells which
    mail it was, when the report says so.
    """

    recipient: str | None
    status: str | None
    diagnostic: str | None
    original_message_id: str | None = None
    action: str | None = None

    @property
    def permanent(self) -> bool:
        """Whether trying again is useless; a report of a delay is not."""
        if self.action in {"delayed", "relayed", "delivered", "expanded"}:
            return False
        return self.status is None or self.status.startswith("5")


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """Everything that one mail says; `errors` says what was wrong with it and what was left out."""

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    sender: Mailbox | None
    """The author: the `From` field."""
    from_count: int
    """How many authors `From` names; anything but one is never authenticated."""
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    bcc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    """Addresses of ours that the mail was handed to, by `Delivered-To`, `X-Original-To` and their like."""
    return_path: str | None
    """The envelope's sender; an empty text is the null sender of a report."""
    date: datetime | None
    subject: str
    text: str
    html: str | None
    """Sanitised; inline images still without an address, see `render_html`."""
    html_source: str | None = field(repr=False)
    reply_text: str
    signature: str
    attachments: tuple[Attachment, ...]
    inline: tuple[Attachment, ...]
    sent_by: SentBy
    bounce: Bounce | None
    list_id: str | None
    language: str | None
    headers: Headers = field(repr=False)
    errors: tuple[str, ...]

    @property
    def auto_submitted(self) -> bool:
        """Whether a machine sent it in answer to something (RFC 3834): never to be answered."""
        return self.sent_by not in {SentBy.PERSON, SentBy.LIST}
