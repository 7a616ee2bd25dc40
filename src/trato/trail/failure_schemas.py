"""What the API shows of host pages that fail."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from trato.kit.paging import Page


class PageFailureView(BaseModel):
    """A page that fails for several visitors, and what speaks for it.

    `script`: the script `what` failed in its line `detail`; `request`: `what` answered with the status
    `detail`, or (null) not at all; `clicks`: visitors clicked again and again and nothing happened.
    """

    id: UUID
    account_id: UUID
    page: str
    kind: Literal["script", "request", "clicks"]
    what: str
    detail: int | None
    visitors: int
    networks: int
    state: Literal["suspected", "put_away"]
    incident_id: UUID | None
    first_at: datetime
    last_at: datetime
    version: int


class PageFailures(Page[PageFailureView]):
    """What is suspected now, the latest first."""
