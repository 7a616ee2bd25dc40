"""Keeps the listeners of channels running: each account under a lease, so that one worker reads it."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from trato.access import database
from trato.brands import service as brands
from trato.channel_sdk import Inbound, InboundEvent, Sentence, Typing
from trato.db.edge import Services
from trato.db.engine import FAILURES
from trato.flow.arrivals import take_in
from trato.kit.errors import Conflict, Unavailable
from trato.kit.ids import new_id
from trato.live import service as live

log = structlog.get_logger()

LEASE = timedelta(seconds=15)
LOOK_S = 2.0
STOP_S = 1.5  # less than a process has to end (kit.process_tree)
BACK_OFF_S = (1, 2, 5, 10, 30, 60)

# The epoch grows with each new owner: a paused worker that wakes up finds that its writes are refused. What
# ends further away than two leases was written before the clock was set back: it counts for nothing.
_TAKE = text("""
    INSERT INTO account_listener (account_id, owner, epoch, expires_at)
    VALUES (:account_id, :owner, 1, now() + :lease)
    ON CONFLICT (account_id) DO UPDATE
        SET owner = :owner, epoch = account_listener.epoch + 1, expires_at = now() + :lease
        WHERE account_listener.expires_at IS NULL
           OR account_listener.expires_at NOT BETWEEN now() AND now() + 2 * CAST(:lease AS interval)
    RETURNING epoch, cursor
""")
_HOLD = text("""
    UPDATE account_listener SET expires_at = now() + :lease
    WHERE account_id = :account_id AND owner = :owner AND epoch = :epoch RETURNING 1
""")
_LEAVE = text("""
    UPDATE account_listener SET owner = NULL, expires_at = NULL
    WHERE account_id = :account_id AND owner = :owner AND epoch = :epoch
""")
_CURSOR = text("""
    UPDATE account_listener SET cursor = :cursor
    WHERE account_id = :account_id AND owner = :owner AND epoch = :epoch RETURNING 1
""").bindparams(bindparam("cursor", type_=JSONB))


class AccountSink:
    """Where one listener puts what it reads, fenced by the epoch of its lease."""

    def __init__(
        self,
        services: Services,
        record: brands.AccountRecord,
        lease: Mapping[str, Any],
        cursor: Mapping[str, Any],
    ) -> None:
        self._services = services
        self._record = record
        self._lease = lease
        self._cursor = cursor
        self._said: str | None = ""

    @property
    def cursor(self) -> Mapping[str, Any]:
        """Return the connector's own place, as last saved."""
        return self._cursor

    async def deliver(self, event: InboundEvent) -> None:
        """Store one event; raises `Unavailable` when it could not be kept now: it is to be read again."""
        if isinstance(event, Typing):
            await self._typing(event)
            return
        try:
            got = await take_in(self._services, self._record, event)
        except database.KINDS as error:
            if isinstance(away := database.meaning(error), Unavailable):
                raise away from error
            raise
        if isinstance(event, Inbound):
            log.info("inbound", account=str(self._record.id), outcome=got.outcome)

    async def _typing(self, event: Typing) -> None:
        query = text("""
            SELECT id FROM conversation
            WHERE account_id = :account_id AND conversation_key = :key AND status <> 'closed'
        """)
        async with self._services.db.connect() as c:
            found = await c.scalar(query, {"account_id": self._record.id, "key": event.conversation_key})
        if found is not None:
            live.typing(self._services.wake, found, who="contact", name="")

    async def save_cursor(self, cursor: Mapping[str, Any]) -> None:
        """Keep the place; raises `Conflict` when another worker has taken over."""
        async with self._services.db.begin() as c:
            if await c.scalar(_CURSOR, {**self._lease, "cursor": dict(cursor)}) is None:
                raise Conflict("Another worker reads this account now.")
        self._cursor = dict(cursor)

    async def ok(self) -> None:
        """Say that the account works."""
        await self._say(None)

    async def failing(self, message: str, sentences: Sequence[Sentence] = ()) -> None:
        """Say what is wrong; shown at the account."""
        await self._say(message, sentences)

    async def _say(self, message: str | None, sentences: Sequence[Sentence] = ()) -> None:
        if message == self._said:
            return
        async with self._services.db.begin() as c:
            await brands.set_state(c, self._record.id, message, sentences)
        self._services.wake.ring("events")
        self._said = message


class Listeners:
    """Runs a listener for every enabled account whose channel listens."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._owner: UUID = new_id()
        self._running: dict[UUID, tuple[brands.AccountRecord, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Start, stop and restart listeners as accounts change, until cancelled."""
        try:
            while True:
                try:
                    await self._compare()
                except Exception as error:  # noqa: BLE001  the database is away: the listeners go on, we look again
                    log.warning("listeners.not_compared", error=str(error))
                await asyncio.sleep(LOOK_S)
        finally:
            await asyncio.gather(*(self._stop(account_id) for account_id in list(self._running)))

    async def _compare(self) -> None:
        async with self._services.db.connect() as c:
            records = [r for r in await brands.list_accounts(c) if r.enabled]
        wanted = {r.id: r for r in records if r.connector.capabilities.listens}
        for account_id, (record, task) in list(self._running.items()):
            now = wanted.get(account_id)
            if task.done() or now is None or (now.settings, now.secrets) != (record.settings, record.secrets):
                await self._stop(account_id)
        for account_id, record in wanted.items():
            if account_id not in self._running:
                task = asyncio.create_task(self._keep(record), name=f"listen {record.name}")
                self._running[account_id] = (record, task)

    async def _stop(self, account_id: UUID) -> None:
        _, task = self._running.pop(account_id)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):  # the others are stopped all the same
            await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), STOP_S)

    async def _keep(self, record: brands.AccountRecord) -> None:
        """Wait for the lease, then listen, again and again; a failure is told and followed by a pause."""
        failures = 0
        while True:
            lease: dict[str, Any] = {"account_id": record.id, "owner": self._owner}
            async with self._services.db.begin() as c:
                row = (await c.execute(_TAKE, {**lease, "lease": LEASE})).first()
            if row is None:
                await asyncio.sleep(LOOK_S)
                continue
            lease["epoch"] = row.epoch
            sink = AccountSink(self._services, record, lease, row.cursor)
            try:
                await self._under_lease(record, sink, lease)
                failures = 0
            except Exception as error:  # noqa: BLE001  told at the account, tried again
                log.warning("listener.failed", account=str(record.id), error=str(error) or repr(error))
                with contextlib.suppress(Exception):
                    text = str(error) or type(error).__name__
                    await sink.failing(text, [Sentence("unexpected", {"error": text}, text)])
                await asyncio.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
                failures += 1
            finally:
                with contextlib.suppress(Exception):
                    async with self._services.db.begin() as c:
                        await c.execute(_LEAVE, lease)

    async def _under_lease(
        self, record: brands.AccountRecord, sink: AccountSink, lease: Mapping[str, Any]
    ) -> None:
        listening = asyncio.create_task(
            record.connector.listen(record.opened(self._services.secrets, self._services.db), sink),
            name="listen",
        )
        holding = asyncio.create_task(self._hold(lease), name="hold lease")
        done, pending = await asyncio.wait({listening, holding}, return_when="FIRST_COMPLETED")
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()

    async def _hold(self, lease: Mapping[str, Any]) -> None:
        """Renew the lease until it is lost, also by a database that is away for longer."""
        last = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - last < LEASE.total_seconds():
            await asyncio.sleep(LEASE.total_seconds() / 5)
            with contextlib.suppress(*FAILURES):
                async with self._services.db.begin() as c:
                    if await c.scalar(_HOLD, {**lease, "lease": LEASE}) is None:
                        return
                last = asyncio.get_running_loop().time()
