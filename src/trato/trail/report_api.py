"""Pages that are reported as broken, for whoever answers for them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from trato.access import audit
from trato.access.edge import Caller, require
from trato.conversations import serving
from trato.db.edge import TOPICS, Read, Shared, Tx
from trato.kit.paging import Cursor, Limit
from trato.trail import mended, reports
from trato.trail import report_schemas as schemas

router = APIRouter(prefix="/page-reports", tags=["articles"])

Reader = Annotated[Caller, require("agent", "articles:read")]
Writer = Annotated[Caller, require("agent", "articles:write")]


@router.get("", response_model=schemas.PageReports)
async def find(
    _: Reader, c: Read, state: schemas.ReportState = "open", cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """List pages that were reported, the latest first."""
    return await reports.find(c, state, cursor=cursor, limit=limit)


@router.get("/{report_id}", response_model=schemas.PageReportView)
async def get(_: Reader, c: Read, report_id: UUID) -> Any:
    """Return one report."""
    return await reports.get(c, report_id)


@router.get("/{report_id}/said", response_model=schemas.SaidPage)
async def said(_: Reader, c: Read, report_id: UUID) -> Any:
    """List what people said of the page."""
    rows = await reports.said_of(c, report_id)
    return {"items": [{**row, "reachable": bool(row["conversation_id"] or row["email"])} for row in rows]}


@router.get("/{report_id}/said/{said_id}/screenshot", response_class=Response)
async def screenshot(_: Reader, request: Request, shared: Shared, report_id: UUID, said_id: UUID) -> Response:
    """Send the screenshot, as a picture where it is one."""
    async with shared.db.connect() as c:
        row = await reports.screenshot(c, report_id, said_id)
    return await serving.send(shared, request, row)


@router.post("/{report_id}/mended", response_model=schemas.PageReportView)
async def mend(caller: Writer, shared: Shared, report_id: UUID, body: schemas.MendedBody) -> Any:
    """Say that the page works again; whoever reported it is told, on the channel by which they did."""
    async with shared.db.begin() as c:
        found = await reports.end(c, report_id, "mended", body.note, actor=caller.actor, by=caller.agent_id)
        await mended.tell_everybody(shared, c, found)
        await audit.record(c, caller.actor, "page_report.mended", str(report_id), {}, caller.ip)
    shared.wake.ring(*TOPICS)
    return found


@router.post("/{report_id}/drop", response_model=schemas.PageReportView)
async def drop(caller: Writer, c: Tx, report_id: UUID) -> Any:
    """Say that the page was not broken; nobody is written to."""
    found = await reports.end(c, report_id, "dropped", "", actor=caller.actor, by=caller.agent_id)
    await audit.record(c, caller.actor, "page_report.dropped", str(report_id), {}, caller.ip)
    return found
