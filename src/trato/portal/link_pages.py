"""What the pages behind a contact's signed links share: no script, no trace, a word once one is too old."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.portal import service

_templates = Environment(
    loader=PackageLoader("trato.portal", "help"), autoescape=select_autoescape(), undefined=StrictUndefined
)
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


def language_for(request: Request, contact: Mapping[str, Any], organisation: Mapping[str, Any] | None) -> str:
    """Return the browser's language; without one that we speak the contact's, else the organisation's."""
    first = contact["language"] or (organisation["language"] if organisation else "es")
    return service.language_of(request.headers.get("accept-language", ""), service.language_of(first))


def name_of(organisation: Mapping[str, Any] | None) -> str:
    """Return what stands at the top of a page."""
    return str(organisation["name"]) if organisation else "Trato"


async def gone(request: Request, c: AsyncConnection, words: Mapping[str, Mapping[str, str]]) -> Response:
    """Say that a link is no good any more; `words` are those of its page, by language."""
    language = service.language_of(request.headers.get("accept-language", ""))
    name = name_of(await brands.get_organisation(c))
    page = answer("link_gone.html", language=language, words=words[language], name=name)
    page.status_code = 404
    return page


def answer(template: str, **values: Any) -> Response:
    """Send a page that nobody keeps, lists or frames."""
    page = _templates.get_template(template).render(**values)
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",  # the address is a key: it goes to no other site
        "X-Robots-Tag": "noindex",
        "Vary": "Accept-Language",
    }
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)
