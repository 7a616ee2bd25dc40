"""The process that keeps one PostgreSQL server for all workers of a test run, and ends it after the last.

Run as a script with the run's folder. Each worker holds a shared lock on `users`; when the keeper gets that
lock for itself nobody is left, however the workers ended.
"""

import asyncio
import fcntl
import shutil
import sys
import time
import traceback
from pathlib import Path

import asyncpg

from trato.db.embedded import EmbeddedPostgres
from trato.db.engine import plain_dsn
from trato.db.migrate import upgrade

TEMPLATE = "trato_template"
POLL_S = 0.3

# Tests need the outcome, not the disk.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}


def keep(folder: Path) -> None:
    try:
        with EmbeddedPostgres(folder / "data", settings=HASTY) as server:
            asyncio.run(make_template(server.dsn))
            publish(folder / "dsn", server.dsn)
            with (folder / "users").open("a") as users:
                wait_until_alone(users.fileno(), server)
    except Exception:  # noqa: BLE001 -- the workers are told, whatever it was
        publish(folder / "failure", traceback.format_exc())
    else:
        shutil.rmtree(folder, ignore_errors=True)


async def make_template(dsn: str) -> None:
    admin = await asyncpg.connect(plain_dsn(dsn))
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    await admin.close()
    await upgrade(dsn.replace("/trato?", f"/{TEMPLATE}?"))


def publish(path: Path, content: str) -> None:
    scratch = path.with_suffix(".new")
    scratch.write_text(content)
    scratch.rename(path)


def wait_until_alone(users: int, server: EmbeddedPostgres) -> None:
    while True:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            server.tend()
            time.sleep(POLL_S)
        else:
            return


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
