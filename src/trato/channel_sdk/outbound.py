"""What a connector is given to send, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from trato.channel_sdk.inbound import Party
from trato.channel_sdk.sentences import Sentence


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A file to send; `read()` fetches its bytes from the attachment store."""

    filename: str
    content_type: str
    size: int
    read: Callable[[], Awaitable[bytes]]
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to send. `external_id` is ours, stored before sending (see `Connector.new_external_id`)."""

    message_id: UUID
    conversation_id: UUID
    conversation_key: str
    to: Sequence[Party]
    text: str
    author_name: str = ""
    brand_name: str = ""
    signature: str = ""
    subject: str | None = None
    html: str | None = None
    cc: Sequence[Party] = ()
    bcc: Sequence[Party] = ()
    external_id: str | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    files: Sequence[OutboundFile] = ()
    automatic: bool = False  # nobody wrote it just now: say so where the channel can
    leave_url: str | None = (
        None  # where its reader says, by GET or a bare POST, that they want no more of them
    )
    language: str | None = None
    created_at: datetime | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has taken the message; `external_id` is its name for it, if it gave one."""

    external_id: str | None = None
    delivered: bool = False
    note: str | None = None  # what the agent should know, such as one refused recipient


class Why(Enum):
    """Why a message was not sent."""

    RETRY = "retry"  # not taken; the same attempt later may succeed
    REJECTED = "rejected"  # not taken, and trying again would not help
    OPTED_OUT = "opted_out"  # the contact does not want this
    STOPPED = "stopped"  # cancelled by us before it can have been taken: it goes again, as if never tried
    UNKNOWN = "unknown"  # it may have been taken: only a person decides whether to send again


class SendFailed(Exception):
    """Raised by `Connector.send`; the text is shown at the desk, or a sentence in the reader's language.

    `unreachable`: nothing of this account would get through now, such as when its server does not answer or
    does not let it in. The account says so, and after a few in a row it is tried less often.
    """

    def __init__(
        self,
        why: Why,
        told: str | Sentence,
        *,
        retry_after_s: float | None = None,
        unreachable: bool = False,
    ) -> None:
        self.why = why
        self.message = told.text if isinstance(told, Sentence) else told
        self.sentence = told if isinstance(told, Sentence) else None
        self.retry_after_s = retry_after_s
        self.unreachable = unreachable
        super().__init__(self.message)
