"""The how-to guides of `docs`, for who sets Trato up and has no other place to read them."""

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from trato.access.edge import public
from trato.kit.errors import NotFound
from trato.knowledge.markdown import render
from trato.portal import edge
from trato.portal.centre.frame import revalidated
from trato.portal.look_pages import templates

_NAME: Final = re.compile(r"[a-z][a-z-]{1,40}")
_PACKED: Final = Path(str(resources.files("trato"))) / "manual"  # in a package as it is installed
_SOURCE: Final = Path(__file__).parents[3] / "docs" / "how-to"  # in the repository
_LINK: Final = re.compile(r"\]\((?:\.\./how-to/)?([a-z-]+)\.md(#[\w-]*)?\)")
_ELSEWHERE: Final = re.compile(r"!?\[([^\]]*)\]\(\.\./[^)]*\)")  # pictures and pages that are not served
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False, dependencies=[public()])


@router.get("/manual/{name}")
async def guide(request: Request, name: str) -> Response:
    """Show one guide; they are written in English."""
    edge.limit_network(request, request.app.state.services)
    title, body = _guide(name)
    page = templates.get_template("manual.html").render(title=title, body=body)
    headers = {"Content-Security-Policy": _POLICY}
    return revalidated(request, page.encode(), "text/html; charset=utf-8", headers)


@cache
def _guide(name: str) -> tuple[str, str]:
    folder = _PACKED if _PACKED.is_dir() else _SOURCE
    path = folder / f"{name}.md"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("There is no such page.")
    written = _ELSEWHERE.sub(r"\1", _LINK.sub(r"](/manual/\1\2)", path.read_text("utf-8")))
    heading, _, text = written.partition("\n")
    return heading.removeprefix("# ").strip(), render(text).html
