"""Notices of what is wrong with routing, over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.kit.paging import Page
from trato.routing import notices
from trato.routing.notices import AboutKind, NoticeCode

router = APIRouter(prefix="/routing", tags=["routing"])


class NoticeAbout(BaseModel):
    """What a notice is about; a conversation has the name of its contact, if it is known."""

    kind: AboutKind
    id: UUID
    name: str | None


class NoticeView(BaseModel):
    """Something that a supervisor should look at.

    `stranded`: a contact waits beside somebody who could help. `forgotten`: a contact waits for an answer, in
    nobody's hands and not in line. `two_agents`: a conversation has two. `over_capacity`: an agent has too
    much. `overdue`: an offer stands long after its end. `books`: the router's accounts do not agree.
    `nobody_knows`: somebody waits in a queue for a skill that nobody has. `count`: for how many it is so; the
    first of them are in `about`.
    """

    id: UUID
    code: NoticeCode
    about: list[NoticeAbout]
    count: int
    since: datetime
    put_away_at: datetime | None
    put_away_by: str | None


class Notices(Page[NoticeView]):
    """All of them, what hurts a contact most first."""


@router.get("/notices", response_model=Notices)
async def list_notices(
    _: Annotated[Caller, require("supervisor", "queues:read")], c: Read, *, put_away: bool = False
) -> Any:
    """List what is wrong now; with `put_away` what somebody put away and is so still."""
    return {"items": await notices.standing(c, put_away=put_away)}


@router.post("/notices/{notice_id}/put-away", status_code=204)
async def put_away(
    caller: Annotated[Caller, require("supervisor", "queues:write")], c: Tx, notice_id: UUID
) -> None:
    """Show it to nobody any more; it comes back when it is solved and happens again, or for others too."""
    await notices.put_away(c, notice_id, actor=caller.actor, ip=caller.ip)
