"""Who would get a contact now, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from trato.access.edge import Caller, require
from trato.db.edge import Moment
from trato.decide.preview import PassedCode
from trato.kit.inputs import LanguageTag
from trato.routing import preview
from trato.routing.setup_schemas import Body

router = APIRouter(tags=["queues"])

Looker = Annotated[Caller, require("supervisor", "queues:read", "presence:read", "contacts:read")]


class PreviewBody(Body):
    """A contact who might come: in which queue (none: the common line), by which channel, language, who."""

    queue_id: UUID | None = None
    channel: str = Field(default="", max_length=40)
    language: LanguageTag | None = None
    contact_id: UUID | None = None


class WouldView(BaseModel):
    """An agent who would be asked, and why, as an interaction says it."""

    agent_id: UUID
    reason: str
    decision: dict[str, Any]


class PassedView(BaseModel):
    """An agent who would not be asked, and the first reason; `later_s`: after so long a wait they might."""

    agent_id: UUID
    code: PassedCode
    values: dict[str, str | int | None]
    later_s: int | None


class PreviewView(BaseModel):
    """Who would be asked, the first first. `waits_for`: they would wait so long for that agent before."""

    would: list[WouldView]
    others: list[PassedView]
    waits_for: UUID | None
    patience_s: int | None


@router.post("/routing/preview", response_model=PreviewView)
async def who_would(_: Looker, c: Moment, body: PreviewBody) -> Any:
    """Say who would get a contact now, in order, and why the others would not; nothing is offered."""
    return await preview.now(
        c,
        queue_id=body.queue_id,
        language=body.language,
        channel=body.channel,
        contact_id=body.contact_id,
    )
