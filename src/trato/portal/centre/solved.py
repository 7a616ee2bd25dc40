"""What readers answer to "did this solve it?", by a form and without a script, and what was missing."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Annotated, Final, Literal
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.db.edge import Services, Shared
from trato.kit.errors import NotFound, TooMany, Unavailable
from trato.kit.text import typed
from trato.knowledge import feedback, finder, gate, readers
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.carry import Carried, question_of, sentence
from trato.portal.centre.places import PLACED, place_of, within
from trato.portal.limits import Rate

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

REASONS: Final = ("incomplete", "unclear", "wrong", "another_matter", "other")
# One reader says it once or twice of an article; an office behind one address some more.
SAID: Final = Rate("said of an article", burst=10, per_s=1 / 60)


@router.post("/help/{language}/articles/{slug}/solved", dependencies=[public(own_pages=True)])
async def answer(
    request: Request,
    shared: Shared,
    language: str,
    slug: str,
    solved: Annotated[Literal["yes", "no"], Form()],
    asked: Annotated[str, Form(max_length=4 * frames.MAX_ASKED)] = "",
) -> Response:
    """Count the answer, and go to what comes after it.

    Of whoever came by a question (`asked`), the gate learns whether its first hit was right.
    """
    found = await _article(request, shared, language, slug)
    _limit(request, shared, found.id)
    signals = await _signals(request, shared, found, asked) if asked else ()
    async with shared.db.begin() as c:
        if signals:
            await gate.judge(c, language, asked, signals, right=solved == "yes", judge="reader")
        said = await feedback.say(c, found.id, language, found.number, solved=solved == "yes")
    after = within(request, f"{language}/articles/{slug}/said")
    if solved == "yes":
        return RedirectResponse(f"{after}?yes", 303)
    question = question_of(asked)
    along = {"no": str(said)} | ({"q": question} if question else {})
    return RedirectResponse(f"{after}?{urlencode(along)}", 303)


@router.get("/help/{language}/articles/{slug}/solved", dependencies=[public()])
async def back(request: Request, shared: Shared, language: str, slug: str) -> Response:
    """Lead to the article whose form somebody opened by its address."""
    edge.limit_network(request, shared)
    return RedirectResponse(within(request, f"{frames.known(language)}/articles/{quote(slug)}"), 303)


@router.post("/help/{language}/articles/{slug}/said", dependencies=[public(own_pages=True)])
async def explain(
    request: Request,
    shared: Shared,
    language: str,
    slug: str,
    *,
    said: Annotated[UUID, Form()],
    reason: Annotated[feedback.Reason | None, Form()] = None,
    words: Annotated[str, Form(max_length=20_000)] = "",  # as much is kept as its field takes
    question: Annotated[str, Form(max_length=20_000)] = "",
    then: Annotated[Literal["person", "send"], Form()] = "send",
) -> Response:
    """Add to a no what was missing; who wants a person goes there with all that was said."""
    found = await _article(request, shared, language, slug)
    _limit(request, shared, found.id)
    async with shared.db.begin() as c:
        await feedback.explain(c, said, reason, typed(words))
    if then == "person":
        carried = Carried(question_of(question), slug, said)
        return RedirectResponse(carried.path(place_of(request).base, language), 303)
    return RedirectResponse(within(request, f"{language}/articles/{slug}/said?noted"), 303)


@router.get("/help/{language}/articles/{slug}/said", dependencies=[public()])
async def after(
    request: Request,
    shared: Shared,
    language: str,
    slug: str,
    yes: Annotated[str | None, Query(max_length=1)] = None,
    noted: Annotated[str | None, Query(max_length=1)] = None,
    no: UUID | None = None,
    q: str = "",
) -> Response:
    """Say thank you, or ask what was missing; and the person, in either case."""
    found = await _article(request, shared, language, slug)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
    state = "thanks" if yes is not None else "noted" if noted is not None else "sorry"
    carried = Carried(question_of(q), slug) if state == "sorry" else Carried()
    return frames.page(
        frame,
        "said.html",
        title=frame.words[f"{state}_title"],
        paths=frame.of_article(found.languages),
        kept=False,
        step=_step(state, language, slug),
        person=carried.path(frame.base, language),
        say=sentence(language, carried.question, found.title) if state == "sorry" else "",
        question=carried.question,
        article=found,
        state=state,
        said=no,
        reasons=REASONS,
    )


def _step(state: str, language: str, slug: str) -> Mapping[str, str] | None:
    outcome = {"thanks": "solved", "sorry": "unsolved"}.get(state)
    if outcome is None:
        return None
    return {"kind": "feedback", "outcome": outcome, "language": language, "slug": slug}


async def _article(request: Request, shared: Services, language: str, slug: str) -> readers.Page:
    edge.limit_network(request, shared)
    frames.known(language)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        found = await readers.article(c, language, slug, allowed)
    if found is None:
        raise NotFound("There is no such article.")
    return found


async def _signals(request: Request, shared: Services, article: readers.Page, asked: str) -> Sequence[float]:
    """Return what the gate saw of a question whose first hit is this article; nothing where it is another."""
    allowed = await frames.allowed(request, shared)
    if not allowed.everybody:
        return ()  # the team tries things out
    try:
        answer = await finder.finder_of(shared).find(asked, article.language, allowed, limit=1)
    except (Unavailable, TooMany):
        return ()
    first = next(iter(answer.results), None)
    return answer.signals if first is not None and first.article_id == article.id else ()


def _limit(request: Request, shared: Services, article_id: UUID) -> None:
    who = f"{throttle.network(client_ip(request))} {article_id}"
    edge.portal_of(shared).limiter.take(SAID, who, monotonic())
