"""Whole installations to be wounded; each test has its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Visitor, installation


@pytest.fixture
def up(reachable: Path) -> Iterator[Installation]:
    """A running demo shop."""
    with installation(reachable) as found:
        found.start("--demo")
        yield found


@pytest.fixture
async def http(up: Installation) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=up.url, timeout=30, limits=limits, trust_env=False) as client:
        yield client


@pytest.fixture
async def desk(http: httpx.AsyncClient) -> DeskUser:
    """The shop's administrator, who answers customers too."""
    return await DeskUser(http).sign_in()


@pytest.fixture
async def chat(desk: DeskUser) -> str:
    """The public key of the shop's chat."""
    accounts = (await desk.do("GET", "/accounts"))["items"]
    found: str = next(a["public_key"] for a in accounts if a["kind"] == "webchat")
    return found


@pytest.fixture
def visitor(http: httpx.AsyncClient, chat: str) -> Visitor:
    return Visitor(http, chat)
