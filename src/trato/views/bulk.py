"""One act on many conversations, each in a transaction of its own, and the way back for what still stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import labels, service
from trato.decide.bulk import Kind, State, is_so, stands
from trato.flow import assign, ending, transfers
from trato.flow.transfers import Giver, Giving
from trato.kit import clock
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.views.tables import bulk_act, bulk_item

KEPT: Final = "1 day"  # so long it can be undone
FORGOTTEN_AT_ONCE: Final = 20

_STATE = text("""
    SELECT jsonb_build_object(
        'status', v.status, 'spam', v.spam, 'spam_cause', v.spam_cause, 'snoozed_until', v.snoozed_until,
        'closed_at', v.closed_at, 'waiting_since', v.waiting_since, 'assignee', v.assignee_id,
        'holder', i.agent_id, 'work', i.id, 'in_line', w.conversation_id IS NOT NULL, 'queue', w.queue_id,
        'priority', coalesce(w.priority, 0), 'needs', w.needs,
        'tagged', EXISTS (SELECT FROM conversation_tag WHERE conversation_id = v.id
                          AND tag_id = CAST(:tag AS uuid)),
        'followed', EXISTS (SELECT FROM conversation o WHERE o.account_id = v.account_id
                            AND o.conversation_key = v.conversation_key AND o.status <> 'closed'
                            AND o.id <> v.id))
    FROM conversation v
    LEFT JOIN waiting w ON w.conversation_id = v.id
    LEFT JOIN interaction i ON i.conversation_id = v.id AND i.state = 'accepted'
    WHERE v.id = :id
""")
_LOCK = text("SELECT FROM conversation WHERE id = :id FOR NO KEY UPDATE")
# Where it was in line, and for whom: what `release` cannot know.
_PLACE = text("""
    WITH moved AS (
        UPDATE waiting SET queue_id = CAST(:queue AS uuid), priority = :priority, needs = :needs
        WHERE conversation_id = :id RETURNING conversation_id)
    INSERT INTO routing_inbox (kind, conversation_id) SELECT 'arrived', conversation_id FROM moved
""").bindparams(bindparam("needs", type_=JSONB))
_FORGET = text(f"""
    DELETE FROM bulk_act WHERE id IN (
        SELECT id FROM bulk_act WHERE created_at < now() - interval '{KEPT}' ORDER BY created_at
        LIMIT {FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)
""")


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts; `over` may also move what a colleague has."""

    user_id: UUID
    agent_id: UUID | None
    actor: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What is done; of each kind it has what that needs."""

    kind: Kind
    to: str | None = None  # assign: me, agent, team, queue
    to_id: UUID | None = None
    tag_id: UUID | None = None
    until: datetime | None = None
    disposition: str | None = None


async def begin(c: AsyncConnection, act_id: UUID, doer: Doer, act: Mapping[str, Any]) -> None:
    """Keep that an act was asked for; the same again is the same act. Raises `Invalid` for another one."""
    await c.execute(_FORGET)
    query = on_conflict_insert(bulk_act).values(id=act_id, user_id=doer.user_id, act=dict(act))
    await c.execute(query.on_conflict_do_nothing())
    kept = (await c.execute(select(bulk_act).where(bulk_act.c.id == act_id))).one()
    if kept.user_id != doer.user_id or kept.act != dict(act):
        raise Invalid("This id was used for another act.", field="id", todo="Use a new id for each new act.")


async def get(c: AsyncConnection, act_id: UUID, doer: Doer) -> tuple[Mapping[str, Any], list[UUID]]:
    """Return what was asked for, and the conversations that it changed; raises `NotFound`."""
    kept = (await c.execute(select(bulk_act).where(bulk_act.c.id == act_id))).one_or_none()
    if kept is None or kept.user_id != doer.user_id:
        raise NotFound("This can no longer be undone.", todo="Change them one by one.")
    query = select(bulk_item.c.conversation_id).where(bulk_item.c.bulk_id == act_id)
    return kept.act, list(await c.scalars(query.order_by(bulk_item.c.conversation_id)))


async def perform(c: AsyncConnection, act_id: UUID, conversation_id: UUID, act: Act, doer: Doer) -> bool:
    """Do it to one conversation; returns False when it was so already. Raises as the single act does."""
    kept = select(bulk_item.c.bulk_id).where(
        bulk_item.c.bulk_id == act_id, bulk_item.c.conversation_id == conversation_id
    )
    if act.kind == "assign" and act.to == "me" and doer.agent_id is not None:
        await assign.make_room(c, conversation_id, doer.agent_id, actor=doer.actor)
    await c.execute(_LOCK, {"id": conversation_id})
    if await c.scalar(kept) is not None:
        return True
    before = await state(c, conversation_id, act.tag_id)
    if is_so(act.kind, before):
        return False
    await _do(c, conversation_id, act, doer)
    after = await state(c, conversation_id, act.tag_id)
    if stands("assign", before, after) and act.kind == "assign":
        return False
    row = {"before": asdict(before), "after": asdict(after)}
    await c.execute(insert(bulk_item).values(bulk_id=act_id, conversation_id=conversation_id, **row))
    return True


async def undo(c: AsyncConnection, act_id: UUID, conversation_id: UUID, act: Act, doer: Doer) -> None:
    """Bring back what an act changed of one conversation; done twice, it is done once.

    Raises `Conflict` when somebody changed it meanwhile, or there is no room where it was.
    """
    await c.execute(_LOCK, {"id": conversation_id})
    mine = (bulk_item.c.bulk_id == act_id) & (bulk_item.c.conversation_id == conversation_id)
    kept = (await c.execute(select(bulk_item).where(mine))).one()
    if kept.undone:
        return
    now = await state(c, conversation_id, act.tag_id)
    if not stands(act.kind, State(**kept.after), now):
        raise Conflict("Somebody changed it meanwhile.", todo="Look at it and decide.")
    await _bring_back(c, conversation_id, act, State(**kept.before), doer)
    await c.execute(update(bulk_item).where(mine).values(undone=True))


async def state(c: AsyncConnection, conversation_id: UUID, tag_id: UUID | None) -> State:
    """Return what an act can change of a conversation; raises `NotFound`."""
    found = await c.scalar(_STATE, {"id": conversation_id, "tag": tag_id})
    if found is None:
        raise NotFound("There is no such conversation.")
    return State(**found)


async def _do(c: AsyncConnection, conversation_id: UUID, act: Act, doer: Doer) -> None:
    match act.kind:
        case "assign":
            await _assign(c, conversation_id, act, doer)
        case "label" | "unlabel" if act.tag_id is not None:
            change = labels.give if act.kind == "label" else labels.take
            await change(c, "conversation", conversation_id, act.tag_id, actor=doer.actor)
        case "spam":
            await assign.end(c, conversation_id, reason="spam", actor=doer.actor, disposition="spam")
            await service.set_spam(c, conversation_id, spam=True, actor=doer.actor)
        case "not_spam":
            await service.set_spam(c, conversation_id, spam=False, actor=doer.actor)
            await assign.release(c, conversation_id, actor=doer.actor)
        case "snooze" | "close" | "reopen":
            await ending.set_status(
                c,
                conversation_id,
                {"snooze": "snoozed", "close": "closed", "reopen": "open"}[act.kind],  # type: ignore[arg-type]
                by=doer.agent_id,
                actor=doer.actor,
                snoozed_until=act.until,
                disposition=act.disposition,
            )


async def _assign(c: AsyncConnection, conversation_id: UUID, act: Act, doer: Doer) -> None:
    if act.to == "me":
        if doer.agent_id is None:
            raise Conflict(
                "You do not take conversations.", todo="Ask an administrator to make you an agent."
            )
        await assign.take(c, conversation_id, doer.agent_id, actor=doer.actor, may_take_over=doer.over)
        return
    giving = Giving(kind="blind", to_kind=act.to, to_id=act.to_id)  # type: ignore[arg-type]
    await transfers.transfer(c, conversation_id, Giver(doer.agent_id, doer.actor, over=doer.over), giving)


async def _bring_back(c: AsyncConnection, conversation_id: UUID, act: Act, before: State, doer: Doer) -> None:
    match act.kind:
        case "label" | "unlabel" if act.tag_id is not None:
            change = labels.take if act.kind == "label" else labels.give
            await change(c, "conversation", conversation_id, act.tag_id, actor=doer.actor)
            return
        case "spam":
            await service.set_spam(c, conversation_id, spam=False, actor=doer.actor)
        case "snooze" | "close" | "reopen":
            if await _status_back(c, conversation_id, before, doer):
                return
    await _place_back(c, conversation_id, before, doer)
    if before.spam:
        await assign.end(c, conversation_id, reason="spam", actor=doer.actor)
        cause = before.spam_cause or "marked"
        await service.set_spam(c, conversation_id, spam=True, actor=doer.actor, cause=cause)


async def _status_back(c: AsyncConnection, conversation_id: UUID, before: State, doer: Doer) -> bool:
    """Close, snooze or open it as it was; returns True for a snooze that is over by now: it is in line."""
    until = _moment(before.snoozed_until)
    over = before.status == "snoozed" and (until is None or until <= clock.now())
    status = "open" if over else before.status
    if status != "open":
        await assign.end(c, conversation_id, reason=status, actor=doer.actor)
    await service.set_status(c, conversation_id, status, snoozed_until=until, actor=doer.actor)
    was = {"waiting_since": _moment(before.waiting_since), "closed_at": _moment(before.closed_at)}
    await service.change(c, conversation_id, was, actor=doer.actor)
    if over:
        await assign.release(c, conversation_id, actor=doer.actor)
    return over


async def _place_back(c: AsyncConnection, conversation_id: UUID, before: State, doer: Doer) -> None:
    """Give a conversation back to who had it, or put it where it was in line."""
    if before.holder is not None:
        await assign.transfer(c, conversation_id, UUID(before.holder), actor=doer.actor)
    elif before.in_line:
        await assign.release(c, conversation_id, actor=doer.actor)
        place = {"queue": before.queue, "priority": before.priority, "needs": before.needs or {}}
        await c.execute(_PLACE, {"id": conversation_id, **place})
    else:
        await assign.end(c, conversation_id, reason="released", actor=doer.actor)
        who = None if before.assignee is None else UUID(before.assignee)
        await service.change(c, conversation_id, {"assignee_id": who}, actor=doer.actor)


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
