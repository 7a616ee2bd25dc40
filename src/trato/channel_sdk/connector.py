"""The base class of connectors and what they may ask of us."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

from trato.channel_sdk.inbound import InboundEvent
from trato.channel_sdk.outbound import Outbound, Sent
from trato.channel_sdk.sentences import Sentence


class SecretKeeper(Protocol):
    """Keeps those secrets of an account that its provider changes, such as a refresh token good for once."""

    async def current(self, name: str) -> str | None:
        """Return a secret as it is kept now: another process may have changed it since we began."""
        ...

    async def replace(self, name: str, old: str, new: str) -> None:
        """Keep `new`, encrypted, unless the secret is not `old` any more: who was first is right."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """A configured line of a channel, with its secrets in clear: never logged, never shown."""

    id: UUID
    kind: str
    name: str
    public_key: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, Any] = field(repr=False)
    signing_key: bytes = field(
        repr=False
    )  # 32 bytes, of this account alone: for tokens in addresses and links
    keeper: SecretKeeper | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the desk and the flow may expect of a channel."""

    idempotent_send: bool = False  # sending the same message_id twice is harmless
    files: bool = True
    html: bool = False
    subject: bool = False
    copies: bool = False  # Cc, Bcc, several recipients, forward
    starts: bool = False  # an agent may write first
    visitors: bool = False  # contacts come through our own page and read by our own stream
    listens: bool = False  # `listen` keeps running for each account
    address_kind: str = ""  # the kind of address it reaches
    # How bold, lists and links reach it: as HTML, in WhatsApp's marks, as they are typed, or not at all.
    marks: Literal["plain", "html", "whatsapp", "source"] = "plain"
    segments: bool = False  # a text is paid by its parts, as SMS are: the desk counts them
    undo_s: int = 0  # for how many seconds a reply waits, to be taken back, unless its account says otherwise
    max_text: int = 100_000
    max_file_bytes: int = 25_000_000


@dataclass(frozen=True, slots=True)
class Hook:
    """A request to `/hooks/{endpoint}`, as it came; header names in lower case."""

    endpoint: str
    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HookReply:
    """What a hook held, by account, and how to answer once that is durable."""

    events: Mapping[UUID, Sequence[InboundEvent]] = field(default_factory=dict)
    strays: Sequence[str] = ()  # why something in it could not be mapped: the body is kept
    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a connection test."""

    name: str
    ok: bool
    message: str = ""
    sentence: Sentence | None = None  # the same for people, in their language


class Sink(Protocol):
    """Where a listener puts what it reads. When `deliver` returns, it is durable."""

    @property
    def cursor(self) -> Mapping[str, Any]:
        """Return the connector's own place, as last saved."""
        ...

    async def deliver(self, event: InboundEvent) -> None:
        """Store one event; raises `Unavailable` when it could not be kept: read it again later."""
        ...

    async def save_cursor(self, cursor: Mapping[str, Any]) -> None:
        """Keep the place, fenced: raises `Conflict` when another worker has taken over."""
        ...

    async def ok(self) -> None:
        """Say that the account works."""
        ...

    async def failing(self, message: str, sentences: Sequence[Sentence] = ()) -> None:
        """Say what is wrong; shown at the account with the mend, as `sentences` where there are any."""
        ...


class Connector:
    """A channel. Override what it can do; instances hold no state of an account.

    `settings_schema` is a JSON Schema that the administration renders; a property with
    `"writeOnly": true` is a secret: kept encrypted, never shown again; one that is optional with a default
    or `"x-advanced": true` is folded away.
    """

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities] = Capabilities()
    settings_schema: ClassVar[Mapping[str, Any]] = {"type": "object", "properties": {}}

    async def send(self, message: Outbound, account: Account) -> Sent:
        """Hand one message to the provider, or raise `SendFailed`.

        When the worker ends, this is cancelled. Who knows whether the provider can have taken the message
        raises `SendFailed` then too, with STOPPED or UNKNOWN; else it counts as unknown.
        """
        raise NotImplementedError

    def new_external_id(self, message_id: UUID, account: Account) -> str | None:
        """Return the id under which the message will be known outside, stored before it is sent."""
        del message_id, account
        return None

    def own_addresses(self, account: Account) -> Collection[str]:
        """Return the addresses at which the account itself is written to, in lower case.

        An answer to all leaves them out, as it would come back to us.
        """
        del account
        return ()

    def forward_subject(self, subject: str) -> str:
        """Return the subject under which a message with this one is sent on to somebody else."""
        return subject

    def parse(self, hook: Hook, accounts: Sequence[Account]) -> HookReply:
        """Read a webhook: verify who sent it, map each event to an account. Pure.

        `accounts` are the enabled ones of this kind whose `public_key` is the endpoint, or all of
        the kind when the endpoint is the kind itself.
        """
        del hook, accounts
        return HookReply(strays=("this channel takes no webhooks",), status=404)

    def read(self, raw: bytes, account: Account, *, provider_id: str) -> InboundEvent | None:
        """Return what a raw original says, for one that is tried again; None when originals are not kept."""
        del raw, account, provider_id
        return None

    async def listen(self, account: Account, sink: Sink) -> None:
        """Read for one account until cancelled; runs under a lease, so one worker at a time."""
        del account, sink
        raise NotImplementedError

    async def check(self, account: Account) -> Sequence[Check]:
        """Try the settings against the real server; never raises for what is wrong with them."""
        del account
        return ()

    def inspect(self, raw: bytes) -> Mapping[str, Any]:
        """Return what the channel reads in one raw message, for `trato inspect`."""
        raise NotImplementedError
