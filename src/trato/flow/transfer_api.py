"""Transfers, drafts, agents beside, and the line, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.conversations import queries
from trato.db.edge import Read, Tx
from trato.flow import drafts, line, targets, transfers
from trato.flow.assign_api import agent_of
from trato.flow.drafts import DraftKind
from trato.flow.transfer_schemas import (
    DraftBody,
    DraftPage,
    JoinedPage,
    ReasonBody,
    TargetsView,
    TransferBody,
    TransferPage,
    TransferView,
    WaitingChange,
    WaitingPage,
    WaitingView,
)
from trato.flow.transfers import Giver, Giving
from trato.kit.errors import NotAllowed
from trato.kit.paging import PAGE, Cursor, Limit

router = APIRouter(tags=["routing"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]
FloorReader = Annotated[Caller, require("agent", "conversations:read", "presence:read", "users:read")]
LineReader = Annotated[
    Caller, require("supervisor", "conversations:read", "contacts:read", "cases:read", "presence:read")
]
LineWriter = Annotated[
    Caller,
    require("supervisor", "conversations:write", "contacts:read", "cases:read", "presence:read"),
]


def giver_of(caller: Caller) -> Giver:
    """Return the caller as who gives a conversation on; a supervisor also moves what a colleague has."""
    return Giver(caller.agent_id, caller.actor, over=caller.role >= Role.SUPERVISOR)


@router.get("/conversations/{conversation_id}/targets", response_model=TargetsView)
async def find_targets(_: FloorReader, c: Read, conversation_id: UUID) -> Any:
    """Return where a conversation can go, and who is free there."""
    return await targets.of(c, conversation_id)


@router.post("/conversations/{conversation_id}/transfers", response_model=TransferView, status_code=201)
async def transfer(caller: Writer, c: Tx, conversation_id: UUID, body: TransferBody) -> Any:
    """Give a conversation on with all that belongs to it; 409 says why it cannot go there now.

    Blind, it is the other's at once or back in line with its place; warm, an agent is asked first.
    """
    giving = Giving(
        kind=body.kind,
        to_kind=body.to.kind,
        to_id=body.to.id,
        level=body.to.level,
        note=body.note,
        draft=body.draft,
        wait=body.wait,
    )
    return await transfers.transfer(c, conversation_id, giver_of(caller), giving)


@router.get("/conversations/{conversation_id}/transfers", response_model=TransferPage)
async def of_conversation(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return the latest transfers of a conversation, oldest first."""
    await queries.get_conversation(c, conversation_id)
    return {"items": await transfers.of_conversation(c, conversation_id)}


@router.get("/transfers", response_model=TransferPage)
async def asked(caller: Reader, c: Read) -> Any:
    """Return the warm transfers that wait for your answer, or that you wait for."""
    return {"items": await transfers.asked(c, caller.agent_id)}


@router.post("/transfers/{transfer_id}/accept", response_model=TransferView)
async def accept(caller: Writer, c: Tx, transfer_id: UUID) -> Any:
    """Take a conversation that you were asked to take; 409 when you have no room or it no longer stands."""
    return await transfers.accept(c, transfer_id, agent_of(caller), actor=caller.actor)


@router.post("/transfers/{transfer_id}/decline", response_model=TransferView)
async def decline(caller: Writer, c: Tx, transfer_id: UUID, body: ReasonBody) -> Any:
    """Say that you cannot, and why; who asked keeps the conversation."""
    giver = Giver(agent_of(caller), caller.actor)
    return await transfers.drop(c, transfer_id, giver, "declined", reason=body.reason)


@router.post("/transfers/{transfer_id}/withdraw", response_model=TransferView)
async def withdraw(caller: Writer, c: Tx, transfer_id: UUID) -> Any:
    """Take back a warm transfer that was not answered yet."""
    return await transfers.drop(c, transfer_id, giver_of(caller), "withdrawn")


@router.get("/conversations/{conversation_id}/drafts", response_model=DraftPage)
async def my_drafts(caller: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return what you were writing in a conversation, on any device or handed over to you."""
    await queries.get_conversation(c, conversation_id)
    return {"items": await drafts.mine(c, conversation_id, caller.agent_id)}


@router.put("/conversations/{conversation_id}/drafts/{kind}", status_code=204)
async def keep_draft(caller: Writer, c: Tx, conversation_id: UUID, kind: DraftKind, body: DraftBody) -> None:
    """Keep what you are writing; nothing written forgets it."""
    await queries.get_conversation(c, conversation_id)
    whole = body.model_fields_set != {"text"}
    written = drafts.Draft(**body.model_dump()) if whole else body.text
    await drafts.keep(c, conversation_id, agent_of(caller), kind, written)


@router.get("/conversations/{conversation_id}/agents", response_model=JoinedPage)
async def beside(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return the agents who take part beside who has the conversation."""
    await queries.get_conversation(c, conversation_id)
    return {"items": await transfers.beside(c, conversation_id)}


@router.put("/conversations/{conversation_id}/agents/{agent_id}", response_model=JoinedPage)
async def join(caller: Writer, c: Tx, conversation_id: UUID, agent_id: UUID) -> Any:
    """Bring an agent into a conversation beside who has it; the contact sees both names."""
    return {"items": await transfers.join(c, conversation_id, agent_id, inside=True, actor=caller.actor)}


@router.delete("/conversations/{conversation_id}/agents/{agent_id}", response_model=JoinedPage)
async def leave(caller: Writer, c: Tx, conversation_id: UUID, agent_id: UUID) -> Any:
    """Leave a conversation that you had joined, or hand it back by letting its guest go."""
    await _may_part(c, caller, conversation_id, agent_id)
    return {"items": await transfers.join(c, conversation_id, agent_id, inside=False, actor=caller.actor)}


async def _may_part(c: Tx, caller: Caller, conversation_id: UUID, agent_id: UUID) -> None:
    view = await queries.get_conversation(c, conversation_id)
    own = caller.agent_id is not None and (
        caller.agent_id == agent_id or view["assignee_id"] == str(caller.agent_id)
    )
    if not own and caller.role < Role.SUPERVISOR:
        raise NotAllowed("Only who has the conversation lets somebody go.", todo="Ask a supervisor.")


@router.get("/waiting", response_model=WaitingPage)
async def waiting(_: LineReader, c: Read, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return who waits, the next first: their place, what they need, and why nobody has them yet."""
    return await line.waiting(c, cursor=cursor, limit=limit)


@router.patch("/waiting/{conversation_id}", response_model=WaitingView)
async def move(caller: LineWriter, c: Tx, conversation_id: UUID, body: WaitingChange) -> Any:
    """Change the queue or the priority of a contact in line; 409 when they wait no more."""
    return await line.move(c, conversation_id, body.model_dump(exclude_unset=True), actor=caller.actor)
