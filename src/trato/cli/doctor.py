"""`trato doctor`: looks at everything an installation stands on and says what is wrong, with the mend.

It asks the tables by SQL instead of the slices' code, so that it also speaks about a database of another
version, or one that is broken.
"""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from trato.cli.health import (
    Check,
    DatabaseFacts,
    State,
    judge_account,
    judge_backup,
    judge_clock,
    judge_consumers,
    judge_database,
    judge_disk,
    judge_jobs,
    judge_migrations,
    judge_router,
    judge_routing,
    judge_search,
    judge_stranded,
    judge_trouble,
    judge_webhook,
    lines,
)
from trato.cli.installation import AsJson, Data, database, load_settings, print_json

if TYPE_CHECKING:
    import asyncpg

    from trato.settings import Settings

    Connection = asyncpg.Connection[asyncpg.Record]

app = typer.Typer()

# The roles that use the database now: each connects under its own name.
_RUNNING = """
    SELECT DISTINCT substr(application_name, 7) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name IN ('trato web', 'trato work', 'trato route')
"""


@app.command()
def doctor(*, data: Data = None, as_json: AsJson = False) -> None:
    """Check database, migrations, disk, clock, channels, workers and backups; say how to mend them."""
    settings = load_settings(data=data)
    checks = [*look_at_folder(settings), *look_at_database(settings)]
    for line in lines(checks):
        typer.echo(line, err=as_json)
    failed = any(check.state is State.FAIL for check in checks)
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(check) for check in checks]})
    if failed:
        raise typer.Exit(1)


def look_at_folder(settings: "Settings") -> Iterator[Check]:
    """Check what lies on this machine's disk."""
    from trato.db.embedded.place import abandoned

    if not settings.data.is_dir():
        yield Check("folder", State.FAIL, f"{settings.data} is missing", "Say where it is with --data.")
        return
    places = {settings.data.resolve(), (settings.data / "postgres").resolve()}
    seen: set[int] = set()
    for place in sorted(path for path in places if path.exists()):
        if place.stat().st_dev not in seen:
            seen.add(place.stat().st_dev)
            yield judge_disk(str(place), shutil.disk_usage(place).free)
    for place in abandoned():
        message = f"{place} holds the database of a data folder that is gone"
        yield Check("disk", State.WARN, message, f"If it was deleted on purpose: rm -r {place}")
    key = settings.data / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Check("key", State.FAIL, f"{key} can be read by other users", f"chmod 600 {key}")


def look_at_database(settings: "Settings") -> list[Check]:
    """Check the database and what its tables tell; a server that cannot be reached is one failed check."""
    import asyncpg

    from trato.kit.errors import DomainError

    try:
        with database(settings) as dsn:
            return asyncio.run(_ask(dsn, settings))
    except DomainError as error:
        return [Check("database", State.FAIL, error.message, error.todo)]
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        todo = "Is the server running, and TRATO_DATABASE_URL right?"
        return [Check("database", State.FAIL, f"cannot be reached: {error}", todo)]


async def _ask(dsn: str, settings: "Settings") -> list[Check]:
    import asyncpg

    from trato.db import migrate
    from trato.db.engine import plain_dsn

    connection: Connection = await asyncpg.connect(plain_dsn(dsn), timeout=10, command_timeout=30)
    try:
        checks = [judge_database(await _server(connection))]
        current = await migrate.current(dsn)
        known = current is not None and migrate.knows(current)
        checks.append(judge_migrations(current, migrate.head(), known=known))
        if current == migrate.head():
            checks += [check async for check in _tables(connection, settings)]
        return checks
    finally:
        await connection.close()


async def _server(c: "Connection") -> DatabaseFacts:
    began_s = time.perf_counter()
    await c.fetchval("SELECT 1")
    answer_ms = (time.perf_counter() - began_s) * 1000
    row = await c.fetchrow("""
        SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS in_recovery,
               current_setting('fsync')::bool AND current_setting('full_page_writes')::bool
                 AND current_setting('synchronous_commit') <> 'off' AS durable,
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
               current_setting('max_connections')::int AS connection_limit
    """)
    if row is None:
        raise OSError("the server says nothing of itself")
    return DatabaseFacts(major=c.get_server_version().major, answer_ms=answer_ms, **row)


async def _tables(c: "Connection", settings: "Settings") -> AsyncIterator[Check]:
    from trato.channels import load_connectors
    from trato.db import one_key
    from trato.kit.clock import now
    from trato.routing.checks import INVARIANTS

    row = await c.fetchrow("SELECT clock_timestamp() AS database, (SELECT max(at) FROM event) AS newest")
    here = now()
    if row is not None:
        yield judge_clock(here, row["database"], row["newest"])
    for account in await c.fetch("""
        SELECT name, kind, CASE WHEN sending_error IS NULL THEN state ELSE 'failing' END,
               coalesce(sending_error, last_error), last_ok_at FROM account
        WHERE enabled AND removed_at IS NULL ORDER BY name
    """):
        connector = load_connectors().get(account["kind"])
        connects = None if connector is None else connector.capabilities.listens
        yield judge_account(*account, connects=connects)
    for endpoint in await c.fetch("""
        SELECT url, state, failures, last_error, failing_since FROM webhook_endpoint
        WHERE removed_at IS NULL ORDER BY id
    """):
        yield judge_webhook(*endpoint)
    yield _judge_key(await one_key.noted(c), settings)
    running = [row[0] for row in await c.fetch(_RUNNING)]
    jobs = await c.fetchrow("""
        SELECT min(run_at) FILTER (WHERE state = 'waiting' AND run_at <= now())
                 AS oldest_due, count(*) FILTER (WHERE state = 'failed') AS failed FROM job
        WHERE coalesce(lane, kind) NOT IN (SELECT lane FROM job_lane WHERE held_until > now())
    """)
    if jobs is not None:
        yield judge_jobs(here, jobs["oldest_due"], jobs["failed"], running=running)
    lease, waiting = await c.fetchrow(
        "SELECT (SELECT max(expires_at) FROM routing_lease), (SELECT count(*) FROM waiting)"
    ) or (None, 0)
    yield judge_router(here, lease, waiting, running=running)
    yield judge_routing({name: len(await c.fetch(sql)) for name, sql in INVARIANTS.items()})
    if running:  # nobody serves anybody in a stopped one; the lines above say so
        yield await _stranded(c)
    readers = await c.fetch("""
        SELECT name, greatest((SELECT max(last) FROM event_position) - position, 0) FROM consumer
    """)
    yield judge_consumers([(row[0], row[1]) for row in readers])
    yield await _search(c)
    yield judge_trouble(
        *await c.fetchrow("""
        SELECT (SELECT count(*) FROM conversation WHERE trouble = 'uncertain'),
               (SELECT count(*) FROM conversation WHERE trouble = 'failed'),
               (SELECT count(*) FROM receipt WHERE state = 'broken')
    """)
        or (0, 0, 0)
    )
    installed = await c.fetchval("SELECT set_up_at FROM organisation")
    yield judge_backup(here, last_backup(settings.data), installed)


async def _search(c: "Connection") -> Check:
    """Look how far the desk's search has read."""
    behind = await c.fetchval("""
        SELECT greatest((SELECT max(last) FROM event_position) - position, 0) FROM consumer
        WHERE name = 'finding'
    """)
    unread = await c.fetch("""
        SELECT name
        FROM unnest(ARRAY['contacts', 'cases', 'articles', 'messages']) WITH ORDINALITY AS one (name, kind)
        WHERE NOT EXISTS (SELECT FROM finding_state s WHERE s.kind = one.kind AND s.read_all_at IS NOT NULL)
    """)
    return judge_search(behind, [row[0] for row in unread])


async def _stranded(c: "Connection") -> Check:
    """Look twice: what a router at work deals with may be wrong for a moment, what stays is."""
    from trato.routing.checks import SETTLES_S, find_passing

    await c.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    first = await find_passing(c.fetch)
    if not first:
        return judge_stranded({})
    await asyncio.sleep(SETTLES_S)
    again = await find_passing(c.fetch)
    return judge_stranded({name: len(set(ids) & set(again.get(name, ()))) for name, ids in first.items()})


def _judge_key(fingerprint: str | None, settings: "Settings") -> Check:
    from trato.db import one_key
    from trato.kit.errors import DomainError

    if fingerprint is None:
        return Check("key", State.WARN, "the database was never started", "Start `trato up` once.")
    try:
        one_key.compare(fingerprint, lambda: settings.secrets, settings.key_file)
    except DomainError as error:
        return Check("key", State.FAIL, error.message.rstrip("."), error.todo)
    return Check("key", State.OK, "is the one that the database was made with")


def last_backup(data: Path) -> datetime | None:
    """Return when the last full backup was made, by the note it left."""
    try:
        note = json.loads((data / "backups" / "last.json").read_text())
        return datetime.fromisoformat(note["created_at"])
    except (OSError, ValueError, KeyError):
        return None
