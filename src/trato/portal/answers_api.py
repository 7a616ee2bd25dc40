"""The search on a site's own page: the best answers while somebody types, and an article in place.

It needs no session: who only looks for an answer is nobody to us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.db.edge import Services, Shared
from trato.kit.clock import now
from trato.kit.errors import NotFound, Unavailable
from trato.knowledge import feedback, finder, help_centres, readers, unanswered
from trato.knowledge.finder import Answer, Result
from trato.knowledge.readers import EVERYBODY
from trato.knowledge.reads import EXTRA as READS
from trato.portal import article_tree, edge
from trato.portal.centre.carry import MAX_QUESTION, question_of
from trato.portal.edge import portal_of
from trato.portal.limits import Rate
from trato.portal.service import language_of
from trato.storefront import service as storefront

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

RESULTS: Final = 3
# Somebody types a few questions in a minute, each asked in some pieces; an office behind one address more.
ASKED: Final = Rate("answers", burst=120, per_s=3)
SAID: Final = Rate("said of an answer", burst=10, per_s=1 / 60)

Key = Annotated[str, Query(min_length=1, max_length=100)]
Tag = Annotated[str, Query(max_length=35)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenedBody(_Body):
    """On which account's page an answer was opened, for the first time in days by this browser."""

    account: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SaidBody(OpenedBody):
    """Whether the article solved it."""

    solved: bool


class AnswerView(BaseModel):
    """An article that was found, with the passage that matches; `url`: where it stands in the help centre."""

    language: str
    slug: str
    title: str
    passage: str
    url: str


class Answers(BaseModel):
    """The best of them; `state` is `answered` when the first passage answers the question."""

    state: Literal["answered", "perhaps", "unknown", "not_now"]
    items: list[AnswerView]


class ArticleInPlace(BaseModel):
    """An article as a page draws it: a text, or `t` with its `c`; `whole` is false where it was cut."""

    language: str
    slug: str
    title: str
    summary: str
    body: list[Any]
    whole: bool
    url: str


@dataclass(frozen=True, slots=True)
class _Site:
    record: AccountRecord
    home: str  # of the help centre


async def _site(request: Request, shared: Services, account: str, rate: Rate) -> _Site:
    edge.limit_network(request, shared)
    portal_of(shared).limiter.take(rate, throttle.network(client_ip(request)), monotonic())
    async with shared.db.connect() as c:
        record = await brands.account_by_public_key(c, account)
        home = await help_centres.home(c, shared.public.url, record.brand_id)
    if not record.enabled or not record.connector.capabilities.visitors:
        raise NotFound("There is no such account.", todo="Check the key in the page's script tag.")
    edge.check_origin(request, record)
    return _Site(record, home)


@router.get("/answers", response_model=Answers)
async def answers(
    request: Request,
    shared: Shared,
    account: Key,
    q: Annotated[str, Query(max_length=4 * MAX_QUESTION)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
    language: Tag = "",
    *,
    whole: bool = False,
) -> Any:
    """Return the three best answers; `about` is what the page shows, such as the name of a product.

    `whole`: the question is complete, so it counts among those that nobody has answered yet.
    """
    site = await _site(request, shared, account, ASKED)
    tongue, may = language_of(language), EVERYBODY.of(site.record.brand_id)
    question, thing = question_of(q), question_of(about)
    asked = [f"{question} {thing}".strip(), question] if question and thing else [question or thing]
    best: Answer = finder.NOTHING
    try:
        for one in asked if asked[0] else ():
            found = await finder.finder_of(shared).find(one, tongue, may, limit=RESULTS)
            if found.answers or not best.results:
                best = found
            if found.answers:
                break
    except Unavailable:
        return {"state": "not_now", "items": []}
    state = "answered" if best.answers else "perhaps" if best.results else "unknown"
    if whole and question and not best.answers and best.complete:
        async with shared.db.begin() as c:
            await unanswered.count(c, tongue, question)
    return {"state": state, "items": _views(site, best.results)}


def _views(site: _Site, results: Sequence[Result]) -> list[dict[str, Any]]:
    return [
        {
            "language": one.link.language,
            "slug": one.link.slug,
            "title": one.link.title,
            "passage": one.passage or one.link.summary,
            "url": _url(site, one.link.language, one.link.slug),
        }
        for one in results
    ]


def _url(site: _Site, language: str, slug: str) -> str:
    return f"{site.home}/{language}/articles/{slug}"


async def _article(shared: Services, site: _Site, language: str, slug: str) -> readers.Page:
    async with shared.db.connect() as c:
        found = await readers.article(c, language, slug, EVERYBODY.of(site.record.brand_id))
    if found is None:
        raise NotFound("There is no such article.")
    return found


@router.get("/articles/{language}/{slug}", response_model=ArticleInPlace)
async def article(request: Request, shared: Shared, language: str, slug: str, account: Key) -> Any:
    """Return an article that anybody may read, to be shown in place on the site's page."""
    site = await _site(request, shared, account, ASKED)
    found = await _article(shared, site, language, slug)
    url = _url(site, found.language, found.slug)
    body, whole = article_tree.tree(found.html, url)
    if reads := shared.extras.get(READS):
        reads.note(found.id, found.language)
    names = ("language", "slug", "title", "summary")
    return {**{name: getattr(found, name) for name in names}, "body": body, "whole": whole, "url": url}


@router.post("/answers/opened", status_code=204)
async def opened(request: Request, shared: Shared, body: OpenedBody) -> None:
    """Count that one more visitor opened an answer; who it was is not told and not kept."""
    site = await _site(request, shared, body.account, ASKED)
    async with shared.db.begin() as c:
        await storefront.opened(c, site.record.id, now())


@router.post("/articles/{language}/{slug}/said", status_code=204)
async def said(request: Request, shared: Shared, language: str, slug: str, body: SaidBody) -> None:
    """Count whether the article solved it, as the help centre does."""
    site = await _site(request, shared, body.account, SAID)
    found = await _article(shared, site, language, slug)
    async with shared.db.begin() as c:
        await feedback.say(c, found.id, found.language, found.number, solved=body.solved)
