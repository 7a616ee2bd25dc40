"""The desk's files: hashed ones for ever, the page itself never from a cache."""

from importlib import resources
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from trato.access.edge import public
from trato.kit.errors import NotFound

router = APIRouter(include_in_schema=False, dependencies=[public()])

DESK = Path(str(resources.files("trato") / "static" / "desk"))


@router.get("/{path:path}")
async def desk(path: str) -> Response:
    """Send a file of the desk, or its page for every path that the desk itself reads."""
    if path.startswith(("api/", "hooks/", "widget/")):
        raise NotFound("There is nothing here.")
    file = (DESK / path).resolve()
    if path and file.is_relative_to(DESK) and file.is_file() and file.name != "index.html":
        hashed = "assets/" in path
        age = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return FileResponse(file, headers={"Cache-Control": age})
    if "." in path.rpartition("/")[2]:
        raise NotFound("There is no such file.")
    page = DESK / "index.html"
    if not page.is_file():
        raise NotFound("The desk is not built.", todo="Run ./trato up, which builds it.")
    return FileResponse(page, headers={"Cache-Control": "no-cache"})
