"""What a visitor agrees to share of what they tried alone; taken back, nothing of it is left."""

from time import monotonic
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from trato.access import emails, throttle
from trato.access.edge import client_ip, public
from trato.db.edge import Services, Shared
from trato.decide.trail import Kind, Outcome, Step
from trato.kit.clock import now
from trato.portal import edge, queries, reporting
from trato.portal.edge import Visiting, portal_of
from trato.portal.limits import Rate
from trato.portal.service import language_of
from trato.trail import reports, service

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

DAYS: Final = "trail_days"  # in `Services.extras`: for how long it is kept
USUAL_DAYS: Final = 30
AT_ONCE: Final = 60
SHARES: Final = Rate("shares", burst=30, per_s=0.5)
"""A page shares a step or two; a chat that opens, all of its tab."""

Short = Annotated[str, StringConstraints(max_length=200)]


class StepBody(BaseModel):
    """One thing that was done alone; `id` makes a repetition harmless."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: Kind
    at: AwareDatetime
    text: Annotated[str, StringConstraints(max_length=20_000)] = ""
    outcome: Outcome | None = None
    reason: Short | None = None
    page: Annotated[str, StringConstraints(max_length=4_000)] = ""
    language: Annotated[str, StringConstraints(max_length=35)] | None = None
    slug: Short | None = None

    def step(self) -> Step:
        """Return it as it is decided about."""
        values = self.model_dump(exclude={"id"})
        return Step(**values)


class ShareBody(BaseModel):
    """What the visitor agreed to share."""

    model_config = ConfigDict(extra="forbid")

    steps: Annotated[list[StepBody], Field(max_length=AT_ONCE)]


class ReportBody(BaseModel):
    """A page that does not work: its address, what was expected, a screenshot, where to be told."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[str, StringConstraints(max_length=4_000)]
    expected: Annotated[str, StringConstraints(max_length=20_000)]
    attachment_id: UUID | None = None
    email: Annotated[str, StringConstraints(max_length=254)] = ""


def trail_days(services: Services) -> int:
    """Return for how many days it is kept, as the visitor is told before they agree."""
    return int(services.extras.get(DAYS, USUAL_DAYS))


@router.put("/trail", status_code=204)
async def share(visit: Visiting, shared: Shared, body: ShareBody) -> None:
    """Keep what the visitor agreed to share, for who helps them; to send it is to agree."""
    portal_of(shared).limiter.take(SHARES, visit.guest.sender, monotonic())
    async with shared.db.begin() as c:
        current = await queries.current(c, visit.guest)
        running = current["id"] if current is not None and current["closed_at"] is None else None
        steps = {one.id: one.step() for one in body.steps}
        await service.share(c, visit.guest.actor, steps, running, now())
    shared.wake.ring("events")


@router.post("/page-reports", status_code=204)
async def report(request: Request, visit: Visiting, shared: Shared, body: ReportBody) -> None:
    """Report that a page is broken; the visitor is told in their conversation, or by mail, once it is mended.

    The screenshot is one of the visitor's own uploads.
    """
    email = emails.checked(body.email) if body.email.strip() else None
    place = reporting.page_of(request, body.page, visit.record)
    await edge.count(shared, reporting.REPORTED, throttle.network(client_ip(request)))
    async with shared.db.connect() as c:
        current = await queries.current(c, visit.guest)
        row = await queries.attachment(c, visit.guest, body.attachment_id) if body.attachment_id else None
    data = await shared.store.get(row["store_key"]) if row is not None else b""
    kept = await reporting.picture(shared, row["filename"] if row is not None else "", data)
    said = reports.Said(
        page=place,
        expected=body.expected,
        language=language_of(visit.guest.language or ""),
        conversation_id=current["id"] if current is not None else None,
        email=email,
        file=kept,
    )
    async with shared.db.begin() as c:
        await reports.report(c, said, actor=visit.guest.actor)
    shared.wake.ring("events")


@router.delete("/trail", status_code=204)
async def withdraw(visit: Visiting, shared: Shared) -> None:
    """Take the agreement back: all that was shared is deleted, at the desk too."""
    async with shared.db.begin() as c:
        holders = await queries.actors(c, visit.guest)
        await service.withdraw(c, holders, actor=visit.guest.actor)
    shared.wake.ring("events")
