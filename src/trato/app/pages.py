"""The desk's files: hashed ones for ever, the page itself never from a cache."""

from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from trato.access import built_files
from trato.access.edge import public
from trato.kit.errors import NotFound

router = APIRouter(include_in_schema=False, dependencies=[public()])

DESK = Path(str(resources.files("trato") / "static" / "desk"))
# Fonts and pictures are small already.
ZIPPED: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"


@router.get("/{path:path}")
async def desk(request: Request, path: str) -> Response:
    """Send a file of the desk, or its page for every path that the desk itself reads."""
    if path.startswith(("api/", "hooks/", "widget/")):
        raise NotFound("There is nothing here.")
    file = (DESK / path).resolve()
    if path and file.is_relative_to(DESK) and file.is_file() and file.name != "index.html":
        headers = {"Cache-Control": FOR_EVER if path.startswith("assets/") else "no-cache"}
        if file.suffix not in ZIPPED:
            return FileResponse(file, headers=headers)
        return await built_files.send(request, file, ZIPPED[file.suffix], headers)
    if "." in path.rpartition("/")[2]:
        raise NotFound("There is no such file.")
    page = DESK / "index.html"
    if not page.is_file():
        raise NotFound("The desk is not built.", todo="Run ./trato up, which builds it.")
    return FileResponse(page, headers={"Cache-Control": "no-cache"})
