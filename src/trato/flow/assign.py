"""Who has a conversation in hand: carries the router's decisions out, and what agents do about them."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.decide.explain import sentence
from trato.decide.routing import Offer
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.routing.leader import Step
from trato.routing.lease import Lease

OFFER_EXPIRES_S: Final = 60.0
CONNECTION_GRACE_S: Final = 60.0
UNANSWERED_LIMIT: Final = 2
INBOX_LIMIT: Final = 200  # keeps the answer within a socket's buffer: a stopped leader must not hold its lock


@dataclass(frozen=True, slots=True)
class Assigner:
    """Performs for `routing.leader.Router`: one statement each, fenced by the lease's epoch."""

    db: Database
    offer_expires_s: float = OFFER_EXPIRES_S
    connection_grace_s: float = CONNECTION_GRACE_S
    unanswered_limit: int = UNANSWERED_LIMIT

    async def step(self, lease: Lease, seen: Sequence[int], offers: Sequence[Offer]) -> Step:
        """Make offers, forget the inbox rows that were taken in, and read the next ones."""
        found = await self.db.call(
            "SELECT route_step($1, $2, $3, $4, $5, $6)",
            lease.owner,
            lease.epoch,
            list(seen),
            json.dumps([_offer_row(offer) for offer in offers]),
            self.offer_expires_s,
            INBOX_LIMIT,
        )
        return Step(found["leads"], found.get("refused", ()), found.get("inbox", ()))

    async def clock(self) -> datetime:
        """Return the database's clock, by which all deadlines go."""
        found: datetime = await self.db.call("SELECT clock_timestamp()")
        return found

    async def clock_was_set(self, lease: Lease, *, seen: bool) -> None:
        """Mend what was written by a clock that was set back since: deadlines and places in line."""
        await self.db.call(
            "SELECT clock_was_set($1, $2, $3, $4)", lease.owner, lease.epoch, self.offer_expires_s, seen
        )

    async def sweep(self, lease: Lease, *, watched_s: float) -> bool:
        """End what time has ended: offers, connections, the work of agents who are gone."""
        return bool(
            await self.db.call(
                "SELECT route_sweep($1, $2, $3, $4)",
                lease.owner,
                lease.epoch,
                self.connection_grace_s if watched_s >= self.connection_grace_s else None,
                self.unanswered_limit,
            )
        )


def _offer_row(offer: Offer) -> dict[str, Any]:
    return {
        "interaction_id": str(new_id()),
        "conversation_id": str(offer.conversation_id),
        "agent_id": str(offer.agent_id),
        "reason": sentence(offer.reasons),
        "decision": {
            "reasons": [{"code": reason.code, "values": dict(reason.values)} for reason in offer.reasons]
        },
    }


async def accept(c: AsyncConnection, interaction_id: UUID, agent_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take an offer and return the interaction.

    Exactly one of any number of callers gets it; the others raise `Conflict` with what happened instead,
    `NotFound` when the offer was made to somebody else.
    """
    found = await _ask(
        c,
        "SELECT accept_offer(:interaction_id, :agent_id, :actor)",
        {"interaction_id": interaction_id, "agent_id": agent_id, "actor": actor},
    )
    return _settled(found)


async def decline(
    c: AsyncConnection, interaction_id: UUID, agent_id: UUID, *, reason: str, actor: str
) -> dict[str, Any]:
    """Turn an offer down and return the interaction; the contact keeps the place in line.

    Raises as `accept`.
    """
    found = await _ask(
        c,
        "SELECT decline_offer(:interaction_id, :agent_id, :reason, :actor)",
        {"interaction_id": interaction_id, "agent_id": agent_id, "reason": reason, "actor": actor},
    )
    return _settled(found)


async def choose(
    c: AsyncConnection,
    conversation_id: UUID,
    agent_id: UUID,
    *,
    actor: str,
    over: bool = False,
    may_take_over: bool = False,
) -> dict[str, Any]:
    """Give an agent the conversation they picked, before what is offered to them; raises as `take`."""
    await make_room(c, conversation_id, agent_id, actor=actor)
    return await take(c, conversation_id, agent_id, actor=actor, over=over, may_take_over=may_take_over)


async def make_room(c: AsyncConnection, conversation_id: UUID, agent_id: UUID, *, actor: str) -> None:
    """Let what is only offered to an agent go on, as far as a conversation they pick needs the room."""
    values = {"agent_id": agent_id, "conversation_id": conversation_id, "actor": actor}
    await c.execute(text("SELECT make_room(:agent_id, :conversation_id, :actor)"), values)


async def take(
    c: AsyncConnection,
    conversation_id: UUID,
    agent_id: UUID,
    *,
    actor: str,
    over: bool = False,
    may_take_over: bool = False,
) -> dict[str, Any]:
    """Give a conversation to the agent who asks for it, available or not, and return the conversation.

    An offer of it to somebody else is withdrawn. `over`: also when somebody else has it in hand. Raises
    `Conflict` when the agent is at capacity, when it is closed, or when somebody else has it; who
    `may_take_over` is told then how.
    """
    code = "took_over" if over else "taken"
    return await _assign(
        c, conversation_id, agent_id, code, actor=actor, over=over, may_take_over=may_take_over
    )


async def transfer(c: AsyncConnection, conversation_id: UUID, to: UUID, *, actor: str) -> dict[str, Any]:
    """Give a conversation to another agent, whoever has it, and return it. Raises as `take`."""
    return await _assign(c, conversation_id, to, "transferred", actor=actor, over=True)


async def release(c: AsyncConnection, conversation_id: UUID, *, actor: str) -> dict[str, Any]:
    """Put a conversation back in line and return it; its place is that of its oldest unanswered message."""
    found = await _ask(
        c,
        "SELECT release_conversation(:conversation_id, 'released', NULL, :actor)",
        {"conversation_id": conversation_id, "actor": actor},
    )
    if found["outcome"] == "unknown":
        raise NotFound("There is no such conversation.")
    conversation: dict[str, Any] = found["conversation"]
    return conversation


async def give_back(
    c: AsyncConnection, conversation_id: UUID, *, to: UUID | None, actor: str
) -> dict[str, Any]:
    """Give a conversation that is open again to who had it, if there is room; else put it back in line."""
    if to is not None:
        with contextlib.suppress(Conflict):
            return await take(c, conversation_id, to, actor=actor)
    return await release(c, conversation_id, actor=actor)


async def end(
    c: AsyncConnection, conversation_id: UUID, *, reason: str, actor: str, disposition: str | None = None
) -> None:
    """End what stands for a conversation that is being closed or snoozed or is spam, and free the room.

    Takes it out of line, withdraws an offer of it, ends the work on it. The assignee stays: whoever had it
    last is preferred when the contact writes again.
    """
    await c.execute(
        text("SELECT end_interaction(:conversation_id, :reason, :disposition, :actor)"),
        {"conversation_id": conversation_id, "reason": reason, "disposition": disposition, "actor": actor},
    )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many conversations went to the other agent, and how many back in line."""

    assigned: int
    queued: int


async def hand_over(c: AsyncConnection, agent_id: UUID, to: UUID | None, *, actor: str) -> HandedOver:
    """Hand all that an agent has in hand to another one, as far as there is room, the rest back in line.

    For an agent who goes: call it after they were deactivated, or the router offers them the next ones.
    """
    held = await c.scalar(
        text("SELECT count(*) FROM interaction WHERE agent_id = :agent_id AND state = 'accepted'"),
        {"agent_id": agent_id},
    )
    found = await _ask(
        c,
        "SELECT hand_over(:agent_id, CAST(:to AS uuid), :interactions, :actor)",
        {
            "agent_id": agent_id,
            "to": to,
            "interactions": [new_id() for _ in range(held or 0)],
            "actor": actor,
        },
    )
    return HandedOver(found["assigned"], found["queued"])


async def _assign(
    c: AsyncConnection,
    conversation_id: UUID,
    agent_id: UUID,
    code: str,
    *,
    actor: str,
    over: bool,
    may_take_over: bool = False,
) -> dict[str, Any]:
    found = await _ask(
        c,
        "SELECT assign_conversation(:conversation_id, :agent_id, :interaction_id, :code, :over, :actor)",
        {
            "conversation_id": conversation_id,
            "agent_id": agent_id,
            "interaction_id": new_id(),
            "code": code,
            "over": over,
            "actor": actor,
        },
    )
    match found["outcome"]:
        case "unknown":
            raise NotFound("There is no such conversation or agent.")
        case "closed":
            raise Conflict("This conversation is closed.", todo="Open it first.")
        case "taken" if may_take_over:
            raise Conflict(
                "A colleague has this conversation.",
                todo="If you are to attend it, choose “Take it over” under “More actions”.",
            )
        case "taken":
            raise Conflict("A colleague has this conversation.", todo="Ask a supervisor to hand it over.")
        case "full":
            raise Conflict(
                "There is no room for one more conversation.",
                todo="Close or release one, or ask an administrator for more capacity.",
            )
    conversation: dict[str, Any] = found["conversation"]
    return conversation


_GONE: Final = {
    "accepted": "This offer was accepted already.",
    "declined": "This offer was declined already.",
    "expired": "This offer has expired.",
    "withdrawn": "This offer was withdrawn.",
    "ended": "This conversation was handled already.",
}


def _settled(found: dict[str, Any]) -> dict[str, Any]:
    if found["outcome"] == "unknown":
        raise NotFound("There is no such offer to you.")
    if found["outcome"] != "done":
        raise Conflict(_GONE.get(found["outcome"], "This offer no longer stands."))
    interaction: dict[str, Any] = found["interaction"]
    return interaction


async def _ask(c: AsyncConnection, sql: str, values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await c.execute(text(sql), values)).scalar_one()
    return found
