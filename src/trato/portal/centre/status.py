"""The status page: what does not work now, what is planned, what was; its feed and its JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID
from xml.sax.saxutils import escape

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.db.edge import Shared
from trato.decide.incidents import text_in
from trato.incidents import queries
from trato.incidents.announcement import latest
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.frame import revalidated, words
from trato.portal.centre.places import PLACED, place_of, within

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

ON_PAGE: Final = 20
_MAX_PAGES: Final = 500


@router.api_route("/help/status", methods=["GET", "HEAD"])
async def door(request: Request) -> Response:
    """Lead to the page in the reader's language."""
    path = within(request, f"{frames.preferred(request)}/status")
    return RedirectResponse(path, 302, headers={"Vary": "Accept-Language"})


@router.api_route("/help/status.json", methods=["GET", "HEAD"])
async def as_json(request: Request, shared: Shared) -> Response:
    """Tell machines what goes on, is planned, and was, each text in the languages it was written in."""
    edge.limit_network(request, shared)
    async with shared.db.connect() as c:
        brand_id = place_of(request).brand_id
        rows = await queries.standing(c, brand_id, now()) if brand_id else []
        over = await queries.history(c, brand_id, limit=ON_PAGE) if brand_id else []
    worst = next((one["severity"] for one in rows if one["phase"] == "ongoing"), None)
    body = {"status": worst or "ok", "incidents": [_plain(one) for one in [*rows, *over]]}
    headers = {"Access-Control-Allow-Origin": "*"}
    return revalidated(request, frames.dumped(body), "application/json", headers)


@router.api_route("/help/{language}/status", methods=["GET", "HEAD"])
async def page(
    request: Request,
    shared: Shared,
    language: str,
    page: Annotated[int, Query(ge=1, le=_MAX_PAGES)] = 1,
) -> Response:
    """Show what does not work now and what is planned, then what was."""
    edge.limit_network(request, shared)
    frames.known(language)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
        brand_id = frame.place.brand_id
        standing = await queries.standing(c, brand_id, now()) if brand_id else []
        over = await _over(c, brand_id, page) if brand_id else []
    if not over and page > 1:
        raise NotFound("There is no such page.")
    tail = f"?page={page}" if page > 1 else ""
    return frames.page(
        frame,
        "status.html",
        title=frame.words["status"],
        paths=frame.paths(f"/status{tail}"),
        ongoing=[frame.notice(one) for one in standing if one["phase"] == "ongoing"] if page == 1 else [],
        planned=[frame.notice(one) for one in standing if one["phase"] == "planned"] if page == 1 else [],
        over=[frame.notice(one) for one in over[:ON_PAGE]],
        number=page,
        last=len(over) <= ON_PAGE,
    )


@router.api_route("/help/{language}/status.atom", methods=["GET", "HEAD"])
async def feed(request: Request, shared: Shared, language: str) -> Response:
    """Tell what was declared, what is new of it, and what is over (Atom, RFC 4287)."""
    edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.connect() as c:
        place = place_of(request)
        brand_id = place.brand_id
        rows = await queries.standing(c, brand_id, now()) if brand_id else []
        rows += await queries.history(c, brand_id, limit=ON_PAGE) if brand_id else []
    body = "".join(_feed(place.url, language, str(place.face["brand_name"]), rows))
    return revalidated(request, body.encode(), "application/atom+xml; charset=utf-8", {})


async def _over(c: AsyncConnection, brand_id: UUID, number: int) -> list[dict[str, Any]]:
    return await queries.history(c, brand_id, limit=ON_PAGE + 1, offset=(number - 1) * ON_PAGE)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("id", "kind", "phase", "severity", "titles", "noticed", "began_at", "starts_at", "ends_at")
    updates = [{name: one[name] for name in ("kind", "texts", "at")} for one in row["updates"]]
    services = [one["names"] for one in row["services"]]
    return {
        **{name: row[name] for name in (*shown, "time_zone", "resolved_at")},
        "services": services,
        "updates": updates,
    }


def _feed(address: str, language: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    own, where = f"{address}/{language}/status.atom", f"{address}/{language}/status"
    said = words()[language]
    changed = max((_changed(row) for row in rows), default="2020-01-01T00:00:00+00:00")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
    yield f"<title>{escape(name)} · {escape(said['status'])}</title><id>{escape(own)}</id>"
    yield f'<link rel="self" href="{escape(own)}"/><link href="{escape(where)}"/>'
    yield f"<updated>{changed}</updated><author><name>{escape(name)}</name></author>\n"
    for row in rows:
        title = text_in(row["titles"], language)
        mark = row["phase"] if row["phase"] in {"planned", "resolved"} else row["kind"]
        yield f"<entry><title>{escape(said['mark_' + mark])}: {escape(title)}</title>"
        yield f'<id>urn:uuid:{row["id"]}:{language}</id><link href="{escape(where)}#i-{row["id"]}"/>'
        yield f"<updated>{_changed(row)}</updated>"
        yield f"<summary>{escape(latest(row, language, None))}</summary></entry>\n"
    yield "</feed>\n"


def _changed(row: Mapping[str, Any]) -> str:
    told = [str(one["at"]) for one in row["updates"]]
    return max([str(row["created_at"].isoformat(timespec="seconds")), *told])
