"""Two people change the same thing: the second is told who was first, and nothing is lost unseen."""

import re
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header
from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.access.errors import ChangedMeanwhile
from trato.kit.errors import Invalid

RECENT: Final = 200_000  # events to look through for who it was: a conflict is with somebody of just now
_TAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"|(\d{1,9})')

_BY_AUDIT = text("""
    SELECT actor, at FROM audit_log WHERE action = :action AND target = :target ORDER BY id DESC LIMIT 1
""")
_BY_EVENT = text("""
    SELECT actor, at FROM event
    WHERE type = :action AND data -> CAST(:entity AS text) ->> 'id' = :target
      AND id > (SELECT max(id) FROM event) - :recent
    ORDER BY id DESC LIMIT 1
""")


def _expected(
    if_match: Annotated[
        str | None,
        Header(
            max_length=40,
            description="the `version` that the change starts from; refused (409) when it is another by now",
        ),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid(
            "If-Match names the version that the change starts from.",
            todo='Give the entity\'s version, such as "7".',
            field="If-Match",
        )
    return int(found[1] or found[2])


# The version that a change starts from, None when whoever asks does not care (RFC 9110, section 13.1.1).
Expected = Annotated[int | None, Depends(_expected)]


async def check(c: AsyncConnection, table: Table, row_id: Any, expected: int | None, *, action: str) -> None:
    """Hold a row until the transaction ends, and raise `ChangedMeanwhile` unless it has the expected version.

    `action` names its changes in the audit log and the event log ("case.changed"). A row that is not there
    is left to the caller.
    """
    if expected is None:
        return
    (key,) = table.primary_key.columns
    query = select(table.c.version).where(key == row_id).with_for_update()
    now = await c.scalar(query)
    if now is None or now == expected:
        return
    # The only row of its kind has no id that means anything: its changes name no target.
    target = str(row_id) if isinstance(row_id, UUID) else ""
    told = {"action": action, "target": target, "entity": action.partition(".")[0], "recent": RECENT}
    last = (await c.execute(_BY_AUDIT, told)).first() or (await c.execute(_BY_EVENT, told)).first()
    by = await access.actor_name(c, last.actor) if last is not None else None
    raise ChangedMeanwhile(version=now, by=by, at=last.at if last is not None else None)
