"""What every page of the help centre shares: language, brand, who reads, and how it may be kept."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import cookies
from trato.access.edge import identify
from trato.brands import service as brands
from trato.brands.looks import logo_path
from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.decide.spoken import say_day
from trato.flow import system_mail
from trato.incidents import queries as incidents
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.kit.text import clean
from trato.knowledge import readers
from trato.knowledge.help_centres import HELP
from trato.knowledge.readers import MayRead
from trato.portal import customers
from trato.portal.centre.notices import Notice, notice
from trato.portal.centre.places import Place, place_of
from trato.portal.service import LANGUAGES, language_of

LOCALES: Final = {"es": "es_419", "en": "en_US", "pt": "pt_BR"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:;"
    " media-src blob:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MAX_ASKED: Final = 300
_HOUR_S: Final = 3_600
_MACHINES: Final = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|curl|wget", re.IGNORECASE)
_templates = Environment(
    loader=PackageLoader("trato.portal", "help"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page, for one reader."""

    request: Request
    language: str
    words: Mapping[str, str]
    place: Place
    organisation: Mapping[str, Any] | None
    accounts: Sequence[AccountRecord]  # of the brand
    mails: bool  # whether we can write to an address first
    allowed: MayRead
    known: Sequence[Mapping[str, Any]] = ()  # incidents that every page tells of

    @property
    def brand(self) -> Mapping[str, Any]:
        """Return how the help centre looks, and whose it is."""
        return self.place.face

    @property
    def logo(self) -> str | None:
        """Return where the brand's picture is, None without one."""
        return logo_path(self.brand["logo_digest"])

    @property
    def base(self) -> str:
        """Return what stands before the language in each path of this help centre."""
        return self.place.base

    @property
    def here(self) -> str:
        """Return the path of this page."""
        return self.base + self.request.url.path.removeprefix(HELP)

    def paths(self, below: str = "") -> dict[str, str]:
        """Return where a page is in each language that has it at the same place."""
        return {one: f"{self.base}/{one}{below}" for one in LANGUAGES}

    def of_article(self, languages: Mapping[str, str]) -> dict[str, str]:
        """Return where an article is in each of its languages."""
        return {one: f"{self.base}/{one}/articles/{its}" for one, its in sorted(languages.items())}

    @property
    def chat(self) -> str | None:
        """Return the key of the account whose chat stands on the pages."""
        record = self.chat_account
        return record.public_key if record is not None else None

    @property
    def chat_account(self) -> AccountRecord | None:
        """Return the account whose chat stands on the pages."""
        return next((r for r in self.accounts if r.connector.capabilities.visitors), None)

    @property
    def notices(self) -> list[Notice]:
        """Return the incidents that stand on every page."""
        return [self.notice(row) for row in self.known]

    def notice(self, row: Mapping[str, Any]) -> Notice:
        """Return an incident in this reader's words."""
        return notice(row, self.language, self.brand["language"] or "es", self.zone, self.words)

    @property
    def zone(self) -> ZoneInfo:
        """Return the organisation's time zone."""
        return ZoneInfo(str(self.organisation["time_zone"]) if self.organisation else "UTC")

    def later(self, wait_s: int) -> str:
        """Say in how long something may be tried again; never sooner than it can."""
        hours = wait_s > _HOUR_S
        count = max(2, -(-wait_s // (_HOUR_S if hours else 60)))
        return self.words["in_hours" if hours else "in_minutes"].format(count)

    def day(self, at: Any) -> str:
        """Say the day of an instant."""
        return say_day(at.astimezone(self.zone).date(), self.language)


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return what the pages say, by language."""
    found: Mapping[str, Mapping[str, str]] = json.loads(
        (resources.files("trato.portal") / "help" / "words.json").read_text("utf-8")
    )
    return found


async def allowed(request: Request, shared: Services) -> MayRead:
    """Return which articles of this help centre somebody may read: all of them who is signed in at the desk.

    Who signed in to their own cases also reads what is for customers alone.
    """
    brand_id = place_of(request).brand_id
    if cookies.only(request, cookies.SESSION) is not None and await identify(request, shared) is not None:
        return readers.STAFF.of(brand_id)
    if await customers.customer_of(request, shared) is not None:
        return readers.SIGNED_IN.of(brand_id)
    return readers.EVERYBODY.of(brand_id)


def known(language: str) -> str:
    """Return a language of the pages; raises `NotFound` for another."""
    if language not in LANGUAGES:
        raise NotFound("There is no such page.")
    return language


def preferred(request: Request) -> str:
    """Return the language that the browser asks for, else the brand's."""
    first = language_of(place_of(request).face["language"] or "es")
    return language_of(request.headers.get("accept-language", ""), first)


async def opened(request: Request, c: AsyncConnection, language: str, may_read: MayRead) -> Frame:
    """Return the frame of a page in one language."""
    place = place_of(request)
    accounts = [record for record in await brands.list_accounts(c) if record.enabled]
    brand_id = place.brand_id
    return Frame(
        request=request,
        language=language,
        words=words()[language],
        place=place,
        organisation=await brands.get_organisation(c),
        accounts=[record for record in accounts if record.brand_id == brand_id],
        mails=any(system_mail.starts_mail(record) for record in accounts),
        allowed=may_read,
        known=await incidents.told_of(c, brand_id, now()) if brand_id else (),
    )


def fetched_ahead(request: Request) -> bool:
    """Say whether a browser fetches what its user may ask (Fetch, `Sec-Purpose`): nobody asked yet."""
    return "prefetch" in request.headers.get("sec-purpose", "")


def by_a_person(request: Request) -> bool:
    """Say whether somebody reads this, as far as the request tells: no machine that names itself as one."""
    machine = _MACHINES.search(request.headers.get("user-agent", ""))
    return request.method == "GET" and machine is None and not fetched_ahead(request)


def asked(request: Request) -> str:
    """Return the question by whose results somebody came to an article; empty for who came otherwise."""
    return clean(request.query_params.get("asked", "")[: 4 * MAX_ASKED])[:MAX_ASKED]


def dumped(value: Any) -> bytes:
    """Return a value as JSON, instants and ids as texts."""
    return json.dumps(value, ensure_ascii=False, default=_said).encode()


def _said(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def page(
    frame: Frame,
    template: str,
    *,
    title: str,
    paths: Mapping[str, str],
    description: str = "",
    status: int = 200,
    kept: bool = True,
    step: Mapping[str, Any] | None = None,
    person: str | None = None,
    say: str = "",
    **values: Any,
) -> Response:
    """Send a page; `paths` say where it is in each language that has it.

    `step` is what its reader does by opening it, kept in their tab; `person` the way to a person, with what
    they said so far, and `say` the same in their own voice.
    `kept`: browsers keep it and ask each time whether it still holds; what is for one reader nobody keeps.
    """
    shown = _templates.get_template(template).render(
        frame=frame,
        base=frame.base,
        words=frame.words,
        language=frame.language,
        title=title,
        description=description or title,
        paths=paths,
        listed=kept,
        all_words=words(),
        locales=LOCALES,
        step=step,
        person=person or f"{frame.base}/{frame.language}/person",
        say=say,
        **values,
    )
    body = shown.encode()
    headers = {"Content-Security-Policy": POLICY, "Vary": "Cookie", "Content-Language": frame.language}
    if not kept or not frame.allowed.everybody:
        headers["Cache-Control"] = "private, no-store"
        if not kept:
            headers["X-Robots-Tag"] = "noindex"
        return Response(body, status, headers, "text/html; charset=utf-8")
    return revalidated(frame.request, body, "text/html; charset=utf-8", headers, status)


def revalidated(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Send what anybody may keep and asks for again each time; 304 where it is what they have (RFC 9110)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {"Cache-Control": "public, no-cache", **headers, "ETag": etag}
    known_tags = {
        tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
    }
    if etag in known_tags or "*" in known_tags:
        return Response(status_code=304, headers=told)
    return Response(body, status, told, media_type)
