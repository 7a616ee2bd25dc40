"""The checker beside the router: silent while all is well, heard once when it is not."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.integration.routing.test_queues import add_queue, add_skill, knows, serves
from tests.support.contact_centre import add_agent, arrive

from trato.flow import assign
from trato.kit import clock
from trato.routing import checks, service
from trato.routing.alarms import Checker, Lacking


async def told(c: AsyncConnection, kind: str) -> list[dict[str, Any]]:
    rows = await c.execute(text("SELECT data FROM event WHERE type = :type ORDER BY id"), {"type": kind})
    return list(rows.scalars())


async def test_it_is_silent_while_people_wait_for_good_reasons(connection, centre, router):
    skill = await add_skill(connection, "garantías")
    await serves(connection, centre.account_id, await add_queue(connection, {skill: 3}, patience_s=90))
    ana = await add_agent(connection, "Ana", capacity=2)  # free, and does not know it
    beto = await add_agent(connection, "Beto")
    await knows(connection, beto, skill, 4)
    for ago_s in (80, 70, 60):
        await arrive(connection, centre, ago_s=ago_s)
    known = await arrive(connection, centre, ago_s=50)
    await assign.take(connection, known, ana, actor="user:1")
    await assign.release(connection, known, actor="user:1")  # has just declined
    await router.settle()
    checker = Checker(router.db)
    assert await checker.look(router.lease) == await checker.look(router.lease) == {}
    assert await told(connection, "routing.alarm") == []


async def test_who_waits_beside_somebody_who_could_help_is_told_at_the_second_look_and_once(
    connection, centre, router
):
    await add_agent(connection)
    conversation = await arrive(connection, centre, ago_s=10)
    checker = Checker(router.db)
    assert await checker.look(router.lease) == {}  # may pass
    assert await checker.look(router.lease) == {checks.STRANDED: [str(conversation)]}
    await checker.look(router.lease)
    (alarm,) = await told(connection, "routing.alarm")
    assert (alarm["what"], alarm["ids"]) == (checks.STRANDED, [str(conversation)])
    await router.settle()
    assert await checker.look(router.lease) == {}
    assert await connection.scalar(text("SELECT count(*) FROM routing_alarm")) == 0


async def test_a_broken_invariant_is_told_at_once(connection, centre, router):
    ana = await add_agent(connection, capacity=3)
    await connection.execute(text("UPDATE presence SET load = 1 WHERE agent_id = :id"), {"id": ana})
    found = await Checker(router.db).look(router.lease)
    assert list(found.values()) == [[str(ana)]]
    assert len(await told(connection, "routing.alarm")) == 1
    await connection.execute(text("UPDATE presence SET load = 0 WHERE agent_id = :id"), {"id": ana})


async def test_who_leads_no_more_tells_nothing(connection, centre, router):
    await add_agent(connection)
    await arrive(connection, centre, ago_s=10)
    checker = Checker(router.db)
    await checker.look(router.lease)
    await connection.execute(text("UPDATE routing_lease SET epoch = epoch + 1"))
    await checker.look(router.lease)
    assert await told(connection, "routing.alarm") == []


async def test_a_skill_that_nobody_has_is_told_once_until_somebody_has_learned_it(connection, centre, router):
    skill = await add_skill(connection, "alquimia")
    queue = await add_queue(connection, {skill: 1})
    await serves(connection, centre.account_id, queue)
    ana = await add_agent(connection)
    lacking = Lacking(router.db)
    await router.settle()
    await lacking.tell(router.lease, router.floor)
    assert await told(connection, "routing.nobody_knows") == []
    first = await arrive(connection, centre)
    await router.settle()
    await lacking.tell(router.lease, router.floor)
    await arrive(connection, centre)
    await router.settle()
    await Lacking(router.db).tell(router.lease, router.floor)  # another router leads
    (event,) = await told(connection, "routing.nobody_knows")
    assert (event["queue_id"], event["skill"]) == (str(queue), "alquimia")
    await knows(connection, ana, skill, 1)
    await router.settle()
    await lacking.tell(router.lease, router.floor)
    assert [row.state for row in await connection.execute(text("SELECT state FROM interaction"))] == [
        "offered"
    ]
    await connection.execute(text("DELETE FROM agent_skill"))
    await service.set_presence(connection, ana, "away", reason=None, actor="user:1")
    await router.sweep()
    await router.settle()
    await lacking.tell(router.lease, router.floor)
    assert len(await told(connection, "routing.nobody_knows")) == 2
    assert first
    assert router.floor.offers(clock.now(), 1) == []
