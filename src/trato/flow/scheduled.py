"""Messages that wait for their moment: a few seconds to undo, or a time that the agent chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.conversations import doors, queries
from trato.db.edge import TOPICS, Services
from trato.db.jobs import Handler, Retry
from trato.decide.scheduling import AtDue, Planned, at_due, may_plan
from trato.flow import incident_line, replies
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound

KIND: Final = "flow.scheduled"
SHOWN: Final = 200

_SCHEDULE = text(
    "SELECT schedule_message(:p, :kind, CAST(:due_at AS timestamptz), CAST(:in_s AS double precision), :even)"
).bindparams(bindparam("p", type_=JSONB))
_OPEN = text("""
    SELECT scheduled_view(s) FROM scheduled_message s
    WHERE conversation_id = :id AND state IN ('waiting', 'held') ORDER BY due_at, id LIMIT :limit
""")
_LOCK = text("SELECT s.*, now() AS now FROM lock_scheduled(:id) s WHERE s.id IS NOT NULL")
_WRITTEN_SINCE = text("SELECT written_since(s) FROM scheduled_message s WHERE id = :id")
_LET_OUT = text("SELECT let_out(s, :payload) FROM scheduled_message s WHERE id = :id").bindparams(
    bindparam("payload", type_=JSONB)
)
_TAKE_BACK = text("SELECT take_back(s, :actor) FROM scheduled_message s WHERE id = :id")
# A file that no message has, that this author uploaded, and that nothing else waits with.
_FREE = text("""
    SELECT a.id FROM attachment a
    WHERE a.id = ANY(:ids) AND a.message_id IS NULL AND a.uploaded_by = :actor AND NOT EXISTS (
        SELECT FROM scheduled_message s
        WHERE s.id <> :id AND s.state IN ('waiting', 'held') AND a.id = ANY(s.file_ids))
""")
# Locked: nobody else takes one before it is out.
_AT_HAND = text("""
    SELECT id FROM attachment WHERE id = ANY(:ids) AND message_id IS NULL AND uploaded_by = :actor
    ORDER BY id FOR UPDATE
""")
# The seconds to undo are over for what is held: from now on it waits for a person.
_HOLD = text("""
    WITH held AS (UPDATE scheduled_message SET state = 'held', kind = 'later', version = version + 1
                  WHERE id = :id RETURNING scheduled_message AS s)
    SELECT scheduled_changed(s, 'system') FROM held
""")
# Whoever plans what was held has seen which files are gone: it goes out without them.
_PLAN = text("""
    WITH planned AS (
        UPDATE scheduled_message SET state = 'waiting', kind = 'later', version = version + 1,
               due_at = coalesce(CAST(:due_at AS timestamptz), now()), even_if_written = :even,
               judged_at = now(),
               file_ids = CASE WHEN state = 'held'
                          THEN ARRAY(SELECT f.id FROM scheduled_files(scheduled_message) f) ELSE file_ids END
        WHERE id = :id RETURNING scheduled_message AS s)
    SELECT scheduled_due(s), scheduled_changed(s, :actor) FROM planned
""")
_OUT = Conflict("This message is out already.", todo="Write once more to put it right.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a message goes out: at `due_at`, or once the account's seconds to undo are over."""

    due_at: datetime | None = None
    even_if_written: bool = False


async def schedule(
    services: Services,
    c: AsyncConnection,
    conversation_id: UUID,
    author: replies.Author,
    writing: replies.Writing,
    moment: Moment,
) -> dict[str, Any]:
    """Keep a reply until its moment; it is durable at once. The same `client_id` gives the same one.

    Raises what `replies.write` raises, and `Invalid` for a moment that has passed or is a year away.
    """
    if moment.due_at is not None and not may_plan(moment.due_at, now()):
        raise Invalid(
            "This moment has passed, or is more than a year away.", field="send_at", todo="Choose another."
        )
    values = await replies.prepare(services, c, conversation_id, author, writing)
    if moment.due_at is not None:
        values["payload"].pop(incident_line.IN_PAYLOAD, None)
    in_s = None
    if moment.due_at is None:
        account = await queries.get_conversation(c, conversation_id)
        in_s = (await brands.get_account(c, UUID(str(account["account_id"])))).undo_seconds
    view: dict[str, Any] = (
        await c.execute(
            _SCHEDULE,
            {
                "p": values,
                "kind": "undo" if moment.due_at is None else "later",
                "due_at": moment.due_at,
                "in_s": in_s,
                "even": moment.even_if_written,
            },
        )
    ).scalar_one()
    if view["state"] in {"waiting", "held"} and writing.file_ids:
        asked = {"id": UUID(view["id"]), "ids": list(writing.file_ids), "actor": author.actor}
        replies.check_files((await c.scalars(_FREE, asked)).all(), writing.file_ids)
    return view


async def for_undo(
    services: Services,
    c: AsyncConnection,
    conversation_id: UUID,
    author: replies.Author,
    writing: replies.Writing,
) -> dict[str, Any]:
    """Keep a reply for the seconds in which it can be taken back."""
    return await schedule(services, c, conversation_id, author, writing, Moment())


def for_moment(moment: Moment) -> replies.Keep:
    """Return what keeps a first message until its moment."""

    async def keep(
        services: Services,
        c: AsyncConnection,
        conversation_id: UUID,
        author: replies.Author,
        writing: replies.Writing,
    ) -> dict[str, Any]:
        return await schedule(services, c, conversation_id, author, writing, moment)

    return keep


async def waiting(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return what waits for its moment in a conversation, the next first."""
    return list((await c.execute(_OPEN, {"id": conversation_id, "limit": SHOWN})).scalars())


async def take_back(c: AsyncConnection, message_id: UUID, *, actor: str) -> dict[str, Any]:
    """Return what was written, for it to be written on; raises `Conflict` when it is out, `NotFound`."""
    await _lock_open(c, message_id)
    view: dict[str, Any] = (await c.execute(_TAKE_BACK, {"id": message_id, "actor": actor})).scalar_one()
    return view


async def plan(
    c: AsyncConnection, message_id: UUID, due_at: datetime | None, *, even_if_written: bool, actor: str
) -> dict[str, Any]:
    """Have it go out at another moment, `None` for now; raises `Conflict`, `Invalid`, `NotFound`."""
    if due_at is not None and not may_plan(due_at, now()):
        raise Invalid(
            "This moment has passed, or is more than a year away.", field="send_at", todo="Choose another."
        )
    await _lock_open(c, message_id)
    values = {"id": message_id, "due_at": due_at, "even": even_if_written, "actor": actor}
    return dict((await c.execute(_PLAN, values)).one()[1])


async def _lock_open(c: AsyncConnection, message_id: UUID) -> None:
    row = (await c.execute(_LOCK, {"id": message_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such message.")
    if row["state"] == "sent":
        raise _OUT
    if row["state"] == "taken_back":
        raise Conflict("This message was taken back.", todo="Reload: somebody was faster.")


def releasing(services: Services) -> Handler:
    """Return the job that lets a message out when its moment comes."""

    async def run(data: dict[str, Any], attempt: int) -> None:  # noqa: ARG001  the same at each attempt
        async with services.db.begin() as c:
            pause_s = await _release(services, c, UUID(data["id"]))
        services.wake.ring(*TOPICS)
        if pause_s is not None:
            raise Retry(pause_s, "its moment has not come", counts=False)

    return run


async def _release(services: Services, c: AsyncConnection, message_id: UUID) -> float | None:
    """Let it out or hold it back, in one transaction; returns the pause when it is not time yet."""
    found = (await c.execute(_LOCK, {"id": message_id})).mappings().first()
    if found is None:
        return None
    row = dict(found)
    planned = Planned(row["kind"], row["state"], row["due_at"], row["even_if_written"])
    written = bool(await c.scalar(_WRITTEN_SINCE, {"id": message_id}))
    match at_due(planned, row["now"], written_since=written):
        case AtDue.WAIT:
            return float((row["due_at"] - row["now"]).total_seconds())
        case AtDue.SEND if await _has_its_files(c, row):
            await _let_out(services, c, row)
        case AtDue.SEND | AtDue.HOLD:
            await c.execute(_HOLD, {"id": message_id})
        case AtDue.GONE:
            pass
    return None


async def _has_its_files(c: AsyncConnection, row: Mapping[str, Any]) -> bool:
    wanted = {"ids": row["file_ids"], "actor": row["queued"]["uploaded_by"]}
    return len((await c.scalars(_AT_HAND, wanted)).all()) == len(row["file_ids"])


async def _let_out(services: Services, c: AsyncConnection, row: Mapping[str, Any]) -> None:
    payload: dict[str, Any] = {}
    queued = row["queued"]["payload"]
    if row["kind"] == "later" and "to" in queued and "apart" not in queued:
        payload = await incident_line.of(services, c, row["conversation_id"])  # as it is now, not as it was
    message = (await c.execute(_LET_OUT, {"id": row["id"], "payload": payload})).scalar_one()
    if "forwards" in queued:
        await replies.join_third_parties(c, row["conversation_id"], queued["to"])
        return
    if row["agent_id"] is not None and message["case_id"] is not None:
        await doors.note_answer(c, UUID(message["case_id"]), row["agent_id"], actor=row["queued"]["actor"])
