"""Gives a conversation on to somebody else, blind or warm, with all that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.flow import drafts, someone
from trato.kit.errors import Conflict, DomainError, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean

Kind = Literal["blind", "warm"]
DestinationKind = Literal["agent", "queue", "skill", "team", "site", "owner"]

NOTE: Final = 4_000
LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives a conversation on: `over` may also move what a colleague has."""

    agent_id: UUID | None
    actor: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Giving:
    """How and to whom; an `owner` is the one of the case and needs no id.

    `wait`: an agent who is not here or has no room is waited for in line, preferred before others.
    """

    kind: Kind
    to_kind: DestinationKind
    to_id: UUID | None = None
    level: int | None = None
    note: str = ""
    draft: str | None = None
    wait: bool = False


_TRANSFER = text("SELECT transfer_conversation(:p, CAST(:agent AS uuid), :over, :actor)").bindparams(
    bindparam("p", type_=JSONB)
)


async def transfer(c: AsyncConnection, conversation_id: UUID, giver: Giver, giving: Giving) -> dict[str, Any]:
    """Give a conversation on and return the transfer.

    Blind: it is the other's at once, or in line with the place that it had, and not offered first to who
    gave it. Warm: the other agent (of a group, whoever knows best and has room) is asked, and until they
    accept the first keeps it. The draft, the facts,
    the case with its steps and promise, and the open consults go with it. Raises `Invalid` for a warm one
    without a note, `NotFound`, and `Conflict` that says why it cannot go there.
    """
    note = clean(giving.note, NOTE).strip()
    _check(giving, note)
    if giving.kind == "warm" and giving.to_id is not None and giving.to_kind != "agent":
        whom = await someone.of_group(c, conversation_id, giving.to_kind, giving.to_id, giving.level)
        giving = replace(giving, to_kind="agent", to_id=whom, level=None)
    if giving.draft is not None and giver.agent_id is not None:
        await drafts.keep(c, conversation_id, giver.agent_id, "reply", giving.draft)
    values = {
        "id": str(new_id()),
        "interaction_id": str(new_id()),
        "conversation_id": str(conversation_id),
        "kind": giving.kind,
        "to_kind": giving.to_kind,
        "to_id": None if giving.to_id is None else str(giving.to_id),
        "level": giving.level,
        "note": note,
        "wait": giving.wait or giving.to_kind == "owner",
    }
    asked = {"p": values, "agent": giver.agent_id, "over": giver.over, "actor": giver.actor}
    found: dict[str, Any] = (await c.execute(_TRANSFER, asked)).scalar_one()
    if found["outcome"] != "done":
        raise _refusal(found)
    given: dict[str, Any] = found["transfer"]
    return given


def _check(giving: Giving, note: str) -> None:
    if giving.to_id is None and giving.to_kind != "owner":
        raise Invalid("To whom?", field="to")
    if giving.kind == "warm" and not note:
        raise Invalid(
            "Say what the matter is.", field="note", todo="Write what was tried and what is to be done."
        )


def _refusal(found: Mapping[str, Any]) -> DomainError:  # noqa: PLR0911  each outcome has a sentence
    named = {"name": found.get("name", "")}
    match found["outcome"]:
        case "unknown":
            return NotFound("There is no such conversation.")
        case "not_open":
            return Conflict("This conversation is not open.", todo="Open it first.")
        case "taken":
            return Conflict("A colleague has this conversation.", todo="Ask a supervisor to hand it over.")
        case "gone":
            return Conflict("That destination is not in use any more.", todo="Choose another.")
        case "no_owner":
            return Conflict("Nobody owns this case.", todo="Choose somebody.")
        case "same":
            return Conflict("{name} has this conversation already.", values=named)
        case "not_held":
            return Conflict(
                "Nobody has this conversation in hand.", todo="Take it first, or give it on at once."
            )
        case "asked_already":
            return Conflict(
                "Somebody was asked already.", todo="Wait for the answer, or withdraw the question."
            )
        case "not_here":
            return Conflict(
                "{name} is not here now.", todo="Choose somebody else, or let it wait for them.", values=named
            )
    return Conflict(
        "{name} has no room for one more now.",
        todo="Choose somebody else, or let it wait for them.",
        values=named,
    )


async def accept(c: AsyncConnection, transfer_id: UUID, agent_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take a conversation that one was asked to take, and return the transfer.

    What is only offered to the agent makes room for it. Raises `Conflict` when there is no room, or when the
    question no longer stands, and `NotFound` when somebody else was asked.
    """
    conversation_id = await c.scalar(
        text("SELECT conversation_id FROM transfer WHERE id = :id AND state = 'asked' AND to_id = :agent"),
        {"id": transfer_id, "agent": agent_id},
    )
    if conversation_id is not None:
        await c.execute(
            text("SELECT make_room(:agent, :conversation, :actor)"),
            {"agent": agent_id, "conversation": conversation_id, "actor": actor},
        )
    query = text("SELECT accept_transfer(:id, :agent, :interaction, :actor)")
    values = {"id": transfer_id, "agent": agent_id, "interaction": new_id(), "actor": actor}
    return _settled((await c.execute(query, values)).scalar_one())


async def drop(
    c: AsyncConnection,
    transfer_id: UUID,
    giver: Giver,
    state: Literal["declined", "withdrawn"],
    *,
    reason: str = "",
) -> dict[str, Any]:
    """Decline as the one who was asked, or withdraw as who asked; the first keeps it. Raises as `accept`."""
    query = text("SELECT drop_transfer(:id, CAST(:agent AS uuid), :over, :state, :reason, :actor)")
    values = {
        "id": transfer_id,
        "agent": giver.agent_id,
        "over": giver.over,
        "state": state,
        "reason": reason,
        "actor": giver.actor,
    }
    return _settled((await c.execute(query, values)).scalar_one())


def _settled(found: Mapping[str, Any]) -> dict[str, Any]:
    match found["outcome"]:
        case "done":
            given: dict[str, Any] = found["transfer"]
            return given
        case "full":
            raise Conflict(
                "There is no room for one more conversation.",
                todo="Close or release one, or ask an administrator for more capacity.",
            )
        case "unknown":
            raise NotFound("There is no such question to you.")
    raise Conflict("This question no longer stands.")


async def of_conversation(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return the latest transfers of a conversation, oldest first."""
    query = text("""
        SELECT transfer_view(t) FROM (
            SELECT * FROM transfer WHERE conversation_id = :id ORDER BY created_at DESC, id DESC LIMIT :limit
        ) t ORDER BY t.created_at, t.id
    """)
    return list((await c.execute(query, {"id": conversation_id, "limit": LIMIT})).scalars())


async def of_contact(
    c: AsyncConnection, contact_id: UUID, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """Return the latest transfers of all of a contact's conversations between two instants, oldest first."""
    query = text("""
        SELECT transfer_view(t) FROM (
            SELECT t.* FROM transfer t JOIN conversation v ON v.id = t.conversation_id
            WHERE v.contact_id = :contact
              AND (CAST(:since AS timestamptz) IS NULL OR t.created_at >= :since)
              AND (CAST(:until AS timestamptz) IS NULL OR t.created_at <= :until)
            ORDER BY t.created_at DESC, t.id DESC LIMIT :limit
        ) t ORDER BY t.created_at, t.id
    """)
    values = {"contact": contact_id, "since": since, "until": until, "limit": LIMIT}
    return list((await c.execute(query, values)).scalars())


async def asked(c: AsyncConnection, agent_id: UUID | None) -> list[dict[str, Any]]:
    """Return the questions that stand to an agent or by them, oldest first."""
    query = text("""
        SELECT transfer_view(t) FROM transfer t
        WHERE state = 'asked' AND CAST(:agent AS uuid) IN (to_id, from_agent_id) ORDER BY created_at, id
    """)
    return list((await c.execute(query, {"agent": agent_id})).scalars())


async def join(
    c: AsyncConnection, conversation_id: UUID, agent_id: UUID, *, inside: bool, actor: str
) -> list[dict[str, Any]]:
    """Let a second agent into a conversation, or out of it; return the agents beside who has it.

    The contact sees both names; it takes no capacity. Raises `NotFound` and `Conflict`.
    """
    query = text("SELECT join_conversation(:id, :conversation, :agent, :inside, :actor)")
    values = {
        "id": new_id(),
        "conversation": conversation_id,
        "agent": agent_id,
        "inside": inside,
        "actor": actor,
    }
    match (await c.execute(query, values)).scalar_one():
        case "unknown":
            raise NotFound("There is no such conversation or agent.")
        case "closed":
            raise Conflict("This conversation is closed.", todo="Open it first.")
        case "holder":
            raise Conflict("They have this conversation already.")
        case "nobody":
            raise Conflict("Nobody has this conversation in hand.", todo="Take it first.")
    return await beside(c, conversation_id)


async def beside(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return the agents who take part beside who has the conversation."""
    query = text("SELECT agents_in(:id)")
    return list((await c.execute(query, {"id": conversation_id})).scalar_one())
