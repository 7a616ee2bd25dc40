"""The desk in a real Chromium, worked by its keys: each is timed from the key to the frame that shows it."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from trato.kit.errors import Unavailable

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
    "--enable-precise-memory-info",
)
SETTLED_MS: Final = 30_000
_SCRIPT: Final = Path(__file__).with_name("soak_page.js")
# Windows that a key opens on a conversation, and over everything.
_WINDOWS: Final = ("t", "e", "c", "?", "/", "Control+k")


@dataclass(frozen=True, slots=True)
class Timed:
    """From a key to the next frame, and to the one that shows what it was pressed for; in milliseconds."""

    key: str
    paint_ms: float
    shown_ms: float | None  # None: not within five seconds
    stood: str = ""  # what there was then instead


@dataclass(frozen=True, slots=True)
class Weight:
    """What the page holds with the list alone on the screen, after the garbage was collected."""

    heap_mb: float
    nodes: float
    listeners: float


@dataclass(slots=True)
class Hand:
    """Somebody who works at the desk by its keys, one act after the other."""

    page: "Page"
    tools: "CDPSession"
    timed: list[Timed] = field(default_factory=list)
    at_work: Callable[[UUID], None] = lambda _: None  # told which conversation is on the screen
    turn: int = 0

    async def round(self) -> None:
        """Do each act once: to the list, open, move, write, send, note, search, and every window."""
        self.turn += 1
        await self._to_list()
        href = await self.page.evaluate("(at) => window.soak.focus(at)", self.turn * 3)
        self._at_work(href)
        await self._key("Enter", "opened", href)
        if not self._at_work(await self.page.evaluate("location.pathname")):
            return  # it ended between the look and the key: the next round begins at the list again
        for key in ("j", "j", "k"):
            await self._rest()
            await self._key(key, "moved", await self.page.evaluate("window.soak.chosen()"))
        self._at_work(await self.page.evaluate("location.pathname"))
        await self._writes()
        await self._rest()
        await self._key("n", "writes")
        await self._rest()
        await self._key("h", "finds")
        await self.page.keyboard.press("Escape")
        for key in _WINDOWS:
            await self._rest()
            await self._key(key, "window")
            await self._key("Escape", "closed")

    async def _writes(self) -> None:
        await self._rest()
        await self._key("r", "writes")
        said = f"Va saliendo {self.turn}"
        await self.page.keyboard.insert_text(said[:-1])
        await self._key(said[-1], "letters", said)
        await self._key("Enter", "said", said)

    async def _key(self, key: str, shows: str, told: Any = None) -> None:
        await self.page.evaluate("(asked) => window.soak.arm(asked)", [shows, told])
        await self.page.keyboard.press(key)
        found = await self.page.evaluate("() => window.soak.result")
        name = {"Escape": f"Escape ({shows})", "Enter": f"Enter ({shows})"}.get(key, key)
        if shows == "letters":
            name = "a letter"
        self.timed.append(Timed(name, found["paint"], found["shown"], found.get("stood", "")))

    async def _to_list(self) -> None:
        await self._rest()
        if await self.page.evaluate("location.pathname") != "/":
            await self._key("Escape", "listed")

    async def _rest(self) -> None:
        await self.page.evaluate("window.soak.rest()")

    def _at_work(self, path: str | None) -> bool:
        """Have the conversation of this page spared; False where there is none."""
        if path is None or not path.startswith("/c/"):
            return False
        self.at_work(UUID(path.rpartition("/")[2]))
        return True

    async def weigh(self) -> Weight:
        """Collect the garbage and say what is left, with the list alone: a thread grows by what is said."""
        await self._to_list()
        for _ in range(2):  # what the first frees may hold more
            await self.tools.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in (await _metrics(self.tools))}
        return Weight(
            round(found["JSHeapUsedSize"] / 2**20, 2), float(found["Nodes"]), float(found["JSEventListeners"])
        )

    async def heard(self) -> tuple[int, int, int]:
        """Return how many events came, the place of the last, and how many times some were missing."""
        heard, last, gaps = await self.page.evaluate("window.soak.mark()")
        return int(heard), int(last), int(gaps)

    async def rows(self) -> dict[str, str]:
        """Return what the list shows of each conversation that stands on the page."""
        return {
            href.rpartition("/")[2]: said for href, said in await self.page.evaluate("window.soak.rows()")
        }


async def _metrics(tools: "CDPSession") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await tools.send("Performance.getMetrics"))["metrics"]
    return found


@asynccontextmanager
async def desk(url: str, email: str, password: str, *, live: int) -> AsyncIterator[Hand]:
    """Open the desk in a Chromium of its own, sign in and choose the team's list, which counts so many.

    Raises `Unavailable` where Playwright or Chromium are missing, with how to get them.
    """
    playwright, executable = _browser()
    async with playwright() as running:
        browser = await running.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            context = await browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="en-US", service_workers="block"
            )
            context.set_default_timeout(SETTLED_MS)
            page = await context.new_page()
            await page.goto(f"{url}/")
            await page.locator("input[type=email]").fill(email)
            await page.locator("input[type=password]").fill(password)
            await page.locator("button[type=submit]").click()
            await page.get_by_role("button", name=f"Team {live}").click()
            await page.locator("a.row").first.wait_for()
            session = await context.request.get(f"{url}/api/v1/session")
            await page.evaluate(_SCRIPT.read_text("utf-8"))
            await page.evaluate("(user) => window.soak.listen(user)", (await session.json())["user"]["id"])
            tools = await context.new_cdp_session(page)
            await tools.send("Performance.enable")
            yield Hand(page, tools)
        finally:
            await browser.close()


def _browser() -> tuple[Any, str]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        raise Unavailable(
            "A soak works the desk in a real browser, and Playwright is not installed here.",
            todo="Install it beside Trato: pip install playwright. In a clone, ./trato test brings it.",
        ) from None
    if executable is None:
        raise Unavailable(
            "A soak works the desk in a real browser, and there is no Chromium on this machine.",
            todo="Install it from your system's packages, on Debian: apt-get install chromium.",
        )
    return async_playwright, executable
