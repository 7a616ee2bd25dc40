"""Pictures of the product, taken by the journeys that pass by: for its documentation, and to look at."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page
from tests.support.screens import STANDS

LARGEST_BYTES = 250_000
_IMAGES = Path(__file__).parents[2] / "docs" / "images"


def picture(page: Page, name: str, elsewhere: Path, most_bytes: int = LARGEST_BYTES) -> None:
    """Take a picture; it replaces the one in `docs/images` when TRATO_SCREENSHOTS is set."""
    folder = _IMAGES if os.environ.get("TRATO_SCREENSHOTS") else elsewhere
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    taken = few_colours(page.screenshot(animations="disabled", caret="hide"))
    (folder / f"{name}.png").write_bytes(taken)
    assert len(taken) <= most_bytes, f"{name}.png has {len(taken)} bytes"


def few_colours(png: bytes) -> bytes:
    """Return the picture with 256 colours at most: a third of the bytes, and a screen looks the same."""
    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as whole:
        whole.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def look(page: Page, name: str) -> None:
    """Take a picture to look at, into the folder that TRATO_TEST_PICTURES names, if it does."""
    folder = os.environ.get("TRATO_TEST_PICTURES")
    if folder:
        page.evaluate(STANDS)
        page.screenshot(path=Path(folder) / f"{name}.png")
