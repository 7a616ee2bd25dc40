"""Shapes of acts on many conversations at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from trato.conversations.schemas import ConversationView
from trato.decide.bulk import MOST
from trato.kit.inputs import MaybeLine


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssignAct(_Act):
    """Give them to yourself, to an agent, a team or a queue."""

    kind: Literal["assign"]
    to: Literal["me", "agent", "team", "queue"]
    to_id: UUID | None = None


class LabelAct(_Act):
    """Hang a tag on them, or take it off."""

    kind: Literal["label", "unlabel"]
    tag_id: UUID


class SnoozeAct(_Act):
    """Put them off until a time to come."""

    kind: Literal["snooze"]
    until: AwareDatetime


class CloseAct(_Act):
    """Close them, and say how it ended."""

    kind: Literal["close"]
    disposition: MaybeLine | None = Field(default=None, max_length=200)


class PlainAct(_Act):
    """Open them again, or move them to the spam folder or out of it."""

    kind: Literal["reopen", "spam", "not_spam"]


BulkAct = Annotated[AssignAct | LabelAct | SnoozeAct | CloseAct | PlainAct, Field(discriminator="kind")]


class BulkBody(BaseModel):
    """One act on many conversations; the same `id` is the same act and does nothing twice."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    act: BulkAct
    conversation_ids: list[UUID] = Field(min_length=1, max_length=MOST)


class BulkProblem(BaseModel):
    """Why something could not be done, in words for whoever asked, what to do, and which input is wrong."""

    type: str
    detail: str
    todo: str
    field: str | None = None


class BulkItem(BaseModel):
    """What became of one of them; `changed` is false where it was so already, and undo leaves it alone."""

    conversation_id: UUID
    done: bool
    changed: bool
    conversation: ConversationView | None
    problem: BulkProblem | None


class BulkView(BaseModel):
    """What became of each, in the order in which they were named."""

    id: UUID
    items: list[BulkItem]
    undo_until: datetime
