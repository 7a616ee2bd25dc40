"""Where somebody stands in line, what they are told, and how right it was."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre

from trato.db.edge import Services
from trato.kit.ids import new_id
from trato.routing import waits
from trato.routing.waits import Wait


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


def shared() -> Services:
    """What is kept between two looks, empty."""
    return cast("Services", SimpleNamespace(extras={}))


async def look(c: AsyncConnection, *ids: UUID) -> dict[UUID, Wait]:
    return await waits.of_conversations(shared(), c, ids, datetime.now(UTC))


async def held(c: AsyncConnection, conversation_id: UUID, agent_id: UUID, **ago_s: float) -> None:
    """Write an interaction of the past: queued, accepted and ended so many seconds ago."""
    values = {"id": new_id(), "conversation_id": conversation_id, "agent_id": agent_id, **ago_s}
    await c.execute(
        text("""
            INSERT INTO interaction (id, conversation_id, agent_id, state, queued_at, offered_at, accepted_at,
                                     ended_at)
            SELECT :id, :conversation_id, :agent_id, 'ended', now() - make_interval(secs => :queued),
                   now() - make_interval(secs => :accepted), now() - make_interval(secs => :accepted),
                   now() - make_interval(secs => :ended)
        """),
        values,
    )


async def add_queue(c: AsyncConnection, name: str, **values: Any) -> UUID:
    queue_id = new_id()
    await c.execute(text("INSERT INTO queue (id, name) VALUES (:id, :name)"), {"id": queue_id, "name": name})
    for column, value in values.items():
        await c.execute(
            text(f"UPDATE queue SET {column} = :value WHERE id = :id"), {"id": queue_id, "value": value}
        )
    return queue_id


async def test_places_are_by_due_instant_within_the_queue(connection, centre) -> None:
    late = await arrive(connection, centre, ago_s=10)
    early = await arrive(connection, centre, ago_s=100)
    urgent = await arrive(connection, centre, ago_s=0, priority=1)
    other = await arrive(connection, centre, ago_s=1000)
    queue_id = await add_queue(connection, "Pagos")
    await connection.execute(
        text("UPDATE waiting SET queue_id = :queue WHERE conversation_id = :id"),
        {"queue": queue_id, "id": other},
    )
    found = await look(connection, late, early, urgent, other)
    assert {key: wait.position for key, wait in found.items()} == {urgent: 1, early: 2, late: 3, other: 1}
    assert found[other].line.queue_id == queue_id


async def test_who_is_being_offered_is_served_in_a_moment(connection, centre) -> None:
    await add_agent(connection)
    first, second = await arrive(connection, centre, ago_s=50), await arrive(connection, centre, ago_s=5)
    await connection.execute(
        text("UPDATE waiting SET offer_id = :offer WHERE conversation_id = :id"),
        {"offer": new_id(), "id": first},
    )
    found = await look(connection, first, second)
    assert (found[first].position, found[first].told.code) == (1, "moment")
    assert found[second].position == 1


async def test_without_anybody_no_time_is_told(connection, centre) -> None:
    waiting = await arrive(connection, centre)
    assert (await look(connection, waiting))[waiting].told.code == "nobody"
    await add_agent(connection, state="away")
    found = (await look(connection, waiting))[waiting]
    assert (found.told.code, found.is_long) == ("nobody", True)


async def test_only_those_count_who_can_serve_the_queue(connection, centre) -> None:
    queue_id = await add_queue(connection, "Garantías")
    skill = new_id()
    await connection.execute(text("INSERT INTO skill (id, name) VALUES (:id, 'x')"), {"id": skill})
    await connection.execute(
        text("INSERT INTO queue_skill VALUES (:queue, :skill, 3)"), {"queue": queue_id, "skill": skill}
    )
    knows, lent, learns = [await add_agent(connection, name, capacity=2) for name in ("a", "b", "c")]
    await connection.execute(
        text("""
            INSERT INTO agent_skill (agent_id, skill_id, level, until) VALUES
                (:knows, :skill, 4, NULL), (:learns, :skill, 2, NULL),
                (:lent, :skill, 5, now() - interval '1 s')
        """),
        {"knows": knows, "lent": lent, "learns": learns, "skill": skill},
    )
    found = await waits.read_lines(connection, datetime.now(UTC))
    assert (found[queue_id].service.agents, found[queue_id].service.slots) == (1, 2)
    assert (found[None].service.agents, found[None].service.slots) == (3, 6)


async def test_the_pace_is_measured_while_somebody_waits(connection, centre) -> None:
    agent_id = await add_agent(connection, capacity=1)
    await connection.execute(text("UPDATE presence SET since = now() - interval '1 hour', load = capacity"))
    # One after the other, each accepted 100 s after it came: then nobody for a while.
    for number in range(5):
        queued = 1500 - 100 * number
        conversation_id = await arrive(connection, centre)
        await connection.execute(text("SELECT route_left(:id)"), {"id": conversation_id})
        await held(
            connection, conversation_id, agent_id, queued=queued, accepted=queued - 100, ended=queued - 200
        )
    service = (await waits.read_lines(connection, datetime.now(UTC)))[None].service
    assert (service.releases, service.handled) == (5, 5)
    assert service.served_s == pytest.approx(500, abs=2)
    assert service.handled_s == pytest.approx(500, abs=2)
    waiting = await arrive(connection, centre)
    wait = (await look(connection, waiting))[waiting]
    assert wait.estimate is not None
    assert 100 < wait.estimate.wait_s < 220  # between what was seen and what is usual


async def test_what_was_told_is_measured_against_what_came_true(connection, centre) -> None:
    agent_id = await add_agent(connection, capacity=1)
    await connection.execute(text("UPDATE presence SET load = capacity"))
    stays, leaves, waits_on = [await arrive(connection, centre) for _ in range(3)]
    told = await look(connection, stays, leaves, waits_on)
    await waits.remember(connection, told)
    await connection.execute(text("UPDATE wait_estimate SET told_at = now() - interval '400 s'"))
    await connection.execute(text("SELECT route_left(:id)"), {"id": stays})
    await held(connection, stays, agent_id, queued=400, accepted=100, ended=0)
    await connection.execute(text("SELECT route_left(:id)"), {"id": leaves})
    await waits.settle(connection)
    rows = await connection.execute(text("SELECT conversation_id, outcome, actual_s FROM wait_estimate"))
    found = {row.conversation_id: (row.outcome, row.actual_s) for row in rows}
    assert found == {
        stays: ("accepted", pytest.approx(300, abs=1)),
        leaves: ("left", None),
        waits_on: (None, None),
    }
    figures = await waits.figures(connection, datetime.now(UTC))
    estimate = told[stays].estimate
    assert estimate is not None
    assert figures[0]["error"].n == 1
    assert figures[0]["error"].bias_s == pytest.approx(300 - estimate.wait_s, abs=1)
    assert figures[0]["waiting"] == 1
