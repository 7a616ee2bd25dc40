"""Pictures of the product for its documentation, taken by the journeys that pass by."""

import os
from pathlib import Path

from playwright.sync_api import Page

LARGEST_BYTES = 250_000
_IMAGES = Path(__file__).parents[2] / "docs" / "images"


def picture(page: Page, name: str, elsewhere: Path) -> None:
    """Take a picture; it replaces the one in `docs/images` when TRATO_SCREENSHOTS is set."""
    folder = _IMAGES if os.environ.get("TRATO_SCREENSHOTS") else elsewhere
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    taken = page.screenshot(path=folder / f"{name}.png", animations="disabled", caret="hide")
    assert len(taken) < LARGEST_BYTES, f"{name}.png has {len(taken)} bytes"
