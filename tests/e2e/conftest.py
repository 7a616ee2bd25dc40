"""One real installation for the journeys of a worker, one Chromium per file, and fresh profiles per test."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright
from tests.support.mail import SHOP, MailProvider, running_provider
from tests.support.staff import Staff
from tests.support.tree import Tree, running_tree, search_opens
from tests.support.visitor import Visitor

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as people's screens draw them
)
PATIENCE_MS = 40_000
ADMINISTRATOR = "sofia@demo.invalid"
# A browser writes every refused request to its console; asking who is signed in is answered 401.
EXPECTED = re.compile(r"Failed to load resource: .*401")

Profiles = Callable[..., BrowserContext]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def tree() -> Iterator[Tree]:
    """A whole installation with the demo shop, for all journeys of this worker."""
    with running_tree("--demo") as running:
        search_opens(running)
        yield running


@pytest.fixture(scope="session")
def provider() -> Iterator[MailProvider]:
    """One mail provider for all tests of a worker."""
    with running_provider() as running:
        yield running


def connected(administrator: Staff, provider: MailProvider, address: str) -> dict[str, Any]:
    """Connect a mailbox at the provider as the shop's; return the account."""
    account: dict[str, Any] = administrator.post(
        "/accounts",
        kind="email",
        name="Correo de la tienda",
        brand_id=administrator.get("/brands")["items"][0]["id"],
        settings=provider.settings(address),
    )
    return account


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one file: its loop must not outlive tests that bring their own."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def profiles(chromium: Browser) -> Iterator[Profiles]:
    """Makes browser profiles; what a page's console complains of fails the test.

    `allow` is a pattern of complaints that belong to the story, such as a lost network.
    """
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def make(*, allow: str = r"(?!)", **options: Any) -> BrowserContext:
        chosen = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "es-AR",
            "timezone_id": "America/Argentina/Buenos_Aires",
            "service_workers": "block",  # what a page asks is the test's to see; test_installed has them
            **options,
        }
        context = chromium.new_context(**chosen)
        context.set_default_timeout(PATIENCE_MS)
        allowed = re.compile(allow)

        def hear(said: ConsoleMessage) -> None:
            if said.type == "error" and not EXPECTED.search(said.text) and not allowed.search(said.text):
                problems.append(f"{said.text} ({said.location.get('url')})")

        context.on("console", hear)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def administrator(tree: Tree) -> Iterator[Staff]:
    """The demo shop's administrator, as a program."""
    with Staff(tree.url, ADMINISTRATOR) as staff:
        yield staff


@pytest.fixture
def agent(administrator: Staff) -> Iterator[Staff]:
    """An agent of this test's own; afterwards nobody waits, and they have left."""
    number = next(_numbers)
    email = f"agente{number}-{os.getpid()}@demo.invalid"
    administrator.close_everything()
    with administrator.colleague(email, f"Elena Ruiz {number}") as staff:
        yield staff
        administrator.close_everything()
        administrator.post(f"/users/{staff.user['id']}/deactivate")


@pytest.fixture
def colleague(administrator: Staff) -> Iterator[Staff]:
    """A second agent, who takes nothing by routing."""
    name = unique("Bruno Paz")
    address = f"{name.replace(' ', '').lower()}-{os.getpid()}@demo.invalid"
    with administrator.colleague(address, name) as staff:
        yield staff
        administrator.post(f"/users/{staff.user['id']}/deactivate")


@pytest.fixture
def visitor(tree: Tree) -> Iterator[Visitor]:
    """A customer as a program."""
    with Visitor(tree.url) as somebody:
        yield somebody


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[str]:
    """The address of a mailbox that the running system reads."""
    address = f"hola.{uuid4().hex[:8]}@{SHOP}"
    account = connected(administrator, provider, address)
    yield address
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


def unique(text: str) -> str:
    """Return the text with a number that no other test writes."""
    return f"{text} {next(_numbers)}"
