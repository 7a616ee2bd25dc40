"""How long contacts wait, and how right what they are told is, over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from trato.access.edge import Caller, require
from trato.db.edge import Read
from trato.kit.clock import now
from trato.kit.paging import Page
from trato.routing import waits

router = APIRouter(prefix="/routing", tags=["routing"])


class ToldView(BaseModel):
    """What is said of a wait, without more precision than there is.

    `moment`: less than a minute; `under`, `about`, `between` with minutes; `today`; `later`; `closed`, with
    when it opens; `nobody`: no one is here to serve it now.
    """

    code: Literal["moment", "under", "about", "between", "today", "later", "closed", "nobody"]
    low_min: int | None
    high_min: int | None
    opens_at: datetime | None


class WaitError(BaseModel):
    """How far the estimates told in the last 7 days were off, in seconds.

    `bias_s` above 0: it took longer than told. `within`: the share inside the told range, 0 to 1.
    """

    n: int
    mean_absolute_s: float
    bias_s: float
    within: float


class LineView(BaseModel):
    """A queue's line; the common one has no queue."""

    queue_id: UUID | None
    name: str | None
    waiting: int
    longest_s: float
    agents: int  # here, and able to serve it
    free: int  # conversations that they could take now
    is_open: bool
    estimate_s: float | None  # for who comes now
    told: ToldView
    error: WaitError | None


class Lines(Page[LineView]):
    """Every line."""


@router.get("/waits", response_model=Lines)
async def lines(_: Annotated[Caller, require("supervisor", "presence:read")], c: Read) -> Any:
    """List who waits where, what who comes now is told, and the error of what was told."""
    return {"items": await waits.figures(c, now())}
