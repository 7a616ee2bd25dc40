"""A database of a measurement's own, so that figures never touch anybody's data."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from trato.db.embedded import throwaway
from trato.db.engine import plain_dsn
from trato.db.migrate import upgrade


@asynccontextmanager
async def scratch_database(server_url: str | None) -> AsyncIterator[str]:
    """Give the URL of a fresh, migrated database, gone afterwards.

    It is made on `server_url`, which needs the right to create databases, or on an embedded server that is
    started for this. Both keep their durable settings.
    """
    if server_url is None:
        with throwaway() as server:
            await upgrade(server.dsn)
            yield server.dsn
        return
    name = f"trato_bench_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(plain_dsn(server_url))
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        await upgrade(url)
        yield url
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()
