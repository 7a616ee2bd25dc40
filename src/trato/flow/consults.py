"""Questions to colleagues beside a conversation: the contact never sees a word of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.consults import Asked, Expert, choose_expert
from trato.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean

ConsultedKind = Literal["agent", "skill", "team"]
QUESTION: Final = 4_000
LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom."""

    text: str
    to_kind: ConsultedKind
    to_id: UUID
    level: int | None = None


_PLACE = text("""
    SELECT v.case_id, destination_name(:kind, :to) AS name FROM conversation v WHERE v.id = :id
""")
_ASK = text("""
    INSERT INTO consult (id, conversation_id, case_id, asker_id, to_kind, to_id, to_name, level, question)
    VALUES (:id, :conversation, :case, :asker, :kind, :to, :name, :level, :question)
""")


async def ask(
    c: AsyncConnection, conversation_id: UUID, asker_id: UUID, question: Question, *, actor: str
) -> dict[str, Any]:
    """Ask a colleague, or whoever knows and has room, and return the consult.

    It takes nothing of anybody's capacity. Raises `NotFound`, `Conflict` for one who is not here, `Invalid`
    for a question without words.
    """
    words = clean(question.text, QUESTION).strip()
    if not words:
        raise Invalid("There is nothing to send.", field="question", todo="Write what you want to know.")
    asked_of = {"id": conversation_id, "kind": question.to_kind, "to": question.to_id}
    place = (await c.execute(_PLACE, asked_of)).mappings().first()
    if place is None:
        raise NotFound("There is no such conversation.")
    if place["name"] is None:
        raise Conflict("That destination is not in use any more.", todo="Choose another.")
    if question.to_id == asker_id:
        raise Invalid("That is you.", field="to", todo="Choose somebody else.")
    consult_id = new_id()
    await c.execute(
        _ASK,
        {
            "id": consult_id,
            "conversation": conversation_id,
            "case": place["case_id"],
            "asker": asker_id,
            "kind": question.to_kind,
            "to": question.to_id,
            "name": place["name"],
            "level": question.level,
            "question": words,
        },
    )
    return await _offer(c, consult_id, actor=actor)


_EXPERTS = text("""
    SELECT p.agent_id, p.state = 'available' AS here, p.load, p.capacity, p.idle_since,
           coalesce((SELECT s.level FROM agent_skill s WHERE k.to_kind = 'skill' AND s.agent_id = a.id
                     AND s.skill_id = k.to_id), 0) AS level,
           (SELECT count(*) FROM consult o WHERE o.expert_id = a.id AND o.state = 'answering') AS consults,
           a.id IS NOT DISTINCT FROM (SELECT owner_id FROM cases WHERE id = k.case_id) AS owns_case,
           EXISTS (SELECT FROM interaction i WHERE i.conversation_id = k.conversation_id
                   AND i.agent_id = a.id AND i.state = 'ended') AS spoke_last,
           coalesce(profile_of(a.id)->'languages' ? (SELECT language FROM conversation v
                    WHERE v.id = k.conversation_id), false) AS speaks
    FROM consult k JOIN agent a ON a.active AND a.id <> k.asker_id AND fits_consult(k, a.id)
    JOIN presence p ON p.agent_id = a.id
    WHERE k.id = :id AND NOT k.declined @> to_jsonb(a.id)
""")
_SET = text("""
    UPDATE consult SET expert_id = CAST(:expert AS uuid), decision = :decision, version = version + 1
    WHERE id = :id RETURNING consult_view(consult), tell_consult(:actor, consult)
""").bindparams(bindparam("decision", type_=JSONB))


async def _offer(c: AsyncConnection, consult_id: UUID, *, actor: str) -> dict[str, Any]:
    """Ask the one who fits best; nobody in particular when none has room."""
    experts = [Expert(**row) for row in (await c.execute(_EXPERTS, {"id": consult_id})).mappings()]
    named = await c.scalar(
        text("SELECT to_id FROM consult WHERE id = :id AND to_kind = 'agent'"), {"id": consult_id}
    )
    chosen: Asked | None = choose_expert(experts)
    if named is not None:
        chosen = next((_named(one) for one in experts if one.agent_id == named), None)
    row = (
        await c.execute(
            _SET,
            {
                "id": consult_id,
                "expert": chosen.agent_id if chosen else None,
                "decision": {"code": chosen.code, "values": dict(chosen.values)} if chosen else {},
                "actor": actor,
            },
        )
    ).one()
    view: dict[str, Any] = row[0]
    return view


def _named(one: Expert) -> Asked:
    return Asked(one.agent_id, "named", {"load": one.load, "capacity": one.capacity})


async def accept(c: AsyncConnection, consult_id: UUID, agent_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take a question; the first who does has it. Raises `NotFound`, `Conflict`."""
    query = text("SELECT accept_consult(:id, :agent, :actor)")
    found = (await c.execute(query, {"id": consult_id, "agent": agent_id, "actor": actor})).scalar_one()
    if found["outcome"] == "answering":
        raise Conflict("Somebody answers this question already.")
    consult: dict[str, Any] = _done(found)["consult"]
    return consult


async def decline(c: AsyncConnection, consult_id: UUID, agent_id: UUID, *, actor: str) -> dict[str, Any]:
    """Say that one cannot; the next who knows is asked. Raises `NotFound`, `Conflict`."""
    query = text("""
        UPDATE consult SET declined = declined || to_jsonb(CAST(:agent AS uuid)), expert_id = NULL,
                           state = 'asked'
        WHERE id = :id AND expert_id = :agent AND state <> 'closed' RETURNING id
    """)
    if (await c.execute(query, {"id": consult_id, "agent": agent_id})).first() is None:
        raise NotFound("There is no such question to you.")
    return await _offer(c, consult_id, actor=actor)


async def say(
    c: AsyncConnection, consult_id: UUID, agent_id: UUID, words: str, *, client_id: str, actor: str
) -> dict[str, Any]:
    """Write into a consult as one of its two; the same `client_id` gives the same message."""
    written = clean(words, QUESTION).strip()
    if not written:
        raise Invalid("There is nothing to send.", field="text", todo="Write what you want to know.")
    query = text("SELECT say_in_consult(:id, :consult, :agent, :text, :client, :actor)")
    values = {
        "id": new_id(),
        "consult": consult_id,
        "agent": agent_id,
        "text": written,
        "client": client_id,
        "actor": actor,
    }
    message: dict[str, Any] = _done((await c.execute(query, values)).scalar_one())["message"]
    return message


async def close(
    c: AsyncConnection, consult_id: UUID, agent_id: UUID, *, over: bool, outcome: str, actor: str
) -> dict[str, Any]:
    """End a consult, with a word on what came of it."""
    query = text("SELECT close_consult(:id, :agent, :over, :outcome, :actor)")
    values = {"id": consult_id, "agent": agent_id, "over": over, "outcome": outcome, "actor": actor}
    consult: dict[str, Any] = _done((await c.execute(query, values)).scalar_one())["consult"]
    return consult


def _done(found: Mapping[str, Any]) -> Mapping[str, Any]:
    match found["outcome"]:
        case "unknown":
            raise NotFound("There is no such question to you.")
        case "closed":
            raise Conflict("This consult is closed.", todo="Ask again.")
        case "outside":
            raise NotAllowed("This consult is between two colleagues.", todo="Ask one of them.")
    return found


async def of_conversation(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return the consults of a conversation with what was said in them, oldest first."""
    query = text("""
        SELECT whole_consult(k) FROM (
            SELECT * FROM consult WHERE conversation_id = :id ORDER BY created_at DESC, id DESC LIMIT :limit
        ) k ORDER BY k.created_at, k.id
    """)
    return list((await c.execute(query, {"id": conversation_id, "limit": LIMIT})).scalars())


async def of_contact(
    c: AsyncConnection, contact_id: UUID, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """Return the latest consults of all of a contact's conversations between two instants, oldest first."""
    query = text("""
        SELECT whole_consult(k) FROM (
            SELECT k.* FROM consult k JOIN conversation v ON v.id = k.conversation_id
            WHERE v.contact_id = :contact
              AND (CAST(:since AS timestamptz) IS NULL OR k.created_at >= :since)
              AND (CAST(:until AS timestamptz) IS NULL OR k.created_at <= :until)
            ORDER BY k.created_at DESC, k.id DESC LIMIT :limit
        ) k ORDER BY k.created_at, k.id
    """)
    values = {"contact": contact_id, "since": since, "until": until, "limit": LIMIT}
    return list((await c.execute(query, values)).scalars())


async def mine(c: AsyncConnection, agent_id: UUID | None) -> list[dict[str, Any]]:
    """Return the open consults of an agent: asked by them, of them, or of whoever knows as they do."""
    query = text("""
        SELECT whole_consult(k) FROM consult k
        WHERE k.state <> 'closed' AND (
            CAST(:agent AS uuid) IN (k.asker_id, k.expert_id)
            OR k.expert_id IS NULL AND fits_consult(k, :agent)
               AND NOT k.declined @> to_jsonb(CAST(:agent AS uuid)))
        ORDER BY k.created_at, k.id LIMIT :limit
    """)
    return list((await c.execute(query, {"agent": agent_id, "limit": LIMIT})).scalars())


async def get(c: AsyncConnection, consult_id: UUID) -> dict[str, Any]:
    """Return a consult with what was said in it; raises `NotFound`."""
    query = text("SELECT whole_consult(k) FROM consult k WHERE id = :id")
    view: dict[str, Any] | None = await c.scalar(query, {"id": consult_id})
    if view is None:
        raise NotFound("There is no such question to you.")
    return view
