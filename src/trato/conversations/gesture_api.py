"""Gestures and the latitude to give them, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.conversations import case_schemas, gestures
from trato.db.edge import Moment, Read, Tx
from trato.kit.errors import NotAllowed
from trato.kit.paging import PAGE, Cursor, Limit

router = APIRouter(tags=["cases"])

Reader = Annotated[Caller, require("agent", "cases:read")]
Writer = Annotated[Caller, require("agent", "cases:write")]
# What carries the people beside the cases.
SupervisorReader = Annotated[Caller, require("supervisor", "cases:read", "contacts:read")]
Supervisor = Annotated[Caller, require("supervisor", "cases:write")]
Administrator = Annotated[Caller, require("administrator", "users:write")]
AdministratorReader = Annotated[Caller, require("administrator", "users:read")]


def _agent_of(caller: Caller) -> UUID:
    if caller.agent_id is None:
        raise NotAllowed("Only an agent gives something.", todo="Sign in as one.")
    return caller.agent_id


@router.post("/cases/{case_id}/gestures", response_model=case_schemas.GestureView, status_code=201)
async def give(caller: Writer, c: Tx, case_id: UUID, body: case_schemas.GestureBody) -> Any:
    """Give something within your latitude; above it a supervisor is asked."""
    return await gestures.give(
        c,
        case_id,
        gestures.money(body.amount, body.currency),
        body.what,
        by=_agent_of(caller),
        supervises=caller.role >= Role.SUPERVISOR,
        actor=caller.actor,
    )


@router.get("/gestures", response_model=case_schemas.GesturePage)
async def asked(_: SupervisorReader, c: Moment, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return what waits for a supervisor, oldest first, with the cases and contacts that it is about."""
    return await gestures.asked(c, cursor=cursor, limit=limit)


@router.post("/gestures/{gesture_id}/decide", response_model=case_schemas.GestureView)
async def decide(caller: Supervisor, c: Tx, gesture_id: UUID, body: case_schemas.DecisionBody) -> Any:
    """Approve what an agent asked for, or refuse it and say why."""
    return await gestures.decide(
        c, gesture_id, approve=body.approve, reason=body.reason, by=caller.agent_id, actor=caller.actor
    )


@router.get("/latitude", response_model=case_schemas.LatitudeView)
async def own_latitude(caller: Reader, c: Read) -> Any:
    """Return what you may give without asking."""
    return await _view(c, _agent_of(caller))


@router.get("/agents/{agent_id}/latitude", response_model=case_schemas.LatitudeView)
async def get_latitude(_: AdministratorReader, c: Read, agent_id: UUID) -> Any:
    """Return what an agent may give without asking."""
    return await _view(c, agent_id)


@router.put("/agents/{agent_id}/latitude", response_model=case_schemas.LatitudeView)
async def set_latitude(caller: Administrator, c: Tx, agent_id: UUID, body: case_schemas.LatitudeBody) -> Any:
    """Write down what an agent may give without asking."""
    given = None if body.amount is None else gestures.money(body.amount, body.currency)
    await gestures.set_latitude(c, agent_id, given, actor=caller.actor)
    return await _view(c, agent_id)


async def _view(c: Read, agent_id: UUID) -> dict[str, Any]:
    found = await gestures.latitude_of(c, agent_id)
    amount, currency = (str(found.amount), found.currency) if found else (None, None)
    return {"agent_id": agent_id, "amount": amount, "currency": currency}
