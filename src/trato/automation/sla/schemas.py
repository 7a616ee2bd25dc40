"""Shapes of targets of service at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page

YEAR_S = 366 * 24 * 3600
State = Literal["ok", "near", "broken", "paused", "met", "missed", "dropped"]


class SlaPolicyBody(BaseModel):
    """What is promised, in open time of a calendar (the organisation's hours without one), and to whom.

    Of the policies that hold, the one of the lowest `position` counts. What is null does not matter. A target
    that is null is not promised.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=120)
    position: int = Field(default=0, ge=0, le=10_000)
    brand_id: UUID | None = None
    queue_id: UUID | None = None
    channel: str | None = Field(default=None, max_length=40)
    priority_from: int | None = Field(default=None, ge=-10, le=10)
    calendar_id: UUID | None = None
    first_reply_s: int | None = Field(default=None, ge=1, le=YEAR_S)
    next_reply_s: int | None = Field(default=None, ge=1, le=YEAR_S)
    resolution_s: int | None = Field(default=None, ge=1, le=YEAR_S)
    near_percent: int = Field(default=75, ge=1, le=100)
    active: bool = True


class SlaPolicyChange(SlaPolicyBody):
    """What may change of a policy; what is left out stays. Clocks that run go on as they began."""

    name: Line = unchanged(max_length=120)
    position: int = unchanged(ge=0, le=10_000)
    near_percent: int = unchanged(ge=1, le=100)
    active: bool = unchanged()


class SlaPolicyView(BaseModel):
    """What is promised, and to whom."""

    id: UUID
    name: str
    position: int
    brand_id: UUID | None
    queue_id: UUID | None
    channel: str | None
    priority_from: int | None
    calendar_id: UUID | None
    first_reply_s: int | None
    next_reply_s: int | None
    resolution_s: int | None
    near_percent: int
    active: bool
    version: int
    created_at: datetime


class SlaPolicyPage(Page[SlaPolicyView]):
    """All policies, the first to be chosen first."""


class SlaClockView(BaseModel):
    """A promised time. While it runs, it is near from `near_at` and broken after `due_at`.

    `closed`: the stretches before `due_at` that are no open time, of many the latest 30. What of them lies
    ahead is not left: whoever shows how long is left takes it off.
    """

    id: UUID
    policy_id: UUID
    target: Literal["first_reply", "next_reply", "resolution"]
    conversation_id: UUID | None
    case_id: UUID | None
    started_at: datetime
    near_at: datetime | None
    due_at: datetime | None
    closed: list[tuple[datetime, datetime]]
    left_s: float | None  # open time that is left, while it stands still
    state: State
    settled_at: datetime | None
    version: int


class SlaClockPage(Page[SlaClockView]):
    """The clocks that run or stand still, the one that breaks first at the beginning."""
