"""The visitor API on a real server, asked as a shop's page asks it."""

from collections.abc import AsyncIterator

import pytest
from tests.support.portal import SECRET, SITE, Page, Portal, serving
from tests.support.services import make_account, running_services

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.engine import Database


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def account(services: Services) -> AccountRecord:
    return await make_account(services, "webchat", origins=[SITE], max_file_mb=1, identity_secret=SECRET)


@pytest.fixture
async def portal(services: Services, account: AccountRecord) -> AsyncIterator[Portal]:
    async with serving(services, account) as found:
        yield found


@pytest.fixture
async def page(portal: Portal) -> AsyncIterator[Page]:
    async with portal.page() as found:
        yield found
