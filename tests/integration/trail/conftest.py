"""The portal on a real server with a chat, and what writes articles."""

from collections.abc import AsyncIterator

import pytest
from tests.support.portal import SECRET, SITE, Page, Portal, serving
from tests.support.services import make_account, running_services

from trato.db.edge import Services
from trato.db.engine import Database


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def portal(services: Services) -> AsyncIterator[Portal]:
    account = await make_account(services, "webchat", origins=[SITE], identity_secret=SECRET)
    async with serving(services, account) as found:
        yield found


@pytest.fixture
async def page(portal: Portal) -> AsyncIterator[Page]:
    async with portal.page() as found:
        yield await found.open()
