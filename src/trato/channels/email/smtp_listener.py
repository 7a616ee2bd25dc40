"""Our own SMTP server for mail that comes directly: says 250 only once a mail is durable, relays nothing."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from trato.channels.email.reply_address import without_tag
from trato.channels.email.settings import Listener, MailSettings
from trato.channels.email.spf import Peer
from trato.channels.email.trouble import MailTrouble, said

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_RECIPIENTS: Final = 100
MAX_SESSIONS: Final = 200
_SILENT_S: Final = 300.0  # RFC 5321 §4.5.3.2.7
_KEEP_WITHIN_S: Final = 240.0

log = structlog.get_logger(__name__)

Keep = Callable[[bytes, bytes, Peer], Awaitable[None]]
"""Makes a mail durable, given its content, the trace fields to stand above it, and who handed it to us."""


class Receiver:
    """Answers the commands of one listening server, as aiosmtpd asks."""

    def __init__(self, settings: MailSettings, listener: Listener, keep: Keep) -> None:
        self._settings = settings
        self._listener = listener
        self._keep = keep

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take mail for our own addresses and domains, and for nobody else."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not self._is_for_us(address):
            return "550 5.7.1 We take no mail for this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Make the mail durable, then say so; whatever hinders that, ask for it again."""
        content = envelope.content
        raw = (
            content.encode("utf-8", "surrogateescape") if isinstance(content, str) else bytes(content or b"")
        )
        try:
            async with asyncio.timeout(_KEEP_WITHIN_S):
                peer = peer_of(session, envelope)
                believed = peer.stands_in(self._listener.relays)
                await self._keep(raw, trace_fields(peer, envelope.rcpt_tos, believed=believed), peer)
        except Exception as error:  # noqa: BLE001  the sender has it still, and is the one who can keep it
            log.warning("mail_not_kept", reason=type(error).__name__)
            return "451 4.3.0 It cannot be stored now, send it again later"
        return "250 2.0.0 OK"

    def _is_for_us(self, address: str) -> bool:
        domain = address.rpartition("@")[2].lower().rstrip(".")
        return self._settings.is_ours(without_tag(address)) or domain in self._listener.domains


def peer_of(session: Session, envelope: Envelope) -> Peer:
    """Return who hands us a mail, as the connection and its commands say."""
    address = str(session.peer[0]) if isinstance(session.peer, tuple) else "unknown"
    return Peer(address, said(session.host_name or "unknown").replace(" ", ""), envelope.mail_from or "")


def trace_fields(peer: Peer, recipients: Sequence[str], *, believed: bool) -> bytes:
    """Return the fields that a receiving server puts above a mail (RFC 5321 §4.4).

    The empty Authentication-Results, by nobody's name, keeps what stands below from being believed, unless
    the peer is a server of ours that checks mail before it hands it on.
    """
    lines = [
        f"Return-Path: <{said(peer.mail_from)}>",
        *(f"Delivered-To: {said(address)}" for address in recipients),
        f"Received: from {peer.helo} ([{peer.address}]) by trato; {format_datetime(datetime.now(UTC))}",
        *([] if believed else ["Authentication-Results: unchecked.invalid; none"]),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


@contextlib.asynccontextmanager
async def listening(settings: MailSettings, listener: Listener, keep: Keep) -> AsyncIterator[asyncio.Server]:
    """Listen as long as the block runs; raises `MailTrouble` when the port cannot be had."""
    receiver = Receiver(settings, listener, keep)
    tls = _certificate(listener)
    here: set[_Session] = set()

    def new_session() -> asyncio.Protocol:
        if len(here) >= MAX_SESSIONS:
            return _Busy()
        return _Session(
            here,
            receiver,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            tls_context=tls,
            timeout=_SILENT_S,
            hostname=settings.address.rpartition("@")[2],
            ident="Trato",
        )

    try:
        server = await asyncio.get_running_loop().create_server(
            new_session, listener.host, listener.port, reuse_address=True
        )
    except OSError as error:
        raise MailTrouble(
            "port_taken", host=listener.host, port=listener.port, said=said(error.strerror)
        ) from error
    try:
        yield server
    finally:
        server.close()
        for session in list(here):
            session.cut()


class _Session(SMTP):
    """One client's connection, known to the server as long as it lasts."""

    line_length_limit = 256 * 1024  # RFC 5321 §4.5.3.1.6 allows more than 1,000, and mails come with more

    def __init__(self, here: set["_Session"], receiver: Receiver, **options: Any) -> None:
        super().__init__(receiver, **options)
        self._here = here

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it; called a second time when TLS begins."""
        self._here.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no more."""
        self._here.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """End it at once: what was not answered with 250 is sent again."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class _Busy(asyncio.Protocol):
    """Turns a client away when too many are here: it comes again later (RFC 5321 §3.8)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections, come again later\r\n")
        transport.close()


def _certificate(listener: Listener) -> ssl.SSLContext | None:
    if not listener.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(listener.certificate, listener.key or None)
    except (OSError, ssl.SSLError) as error:
        raise MailTrouble("certificate_unreadable", said=said(error)) from error
    return context
