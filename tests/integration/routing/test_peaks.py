"""A sale is coming: who it takes, what is lent for it, that it ends, and how it went."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.integration.routing.test_waits import add_queue, held
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre

from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.routing import peaks, profiles

NOW = datetime.now(UTC)
ACTOR = "user:1"


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


async def add_skill(c: AsyncConnection, name: str) -> UUID:
    skill_id = new_id()
    await c.execute(text("INSERT INTO skill (id, name) VALUES (:id, :name)"), {"id": skill_id, "name": name})
    return skill_id


async def person(c: AsyncConnection, name: str) -> UUID:
    """An agent who is somebody: the assistant is not staff."""
    agent_id = await add_agent(c, name, state="offline")
    user_id = new_id()
    await c.execute(
        text("""
            INSERT INTO users (id, email, email_key, name, role, language)
            VALUES (:id, :mail, :mail, :name, 'agent', 'es')
        """),
        {"id": user_id, "mail": f"{user_id}@example.com", "name": name},
    )
    await c.execute(
        text("UPDATE agent SET user_id = :user WHERE id = :id"), {"user": user_id, "id": agent_id}
    )
    return agent_id


def plan(**values: Any) -> dict[str, Any]:
    return {
        "name": "Día sin IVA",
        "starts_at": NOW - timedelta(hours=1),
        "ends_at": NOW + timedelta(hours=3),
        "queue_ids": [],
        "contacts_per_hour": 200.0,
        "handle_s": 180.0,
        "at_once": 1.0,
        "incident_text": "",
        "article_text": "",
        "loans": [],
        **values,
    }


async def skills(c: AsyncConnection, agent_id: UUID) -> list[tuple[int, datetime | None]]:
    rows = await c.execute(
        text("SELECT level, until FROM agent_skill WHERE agent_id = :id"), {"id": agent_id}
    )
    return [(row.level, row.until) for row in rows]


async def test_what_it_takes_is_said_with_who_there_is(connection, centre) -> None:
    queue_id = await add_queue(connection, "Ventas", target_s=20, target_percent=80)
    skill_id = await add_skill(connection, "ventas")
    await connection.execute(
        text("INSERT INTO queue_skill VALUES (:queue, :skill, 3)"), {"queue": queue_id, "skill": skill_id}
    )
    knows, learns = await person(connection, "Ana"), await person(connection, "Luz")
    await person(connection, "Leo")
    await profiles.set_skill(connection, knows, skill_id, {"level": 4, "until": None}, actor=ACTOR)
    found = await peaks.create(connection, plan(queue_ids=[queue_id]), actor=ACTOR)
    assert (found["need"]["servers"], found["need"]["agents"], found["need"]["staffed"]) == (14, 14, 1)
    assert (found["need"]["within_target"], found["need"]["mean_wait_s"]) == (0, None)
    loans = [{"agent_id": learns, "skill_id": skill_id, "level": 3}]
    changed = await peaks.change(
        connection, found["id"], {"loans": loans, "at_once": 7.0}, expected=None, actor=ACTOR
    )
    assert (changed["need"]["agents"], changed["need"]["staffed"]) == (2, 2)
    assert changed["need"]["within_target"] == pytest.approx(0.888, abs=0.001)


async def test_what_is_lent_ends_with_the_peak_by_itself(connection, centre) -> None:
    skill_id = await add_skill(connection, "ventas")
    lent, knows = await person(connection, "Luz"), await person(connection, "Ana")
    await profiles.set_skill(connection, knows, skill_id, {"level": 2, "until": None}, actor=ACTOR)
    loans = [{"agent_id": one, "skill_id": skill_id, "level": 4} for one in (lent, knows)]
    made = await peaks.create(connection, plan(loans=loans), actor=ACTOR)
    assert await skills(connection, lent) == []
    await connection.execute(text("DELETE FROM routing_inbox"))
    applied = await peaks.apply(connection, made["id"], NOW, actor=ACTOR)
    again = await peaks.apply(connection, made["id"], NOW, actor=ACTOR)
    assert applied["state"] == "applied"
    assert again["version"] == applied["version"]
    assert await skills(connection, lent) == [(4, made["ends_at"])]
    assert await skills(connection, knows) == [(2, None)]  # what is known for good stays
    heard = await connection.execute(text("SELECT agent_id FROM routing_inbox WHERE agent_id IS NOT NULL"))
    assert set(heard.scalars()) == {lent}  # the router is told, and goes by it from the next decision on
    await connection.execute(text("UPDATE agent_skill SET until = now() WHERE until IS NOT NULL"))
    await profiles.end_lent(connection)
    assert await skills(connection, lent) == []
    with pytest.raises(Conflict):
        await peaks.change(connection, made["id"], {"name": "Otro"}, expected=None, actor=ACTOR)


async def test_a_peak_that_is_given_up_takes_back_what_it_lent(connection, centre) -> None:
    skill_id = await add_skill(connection, "ventas")
    lent = await person(connection, "Luz")
    loans = [{"agent_id": lent, "skill_id": skill_id, "level": 4}]
    made = await peaks.create(connection, plan(loans=loans), actor=ACTOR)
    await peaks.apply(connection, made["id"], NOW, actor=ACTOR)
    assert (await peaks.cancel(connection, made["id"], actor=ACTOR))["state"] == "cancelled"
    assert await skills(connection, lent) == []
    with pytest.raises(Conflict):
        await peaks.apply(connection, made["id"], NOW, actor=ACTOR)


async def test_the_report_counts_each_contact_once(connection, centre) -> None:
    agent_id = await add_agent(connection, capacity=5)
    quick, slow, left = [await arrive(connection, centre) for _ in range(3)]
    waits = await arrive(connection, centre, ago_s=30)
    before = await arrive(connection, centre, ago_s=7200)
    for conversation_id, queued in ((quick, 100), (slow, 400)):
        await connection.execute(text("SELECT route_left(:id)"), {"id": conversation_id})
        await held(connection, conversation_id, agent_id, queued=queued, accepted=90, ended=10)
    await held(connection, slow, agent_id, queued=50, accepted=40, ended=0)  # handed on: one contact still
    await connection.execute(text("SELECT route_left(:id)"), {"id": left})
    await connection.execute(
        text("""
            UPDATE conversation SET status = 'closed', closed_at = now(), waiting_since = NULL,
                   last_inbound_at = now() WHERE id = :id
        """),
        {"id": left},
    )
    await connection.execute(
        text("SELECT agree_callback(:id, :of, 'here', NULL, NULL, NULL, 'system')"),
        {"id": new_id(), "of": waits},
    )
    made = await peaks.create(connection, plan(), actor=ACTOR)
    report = await peaks.report(connection, made["id"])
    assert before
    assert {
        name: report[name] for name in ("arrived", "answered", "within_target", "abandoned", "waiting")
    } == {
        "arrived": 4,
        "answered": 2,
        "within_target": 1,
        "abandoned": 1,
        "waiting": 1,
    }
    assert report["callbacks"] == 1
    assert report["expected"] == 800
    assert report["mean_wait_s"] == pytest.approx((10 + 310) / 2, abs=1)
    assert report["p90_wait_s"] == pytest.approx(280, abs=1)


async def test_what_cannot_be_is_refused(connection, centre) -> None:
    with pytest.raises(Invalid):
        await peaks.create(connection, plan(ends_at=NOW - timedelta(hours=2)), actor=ACTOR)
    loans = [{"agent_id": uuid4(), "skill_id": uuid4(), "level": 3}]
    with pytest.raises(Invalid):
        await peaks.create(connection, plan(loans=loans), actor=ACTOR)
    with pytest.raises(NotFound):
        await peaks.get(connection, uuid4())
