"""Keeps what is found as it is: by the event log what changes, and once what was there before."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.fields import values as fields
from trato.finding import feeding, reading
from trato.finding.marks import Kind
from trato.finding.reading import SOURCES
from trato.live.consumers import Consumer
from trato.live.queries import Event

log = structlog.get_logger()

CONSUMER: Final = "finding"
OWN_FIELD: Final = "field.changed"  # whether a field is looked into may be another now
TYPES: Final = tuple(sorted({OWN_FIELD, *(kind for source in SOURCES.values() for kind in source.events)}))
TIDY: Final = "finding.tidy"
BATCH: Final = 4_000
LEAST: Final = 250
LOOK: Final = timedelta(minutes=1)
_KINDS: Final = {name: kind for kind, source in SOURCES.items() for name in source.events}
_BEGIN: Final = text("""
    INSERT INTO finding_state (kind) SELECT :kind WHERE EXISTS (SELECT FROM consumer WHERE name = :name)
    ON CONFLICT DO NOTHING
""")
# What a crash takes back is read once more, with where it was reached.
_CHEAPLY: Final = text("""
    SELECT set_config('synchronous_commit', 'off', true), set_config('work_mem', '64MB', true)
""")
_NEXT: Final = text("""
    SELECT behind FROM finding_state WHERE kind = :kind AND read_all_at IS NULL
""")
_READ: Final = text("""
    UPDATE finding_state SET behind = coalesce(CAST(:behind AS uuid), behind),
           read_all_at = CASE WHEN CAST(:behind AS uuid) IS NULL THEN now() END WHERE kind = :kind
""")


def consumer(services: Services) -> Consumer:
    """Return who reads what changes."""
    return Consumer(CONSUMER, services.db, services.wake, handle, types=TYPES)


async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
    """Make what these events tell of found as it is now."""
    await feeding.lock(c)
    holders = [await _holders(c, event) for event in events if event.type == OWN_FIELD]
    for kind in Kind:
        ids = [_id_of(event) for event in events if _KINDS.get(event.type) is kind and _matters(event)]
        ids += [one for of, held in holders if of is kind for one in held]
        if wanted := list(dict.fromkeys(ids)):
            await feeding.put(c, kind, wanted, await reading.now_of(c, kind, wanted))


def _id_of(event: Event) -> UUID:
    what, name = SOURCES[_KINDS[event.type]].events[event.type]
    return UUID(str(event.data[what][name]))


async def _holders(c: AsyncConnection, event: Event) -> tuple[Kind, Sequence[UUID]]:
    """Return who has something in a field that was changed."""
    about, held = await fields.holders(c, event.data["field"]["key"], BATCH)
    return (Kind.CONTACT if about == "contact" else Kind.CASE), held


def _matters(event: Event) -> bool:
    """Say whether words may be others: of a message that was sent or read they are not."""
    return event.type != "message.changed" or event.data["message"].get("status") == "cancelled"


class Builder:
    """Reads what was there before anybody followed, from the newest to the oldest; any number may run.

    The newest is found within seconds, while the rest is still being read.
    """

    def __init__(self, db: Database, *, batch: int = BATCH, rest_s: float = 0.05) -> None:
        self._db, self._batch, self._rest_s = db, batch, rest_s

    async def run(self) -> None:
        """Read all that is missing, and look again each minute, until cancelled."""
        while True:
            try:
                while await self.step():  # noqa: ASYNC110  it rests: nobody tells of what is left
                    await asyncio.sleep(self._rest_s)
            except Exception:
                log.exception("finding.not_read")
                self._batch = max(self._batch // 2, LEAST)  # less is done in time where there is much to do
            await asyncio.sleep(LOOK.total_seconds() if await self._all_read() else 1)

    async def step(self) -> bool:
        """Read some of each kind that is not read yet; say whether there was any."""
        return any([await self._step(kind) for kind in Kind])

    async def _step(self, kind: Kind) -> bool:
        async with self._db.begin() as c:
            await feeding.lock(c)
            await c.execute(_CHEAPLY)
            await c.execute(_BEGIN, {"kind": kind, "name": CONSUMER})
            row = (await c.execute(_NEXT, {"kind": kind})).first()
            if row is None:
                return False
            things, behind = await reading.before(c, kind, row.behind, self._batch)
            await feeding.put_earlier(c, kind, things)
            await c.execute(_READ, {"kind": kind, "behind": behind})
        if behind is None:
            log.info("finding.read", kind=kind.label)
        return True

    async def _all_read(self) -> bool:
        with contextlib.suppress(Exception):  # the database is away: soon again
            async with self._db.connect() as c:
                query = text("SELECT count(*) FROM finding_state WHERE read_all_at IS NOT NULL")
                return bool(await c.scalar(query) == len(Kind))
        return False


def tidying(services: Services) -> Periodic:
    """Return the job that forgets words which nothing has any more."""

    async def run() -> None:
        async with services.db.begin() as c:
            await feeding.lock(c)
            count = await feeding.drop_unused(c)
        if count:
            log.info("finding.words_forgotten", count=count)

    return Periodic(TIDY, timedelta(hours=1), services.db, run)


async def forget_all(c: AsyncConnection) -> None:
    """Have everything read anew; until then nothing is found."""
    await c.execute(text("TRUNCATE finding_entry, finding_word, finding_state"))
