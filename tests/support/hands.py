"""Hands with nothing but a keyboard: they come to a control by Tab, as people do who cannot point."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

MOST = 90  # presses on the way to one control


class Hands:
    """Works a page by its keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> Self:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Self:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)
        return self

    def to(self, control: Locator, *, back: bool = False) -> Self:
        """Go on with Tab until the control has the focus; with `back`, the other way round."""
        expect(control).to_be_visible()
        for _ in range(MOST):
            if control.evaluate("(one) => one === document.activeElement"):
                return self
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{MOST} times Tab never come to {control}")
