"""Notices at the desk: what the checker found and skills that nobody has, until solved or put away."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.kit.errors import NotFound
from trato.routing.checks import STRANDED

NoticeCode = Literal[
    "stranded", "forgotten", "two_agents", "over_capacity", "overdue", "books", "nobody_knows"
]
AboutKind = Literal["conversation", "agent", "queue", "skill"]

CODES: Final[tuple[NoticeCode, ...]] = get_args(NoticeCode)  # what hurts a contact most comes first
SHOWN: Final = 5  # of those that a notice is about


class Alarm(NamedTuple):
    """How an alarm is told to people, and what its ids are of."""

    code: NoticeCode
    about: AboutKind


# By what the checker calls it. `books`: the accounts do not agree; nobody waits longer for it.
ALARMS: Final[Mapping[str, Alarm]] = {
    STRANDED: Alarm("stranded", "conversation"),
    "a customer who waits for an answer, in nobody's hands and not in line": Alarm(
        "forgotten", "conversation"
    ),
    "a conversation with two agents": Alarm("two_agents", "conversation"),
    "an agent holds more than their capacity": Alarm("over_capacity", "agent"),
    "an offer stands long after it expired": Alarm("overdue", "conversation"),
    "a load that is not the units of offers, conversations in hand and wrap-ups": Alarm("books", "agent"),
    "a load of a channel that is not the number of its conversations": Alarm("books", "agent"),
    "a limit for a channel that is not kept": Alarm("books", "agent"),
    "a conversation that waits although somebody has it": Alarm("books", "conversation"),
    "a conversation in line whose offer does not stand": Alarm("books", "conversation"),
    "a conversation that is offered and in nobody's line": Alarm("books", "conversation"),
    "a conversation whose assignee is not who has it in hand": Alarm("books", "conversation"),
    "a conversation among spam that somebody has in hand": Alarm("books", "conversation"),
}
_UNKNOWN: Final = Alarm("books", "conversation")  # of another version's checker

_NOTICES: Final = text("""
    WITH notices AS (
        SELECT id, what, ids, NULL::uuid AS queue_id, NULL::uuid AS skill_id, since, put_away_at, put_away_by
        FROM routing_alarm
        UNION ALL
        SELECT id, NULL, '[]', queue_id, skill_id, since, put_away_at, put_away_by
        FROM routing_lack l WHERE lack_stands(l)
    )
    SELECT n.*, coalesce(u.name, n.put_away_by) AS put_away_name, q.name AS queue, k.name AS skill
    FROM notices n
    LEFT JOIN users u ON n.put_away_by = 'user:' || u.id
    LEFT JOIN queue q ON q.id = n.queue_id
    LEFT JOIN skill k ON k.id = n.skill_id
    WHERE (n.put_away_at IS NOT NULL) = :put_away
    ORDER BY n.since, n.id
""")
_NAMES: Final = text("""
    SELECT v.id, k.name FROM conversation v JOIN contact k ON k.id = v.contact_id WHERE v.id = ANY (:ids)
    UNION ALL
    SELECT id, name FROM agent WHERE id = ANY (:ids)
""")
_PUT_AWAY: Final = text("SELECT put_notice_away(:id, :actor)")


async def standing(c: AsyncConnection, *, put_away: bool = False) -> list[dict[str, Any]]:
    """Return the notices that stand and are shown, or those that were put away; what hurts most first."""
    rows = [dict(row) for row in (await c.execute(_NOTICES, {"put_away": put_away})).mappings()]
    ids = [UUID(one) for row in rows for one in row["ids"][:SHOWN]]
    names = {row.id: row.name for row in await c.execute(_NAMES, {"ids": ids})}
    return sorted((_view(row, names) for row in rows), key=lambda one: CODES.index(one["code"]))


def _view(row: Mapping[str, Any], names: Mapping[UUID, str | None]) -> dict[str, Any]:
    if row["what"] is None:
        code: NoticeCode = "nobody_knows"
        about: list[dict[str, Any]] = [
            {"kind": kind, "id": row[f"{kind}_id"], "name": row[kind]} for kind in ("queue", "skill")
        ]
        count = 1
    else:
        code, kind = ALARMS.get(row["what"], _UNKNOWN)
        ids = [UUID(one) for one in row["ids"]]
        about = [{"kind": kind, "id": one, "name": names.get(one)} for one in ids[:SHOWN]]
        count = len(ids)
    return {
        "code": code,
        "about": about,
        "count": count,
        "put_away_by": row["put_away_name"],
        **{name: row[name] for name in ("id", "since", "put_away_at")},
    }


async def put_away(c: AsyncConnection, notice_id: UUID, *, actor: str, ip: str | None) -> None:
    """Show a notice to nobody any more, while it stands; raises `NotFound` when it is solved or put away."""
    notice = next((one for one in await standing(c) if one["id"] == notice_id), None)
    if notice is None or not await c.scalar(_PUT_AWAY, {"id": notice_id, "actor": actor}):
        raise NotFound("This notice is solved, or somebody put it away before you.")
    told = {"code": notice["code"], "about": [str(one["id"]) for one in notice["about"]]}
    await audit.record(c, actor, "routing_notice.put_away", str(notice_id), told, ip)
