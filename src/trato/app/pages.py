"""The desk's files: hashed ones for ever, the page itself never from a cache."""

import gzip
import mimetypes
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response

from trato.access.edge import public
from trato.kit.errors import NotFound

router = APIRouter(include_in_schema=False, dependencies=[public()])

DESK = Path(str(resources.files("trato") / "static" / "desk"))
ZIPPED: Final = frozenset({".js", ".css", ".svg", ".json"})  # fonts and pictures are small already
FOR_EVER: Final = "public, max-age=31536000, immutable"


@router.get("/{path:path}")
async def desk(request: Request, path: str) -> Response:
    """Send a file of the desk, or its page for every path that the desk itself reads."""
    if path.startswith(("api/", "hooks/", "widget/")):
        raise NotFound("There is nothing here.")
    file = (DESK / path).resolve()
    if path and file.is_relative_to(DESK) and file.is_file() and file.name != "index.html":
        if not path.startswith("assets/"):
            return FileResponse(file, headers={"Cache-Control": "no-cache"})
        return await _asset(file, zipped="gzip" in request.headers.get("accept-encoding", ""))
    if "." in path.rpartition("/")[2]:
        raise NotFound("There is no such file.")
    page = DESK / "index.html"
    if not page.is_file():
        raise NotFound("The desk is not built.", todo="Run ./trato up, which builds it.")
    return FileResponse(page, headers={"Cache-Control": "no-cache"})


async def _asset(file: Path, *, zipped: bool) -> Response:
    """Send a file whose name changes with its content."""
    if file.suffix not in ZIPPED:
        return FileResponse(file, headers={"Cache-Control": FOR_EVER})
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if not zipped:
        return FileResponse(file, headers=headers)
    small = await run_in_threadpool(_zip, file)
    media_type, _ = mimetypes.guess_type(file.name)
    return Response(small, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)


@cache
def _zip(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
