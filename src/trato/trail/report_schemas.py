"""What the API takes and shows of pages that are reported as broken."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from trato.kit.paging import Page

ReportState = Literal["open", "mended", "dropped"]


class PageReportView(BaseModel):
    """A page that customers say is broken.

    `count`: how many said so. `note`: what they are told was mended.
    """

    id: UUID
    page: str
    title: str
    article_id: UUID | None
    state: ReportState
    task_id: UUID | None
    count: int
    note: str
    created_at: datetime
    ended_at: datetime | None
    version: int


class PageReports(Page[PageReportView]):
    """Reports, the latest first."""


class SaidView(BaseModel):
    """What one person said: what they expected, whether they are told, and the name of their screenshot."""

    id: UUID
    expected: str
    language: str
    conversation_id: UUID | None
    reachable: bool
    filename: str | None
    told_at: datetime | None
    created_at: datetime


class SaidPage(Page[SaidView]):
    """What people said of one page, the latest first."""


class MendedBody(BaseModel):
    """What was mended, in a sentence for those who reported it."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, StringConstraints(max_length=500)] = ""
