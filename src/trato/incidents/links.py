"""Which conversations an incident touches: found by words or linked by hand, with the reason, undone."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.incidents import phase
from trato.incidents.schemas import IncidentLinkView
from trato.incidents.tables import incident_follower
from trato.kit import paging
from trato.kit.clock import now
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.live import service as live

MATCHED: Final = "system"  # who links by words

_VIEW: Final = """
    SELECT l.incident_id, l.conversation_id, l.state, l.reason, l.by, l.at,
           EXISTS (SELECT FROM incident_follower f
                   WHERE f.incident_id = l.incident_id AND f.contact_id = v.contact_id) AS follows,
           i.titles, i.severity, i.kind, i.state AS incident_state, i.starts_at, k.name AS contact_name,
           s.number AS case_number, s.title AS case_title
    FROM incident_link l JOIN incident i ON i.id = l.incident_id
    JOIN conversation v ON v.id = l.conversation_id JOIN contact k ON k.id = v.contact_id
    LEFT JOIN cases s ON s.id = v.case_id
"""
_ONE: Final = text(f"{_VIEW} WHERE l.incident_id = :incident_id AND l.conversation_id = :conversation_id")
_OF_CONVERSATION: Final = text(f"""
    {_VIEW} WHERE l.conversation_id = :conversation_id AND l.state = 'linked'
      AND i.state IN ('suspected', 'open', 'resolved')
    ORDER BY i.state = 'resolved', l.at DESC LIMIT 20
""")
_OF_INCIDENT: Final = text(f"""
    {_VIEW} WHERE l.incident_id = :incident_id AND l.state = 'linked'
      AND (CAST(:at AS timestamptz) IS NULL OR (l.at, l.conversation_id) < (:at, CAST(:before AS uuid)))
    ORDER BY l.at DESC, l.conversation_id DESC LIMIT :limit
""")
_STATE: Final = text("SELECT state FROM incident WHERE id = :id FOR KEY SHARE")
_CONTACT: Final = text("SELECT contact_id, language FROM conversation WHERE id = :id")
# By words only where nobody has decided yet; by hand whatever was.
_LINK: Final = text("""
    INSERT INTO incident_link AS l (incident_id, conversation_id, reason, by)
    VALUES (:incident_id, :conversation_id, :reason, :by)
    ON CONFLICT (incident_id, conversation_id) DO UPDATE
    SET state = 'linked', reason = '{}', by = :by, at = now()
    WHERE :by_hand AND l.state = 'undone'
    RETURNING 1
""").bindparams(bindparam("reason", type_=JSONB))
_UNDO: Final = text("""
    UPDATE incident_link SET state = 'undone', by = :by, at = now()
    WHERE incident_id = :incident_id AND conversation_id = :conversation_id AND state = 'linked' RETURNING 1
""")


async def link(
    c: AsyncConnection,
    incident_id: UUID,
    conversation_id: UUID,
    *,
    actor: str,
    reason: Mapping[str, Any] | None = None,
) -> bool:
    """Link a conversation, by hand or with the `reason` why it was found; returns False when nothing changed.

    What somebody took away is linked again by hand alone. Raises `NotFound`, `Conflict` once the incident is
    over.
    """
    await _check(c, incident_id)
    if (await c.execute(_CONTACT, {"id": conversation_id})).first() is None:
        raise NotFound("There is no such conversation.")
    values = {
        "incident_id": incident_id,
        "conversation_id": conversation_id,
        "reason": dict(reason or {}),
        "by": actor,
        "by_hand": reason is None,
    }
    if (await c.execute(_LINK, values)).first() is None:
        return False
    await tell(c, incident_id, conversation_id, actor=actor)
    return True


async def undo(c: AsyncConnection, incident_id: UUID, conversation_id: UUID, *, actor: str) -> None:
    """Take a link away; who asked to be told is told all the same. Nothing happens when there is none."""
    await _check(c, incident_id)
    values = {"incident_id": incident_id, "conversation_id": conversation_id, "by": actor}
    if (await c.execute(_UNDO, values)).first() is not None:
        await tell(c, incident_id, conversation_id, actor=actor)


async def of_conversation(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return the incidents that touch a conversation, those that go on first."""
    rows = await c.execute(_OF_CONVERSATION, {"conversation_id": conversation_id})
    return [_view(dict(row)) for row in rows.mappings()]


async def of_incident(
    c: AsyncConnection, incident_id: UUID, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return a page of the conversations that an incident touches, the latest first."""
    at, before = paging.decode(cursor, paging.moment, paging.row_id)
    asked = {"incident_id": incident_id, "at": at, "before": before, "limit": limit + 1}
    rows = (await c.execute(_OF_INCIDENT, asked)).mappings().all()
    found = paging.page(rows, limit, lambda row: (row["at"], row["conversation_id"]))
    return {**found, "items": [_view(dict(row)) for row in found["items"]]}


async def follow(
    c: AsyncConnection, incident_id: UUID, conversation_id: UUID, *, actor: str
) -> dict[str, Any]:
    """Note that the contact of a conversation wants to be told, as an agent says for them; links it too.

    Raises `NotFound`, `Conflict` once the incident is over.
    """
    row = (await c.execute(_CONTACT, {"id": conversation_id})).first()
    if row is None:
        raise NotFound("There is no such conversation.")
    await link(c, incident_id, conversation_id, actor=actor)
    await keep_follower(
        c, incident_id, row.contact_id, place="desk", conversation_id=conversation_id, language=row.language
    )
    return await tell(c, incident_id, conversation_id, actor=actor)


_FOLLOWER: Final = text("""
    SELECT id FROM incident_follower WHERE incident_id = :incident_id AND contact_id = :contact_id
""")
_LOCK_CONTACT: Final = text("SELECT FROM contact WHERE id = :id FOR NO KEY UPDATE")


async def keep_follower(
    c: AsyncConnection,
    incident_id: UUID,
    contact_id: UUID,
    *,
    place: str,
    channel: str | None = None,
    address: str | None = None,
    conversation_id: UUID | None = None,
    language: str | None = None,
) -> UUID:
    """Note that a contact wants to be told, once; raises `NotFound`, `Conflict` once the incident is over."""
    await _check(c, incident_id)
    await c.execute(_LOCK_CONTACT, {"id": contact_id})
    asked = {"incident_id": incident_id, "contact_id": contact_id}
    known: UUID | None = await c.scalar(_FOLLOWER, asked)
    if known is not None:
        return known
    follower_id = new_id()
    await c.execute(
        insert(incident_follower).values(
            id=follower_id,
            **asked,
            channel=channel,
            address=address,
            conversation_id=conversation_id,
            language=language,
            asked_at_place=place,
        )
    )
    return follower_id


async def is_open(c: AsyncConnection, incident_id: UUID) -> bool:
    """Say whether an incident goes on or is planned, as customers know it; raises `NotFound`."""
    state = await c.scalar(_STATE, {"id": incident_id})
    if state is None:
        raise NotFound("There is no such incident.")
    return bool(state == "open")


async def tell_if_linked(c: AsyncConnection, incident_id: UUID, conversation_id: UUID, *, actor: str) -> None:
    """Tell the desk that the contact of a conversation asked, where it shows that conversation."""
    asked = {"incident_id": incident_id, "conversation_id": conversation_id}
    if (await c.execute(_ONE, asked)).first() is not None:
        await tell(c, incident_id, conversation_id, actor=actor)


async def tell(c: AsyncConnection, incident_id: UUID, conversation_id: UUID, *, actor: str) -> dict[str, Any]:
    """Tell the desk how a conversation and an incident stand to each other, and return it."""
    asked = {"incident_id": incident_id, "conversation_id": conversation_id}
    view = _view(dict((await c.execute(_ONE, asked)).mappings().one()))
    await live.append(
        c,
        "incident.linked",
        audience="staff",
        actor=actor,
        conversation_id=conversation_id,
        data={"link": IncidentLinkView.model_validate(view).model_dump(mode="json")},
    )
    return view


async def _check(c: AsyncConnection, incident_id: UUID) -> None:
    state = await c.scalar(_STATE, {"id": incident_id})
    if state is None:
        raise NotFound("There is no such incident.")
    if state not in {"open", "suspected"}:
        raise Conflict("This incident is over.", todo="Declare a new one.")


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "phase": phase(row["incident_state"], row["starts_at"], now())}
