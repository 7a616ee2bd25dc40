"""Queues, skills, units and limits as the router and the database keep them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import add_agent, arrive
from tests.support.router import interactions, the_offer

from trato.flow import assign
from trato.flow.assign import Assigner
from trato.kit import clock
from trato.kit.errors import Conflict
from trato.kit.ids import new_id
from trato.routing import loading, queries, service


async def add_skill(c: AsyncConnection, name: str) -> UUID:
    skill = new_id()
    await c.execute(text("INSERT INTO skill (id, name) VALUES (:id, :name)"), {"id": skill, "name": name})
    return skill


async def add_queue(c: AsyncConnection, skills: dict[UUID, int] | None = None, **asks: Any) -> UUID:
    queue = new_id()
    columns = {"id": queue, "name": f"Queue {queue}", **asks}
    names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    await c.execute(text(f"INSERT INTO queue ({names}) VALUES ({values})"), columns)
    for skill, level in (skills or {}).items():
        await c.execute(
            text("INSERT INTO queue_skill (queue_id, skill_id, level) VALUES (:queue, :skill, :level)"),
            {"queue": queue, "skill": skill, "level": level},
        )
    return queue


async def serves(c: AsyncConnection, account_id: UUID, queue: UUID) -> None:
    await c.execute(
        text("INSERT INTO queue_account (account_id, queue_id) VALUES (:account, :queue)"),
        {"account": account_id, "queue": queue},
    )


async def knows(c: AsyncConnection, agent: UUID, skill: UUID, level: int, until: str = "infinity") -> None:
    await c.execute(
        text(
            "INSERT INTO agent_skill (agent_id, skill_id, level, until)"
            f" VALUES (:agent, :skill, :level, now() + interval '{until}')"
            if until != "infinity"
            else "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (:agent, :skill, :level)"
        ),
        {"agent": agent, "skill": skill, "level": level},
    )


async def weighs(c: AsyncConnection, channel: str, units: int = 1, *, exclusive: bool = False) -> None:
    await c.execute(
        text("INSERT INTO channel_weight (channel, units, exclusive) VALUES (:channel, :units, :exclusive)"),
        {"channel": channel, "units": units, "exclusive": exclusive},
    )


async def limited(c: AsyncConnection, agent: UUID, limits: str) -> None:
    await c.execute(
        text(
            "INSERT INTO agent_profile (agent_id, limits) VALUES (:agent, CAST(:limits AS jsonb))"
            " ON CONFLICT (agent_id) DO UPDATE SET limits = excluded.limits"
        ),
        {"agent": agent, "limits": limits},
    )


async def room(c: AsyncConnection, agent: UUID) -> tuple[int, int]:
    presence = await queries.presence(c, agent)
    assert presence is not None
    return presence["load"], presence["capacity"]


async def states(c: AsyncConnection, conversation: UUID) -> dict[UUID, tuple[str, str | None]]:
    rows = await interactions(c, conversation)
    return {row["agent_id"]: (row["state"], row["end_reason"]) for row in rows}


async def test_who_knows_is_asked_and_the_sentence_says_it(connection, centre, router):
    warranties = await add_skill(connection, "garantías")
    queue = await add_queue(connection, {warranties: 3})
    await serves(connection, centre.account_id, queue)
    await add_agent(connection, "Ana", capacity=4)
    beto = await add_agent(connection, "Beto", capacity=2)
    await knows(connection, beto, warranties, 5)
    conversation = await arrive(connection, centre)
    await router.settle()
    offer = await the_offer(connection, conversation)
    assert (offer["agent_id"], offer["queue_id"], offer["units"]) == (beto, queue, 1)
    assert offer["reason"] == "knows garantías (5), the only one free, 0 of 2 busy"


async def test_what_an_agent_learns_and_what_a_queue_asks_for_counts_at_once(connection, centre, router):
    warranties, invoices = await add_skill(connection, "garantías"), await add_skill(connection, "facturas")
    queue = await add_queue(connection, {warranties: 3, invoices: 2})
    await serves(connection, centre.account_id, queue)
    ana = await add_agent(connection, "Ana", capacity=4)
    await knows(connection, ana, warranties, 2)
    conversation = await arrive(connection, centre)
    await router.settle()
    assert await interactions(connection, conversation) == []
    await connection.execute(text("UPDATE agent_skill SET level = 3"))
    await router.settle()
    assert await interactions(connection, conversation) == []
    await connection.execute(text("DELETE FROM queue_skill WHERE skill_id = :id"), {"id": invoices})
    await router.settle()
    await the_offer(connection, conversation)


async def test_a_skill_that_nobody_has_delays_and_strands_nobody(connection, centre, router):
    queue = await add_queue(connection, {await add_skill(connection, "alquimia"): 1})
    await serves(connection, centre.account_id, queue)
    ana = await add_agent(connection)
    conversation = await arrive(connection, centre, ago_s=599)
    await router.settle()
    assert await interactions(connection, conversation) == []
    older = await arrive(connection, centre, ago_s=601)
    await router.settle()
    offer = await the_offer(connection, older)
    assert (offer["agent_id"], offer["reason"]) == (
        ana,
        "the only one free, 0 of 1 busy, after 10 min also anybody",
    )


async def test_a_skill_lent_for_a_time_that_is_over_counts_no_longer(connection, centre, router):
    skill = await add_skill(connection, "rebajas")
    await serves(connection, centre.account_id, await add_queue(connection, {skill: 1}))
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    await knows(connection, ana, skill, 5, until="-1 second")
    await knows(connection, beto, skill, 1, until="1 hour")
    conversation = await arrive(connection, centre)
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == beto


async def test_a_conversation_takes_the_units_of_its_channel(connection, centre, router):
    await weighs(connection, "webchat", 2)
    ana = await add_agent(connection, capacity=5)
    held = [await arrive(connection, centre, ago_s=10 - number) for number in range(3)]
    await router.settle()
    assert await room(connection, ana) == (4, 5)
    with pytest.raises(Conflict, match="no room"):
        await assign.take(connection, held[2], ana, actor="user:1")
    await assign.take(connection, held[0], ana, actor="user:1")
    assert await room(connection, ana) == (4, 5)
    assert [row["state"] for row in await interactions(connection, held[0])] == ["accepted"]
    await assign.end(connection, held[0], reason="closed", actor="user:1")
    await router.settle()
    await the_offer(connection, held[2])
    assert await room(connection, ana) == (4, 5)


async def test_an_exclusive_one_takes_all_of_somebody_who_has_nothing_in_hand(connection, centre, router):
    ana = await add_agent(connection, "Ana", capacity=4)
    chat = await arrive(connection, centre, ago_s=60)
    await router.settle()
    await weighs(connection, "webchat", exclusive=True)
    call = await arrive(connection, centre, ago_s=30)
    await router.settle()
    assert await interactions(connection, call) == []
    with pytest.raises(Conflict, match="no room"):
        await assign.take(connection, call, ana, actor="user:1")
    await assign.take(connection, chat, ana, actor="user:1")
    await assign.end(connection, chat, reason="closed", actor="user:1")
    await router.settle()
    assert (await the_offer(connection, call))["units"] == 4
    assert await room(connection, ana) == (4, 4)


async def test_a_limit_for_a_channel_is_kept_by_router_and_database(connection, centre, router):
    ana = await add_agent(connection, capacity=4)
    await limited(connection, ana, '{"webchat": 1}')
    first, second = await arrive(connection, centre, ago_s=9), await arrive(connection, centre, ago_s=8)
    await router.settle()
    await the_offer(connection, first)
    assert await interactions(connection, second) == []
    with pytest.raises(Conflict, match="no room"):
        await assign.take(connection, second, ana, actor="user:1")
    with pytest.raises(IntegrityError, match="load"):
        async with connection.begin_nested():
            await connection.execute(text("UPDATE presence_channel SET load = load + 1"))
    await limited(connection, ana, '{"webchat": 2, "email": 1}')
    await router.settle()
    await the_offer(connection, second)
    await limited(connection, ana, '{"webchat": 1}')  # comes down as the work ends
    await assign.take(connection, first, ana, actor="user:1")
    await assign.end(connection, first, reason="closed", actor="user:1")
    third = await arrive(connection, centre)
    await router.settle()
    assert await interactions(connection, third) == []
    await limited(connection, ana, "{}")
    await router.settle()
    await the_offer(connection, third)


async def test_several_are_asked_and_the_first_who_accepts_has_it(connection, centre, router):
    queue = await add_queue(connection, push_to=2, offer_expires_s=20)
    await serves(connection, centre.account_id, queue)
    agents = [await add_agent(connection, name, capacity=2) for name in ("Ana", "Beto", "Carla")]
    conversation = await arrive(connection, centre)
    await router.settle()
    asked = await interactions(connection, conversation)
    assert [row["state"] for row in asked] == ["offered", "offered"]
    assert {int((row["offer_expires_at"] - row["offered_at"]).total_seconds()) for row in asked} == {20}
    first, second = asked
    await assign.accept(connection, second["id"], second["agent_id"], actor="user:2")
    assert await states(connection, conversation) == {
        first["agent_id"]: ("withdrawn", "accepted_elsewhere"),
        second["agent_id"]: ("accepted", None),
    }
    with pytest.raises(Conflict, match="withdrawn"):
        await assign.accept(connection, first["id"], first["agent_id"], actor="user:1")
    assert sum([(await room(connection, agent))[0] for agent in agents]) == 1


async def test_who_declines_leaves_it_to_the_others_who_were_asked(connection, centre, router):
    await serves(connection, centre.account_id, await add_queue(connection, push_to=2))
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    carla = await add_agent(connection, "Carla", state="away")
    conversation = await arrive(connection, centre)
    await router.settle()
    for row in await interactions(connection, conversation):
        if row["agent_id"] == ana:
            await assign.decline(connection, row["id"], ana, reason="no", actor="user:1")
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == beto
    await assign.take(connection, conversation, carla, actor="user:3")
    assert (await states(connection, conversation))[beto] == ("withdrawn", "taken")


async def test_where_nobody_is_asked_the_router_assigns_at_once(connection, centre, router):
    await serves(connection, centre.account_id, await add_queue(connection, auto_accept=True, push_to=3))
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await arrive(connection, centre)
    await router.settle()
    (held,) = await interactions(connection, conversation)
    assert (held["state"], held["offer_expires_at"]) == ("accepted", None)
    assert held["accepted_at"] is not None
    assert await connection.scalar(text("SELECT count(*) FROM waiting")) == 0
    assert await connection.scalar(text("SELECT assignee_id FROM conversation")) == held["agent_id"]
    assert held["agent_id"] in (ana, beto)


async def test_somebody_they_know_who_is_busy_is_waited_for_within_patience(connection, centre, router):
    await serves(connection, centre.account_id, await add_queue(connection, patience_s=60))
    ana = await add_agent(connection, "Ana")
    conversation = await arrive(connection, centre, ago_s=30)
    await assign.take(connection, conversation, ana, actor="user:1")
    await assign.end(connection, conversation, reason="closed", actor="user:1")
    other = await arrive(connection, centre, ago_s=40)
    await assign.take(connection, other, ana, actor="user:1")
    beto = await add_agent(connection, "Beto")
    await connection.execute(
        text("SELECT route_arrival(:id, now() - interval '59 seconds', 0, '{}')"), {"id": conversation}
    )
    await router.settle()
    assert [row["state"] for row in await interactions(connection, conversation)] == ["ended"]
    await connection.execute(text("UPDATE waiting SET since = now() - interval '61 seconds'"))
    await connection.execute(
        text("INSERT INTO routing_inbox (kind, conversation_id) VALUES ('arrived', :id)"),
        {"id": conversation},
    )
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == beto


async def test_offers_the_database_refuses_come_back_with_units_and_limits(connection, centre, router):
    """The floor has not heard yet that Ana took another conversation by hand."""
    ana = await add_agent(connection, capacity=2)
    await limited(connection, ana, '{"webchat": 1}')
    await router.settle()
    first, second = await arrive(connection, centre, ago_s=9), await arrive(connection, centre)
    router.floor, router.seen = await loading.load_floor(router.db, 100)
    offers = router.floor.offers(clock.now(), 10)
    assert [offer.conversation_id for offer in offers] == [first]
    await assign.take(connection, second, ana, actor="user:1")
    step = await router.assigner.step(router.lease, router.seen, offers)
    assert [news["agent"]["held"] for news in step.refused] == [{"webchat": 1}]
    assert await interactions(connection, first) == []


async def test_a_floor_read_anew_knows_queues_and_profiles(connection, centre, router):
    skill = await add_skill(connection, "garantías")
    await serves(connection, centre.account_id, await add_queue(connection, {skill: 2}, language_needed=True))
    await weighs(connection, "webchat", 2)
    ana = await add_agent(connection, capacity=4)
    await knows(connection, ana, skill, 3)
    await limited(connection, ana, '{"email": 1}')
    await service.set_presence(connection, ana, "away", reason=None, actor="user:1")
    await router.settle()
    conversation = await arrive(connection, centre, ago_s=5)
    own = f'{{"skills": {{"{skill}": 2}}, "moved_at": "2026-03-01T10:00:00+00:00"}}'
    await connection.execute(
        text("UPDATE waiting SET needs = needs || CAST(:own AS jsonb) WHERE conversation_id = :id"),
        {"id": conversation, "own": own},
    )
    await router.settle()
    fresh, _ = await loading.load_floor(router.db, 100)
    for part in ("_waiting", "_queues", "_profiles"):
        assert vars(fresh)[part] == vars(router.floor)[part], part
    assert fresh.lacking() == router.floor.lacking() == set()


async def test_deadlines_of_a_queue_are_its_own_after_the_clock_was_set(connection, centre, router):
    await serves(connection, centre.account_id, await add_queue(connection, offer_expires_s=25))
    await add_agent(connection)
    await arrive(connection, centre)
    await router.settle()
    await Assigner(router.db).clock_was_set(router.lease, seen=True)
    left = await connection.scalar(text("SELECT offer_expires_at - now() FROM interaction"))
    assert left.total_seconds() == 25
