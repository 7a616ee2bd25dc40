"""Erases a person: what `decide.erasure` says of each table, in one transaction, and then their files."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Uuid, bindparam, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.db.jobs import Handler
from trato.decide.erasure import EMPTIED, REMOVED, may_erase
from trato.flow import assign
from trato.kit.clock import now
from trato.privacy import service
from trato.privacy.tables import erasure

log = structlog.get_logger()

ACTOR: Final = "system"
# Whose rows are meant, by the ids of contacts, conversations, cases and messages.
_BY_CONVERSATION: Final = "conversation_id = ANY(:conversations)"
_BY_CASE: Final = "case_id = ANY(:cases)"
_BY_CONTACT: Final = "contact_id = ANY(:contacts)"
# What they wrote into the conversation of somebody else is theirs too.
_ELSEWHERE: Final = "conversation_id = ANY(:elsewhere)"
_WRITTEN: Final = f"{_BY_CONVERSATION} OR author_id = ANY(:contacts) AND {_ELSEWHERE}"
_MESSAGES: Final = f"message_id IN (SELECT id FROM message WHERE {_WRITTEN})"
# Files of what was written and never went out.
_WAITING: Final = f"""id IN (SELECT unnest(file_ids) FROM scheduled_message WHERE {_BY_CONVERSATION})
    OR id IN (SELECT unnest(all_draft_files(draft)) FROM draft WHERE {_BY_CONVERSATION})"""
_REPORTS: Final = f"""{_BY_CONVERSATION}
    OR lower(email) IN (SELECT key FROM address WHERE kind = 'email' AND {_BY_CONTACT})"""
_SCOPES: Final[Mapping[str, str]] = {
    "contact": "id = ANY(:contacts)",
    "address": _BY_CONTACT,
    "fact": _BY_CONTACT,
    "field_value": f"{_BY_CONTACT} OR {_BY_CASE}",
    "card_answer": _BY_CONTACT,
    "contact_merge": "kept_id = ANY(:contacts) OR merged_id = ANY(:contacts)",
    "participant": f"({_BY_CONVERSATION} OR {_BY_CONTACT}) AND role <> 'agent'",
    "conversation": "id = ANY(:conversations)",
    "message": _WRITTEN,
    "attachment": f"{_BY_CONVERSATION} OR {_MESSAGES} OR {_WAITING}",
    "receipt": _MESSAGES,
    "finding_entry": f"""ref = ANY(:contacts) OR ref = ANY(:cases)
        OR ref IN (SELECT id FROM message WHERE {_WRITTEN})""",
    "draft": _BY_CONVERSATION,
    "scheduled_message": _BY_CONVERSATION,
    "rule_run": f"{_BY_CONVERSATION} OR {_BY_CASE}",
    "visitor": "id = ANY(:visitors)",
    "visitor_session": "visitor_id = ANY(:visitors)",
    "customer_session": f"address_id IN (SELECT id FROM address WHERE {_BY_CONTACT})",
    "event": f"""{_BY_CONTACT} OR {_BY_CONVERSATION} OR {_BY_CASE}
        OR {_ELSEWHERE} AND (type = 'conversation.changed'
                             OR CAST(data->'message'->>'author_id' AS uuid) = ANY(:contacts))""",
    "cases": "id = ANY(:cases)",
    "case_step": _BY_CASE,
    "case_move": _BY_CASE,
    "case_merge": "kept_id = ANY(:cases) OR other_id = ANY(:cases)",
    "task": _BY_CASE,
    "gesture": _BY_CASE,
    "consult": _BY_CONVERSATION,
    "consult_message": f"consult_id IN (SELECT id FROM consult WHERE {_BY_CONVERSATION})",
    "transfer": _BY_CONVERSATION,
    "interaction": _BY_CONVERSATION,
    "callback": _BY_CONVERSATION,
    "incident_telling": "person_id = ANY(:contacts)",
    "incident_request": f"""key IN (SELECT key FROM address WHERE kind = 'email' AND {_BY_CONTACT})
        OR follower_id IN (SELECT id FROM incident_follower WHERE {_BY_CONTACT})""",
    "incident_follower": _BY_CONTACT,
    "contact_after": _BY_CONVERSATION,
    "gap_question": _BY_CONVERSATION,
    "gap_case": _BY_CASE,
    "article_source": _BY_CASE,
    "incident_link": _BY_CONVERSATION,
    "trail_step": f"""{_BY_CONVERSATION} OR trail_id IN (SELECT id FROM trail WHERE holder IN (
        SELECT 'visitor:' || one FROM unnest(CAST(:visitors AS uuid[])) one))""",
    "page_context": _BY_CONVERSATION,
    "shop_order": _BY_CONVERSATION,
    "page_report_said": _REPORTS,
}
# First what is looked up by rows that go afterwards.
_FIRST: Final = (
    "visitor_session",
    "customer_session",
    "attachment",
    "receipt",
    "finding_entry",
    "consult_message",
    "event",
    "message",
    "incident_request",
    "page_report_said",
)
_IDS: Final = {
    "contacts": """
        WITH RECURSIVE one AS (
            SELECT id FROM contact WHERE id = :contact_id
            UNION SELECT k.id FROM contact k JOIN one ON k.merged_into = one.id)
        SELECT id FROM one
    """,
    "conversations": f"SELECT id FROM conversation WHERE {_BY_CONTACT} ORDER BY id FOR NO KEY UPDATE",
    "elsewhere": f"SELECT DISTINCT conversation_id FROM participant WHERE {_BY_CONTACT}",
    "cases": f"SELECT id FROM cases WHERE {_BY_CONTACT} ORDER BY id FOR NO KEY UPDATE",
    "visitors": f"""
        SELECT v.id FROM visitor v WHERE coalesce(v.known_as, v.id)::text IN (
            SELECT value FROM address WHERE kind = 'visitor' AND {_BY_CONTACT})
        OR v.id::text IN (SELECT value FROM address WHERE kind = 'visitor' AND {_BY_CONTACT})
    """,
}
_LISTS: Final = tuple(bindparam(name, type_=ARRAY(Uuid)) for name in _IDS)
_PATIENCE: Final = text("SET LOCAL statement_timeout = '10min'")  # the log of events is looked through once
_OPEN: Final = text("SELECT id FROM conversation WHERE id = ANY(:ids) AND status <> 'closed' ORDER BY id")
_CLOSE: Final = (
    "UPDATE task SET state = 'dropped', version = version + 1 WHERE case_id = ANY(:cases) AND state = 'open'",
    "UPDATE case_step SET remind_at = NULL WHERE case_id = ANY(:cases)",
    """UPDATE callback SET state = 'cancelled'
       WHERE conversation_id = ANY(:conversations) AND state IN ('waiting', 'scheduled')""",
    """UPDATE message SET status = 'cancelled'
       WHERE conversation_id = ANY(:conversations) AND status = 'queued'""",
    """UPDATE cases SET status = 'closed', snoozed_until = NULL, remind_at = NULL, updated_at = now(),
       version = version + 1 WHERE id = ANY(:cases) AND status <> 'closed'""",
    """UPDATE conversation v SET preview = '', version = version + 1 WHERE id = ANY(:elsewhere)
       AND (SELECT author_id FROM message m WHERE m.conversation_id = v.id
            ORDER BY created_at DESC, id DESC LIMIT 1) = ANY(:contacts)""",
    """UPDATE incident_telling SET state = 'unreachable'
       WHERE person_id = ANY(:contacts) AND state = 'waiting'""",
    f"""UPDATE gap SET title = coalesce((
            SELECT question FROM gap_question q
            WHERE q.gap_id = gap.id AND NOT coalesce({_BY_CONVERSATION}, false)
            ORDER BY times DESC, id LIMIT 1), '…'), version = version + 1
        WHERE id IN (SELECT gap_id FROM gap_question WHERE {_BY_CONVERSATION})""",
    "UPDATE contact SET prefers = 'unknown', version = version + 1 WHERE id = ANY(:contacts)",
)
# Of what we said, who of us said it stays known; of a move, what is no words.
_PARTS: Final = {
    "message": {"author_name": "CASE author_kind WHEN 'agent' THEN author_name ELSE '' END"},
    "case_move": {
        "data": "(data - 'what' - 'steps' - 'gone') || jsonb_strip_nulls(jsonb_build_object("
        " 'what', CASE WHEN data ? 'what' THEN '' END,"
        " 'steps', CASE WHEN data ? 'steps' THEN CAST('[]' AS jsonb) END,"
        " 'gone', CASE WHEN data ? 'gone' THEN CAST('[]' AS jsonb) END))"
    },
}
_FILES: Final = f"""
    SELECT store_key FROM attachment WHERE {_SCOPES["attachment"]}
    UNION SELECT store_key FROM page_report_said WHERE ({_REPORTS}) AND store_key IS NOT NULL
    UNION SELECT raw_key FROM message WHERE ({_WRITTEN}) AND raw_key IS NOT NULL
    UNION SELECT raw_key FROM receipt WHERE {_MESSAGES} AND raw_key IS NOT NULL
"""
_TOLD: Final = """
    SELECT append_event('{type}', 'staff', 'system', t.contact_id, NULL, NULL,
                        jsonb_build_object('{kind}', {kind}_view(t))) FROM {table} t WHERE id = ANY(:{ids})
"""


def erasing(services: Services) -> Handler:
    """Return the job that erases a contact when the grace is over."""

    async def run(data: dict[str, Any], attempt: int) -> None:  # noqa: ARG001  the same at each attempt
        await erase(services, UUID(data["id"]))

    return run


async def erase(services: Services, erasure_id: UUID) -> bool:
    """Erase the contact of an erasure that is due; False when there is nothing to do (any more)."""
    async with services.db.begin() as c:
        query = text("SELECT contact_id, state, due_at FROM erasure WHERE id = :id FOR NO KEY UPDATE")
        row = (await c.execute(query, {"id": erasure_id})).one_or_none()
        if row is None or not may_erase(row.state, row.due_at, now()):
            return False
        await c.execute(_PATIENCE)
        ids = await _ids(c, row.contact_id)
        await _end(c, ids)
        keys = list((await c.scalars(_over(_FILES), ids)).all())
        counts = await _wipe(c, ids)
        done = {"state": "done", "settled_at": now(), "erased": counts, "version": erasure.c.version + 1}
        await c.execute(update(erasure).where(erasure.c.id == erasure_id).values(**done))
        await audit.record(c, ACTOR, "contact.erased", f"contact:{row.contact_id}", {"erased": counts})
        await _tell(c, row.contact_id, ids)
    services.wake.ring(*TOPICS)
    for key in keys:
        await _forget_file(services, key)
    log.info("privacy.erased", erasure=str(erasure_id), files=len(keys))
    return True


async def _ids(c: AsyncConnection, contact_id: UUID) -> dict[str, Sequence[UUID]]:
    """Return, and lock, what belongs to a contact and to those who turned out to be the same person."""
    query = text("SELECT FROM contact WHERE id = :id FOR NO KEY UPDATE")
    await c.execute(query, {"id": contact_id})
    found: dict[str, Sequence[UUID]] = {name: [] for name in _IDS}
    for name, query_text in _IDS.items():
        values = {**found, "contact_id": contact_id}
        rows = await c.scalars(_over(query_text), values)
        found[name] = list(rows.all())
    return found


async def _end(c: AsyncConnection, ids: Mapping[str, Sequence[UUID]]) -> None:
    """End what is under way: nobody waits, nobody is promised anything any more."""
    query = _OPEN.bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    for conversation_id in (await c.scalars(query, {"ids": ids["conversations"]})).all():
        await assign.end(c, conversation_id, reason="erased", actor=ACTOR)
        await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor=ACTOR)
    for statement in _CLOSE:
        await c.execute(_over(statement), ids)


async def _wipe(c: AsyncConnection, ids: Mapping[str, Sequence[UUID]]) -> dict[str, int]:
    """Do as it was decided for each table; return how many rows of each."""
    tables = [*_FIRST, *(name for name in _SCOPES if name not in (*_FIRST, "address")), "address"]
    counts = {}
    for table in tables:
        if table in REMOVED:
            statement = f"DELETE FROM {table} WHERE {_SCOPES[table]}"
        else:
            own = _PARTS.get(table, {})
            values = [f"{name} = {own.get(name, to.value)}" for name, to in EMPTIED[table].items()]
            statement = f"UPDATE {table} SET {', '.join(values)} WHERE {_SCOPES[table]}"
        done = (await c.execute(_over(statement), ids)).rowcount
        if done and table != "event":
            counts[table] = done
    return counts


async def _tell(c: AsyncConnection, contact_id: UUID, ids: Mapping[str, Sequence[UUID]]) -> None:
    for kind, table, name in (
        ("conversation", "conversation", "conversations"),
        ("conversation", "conversation", "elsewhere"),
        ("case", "cases", "cases"),
    ):
        query = _TOLD.format(type=f"{kind}.changed", kind=kind, table=table, ids=name)
        await c.execute(_over(query), ids)
    await contacts.tell(c, contact_id, ACTOR)
    await service.tell(c, contact_id, ACTOR)


def _over(statement: str) -> Any:
    """Return a statement whose lists of ids are typed."""
    used = [one for one in _LISTS if f":{one.key}" in statement]
    return text(statement).bindparams(*used)


async def _forget_file(services: Services, key: str) -> None:
    """Delete a file that nobody else names; one that cannot be deleted now is swept as an orphan later."""
    query = text("""
        SELECT EXISTS (SELECT FROM attachment WHERE store_key = :key)
            OR EXISTS (SELECT FROM message WHERE raw_key = :key)
    """)
    async with services.db.connect() as c:
        if await c.scalar(query, {"key": key}):
            return
    try:
        await services.store.delete(key)
    except Exception:
        log.exception("privacy.file_stays", key=key)
