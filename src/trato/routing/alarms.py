"""The checker beside the router: looks every few seconds whether all is well, and raises an alarm if not."""

import asyncio
import json
from time import monotonic
from typing import Final

import structlog

from trato.db.engine import Database
from trato.decide.floor import Floor
from trato.routing import checks
from trato.routing.lease import Lease

log = structlog.get_logger()

EVERY_S: Final = 5.0
SHARE: Final = 50  # it rests this many times longer than it looks: never more than 2 % of the database's time
SHOWN: Final = 20


class Checker:
    """Remembers between two looks what may be wrong only for a moment."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._passing: dict[str, list[str]] = {}
        self._told: dict[str, list[str]] | None = None

    async def run(self, lease: Lease) -> None:
        """Look until cancelled; silent as long as all is well."""
        while True:
            began = monotonic()
            await self.look(lease)
            await asyncio.sleep(max(EVERY_S, SHARE * (monotonic() - began)))

    async def look(self, lease: Lease) -> dict[str, list[str]]:
        """Look once, and tell what is wrong, or wrong no more."""
        async with self._db.connect() as c:
            found = await checks.broken(c)
            passing = await checks.stranded(c)
        for what, ids in passing.items():
            if lasting := [one for one in ids if one in self._passing.get(what, ())]:
                found[what] = lasting
        self._passing = passing
        found = {what: ids[:SHOWN] for what, ids in found.items()}
        if found != self._told:
            for what, ids in found.items():
                log.error("routing.alarm", what=what, ids=ids)
            await self._db.call("SELECT tell_alarms($1, $2, $3)", lease.owner, lease.epoch, json.dumps(found))
            self._told = found
        # A skill may be learned, or asked for no more, while nobody waits for it.
        await self._db.call("SELECT tell_lacking($1, $2, '[]')", lease.owner, lease.epoch)
        return found


class Lacking:
    """Tells supervisors of skills that somebody needs and nobody has, each once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._told: frozenset[tuple[object, object]] | None = None

    async def tell(self, lease: Lease, floor: Floor) -> None:
        """Tell what is new."""
        lacking = frozenset(floor.lacking())
        if lacking == self._told or not (lacking or self._told):
            return
        rows = [{"queue_id": str(queue_id), "skill_id": str(skill_id)} for queue_id, skill_id in lacking]
        for row in rows:
            log.warning("routing.nobody_knows", **row)
        await self._db.call("SELECT tell_lacking($1, $2, $3)", lease.owner, lease.epoch, json.dumps(rows))
        self._told = lacking
