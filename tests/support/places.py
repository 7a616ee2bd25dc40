"""All places of the desk, read from where it names them: a new one is walked by itself."""

import re
from pathlib import Path
from typing import Final

_SRC = Path(__file__).parents[2] / "web" / "src"


def desk_paths() -> list[str]:
    """Return what the desk's own paths begin with, without the slash; the list itself is empty."""
    found = re.search(r"/\^\\/\((.*)\)/;", (_SRC / "places.ts").read_text("utf-8"))
    assert found, "places.ts says otherwise which paths are the desk's"
    return [one.rstrip("$").replace("\\/", "") for one in found[1].split("|")]


def sections() -> list[str]:
    """Return the sections of administration by their names."""
    found = re.findall(r'\bname: "(\w+)",', (_SRC / "admin" / "sections.ts").read_text("utf-8"))
    assert found, "sections.ts lists the sections otherwise"
    return found


# By what they begin with; what is not here is the path alone.
_INSIDE: Final = {
    "admin": ("/channels/new", "/channels/new/email", "/channels/new/webchat"),
    "articles": ("", "/gaps", "/synonyms", "/answers", "/broken"),
    "incidents": ("", "/services"),
    "search": ("", "?q=heladera"),
}
# Walked where there is something to see: the list, a thread, what stands before signing in, the components.
ELSEWHERE: Final = {"", "c", "v", "sign-in", "forgot", "link", "_ui"}

# Where somebody who is signed in comes to, each with a heading of the first level.
PLACES: Final = tuple(
    f"/{path}{inside}"
    for path in desk_paths()
    if path not in ELSEWHERE
    for inside in (
        *((f"/{name}" for name in sections()) if path == "admin" else ()),
        *_INSIDE.get(path, ("",)),
    )
)
