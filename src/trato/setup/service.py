"""The settings as one file: taken out, and brought in all or nothing."""

import asyncio
from typing import Final

from sqlalchemy import text

from trato.access import audit
from trato.access.edge import Caller
from trato.db.edge import TOPICS, Services
from trato.kit.errors import Conflict
from trato.setup import exporting, file, importing
from trato.setup.kind import Act, MadeSecret
from trato.setup.plan import Plan

_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(7206148)")


class _TakenBack(Exception):
    """Ends a transaction that was only to see what would happen."""


async def take_out(shared: Services, caller: Caller) -> str:
    """Return the file of all that is set up, as it is at one moment."""
    async with shared.db.snapshot() as c:
        text_of_all = await exporting.take_out(Act(c, shared, caller))
    async with shared.db.begin() as c:
        await audit.record(c, caller.actor, "settings.exported", ip=caller.ip)
    return text_of_all


async def bring_in(
    shared: Services,
    caller: Caller,
    given: str,
    *,
    dry_run: bool,
    remove: bool = False,
    expected: str | None = None,
) -> tuple[Plan, list[MadeSecret]]:
    """Make what a file says so, or with `dry_run` see what that does; return it with secrets to show once.

    Nothing is done while something is in the way: that stands in the plan, and without `dry_run` raises
    `Conflict`, as it does when something else would change than what `expected` is the digest of. Raises
    `Invalid` and `TooLarge` for what is no file of settings.
    """
    document = await asyncio.to_thread(file.read, given)
    try:
        async with shared.db.begin() as c:
            await c.execute(_ONE_AT_A_TIME)
            act = Act(c, shared, caller)
            plan = await importing.carry_out(act, document, remove=remove)
            _check(plan, expected, dry_run=dry_run)
            counts = {one: plan.count(one) for one in ("new", "changed", "removed")}
            await audit.record(c, caller.actor, "settings.imported", data=counts, ip=caller.ip)
    except _TakenBack:
        return plan, []
    shared.wake.ring(*TOPICS)
    return plan, act.made_secrets


def _check(plan: Plan, expected: str | None, *, dry_run: bool) -> None:
    if dry_run:
        raise _TakenBack
    if plan.problems:
        first = plan.problems[0]
        raise Conflict(
            "Nothing was brought in: {count} entries are in the way, the first is “{key}” in {section}.",
            todo="Look first at what would change: there each of them is told.",
            values={"count": len(plan.problems), "key": first.key[:120], "section": first.section},
        )
    if expected is not None and expected != plan.digest:
        raise Conflict(
            "The settings have changed since you looked, so something else would happen now.",
            todo="Look again at what would change.",
        )
