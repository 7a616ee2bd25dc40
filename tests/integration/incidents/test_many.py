"""Many wait for one incident, and workers are killed while they tell them: each is told exactly once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.incidents.telling import handlers

from trato.db.jobs import Worker
from trato.incidents import service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROCESS = Path(__file__).with_name("teller_process.py")
LIMIT_S = 600
DONE = {"es": "El banco cambió su certificado."}

# Half of them asked by mail and were never heard of before; half wrote by chat, and are linked.
_ASKED = text("""
    WITH made AS (
        INSERT INTO contact (id, name, language)
        SELECT gen_random_uuid(), 'Persona ' || n, 'es' FROM generate_series(1, :count) n RETURNING id, name
    ), reached AS (
        INSERT INTO address (id, contact_id, kind, value, key, verified_at)
        SELECT gen_random_uuid(), id, 'email', replace(lower(name), ' ', '') || '@example.org',
               replace(lower(name), ' ', '') || '@example.org', now() FROM made RETURNING contact_id, value
    )
    INSERT INTO incident_follower (id, incident_id, contact_id, channel, address, language, asked_at_place)
    SELECT gen_random_uuid(), :incident, contact_id, 'email', value, 'es', 'page' FROM reached
""")
_LINKED = text("""
    WITH made AS (
        INSERT INTO contact (id, name, language)
        SELECT gen_random_uuid(), 'Visita ' || n, 'es' FROM generate_series(1, :count) n RETURNING id
    ), matter AS (
        INSERT INTO cases (id, brand_id, contact_id, title, updated_at)
        SELECT gen_random_uuid(), :brand, id, 'Compra', now() FROM made RETURNING id, contact_id
    ), talk AS (
        INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                                  last_inbound_at, language)
        SELECT gen_random_uuid(), :account, contact_id, 'webchat', :brand, contact_id, id, now(), 'es'
        FROM matter RETURNING id
    )
    INSERT INTO incident_link (incident_id, conversation_id, by) SELECT :incident, id, 'test' FROM talk
""")
_STATES = "SELECT state, count(*) AS n FROM incident_telling GROUP BY state"
_TOLD = "SELECT count(*) AS n, count(DISTINCT contact_id) AS people FROM message WHERE payload ? 'incident'"


async def gather(floor, incident_id: str, count: int) -> None:
    values = {
        "incident": UUID(incident_id),
        "count": count // 2,
        "brand": floor.brand_id,
        "account": floor.chat.id,
    }
    async with floor.services.db.begin() as c:
        await c.execute(_ASKED, values)
        await c.execute(_LINKED, values)


async def end(floor, incident_id: str) -> None:
    async with floor.services.db.begin() as c:
        await service.resolve(c, UUID(incident_id), DONE, actor="test")


async def told(floor) -> int:
    (row,) = await floor.rows(_TOLD)
    assert row["n"] == row["people"], "somebody was told twice"
    return int(row["n"])


async def reached(floor, count: int, limit_s: float = LIMIT_S) -> int:
    deadline = time.monotonic() + limit_s
    while (now := await told(floor)) < count:
        assert time.monotonic() < deadline, f"{now} of {count} were told"
        await asyncio.sleep(0.1)
    return now


@asynccontextmanager
async def teller(dsn: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROCESS,
        dsn,
        str(folder),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def lapse(floor) -> None:
    """Let the lease of a dead worker be over, as it is after a minute."""
    async with floor.services.db.begin() as c:
        await c.execute(text("UPDATE job SET lease_until = now() - interval '1 s' WHERE state = 'running'"))


async def test_killed_again_and_again_while_telling_each_is_told_once(
    floor, declare, fresh_dsn, tmp_path
) -> None:
    made = await declare()
    await gather(floor, made["id"], 1_000)
    await end(floor, made["id"])
    for goal in (1, 300, 600):
        async with teller(fresh_dsn, tmp_path):
            await reached(floor, goal)
        await end(floor, made["id"])  # pressed once more by somebody who sees nothing happen
        await lapse(floor)
    async with teller(fresh_dsn, tmp_path):
        await reached(floor, 1_000)
    assert await floor.rows(_STATES) == [{"state": "told", "n": 1_000}]
    assert await told(floor) == 1_000


@pytest.mark.alone
async def test_ten_thousand_are_told_once_and_the_time_is_known(floor, supervisor, declare, capsys) -> None:
    made = await declare()
    await gather(floor, made["id"], 10_000)
    began = time.monotonic()
    answers = [
        await supervisor.post(f"/incidents/{made['id']}/resolve", json={"texts": DONE}) for _ in range(2)
    ]
    pressed_s = time.monotonic() - began
    assert [one.json()["to_tell"] for one in answers] == [10_000, 10_000]

    async def sent(data: dict[str, str], attempt: int) -> None:
        """Take a message as if it were sent."""

    work = {**handlers(floor.services), "send": sent}
    running = asyncio.create_task(Worker(floor.services.db, floor.services.wake, work).run())
    began = time.monotonic()
    await reached(floor, 10_000)
    took_s = time.monotonic() - began
    running.cancel()
    await asyncio.wait([running])
    assert await floor.rows(_STATES) == [{"state": "told", "n": 10_000}]
    with capsys.disabled():
        print(f"\n10,000 told in {took_s:.0f} s; resolved twice in {pressed_s:.1f} s")
