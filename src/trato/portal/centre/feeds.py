"""What machines read of the help centre: the site map, feeds of news, and the files of articles.

Sitemaps 0.9 (sitemaps.org) with alternate languages; Atom (RFC 4287).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from trato.access.edge import public
from trato.conversations import serving
from trato.db.edge import Shared
from trato.knowledge import files, help_centres, readers
from trato.knowledge.help_centres import url_of
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.frame import revalidated, words
from trato.portal.centre.places import PLACED, place_of
from trato.portal.service import LANGUAGES

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

MAX_ADDRESSES: Final = 45_000  # a site map holds 50,000
NEWS: Final = 30


@router.api_route("/help/sitemap.xml", methods=["GET", "HEAD"])
async def site_map(request: Request, shared: Shared) -> Response:
    """List every public page with its languages."""
    edge.limit_network(request, shared)
    async with shared.db.connect() as c:
        place = place_of(request)
        rows = await readers.site_map(c, MAX_ADDRESSES, place.brand_id)
        shelves = await readers.sections(c, place.brand_id)
    body = "".join(_map(place.url, rows, shelves))
    return revalidated(request, body.encode(), "application/xml; charset=utf-8", {})


@router.api_route("/help/{language}/feed.atom", methods=["GET", "HEAD"])
async def feed(request: Request, shared: Shared, language: str) -> Response:
    """Tell which articles are new or were updated."""
    edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.connect() as c:
        place = place_of(request)
        rows = await readers.news(c, language, NEWS, place.brand_id)
    body = "".join(_feed(place.url, language, str(place.face["brand_name"]), rows))
    return revalidated(request, body.encode(), "application/atom+xml; charset=utf-8", {})


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots(request: Request, shared: Shared) -> Response:
    """Say where the site map is, and what is nobody's but ours."""
    async with shared.db.connect() as c:
        rows = await help_centres.every(c)
    own = place_of(request)
    # a name of its own tells of its own only
    every = () if own.face.get("host") else rows
    homes = {own.url, *(url_of(shared.public.url, one) for one in every)}
    maps = "".join(f"Sitemap: {home}/sitemap.xml\n" for home in sorted(filter(None, homes)))
    body = f"User-agent: *\nDisallow: /api/\nDisallow: /admin/\nDisallow: /help/*/search\n{maps}"
    return revalidated(request, body.encode(), "text/plain; charset=utf-8", {})


@router.api_route("/help/files/{file_id}", methods=["GET", "HEAD"])
async def file(request: Request, shared: Shared, file_id: UUID) -> Response:
    """Send a picture or a download of an article to whoever may read that."""
    edge.limit_network(request, shared)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        row = await files.for_reader(c, file_id, None if allowed.staff else allowed.visibilities)
    found = await serving.send(shared, request, row)
    found.headers["Vary"] = "Cookie"
    public_file = row["visibility"] == "public" and row["published"]
    found.headers["Cache-Control"] = "public, max-age=86400" if public_file else "private, no-store"
    return found


def _map(
    address: str, rows: Sequence[Mapping[str, Any]], shelves: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    yield ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    whole = [{one: f"{address}/{one}" for one in LANGUAGES}]
    whole += [{one: f"{address}/{one}/sections/{shelf['slug']}" for one in LANGUAGES} for shelf in shelves]
    for places in whole:
        for place in places.values():
            yield _address(place, places, None)
    by_article: dict[UUID, dict[str, str]] = {}
    for row in rows:
        place = f"{address}/{row['language']}/articles/{row['slug']}"
        by_article.setdefault(row["id"], {})[row["language"]] = place
    for row in rows:
        places = by_article[row["id"]]
        yield _address(places[row["language"]], places, row["published_at"].isoformat(timespec="seconds"))
    yield "</urlset>\n"


def _address(place: str, places: Mapping[str, str], changed: str | None) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(other)}"/>'
        for language, other in sorted(places.items())
    )
    when = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(place)}</loc>{when}{links}</url>\n"


def _feed(address: str, language: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    own = f"{address}/{language}/feed.atom"
    said = words()[language]
    changed = rows[0]["published_at"].isoformat(timespec="seconds") if rows else "2020-01-01T00:00:00+00:00"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
    yield f"<title>{escape(name)} · {escape(said['home'])}</title><id>{escape(own)}</id>"
    yield f'<link rel="self" href="{escape(own)}"/><link href="{escape(address)}/{language}"/>'
    yield f"<updated>{changed}</updated><author><name>{escape(name)}</name></author>\n"
    for row in rows:
        place = escape(f"{address}/{language}/articles/{row['slug']}")
        yield f"<entry><title>{escape(row['title'])}</title><id>urn:uuid:{row['id']}:{language}</id>"
        yield f'<link href="{place}"/><updated>{row["published_at"].isoformat(timespec="seconds")}</updated>'
        yield f"<published>{row['first_published_at'].isoformat(timespec='seconds')}</published>"
        yield f"<summary>{escape(row['summary'])}</summary></entry>\n"
    yield "</feed>\n"
