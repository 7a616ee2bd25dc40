"""The desk's first picture: what is open, at one moment, with the position to follow from."""

from typing import Annotated, Any

from fastapi import APIRouter

from trato.access import queries as access
from trato.access.edge import Caller, require
from trato.brands import service as brands
from trato.conversations import queries
from trato.db.edge import Moment
from trato.flow.schemas import SnapshotView
from trato.routing import queries as routing

router = APIRouter(tags=["desk"])


Everything = Annotated[
    Caller,
    require(
        "agent",
        "conversations:read",
        "contacts:read",
        "cases:read",
        "presence:read",
        "users:read",
        "channels:read",
    ),
]


@router.get("/snapshot", response_model=SnapshotView)
async def snapshot(caller: Everything, c: Moment) -> Any:
    """Return what is open, spam apart, and who is there; live events behind `position` keep it true.

    `truncated`: more is open than is sent; who waits and what is assigned or needs a hand comes first, and
    the tabs go on in `/inbox`.
    """
    return {
        **await queries.snapshot(c, caller.agent_id),
        "presences": await routing.presences(c),
        "agents": await access.agents(c),
        "accounts": [brands.view(record) for record in await brands.list_accounts(c)],
    }
