"""Write the first migration again from the tables; only until the first release."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from trato.db.embedded import EmbeddedPostgres
from trato.db.engine import with_driver
from trato.db.migrate import config
from trato.db.schema import EXTENSIONS

FIRST = Path(__file__).parent.parent / "src/trato/db/migrations/versions/0001_first.py"


def main() -> None:
    """Compare the tables with an empty database and keep the difference as revision 0001."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        FIRST.unlink(missing_ok=True)
        asyncio.run(_write(server.dsn))
    for step in (["format", "-q"], ["check", "-q", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(FIRST)], check=True)


async def _write(dsn: str) -> None:
    engine = create_async_engine(with_driver(dsn))
    async with engine.begin() as connection:
        for name in EXTENSIONS:
            await connection.execute(text(f"CREATE EXTENSION {name}"))
        await connection.run_sync(
            lambda sync: command.revision(config(sync), message="first", rev_id="0001", autogenerate=True)
        )
    await engine.dispose()


main()
