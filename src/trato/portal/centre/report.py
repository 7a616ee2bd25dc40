"""The form by which a reader reports that a page is broken; it needs no script."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from trato.access import emails
from trato.access.edge import public
from trato.db.edge import Services, Shared
from trato.kit.errors import Invalid, TooLarge, TooMany
from trato.kit.text import typed
from trato.portal import edge, reporting
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED, within
from trato.trail import reports

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

_FIELDS: Final = {"page", "expected", "screenshot", "file", "email", "many"}


@router.get("/help/{language}/report", dependencies=[public()])
async def form(
    request: Request,
    shared: Shared,
    language: str,
    page: Annotated[str, Query(max_length=2_000)] = "",
    sent: Annotated[str | None, Query(max_length=1)] = None,
) -> Response:
    """Ask what was expected of the page, or say thank you."""
    edge.limit_network(request, shared)
    frames.known(language)
    try:
        shown = reporting.page_of(request, page, None)
    except Invalid:
        shown = within(request, language)
    return await _page(request, shared, language, shown, sent=sent is not None)


@router.post("/help/{language}/report", dependencies=[public(own_pages=True)])
async def report(
    request: Request,
    shared: Shared,
    language: str,
    *,
    page: Annotated[str, Form(max_length=2_000)] = "",
    expected: Annotated[str, Form(max_length=20_000)] = "",
    email: Annotated[str, Form(max_length=1_000)] = "",
    screenshot: UploadFile | None = None,
) -> Response:
    """Keep the report for whoever answers for the page, who tells the reader when it is mended."""
    network = edge.limit_network(request, shared)
    frames.known(language)
    try:
        said = reports.Said(
            page=reporting.page_of(request, page, None),
            expected=typed(expected),
            language=language,
            email=emails.checked(email) if email.strip() else None,
        )
        if not expected.strip():
            raise Invalid("What did you expect?", field="expected")  # noqa: TRY301  shown below, with the rest
        await edge.count(shared, reporting.REPORTED, network)
        data = await screenshot.read(reporting.MAX_PICTURE + 1) if screenshot is not None else b""
        kept = await reporting.picture(shared, screenshot.filename or "" if screenshot else "", data)
        async with shared.db.begin() as c:
            await reports.report(c, replace(said, file=kept), actor="contact")
    except (Invalid, TooLarge, TooMany) as wrong:
        field = getattr(wrong, "field", None) or ("many" if isinstance(wrong, TooMany) else "screenshot")
        return await _page(
            request,
            shared,
            language,
            page if page.startswith("/") else within(request, language),
            expected=expected,
            email=email,
            wrong=field if field in _FIELDS else "screenshot",
        )
    shared.wake.ring("events")
    return RedirectResponse(within(request, f"{language}/report?sent"), 303)


async def _page(
    request: Request,
    shared: Services,
    language: str,
    page: str,
    *,
    expected: str = "",
    email: str = "",
    wrong: str = "",
    sent: bool = False,
) -> Response:
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
    words = frame.words
    return frames.page(
        frame,
        "report.html",
        title=words["reported_title" if sent else "report"],
        paths=frame.paths("/report"),
        kept=False,
        status=429 if wrong == "many" else 422 if wrong else 200,
        page=page,
        expected=expected,
        email=email,
        wrong="" if wrong == "many" else "screenshot" if wrong == "file" else wrong,
        problem=words["report_wrong_" + ("screenshot" if wrong == "file" else wrong)] if wrong else "",
        sent=sent,
    )
