"""Planned peaks over HTTP: for supervisors."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.kit.clock import now
from trato.kit.inputs import Line, Prose, unchanged
from trato.kit.paging import Page
from trato.live.versions import Expected
from trato.routing import peaks

router = APIRouter(prefix="/peaks", tags=["queues"])

Reader = Annotated[Caller, require("supervisor", "queues:read")]
Writer = Annotated[Caller, require("supervisor", "queues:write")]

Rate = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Handle = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]
AtOnce = Annotated[float, Field(ge=0.1, le=100, allow_inf_nan=False)]
Loans = Annotated[list["Loan"], Field(max_length=1_000)]
Queues = Annotated[list[UUID], Field(max_length=100)]


class Loan(BaseModel):
    """A skill that an agent has for the time of a peak."""

    model_config = ConfigDict(extra="forbid")

    agent_id: UUID
    skill_id: UUID
    level: int = Field(default=3, ge=1, le=5)


class PeakBody(BaseModel):
    """A peak to come. Without queues it is one of the common line.

    `incident_text` and `article_text` are drafts, kept until somebody publishes them.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(min_length=1, max_length=120)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    queue_ids: Queues = Field(default_factory=list)
    contacts_per_hour: Rate
    handle_s: Handle = 480
    at_once: AtOnce = 1
    incident_text: Prose = Field(default="", max_length=5_000)
    article_text: Prose = Field(default="", max_length=50_000)
    loans: Loans = Field(default_factory=list)


class PeakChange(BaseModel):
    """What changes of a peak; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Line = unchanged(min_length=1, max_length=120)
    starts_at: AwareDatetime = unchanged()
    ends_at: AwareDatetime = unchanged()
    queue_ids: Queues = unchanged()
    contacts_per_hour: Rate = unchanged()
    handle_s: Handle = unchanged()
    at_once: AtOnce = unchanged()
    incident_text: Prose = unchanged(max_length=5_000)
    article_text: Prose = unchanged(max_length=50_000)
    loans: Loans = unchanged()


class PeakNeed(BaseModel):
    """What a peak takes, by Erlang C, and what those who are there would make of it.

    `servers`: conversations at once; `agents` who take `at_once` each; `staffed`: who knows enough, loans
    included; with them `within_target` (0 to 1) is answered in `target_s`, after `mean_wait_s` (null: it
    never catches up).
    """

    erlangs: float
    servers: int
    agents: int
    staffed: int
    within_target: float
    mean_wait_s: float | None
    occupancy: float
    target_s: int
    target_percent: int


class PeakView(BaseModel):
    """A peak with what it needs."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    queue_ids: list[UUID]
    contacts_per_hour: float
    handle_s: float
    at_once: float
    incident_text: str
    article_text: str
    state: Literal["planned", "applied", "cancelled"]
    loans: list[Loan]
    need: PeakNeed
    version: int
    created_at: datetime


class PeakReport(BaseModel):
    """How a peak went: who came, who was answered and after how long, who left, who was called back."""

    expected: int
    arrived: int
    answered: int
    within_target: int
    mean_wait_s: float | None
    p90_wait_s: float | None
    abandoned: int
    waiting: int
    callbacks: int
    target_s: int
    target_percent: int


class PeakPage(Page[PeakView]):
    """All peaks, the latest first."""


@router.get("", response_model=PeakPage)
async def list_peaks(_: Reader, c: Read) -> Any:
    """List peaks that are planned, run or are over."""
    return {"items": await peaks.every(c)}


@router.post("", response_model=PeakView, status_code=201)
async def create_peak(caller: Writer, c: Tx, body: PeakBody) -> Any:
    """Plan a peak."""
    return await peaks.create(c, body.model_dump(), actor=caller.actor)


@router.patch("/{peak_id}", response_model=PeakView)
async def change_peak(caller: Writer, c: Tx, peak_id: UUID, body: PeakChange, expected: Expected) -> Any:
    """Change what is planned, until it is applied."""
    values = body.model_dump(exclude_unset=True)
    return await peaks.change(c, peak_id, values, expected=expected, actor=caller.actor)


@router.post("/{peak_id}/apply", response_model=PeakView)
async def apply_peak(caller: Writer, c: Tx, peak_id: UUID) -> Any:
    """Lend the skills that are planned; they end with the peak by themselves."""
    return await peaks.apply(c, peak_id, now(), actor=caller.actor)


@router.post("/{peak_id}/cancel", response_model=PeakView)
async def cancel_peak(caller: Writer, c: Tx, peak_id: UUID) -> Any:
    """Give a peak up; what was lent is taken back at once."""
    return await peaks.cancel(c, peak_id, actor=caller.actor)


@router.get("/{peak_id}/report", response_model=PeakReport)
async def report_of_peak(_: Reader, c: Read, peak_id: UUID) -> Any:
    """Show how a peak went, or how it goes."""
    return await peaks.report(c, peak_id)
