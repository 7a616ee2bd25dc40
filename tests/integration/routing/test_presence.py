"""What agents do as everybody is told it: each event says how it is then, whatever way it came to that."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.integration.routing.conftest import agent_id
from tests.integration.routing.test_queues import weighs
from tests.support.contact_centre import add_agent, arrive
from tests.support.router import interactions, the_offer

from trato.flow import assign, wrap_up
from trato.kit.ids import new_id
from trato.routing import queries, service


async def wraps_up(c: AsyncConnection, centre, wrap_up_s: int = 60) -> None:
    values = {"id": new_id(), "wrap_up_s": wrap_up_s, "account": centre.account_id}
    await c.execute(text("INSERT INTO queue (id, name, wrap_up_s) VALUES (:id, 'Ayuda', :wrap_up_s)"), values)
    await c.execute(text("INSERT INTO queue_account (account_id, queue_id) VALUES (:account, :id)"), values)


async def now(c: AsyncConnection, agent: UUID) -> dict[str, Any]:
    """Return the presence; the last that was told of it says the same."""
    view = await queries.presence(c, agent)
    assert view is not None
    told = await c.scalar(
        text("""
            SELECT data->'presence' FROM event
            WHERE type = 'presence.changed' AND data->'presence'->>'agent_id' = :id ORDER BY id DESC LIMIT 1
        """),
        {"id": str(agent)},
    )
    assert told == view
    return view


async def state(c: AsyncConnection, agent: UUID) -> str:
    return str((await now(c, agent))["state"])


async def test_from_available_over_handling_to_wrapping_up_and_back(connection, centre, router):
    await wraps_up(connection, centre)
    ana = await add_agent(connection, capacity=2)
    first, second = [await arrive(connection, centre) for _ in range(2)]
    await router.settle()
    assert await state(connection, ana) == "available", "what is only offered is not in hand"
    for conversation in (first, second):
        await assign.accept(
            connection, (await the_offer(connection, conversation))["id"], ana, actor="user:1"
        )
        assert await state(connection, ana) == "handling"
    await assign.end(connection, first, reason="closed", actor="user:1")
    assert await state(connection, ana) == "handling", "the other one still is"
    await assign.end(connection, second, reason="closed", actor="user:1")
    assert await now(connection, ana) | {"state": "wrap_up", "said": "available", "load": 2} == await now(
        connection, ana
    )
    for conversation in (first, second):
        (work,) = await interactions(connection, conversation)
        await wrap_up.change(connection, work["id"], ana, done=True, actor="user:1")
    assert await state(connection, ana) == "available"


async def test_what_is_taken_by_hand_or_comes_by_itself_is_handled_too(connection, centre, router):
    ana, beto = [await add_agent(connection, name) for name in ("Ana", "Beto")]
    first = await arrive(connection, centre)
    await assign.take(connection, first, ana, actor="user:1")
    assert await state(connection, ana) == "handling"
    await assign.take(connection, first, beto, over=True, actor="user:2")
    assert [await state(connection, one) for one in (ana, beto)] == ["available", "handling"]
    await wraps_up(connection, centre)
    await connection.execute(text("UPDATE queue SET auto_accept = true"))
    await arrive(connection, centre)
    await router.settle()
    assert await state(connection, ana) == "handling"


@pytest.mark.parametrize("said", ["away", "offline"])
async def test_who_goes_is_away_whatever_they_have_in_hand_and_the_reason_is_told(
    connection, centre, router, said
):
    ana = await add_agent(connection, capacity=2)
    await assign.take(connection, await arrive(connection, centre), ana, actor="user:1")
    await service.set_presence(connection, ana, said, reason="almuerzo", actor="user:1")
    found = await now(connection, ana)
    assert (found["state"], found["said"], found["reason"]) == (said, said, "almuerzo")
    await service.set_presence(connection, ana, "available", reason=None, actor="user:1")
    assert (await state(connection, ana), (await now(connection, ana))["reason"]) == ("handling", None)


async def test_the_api_tells_what_agents_do_and_takes_only_what_they_can_say(desks, connection, centre):
    ana = desks["ana"]
    await ana("PUT", "/presence", {"state": "available"})
    conversation = await arrive(connection, centre)
    assert (await ana("POST", f"/conversations/{conversation}/take")).status_code == 200
    listed = (await desks["beto"]("GET", "/presences")).json()["items"]
    (mine,) = [one for one in listed if one["agent_id"] == await agent_id(ana)]
    assert (mine["state"], mine["said"]) == ("handling", "available")
    assert (await ana("PUT", "/presence", {"state": "handling"})).status_code == 422


async def capacity(c: AsyncConnection, agent: UUID, capacity: int) -> None:
    await c.execute(text("UPDATE agent SET capacity = :n WHERE id = :id"), {"n": capacity, "id": agent})


async def test_more_capacity_gives_no_room_beside_a_call_until_it_ends(connection, centre, router):
    await weighs(connection, "webchat", exclusive=True)
    ana = await add_agent(connection, capacity=2)
    call = await arrive(connection, centre, ago_s=60)
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, call))["id"], ana, actor="user:1")
    await connection.execute(
        text("UPDATE channel_weight SET exclusive = false")
    )  # counts from the next one on
    await capacity(connection, ana, 6)
    mail = await arrive(connection, centre)
    await router.settle()
    assert await interactions(connection, mail) == []
    assert ((await now(connection, ana))["load"], (await now(connection, ana))["capacity"]) == (2, 2)
    await assign.end(connection, call, reason="closed", actor="user:1")
    assert (await now(connection, ana))["capacity"] == 6
    await router.settle()
    await the_offer(connection, mail)


async def test_more_capacity_gives_no_room_beside_a_call_that_is_wrapped_up(connection, centre, router):
    await wraps_up(connection, centre)
    await weighs(connection, "webchat", exclusive=True)
    ana = await add_agent(connection, capacity=2)
    call = await arrive(connection, centre)
    await assign.take(connection, call, ana, actor="user:1")
    await assign.end(connection, call, reason="closed", actor="user:1")
    await capacity(connection, ana, 3)
    assert (await now(connection, ana))["capacity"] == 2
    (work,) = await interactions(connection, call)
    await wrap_up.change(connection, work["id"], ana, done=True, actor="user:1")
    assert ((await now(connection, ana))["capacity"], await state(connection, ana)) == (3, "available")


async def test_more_capacity_gives_room_beside_what_takes_a_part(connection, centre, router):
    ana = await add_agent(connection, capacity=1)
    await assign.take(connection, await arrive(connection, centre), ana, actor="user:1")
    await capacity(connection, ana, 2)
    other = await arrive(connection, centre)
    await router.settle()
    await the_offer(connection, other)
