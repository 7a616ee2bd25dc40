"""Reads a mailbox for ever: each mail once, none passed over, none marked as seen before it is durable."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

import structlog

from trato.channel_sdk import Broken, InboundEvent, Sink
from trato.channels.email.events import Reader, content_id_of
from trato.channels.email.imap import MAX_BYTES, Gone, LoginRefused, Mailbox, Waiting, open_mailbox
from trato.channels.email.keeping import Health, NotKept, keep
from trato.channels.email.oauth import Tokens
from trato.channels.email.settings import MailSettings, Server
from trato.channels.email.threads import in_thread
from trato.channels.email.trouble import MailTrouble, say

T = TypeVar("T")

_BATCH: Final = 50
_IDLE_S: Final = (
    240.0  # servers and their firewalls forget a silent connection after 30, some after 5 minutes
)
_POLL_S: Final = 15.0
_BACK_OFF_S: Final = (0.5, 1, 2, 5, 10, 30, 60)
_OVERLAP: Final = timedelta(days=2)
_PART: Final = "imap"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read. UIDs count only while `uid_validity` is the mailbox's."""

    uid_validity: int
    uid: int
    since: date
    """The day of the newest mail that was read: where to begin when all UIDs have changed."""
    backlog: int | None = None
    """While set, mail between it and `uid` is still looked through for what was not read."""
    changed: bool = False
    """Whether that backlog is there because the UIDs have changed, else because the account is new."""

    def as_json(self) -> dict[str, Any]:
        """Return the place as it is saved."""
        return {
            "uid_validity": self.uid_validity,
            "uid": self.uid,
            "since": self.since.isoformat(),
            "backlog": self.backlog,
            "changed": self.changed,
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Place | None":
        """Return a saved place, None before the first one."""
        if "uid_validity" not in saved:
            return None
        return cls(
            int(saved["uid_validity"]),
            int(saved["uid"]),
            date.fromisoformat(saved["since"]),
            saved.get("backlog"),
            bool(saved.get("changed")),
        )


class MailboxListener:
    """The reading of one account's mailbox, over as many connections as it takes."""

    def __init__(
        self,
        settings: MailSettings,
        server: Server,
        sink: Sink,
        health: Health,
        tokens: Tokens,
        reader: Reader,
    ) -> None:
        self._settings = settings
        self._server = server
        self._sink = sink
        self._health = health
        self._tokens = tokens
        self._reader = reader
        self._failures = 0

    async def run(self) -> None:
        """Read until cancelled; raises only when another worker has taken the mailbox over."""
        while True:
            try:
                await self._session()
            except (Gone, NotKept) as error:
                log.info("mailbox_gone", reason=str(error))
                if self._failures:
                    await self._health.failing(_PART, say("mailbox_gone", said=str(error)))
            except MailTrouble as error:
                await self._health.failing(_PART, error.sentence)
            pause = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
            self._failures += 1
            await asyncio.sleep(pause)

    async def _session(self) -> None:
        """Use one connection until it is lost."""
        mailbox = await self._open()
        try:
            place = await self._save(await self._find_place(mailbox))
            while True:
                place = await self._read_new(mailbox, place)
                self._failures = 0
                await self._health.ok(_PART)
                if not mailbox.can_idle:
                    await asyncio.sleep(_POLL_S)
                await self._on(mailbox, partial(mailbox.wait, _IDLE_S))
        finally:
            # A waiting thread must not outlive us with the connection.
            mailbox.cut()
            await asyncio.shield(in_thread(mailbox.close))

    async def _open(self) -> Mailbox:
        oauth = self._settings.oauth
        token = await self._tokens.get(oauth) if oauth else None
        abandoned = False

        def connect() -> Mailbox:
            mailbox = open_mailbox(self._server, self._settings.folder, self._settings.tls(), token)
            if abandoned:
                mailbox.close()
            return mailbox

        try:
            return await in_thread(connect)
        except LoginRefused:
            if oauth:
                self._tokens.forget(oauth)
            raise
        except asyncio.CancelledError:
            abandoned = True
            raise

    async def _on(self, mailbox: Mailbox, call: Callable[[], T]) -> T:
        """Make a call on the mailbox; when we are cancelled, the connection is cut under it."""
        try:
            return await in_thread(call)
        except asyncio.CancelledError:
            mailbox.cut()
            raise

    async def _find_place(self, mailbox: Mailbox) -> Place:
        """Return where to go on: where we were, or at the beginning that the settings ask for."""
        saved = Place.from_json(self._sink.cursor)
        if saved and saved.uid_validity == mailbox.uid_validity:
            return saved
        today = datetime.now(UTC).date()
        if saved is None and self._settings.start == "all":
            return Place(mailbox.uid_validity, 0, today)
        # The end is taken before the backlog is searched, so that nothing falls between the two.
        end = await self._on(mailbox, mailbox.next_uid) - 1
        if saved is not None:
            log.info("uid_validity_changed", before=saved.uid_validity, now=mailbox.uid_validity)
            return Place(mailbox.uid_validity, end, saved.since, backlog=0, changed=True)
        return Place(
            mailbox.uid_validity, end, today, backlog=0 if self._settings.start == "unread" else None
        )

    async def _read_new(self, mailbox: Mailbox, place: Place) -> Place:
        """Read all that is there and was not read; returns the new place, saved."""
        if place.backlog is not None:
            day = place.since - _OVERLAP if place.changed else None
            uids = await self._on(mailbox, partial(mailbox.uids_not_older, day))
            for batch in _batches([uid for uid in uids if place.backlog < uid <= place.uid]):
                place = await self._read_batch(mailbox, batch, replace(place, backlog=batch[-1]))
            place = await self._save(replace(place, backlog=None, changed=False))
        while uids := await self._on(mailbox, partial(mailbox.uids_after, place.uid)):
            for batch in _batches(uids):
                place = await self._read_batch(mailbox, batch, replace(place, uid=batch[-1]))
        return place

    async def _save(self, place: Place) -> Place:
        if self._sink.cursor != place.as_json():
            await self._sink.save_cursor(place.as_json())
        return place

    async def _read_batch(self, mailbox: Mailbox, uids: Sequence[int], after: Place) -> Place:
        """Read mails in their order; once they are durable, save the place and mark them as seen."""
        waiting = await self._on(mailbox, partial(mailbox.sizes, uids))
        for mail in waiting:
            for event in await self._on(mailbox, partial(self._read_one, mailbox, mail)):
                await self._keep(event)
        if after.backlog is None:  # while the backlog is searched from a day on, the day must stay
            newest = max((mail.received_at.date() for mail in waiting), default=after.since)
            after = replace(after, since=max(after.since, newest))
        await self._save(after)
        await self._on(mailbox, partial(mailbox.mark_seen, [mail.uid for mail in waiting]))
        await self._health.ok(_PART)  # also while so much waits that the end is far
        return after

    def _read_one(self, mailbox: Mailbox, waiting: Waiting) -> Sequence[InboundEvent]:
        """Return what a mail says; nothing when it was deleted meanwhile. Blocks."""
        if waiting.size > MAX_BYTES:
            header = mailbox.read_header(waiting.uid) or b""
            size_mb = waiting.size / 1_000_000
            reason = (
                f"the mail has {size_mb:.0f} MB, more than the {MAX_BYTES / 1_000_000:.0f} MB that are read: "
                "its header is kept, the rest stands in the mailbox"
            )
            return [Broken(content_id_of(header), reason, header)]
        raw = mailbox.read(waiting.uid)
        if raw is None:
            return []
        return self._reader(raw, content_id_of(raw), waiting.received_at)

    async def _keep(self, event: InboundEvent) -> None:
        """Hand an event on until it is durable; the mailbox waits meanwhile, so nothing is passed over."""
        for pause in (*_BACK_OFF_S, None):
            try:
                await keep(self._sink, event)
            except NotKept as error:
                log.warning("mail_not_kept", reason=str(error))
                await self._health.failing(_PART, say("not_stored"))
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return


def _batches(uids: Sequence[int]) -> list[Sequence[int]]:
    return [uids[start : start + _BATCH] for start in range(0, len(uids), _BATCH)]
