"""What the API shows of what a customer tried alone."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from trato.decide.trail import Kind, Outcome
from trato.kit.paging import Page

Reason = Literal["unclear", "wrong", "incomplete", "another_matter", "other"]


class TrailArticle(BaseModel):
    """An article that was read, or whose passage was shown as the answer."""

    id: UUID
    language: str
    slug: str
    title: str


class TrailStep(BaseModel):
    """One thing that the customer did alone.

    `search`: they asked `text` and it was `answered` (with the `article`), `unknown` or `not_now`.
    `article`: they read it. `feedback`: they said that it `solved` their matter or not, why (`reason`) and
    what was missing (`text`). `page`: where on the host site they were. `failure`: what broke there.
    """

    id: UUID
    kind: Kind
    text: str
    outcome: Outcome | None
    reason: Reason | None
    page: str
    at: datetime
    article: TrailArticle | None


class PlacedStep(TrailStep):
    """One thing that the customer did alone, and the conversation that it led to."""

    conversation_id: UUID


class TrailPage(Page[TrailStep]):
    """All of it, in the order in which it was done."""
