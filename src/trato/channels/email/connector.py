"""The email connector: a mailbox read by IMAP or mail taken by our own SMTP server, answers by submission."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from trato.channel_sdk import (
    Account,
    Capabilities,
    Check,
    Connector,
    InboundEvent,
    Outbound,
    SendFailed,
    Sent,
    Sink,
    Why,
)
from trato.channels.email import checks, outgoing, submission
from trato.channels.email.events import Reader, content_id_of, read_events
from trato.channels.email.inspection import inspect
from trato.channels.email.keeping import Health, keep
from trato.channels.email.mailbox_listener import MailboxListener
from trato.channels.email.oauth import Tokens
from trato.channels.email.records import Records
from trato.channels.email.settings import SCHEMA, Listener, MailSettings, read_settings
from trato.channels.email.smtp_listener import listening
from trato.channels.email.spf import INTERNAL, Network, Peer, spf_of
from trato.channels.email.subjects import forward_subject
from trato.channels.email.threads import in_thread
from trato.channels.email.trouble import MailTrouble, say

_TRY_AGAIN_S: Final = 10.0


class Email(Connector):
    """Mail with people who have an address and any mail program."""

    kind: ClassVar[str] = "email"
    capabilities: ClassVar[Capabilities] = Capabilities(
        files=True,
        html=True,
        subject=True,
        copies=True,
        starts=True,
        listens=True,
        marks="html",
        undo_s=10,
        address_kind="email",
    )
    settings_schema: ClassVar[Mapping[str, Any]] = SCHEMA

    def __init__(self, records: Records | None = None, internal: Sequence[Network] = INTERNAL) -> None:
        self._tokens = Tokens()
        self._records = records or Records()
        self._internal = internal

    async def send(self, message: Outbound, account: Account) -> Sent:
        """Write the mail and hand it to the account's SMTP server; raises `SendFailed`."""
        settings = read_settings(account)
        if settings.smtp is None:
            raise SendFailed(Why.RETRY, say("no_smtp"))
        try:
            mail = await outgoing.write(message, settings)
        except asyncio.CancelledError as error:
            raise submission.stopped() from error
        return await submission.submit(mail, settings, settings.smtp, self._tokens)

    def new_external_id(self, message_id: UUID, account: Account) -> str:
        """Return the Message-ID, without brackets."""
        return outgoing.message_id(message_id, str(account.settings["address"]))

    def own_addresses(self, account: Account) -> Collection[str]:
        """Return the mailbox's address and its aliases."""
        return read_settings(account).ours.addresses

    def forward_subject(self, subject: str) -> str:
        """Return the subject with exactly one `Fwd:`."""
        return forward_subject(subject)

    async def listen(self, account: Account, sink: Sink) -> None:
        """Read the mailbox and run the SMTP listener, whichever the account has, until cancelled."""
        settings = read_settings(account)
        health = Health(sink)
        parts = []
        if settings.imap is not None:
            reader = self._reader(settings)
            mailbox = MailboxListener(settings, settings.imap, sink, health, self._tokens, reader)
            parts.append(mailbox.run())
        if settings.listener is not None:
            parts.append(self._receive(settings, settings.listener, sink, health))
        await _all_or_none(parts or [_only_sending()])

    async def _receive(self, settings: MailSettings, listener: Listener, sink: Sink, health: Health) -> None:
        domain = settings.address.rpartition("@")[2]
        passing_on = (*self._internal, *listener.relays)

        async def take(raw: bytes, trace: bytes, peer: Peer) -> None:
            def read() -> Sequence[InboundEvent]:
                return read_events(
                    trace + raw,
                    settings,
                    # The id is the content's: the same mail sent again, after our 250 was lost, is the same.
                    provider_id=content_id_of(raw),
                    received_at=datetime.now(UTC),
                    lookup=self._records,
                    spf=lambda: spf_of(peer, domain, passing_on, self._records.ask),
                )

            for event in await in_thread(read):
                await keep(sink, event)

        while True:
            try:
                async with listening(settings, listener, take):
                    await health.ok("listener")
                    await asyncio.Event().wait()
            except MailTrouble as error:
                await health.failing("listener", error.sentence)
            await asyncio.sleep(_TRY_AGAIN_S)

    def _reader(self, settings: MailSettings) -> Reader:
        def read(raw: bytes, provider_id: str, received_at: datetime) -> Sequence[InboundEvent]:
            return read_events(
                raw, settings, provider_id=provider_id, received_at=received_at, lookup=self._records
            )

        return read

    def read(self, raw: bytes, account: Account, *, provider_id: str) -> InboundEvent | None:
        """Return the message that an original holds, read with the software as it is now."""
        events = read_events(
            raw, read_settings(account), provider_id=provider_id, received_at=datetime.now(UTC)
        )
        return events[-1]

    async def check(self, account: Account) -> Sequence[Check]:
        """Sign in to both servers, open the folder, and say what is wrong with its mend."""
        return await checks.run(read_settings(account), self._tokens)

    def inspect(self, raw: bytes) -> Mapping[str, Any]:
        """Return what is understood of a mail, as `trato inspect email` prints it."""
        return inspect(raw)


async def _all_or_none(parts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all until cancelled; the first that rises ends the others, and rises as it is."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _only_sending() -> None:
    """An account without a way in has nothing to read."""
    await asyncio.Event().wait()


connector = Email()
