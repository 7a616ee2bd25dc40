"""Judges a screen as it stands, by axe and by its width; keeps a picture where one is wanted."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.support import pictures
from tests.support.screens import STANDS

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def accessible(page: Page, place: str) -> None:
    """Fail with what axe finds wrong on the page as it is now."""
    page.wait_for_load_state()  # styles may still be on their way
    page.evaluate(STANDS)
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    told = [
        f"{one['id']}: {one['help']}\n    " + "\n    ".join(node["html"][:200] for node in one["nodes"][:5])
        for one in found
    ]
    assert told == [], f"{place}:\n  " + "\n  ".join(told)


def no_sideways_scrolling(page: Page, place: str) -> None:
    """Fail when the page is wider than its window."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{place} is {wide[0]} px wide on {wide[1]} px"


def look(page: Page, name: str) -> None:
    """Judge a screen by WCAG 2.2 AA and its width, and keep its picture where one is wanted."""
    pictures.look(page, name)
    accessible(page, name)
    no_sideways_scrolling(page, name)
