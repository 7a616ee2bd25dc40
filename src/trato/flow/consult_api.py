"""Consults over HTTP: asking a colleague beside a conversation."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.conversations import queries
from trato.db.edge import Read, Tx
from trato.flow import consults
from trato.flow.assign_api import agent_of
from trato.flow.consults import Question
from trato.flow.transfer_schemas import (
    ConsultBody,
    ConsultMessageView,
    ConsultPage,
    ConsultView,
    OutcomeBody,
    SayBody,
    WholeConsult,
)

router = APIRouter(tags=["routing"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]


@router.post("/conversations/{conversation_id}/consults", response_model=ConsultView, status_code=201)
async def ask(caller: Writer, c: Tx, conversation_id: UUID, body: ConsultBody) -> Any:
    """Ask a colleague, or whoever knows and has room; the contact sees nothing of it."""
    question = Question(body.question, body.to.kind, body.to.id, body.to.level)
    return await consults.ask(c, conversation_id, agent_of(caller), question, actor=caller.actor)


@router.get("/conversations/{conversation_id}/consults", response_model=ConsultPage)
async def of_conversation(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return the consults of a conversation with what was said in them, oldest first."""
    await queries.get_conversation(c, conversation_id)
    return {"items": await consults.of_conversation(c, conversation_id)}


@router.get("/consults", response_model=ConsultPage)
async def mine(caller: Reader, c: Read) -> Any:
    """Return your open consults: asked by you, of you, or of whoever knows as you do."""
    return {"items": await consults.mine(c, caller.agent_id)}


@router.get("/consults/{consult_id}", response_model=WholeConsult)
async def get(_: Reader, c: Read, consult_id: UUID) -> Any:
    """Return a consult with what was said in it."""
    return await consults.get(c, consult_id)


@router.post("/consults/{consult_id}/accept", response_model=ConsultView)
async def accept(caller: Writer, c: Tx, consult_id: UUID) -> Any:
    """Take a question; 409 when a colleague answers it already."""
    return await consults.accept(c, consult_id, agent_of(caller), actor=caller.actor)


@router.post("/consults/{consult_id}/decline", response_model=ConsultView)
async def decline(caller: Writer, c: Tx, consult_id: UUID) -> Any:
    """Say that you cannot; the next who knows is asked."""
    return await consults.decline(c, consult_id, agent_of(caller), actor=caller.actor)


@router.post("/consults/{consult_id}/messages", response_model=ConsultMessageView, status_code=201)
async def say(caller: Writer, c: Tx, consult_id: UUID, body: SayBody) -> Any:
    """Ask more, or answer; the same `client_id` gives the same message."""
    agent_id = agent_of(caller)
    return await consults.say(
        c, consult_id, agent_id, body.text, client_id=body.client_id, actor=caller.actor
    )


@router.post("/consults/{consult_id}/close", response_model=ConsultView)
async def close(caller: Writer, c: Tx, consult_id: UUID, body: OutcomeBody) -> Any:
    """End a consult, with a word on what came of it."""
    over = caller.role >= Role.SUPERVISOR
    return await consults.close(
        c, consult_id, agent_of(caller), over=over, outcome=body.outcome, actor=caller.actor
    )
