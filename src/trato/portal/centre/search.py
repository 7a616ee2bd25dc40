"""The help centre's search: the passage that answers, or plainly that nobody wrote it yet, and a person."""

from collections.abc import Mapping
from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.db.edge import Services, Shared
from trato.kit.errors import Unavailable
from trato.knowledge import finder, unanswered
from trato.knowledge.finder import Answer
from trato.knowledge.readers import MayRead
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.carry import Carried, question_of, sentence
from trato.portal.centre.places import PLACED, within
from trato.portal.limits import Rate

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

RESULTS: Final = 6
GUESSES: Final = 3  # where nothing answers, more are only noise
# A reader asks a few times a minute; an office behind one address more.
SEARCHES: Final = Rate("searches", burst=60, per_s=1)
NOT_KEPT: Final = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Vary": "Cookie"}


@router.get("/help/search")
async def door(request: Request, shared: Shared, q: str = "") -> Response:
    """Lead to the search in the reader's language."""
    edge.limit_network(request, shared)
    path = within(request, frames.preferred(request) + _below(question_of(q)))
    return RedirectResponse(path, 303, headers=NOT_KEPT)


@router.get("/help/{language}/search")
async def search(request: Request, shared: Shared, language: str, q: str = "") -> Response:
    """Show the passage that answers and other articles; or say that the answer is not known."""
    edge.limit_network(request, shared)
    frames.known(language)
    question = question_of(q)
    may_read = await frames.allowed(request, shared)
    state, found = "ask", finder.NOTHING
    if question:
        _limit(request, shared)
        state, found = await _found(shared, question, language, may_read)
        if state == "unknown" and may_read.everybody and not frames.fetched_ahead(request):
            async with shared.db.begin() as c:
                await unanswered.count(c, language, question)
    else:
        finder.want(shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, may_read)
    words = frame.words
    return frames.page(
        frame,
        "search.html",
        title=words["search_of"].format(question) if question else words["search_title"],
        paths=frame.paths(_below(question)),
        status=503 if state == "not_now" else 200,
        kept=False,
        step=_step(question, state, found),
        person=Carried(question if state == "unknown" else "").path(frame.base, language),
        say=sentence(language, question) if state == "unknown" else "",
        question=question,
        state=state,
        results=found.results if state == "answer" else found.results[:GUESSES],
    )


async def _found(shared: Services, question: str, language: str, may_read: MayRead) -> tuple[str, Answer]:
    try:
        found = await finder.finder_of(shared).find(question, language, may_read, limit=RESULTS)
    except Unavailable:
        return "not_now", finder.NOTHING
    if found.answers:
        return "answer", found
    return "unknown" if found.complete else "reading", found


def _step(question: str, state: str, found: Answer) -> Mapping[str, Any] | None:
    """Return what was asked and what came of it, as the reader's tab keeps it."""
    if not question:
        return None
    outcome = {"answer": "answered", "reading": "not_now"}.get(state, state)
    step = {"kind": "search", "text": question, "outcome": outcome}
    if state != "answer":
        return step
    best = found.results[0].link
    return step | {"language": best.language, "slug": best.slug}


def _below(question: str) -> str:
    return "/search" + (f"?{urlencode({'q': question})}" if question else "")


def _limit(request: Request, shared: Services) -> None:
    edge.portal_of(shared).limiter.take(SEARCHES, throttle.network(client_ip(request)), monotonic())
