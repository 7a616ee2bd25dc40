"""Pictures of the product, taken by the journeys that pass by: for its documentation, and to look at."""

import os
from pathlib import Path

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
    taken = page.screenshot(path=folder / f"{name}.png", animations="disabled", caret="hide")
    assert len(taken) <= most_bytes, f"{name}.png has {len(taken)} bytes"


def look(page: Page, name: str) -> None:
    """Take a picture to look at, into the folder that TRATO_TEST_PICTURES names, if it does."""
    folder = os.environ.get("TRATO_TEST_PICTURES")
    if folder:
        page.evaluate(STANDS)
        page.screenshot(path=Path(folder) / f"{name}.png")
