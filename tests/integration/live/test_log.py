"""The event log: positions without gaps, retention, and consumers with effects exactly once."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.errors import TooLarge
from trato.live import queries, service, tasks
from trato.live.consumers import Consumer
from trato.live.queries import Event


async def append(c: AsyncConnection, number: int, *, audience: str = "staff") -> None:
    await service.append(c, "thing.changed", audience=audience, data={"number": number})


async def test_an_event_comes_back_as_it_was_written(db: Database) -> None:
    contact, conversation, case = uuid4(), uuid4(), uuid4()
    async with db.begin() as c:
        await service.append(
            c,
            "message.created",
            audience="all",
            actor="user:1",
            contact_id=contact,
            conversation_id=conversation,
            case_id=case,
            data={"message": {"text": 'línea\nuna "cita" \u2028 🦊'}},
        )
    assert await service.sequence(db) == 1
    async with db.connect() as c:
        (event,) = await queries.everything(c, 0)
        assert await service.position(c) == 1
    assert event.envelope.pop("at")
    assert event.envelope == {
        "id": 1,
        "type": "message.created",
        "actor": "user:1",
        "contact_id": str(contact),
        "conversation_id": str(conversation),
        "case_id": str(case),
        "data": {"message": {"text": 'línea\nuna "cita" \u2028 🦊'}},
    }
    assert "\n" not in event.body


async def test_a_writer_that_commits_late_gets_a_later_position(committing_db: Database) -> None:
    async with committing_db.begin() as late:
        await append(late, 1)
        async with committing_db.begin() as c:
            await append(c, 2)
        assert await service.sequence(committing_db) == 1
    assert await service.sequence(committing_db) == 2
    async with committing_db.connect() as c:
        assert [event.data["number"] for event in await queries.everything(c, 0)] == [2, 1]


async def test_an_event_rolled_back_leaves_no_gap(committing_db: Database) -> None:
    async with committing_db.connect() as c:
        await append(c, 1)
    async with committing_db.begin() as c:
        await append(c, 2)
    assert await service.sequence(committing_db) == 1


async def test_many_sequencers_and_writers_give_each_event_one_position(committing_db: Database) -> None:
    seen: list[int] = []

    async def write(seed: int) -> None:
        chance = random.Random(seed)
        for number in range(40):
            async with committing_db.begin() as c:
                await append(c, seed * 1000 + number)
                await asyncio.sleep(chance.choice([0, 0, 0.002, 0.02]))

    async def follow() -> None:
        cursor = 0
        while len(seen) < 200:
            last = await service.sequence(committing_db)
            async with committing_db.connect() as c:
                page = await queries.everything(c, cursor, until=last)
            for event in page:
                assert event.position == cursor + 1, "a reader went past a gap"
                cursor = event.position
                seen.append(event.data["number"])

    async def sequence() -> None:
        while len(seen) < 200:
            await service.sequence(committing_db)

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(seed) for seed in range(5)), follow(), sequence(), sequence())
    assert sorted(seen) == [seed * 1000 + number for seed in range(5) for number in range(40)]


async def test_a_consumer_takes_effect_once_though_it_fails_and_competes(
    committing_db: Database, fresh_dsn: str
) -> None:
    async with committing_db.begin() as c:
        await c.execute(text("CREATE TABLE effect (number int)"))
    chance = random.Random(1)
    failures = 0

    async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
        nonlocal failures
        for event in events:
            await c.execute(text("INSERT INTO effect VALUES (:n)"), {"n": event.data["number"]})
        if chance.random() < 0.3:
            failures += 1
            message = "after the work, before the commit"
            raise RuntimeError(message)

    wake = Wake(fresh_dsn)  # never started: competing consumers need no wake-up to be right
    consumers = [Consumer("effects", committing_db, wake, handle, from_start=True) for _ in range(3)]
    await consumers[0].register()
    written = 0

    async def write() -> None:
        nonlocal written
        for number in range(150):
            async with committing_db.begin() as c:
                await append(c, number)
            written += 1

    async def step(consumer: Consumer) -> None:
        while True:
            try:
                moved = await consumer.step()
            except RuntimeError:
                continue
            async with committing_db.connect() as c:
                (state,) = await queries.consumers(c)
            if not moved and written == state.position == 150:
                return

    async with asyncio.timeout(60):
        await asyncio.gather(write(), *(step(consumer) for consumer in consumers))
    async with committing_db.connect() as c:
        effects = list(await c.scalars(text("SELECT number FROM effect ORDER BY number")))
    assert effects == list(range(150))
    assert failures


async def test_a_consumer_of_some_types_moves_past_the_others(
    committing_db: Database, fresh_dsn: str
) -> None:
    got: list[str] = []

    async def handle(_c: AsyncConnection, events: Sequence[Event]) -> None:
        got.extend(event.type for event in events)

    consumer = Consumer("some", committing_db, Wake(fresh_dsn), handle, types=["b"], from_start=True)
    await consumer.register()
    async with committing_db.begin() as c:
        for kind in ("a", "b", "a", "b", "a"):
            await service.append(c, kind, audience="system", data={})
    assert await consumer.step()
    assert not await consumer.step()
    assert got == ["b", "b"]
    async with committing_db.connect() as c:
        assert [(state.position, state.behind) for state in await queries.consumers(c)] == [(5, 0)]


async def age(db: Database, days: int, until: int) -> None:
    async with db.begin() as c:
        await c.execute(
            text("UPDATE event SET at = now() - make_interval(days => :d) WHERE position <= :p"),
            {"d": days, "p": until},
        )


async def kept(db: Database) -> list[int]:
    async with db.connect() as c:
        return [event.position for event in await queries.everything(c, 0)]


@pytest.fixture
async def ten_events(db: Database) -> Database:
    async with db.begin() as c:
        for number in range(10):
            await append(c, number)
    await service.sequence(db)
    return db


async def delete_old(db: Database, hold: int | None = None) -> None:
    async with db.begin() as c:
        await service.delete_old(c, timedelta(days=7), hold)


async def test_what_nobody_needs_any_more_is_deleted_after_a_week(ten_events: Database) -> None:
    await age(ten_events, 8, until=4)
    await delete_old(ten_events)
    assert await kept(ten_events) == [5, 6, 7, 8, 9, 10]
    async with ten_events.connect() as c:
        assert not await queries.reachable(c, 3)
        assert await queries.reachable(c, 4)
        assert await queries.reachable(c, 10)
        assert not await queries.reachable(c, 11)


async def test_readers_behind_hold_the_log_but_not_for_ever(ten_events: Database, fresh_dsn: str) -> None:
    async def handle(_c: AsyncConnection, _events: Sequence[Event]) -> None: ...

    await Consumer("slow", ten_events, Wake(fresh_dsn), handle, from_start=True).register()
    async with ten_events.begin() as c:
        await c.execute(text("UPDATE consumer SET position = 6"))
    await age(ten_events, 8, until=10)
    await delete_old(ten_events, hold=2)
    assert await kept(ten_events) == [3, 4, 5, 6, 7, 8, 9, 10]
    await delete_old(ten_events, hold=8)
    assert await kept(ten_events) == [7, 8, 9, 10]
    await age(ten_events, 29, until=9)
    await delete_old(ten_events)
    assert await kept(ten_events) == [10]


async def test_deleting_leaves_no_hole_when_clocks_disagree(ten_events: Database) -> None:
    await age(ten_events, 8, until=10)
    async with ten_events.begin() as c:
        await c.execute(text("UPDATE event SET at = now() WHERE position = 3"))
    await delete_old(ten_events)
    assert await kept(ten_events) == [3, 4, 5, 6, 7, 8, 9, 10]


async def test_an_empty_log_can_be_followed_from_its_end_only(ten_events: Database) -> None:
    await age(ten_events, 8, until=10)
    await delete_old(ten_events)
    assert await kept(ten_events) == []
    async with ten_events.connect() as c:
        assert await queries.reachable(c, 10)
        assert not await queries.reachable(c, 9)


async def test_the_retention_job_plans_itself_again(ten_events: Database) -> None:
    await age(ten_events, 8, until=5)

    async def webhooks_stand_at(_c: AsyncConnection) -> int | None:
        return 2

    await tasks.retention(ten_events, timedelta(days=7), [webhooks_stand_at])({}, 1)
    assert await kept(ten_events) == [3, 4, 5, 6, 7, 8, 9, 10]
    async with ten_events.connect() as c:
        due = await c.scalar(text("SELECT run_at > now() + interval '30 minutes' FROM job"))
    assert due


def test_an_ephemeral_event_is_small() -> None:
    with pytest.raises(TooLarge):
        service.typing(Wake("postgresql://nowhere"), uuid4(), who="contact", name="x" * 5_000)
