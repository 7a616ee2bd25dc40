"""Shapes of erasures at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.decide.erasure import GRACE, LONGEST
from trato.kit.paging import Page
from trato.privacy.service import MAX_REASON


class ErasureView(BaseModel):
    """That somebody asked to be erased, and what came of it."""

    id: UUID
    contact_id: UUID
    contact_name: str  # empty once it is done
    state: Literal["waiting", "done", "cancelled"]
    asked_by: str
    reason: str
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    erased: dict[str, int]  # how many rows of what
    version: int


class ErasurePage(Page[ErasureView]):
    """Erasures, the newest first."""


class ErasureBody(BaseModel):
    """Why a contact is to be erased, and how long they may think better of it."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(default="", max_length=MAX_REASON)
    grace_days: int = Field(default=GRACE.days, ge=0, le=LONGEST.days)


class CancelBody(BaseModel):
    """Why it is not done, such as a law by which it must be kept."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=MAX_REASON)
