"""What the leader's statements do to the database, and what agents do about offers."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import add_agent, arrive
from tests.support.router import interactions, the_offer

from trato.flow import assign
from trato.flow.assign import Assigner
from trato.kit import clock
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.routing import lease, loading, queries, service
from trato.routing.leader import take_in


async def in_line(c: AsyncConnection) -> list[UUID]:
    return list((await c.execute(text("SELECT conversation_id FROM waiting ORDER BY since"))).scalars())


async def load(c: AsyncConnection, agent_id: UUID) -> int:
    presence = await queries.presence(c, agent_id)
    assert presence is not None
    return int(presence["load"])


async def close(c: AsyncConnection, conversation_id: UUID) -> None:
    await c.execute(
        text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
        {"id": conversation_id},
    )
    await assign.end(c, conversation_id, reason="closed", actor="user:1", disposition="solved")


async def events(c: AsyncConnection) -> list[tuple[str, str]]:
    rows = await c.execute(text("SELECT type, audience FROM event ORDER BY id"))
    return [(row.type, row.audience) for row in rows]


async def test_an_arrival_is_offered_with_its_reason_and_told(connection, centre, router):
    ana = await add_agent(connection, capacity=2)
    conversation = await arrive(connection, centre, ago_s=30)
    await router.settle()
    offer = await the_offer(connection, conversation)
    assert (offer["agent_id"], offer["reason"]) == (ana, "the only one free, 0 of 2 busy")
    assert offer["decision"] == {
        "reasons": [
            {"code": "only_free", "values": {}},
            {"code": "busy", "values": {"load": 0, "capacity": 2}},
        ]
    }
    assert await load(connection, ana) == 1
    assert await in_line(connection) == [conversation]  # keeps the place until somebody accepts
    assert ("interaction.changed", "staff") in await events(connection)
    assert (await events(connection))[-1] == ("presence.changed", "staff")


async def test_accepting_assigns_and_tells_the_desk(connection, centre, router):
    ana = await add_agent(connection)
    conversation = await arrive(connection, centre)
    await router.settle()
    offer = await the_offer(connection, conversation)
    accepted = await assign.accept(connection, offer["id"], ana, actor="user:1")
    assert (accepted["state"], accepted["agent_id"]) == ("accepted", str(ana))
    assert await in_line(connection) == []
    assignee = await connection.scalar(
        text("SELECT assignee_id FROM conversation WHERE id = :id"), {"id": conversation}
    )
    assert assignee == ana
    told = await connection.scalar(
        text("SELECT data FROM event WHERE type = 'conversation.changed' ORDER BY id DESC LIMIT 1")
    )
    assert told["conversation"]["assignee_id"] == str(ana)


async def test_an_offer_is_accepted_once_and_only_by_its_agent(connection, centre, router):
    ana, beto = await add_agent(connection), await add_agent(connection, state="away")
    conversation = await arrive(connection, centre)
    await router.settle()
    offer = await the_offer(connection, conversation)
    with pytest.raises(NotFound):
        await assign.accept(connection, offer["id"], beto, actor="user:2")
    await assign.accept(connection, offer["id"], ana, actor="user:1")
    with pytest.raises(Conflict, match="accepted already"):
        await assign.accept(connection, offer["id"], ana, actor="user:1")
    with pytest.raises(Conflict, match="accepted already"):
        await assign.decline(connection, offer["id"], ana, reason="lunch", actor="user:1")


async def test_a_declined_contact_keeps_the_place_and_goes_to_the_next(connection, centre, router):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await arrive(connection, centre, ago_s=100)
    await router.settle()
    offer = await the_offer(connection, conversation)
    first, second = (ana, beto) if offer["agent_id"] == ana else (beto, ana)
    later = await arrive(connection, centre, ago_s=50)
    await assign.decline(connection, offer["id"], first, reason="not my subject", actor="user:1")
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == second
    assert (await the_offer(connection, later))["agent_id"] == first
    assert await in_line(connection) == [conversation, later]
    history = await interactions(connection, conversation)
    assert [(row["state"], row["end_reason"]) for row in history] == [
        ("declined", "not my subject"),
        ("offered", None),
    ]


async def test_unanswered_offers_expire_and_set_the_agent_away_with_the_reason(connection, centre, router):
    ana = await add_agent(connection)
    router.assigner = Assigner(router.db, offer_expires_s=0)
    for expired in (1, 2):
        conversation = await arrive(connection, centre)
        await router.settle()
        await the_offer(connection, conversation)
        assert await router.sweep()
        presence = await queries.presence(connection, ana)
        assert presence is not None
        assert presence["load"] == 0
        assert (presence["state"], presence["reason"]) == (
            ("available", None) if expired == 1 else ("away", "unanswered_offers")
        )
    assert len(await in_line(connection)) == 2
    assert not await router.sweep()


async def test_going_away_withdraws_offers_and_keeps_accepted_work(connection, centre, router):
    ana = await add_agent(connection, capacity=2)
    kept = await arrive(connection, centre, ago_s=2)
    offered = await arrive(connection, centre, ago_s=1)
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, kept))["id"], ana, actor="user:1")
    await service.set_presence(connection, ana, "away", reason="lunch", actor="user:1")
    assert await router.sweep()
    await router.settle()
    assert [row["state"] for row in await interactions(connection, kept)] == ["accepted"]
    assert [row["state"] for row in await interactions(connection, offered)] == ["withdrawn"]
    assert await in_line(connection) == [offered]
    assert await load(connection, ana) == 1


async def test_a_lost_connection_has_its_grace_and_then_goes_offline(connection, router):
    ana = await add_agent(connection)
    await connection.execute(text("UPDATE presence SET last_seen_at = now() - interval '59 seconds'"))
    assert await router.sweep()  # is seen to be silent
    assert not await router.sweep()
    presence = await queries.presence(connection, ana)
    assert presence is not None
    assert (presence["state"], presence["reconnecting"]) == ("available", True)
    await connection.execute(text("UPDATE presence SET last_seen_at = now() - interval '61 seconds'"))
    await service.seen(connection, [ana])
    assert not await router.sweep()
    await connection.execute(text("UPDATE presence SET last_seen_at = now() - interval '61 seconds'"))
    assert not await router.assigner.sweep(router.lease, watched_s=59)  # has not watched for long enough
    assert await router.sweep()
    presence = await queries.presence(connection, ana)
    assert presence is not None
    assert (presence["state"], presence["reason"]) == ("offline", "connection_lost")


async def test_closing_frees_the_room_and_the_next_one_is_offered(connection, centre, router):
    ana = await add_agent(connection)
    first, second = await arrive(connection, centre, ago_s=2), await arrive(connection, centre, ago_s=1)
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, first))["id"], ana, actor="user:1")
    await close(connection, first)
    await router.settle()
    ended = (await interactions(connection, first))[0]
    assert (ended["state"], ended["end_reason"], ended["disposition"]) == ("ended", "closed", "solved")
    await the_offer(connection, second)


async def test_who_closed_it_is_preferred_when_the_contact_writes_again(connection, centre, router):
    ana = await add_agent(connection, "Ana")
    conversation = await arrive(connection, centre)
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, conversation))["id"], ana, actor="user:1")
    await assign.end(connection, conversation, reason="closed", actor="user:1")
    await add_agent(connection, "Beto", capacity=9)
    await connection.execute(text("SELECT route_arrival(:id, now(), 0, '{}')"), {"id": conversation})
    await router.settle()
    offer = await the_offer(connection, conversation)
    assert (offer["agent_id"], offer["reason"]) == (ana, "handled this case today, 0 of 1 busy")


async def test_the_owner_of_the_case_is_preferred(connection, centre, router):
    ana, beto = (
        await add_agent(connection, "Ana", capacity=9),
        await add_agent(connection, "Beto", capacity=2),
    )
    case = new_id()
    await connection.execute(
        text(
            "INSERT INTO cases (id, brand_id, contact_id, owner_id, updated_at)"
            " VALUES (:id, :brand, :contact, :owner, now())"
        ),
        {"id": case, "brand": centre.brand_id, "contact": centre.contact_id, "owner": beto},
    )
    await arrive(connection, centre, ago_s=9)
    conversation = await arrive(connection, centre, case_id=case)
    await router.settle()
    offer = await the_offer(connection, conversation)
    assert (offer["agent_id"], offer["reason"]) == (beto, "owns this case, 0 of 2 busy")
    assert await load(connection, ana) == 1


async def test_taking_by_hand_withdraws_the_offer_to_somebody_else(connection, centre, router):
    ana = await add_agent(connection)
    beto = await add_agent(connection, state="away")
    conversation = await arrive(connection, centre)
    await router.settle()
    taken = await assign.take(connection, conversation, beto, actor="user:2")
    assert taken["assignee_id"] == str(beto)
    states = [(row["agent_id"], row["state"]) for row in await interactions(connection, conversation)]
    assert states == [(ana, "withdrawn"), (beto, "accepted")]
    again = await assign.take(connection, conversation, beto, actor="user:2")
    assert again["assignee_id"] == str(beto)
    with pytest.raises(Conflict, match="has this conversation"):
        await assign.take(connection, conversation, ana, actor="user:1")
    over = await assign.take(connection, conversation, ana, actor="user:1", over=True)
    assert over["assignee_id"] == str(ana)
    assert await load(connection, beto) == 0


async def test_nobody_takes_more_than_their_capacity(connection, centre, router):
    ana = await add_agent(connection, state="away")
    first, second = await arrive(connection, centre), await arrive(connection, centre)
    await assign.take(connection, first, ana, actor="user:1")
    with pytest.raises(Conflict, match="no room"):
        await assign.take(connection, second, ana, actor="user:1")
    beto = await add_agent(connection, state="away", capacity=0)
    with pytest.raises(Conflict, match="no room"):
        await assign.transfer(connection, first, beto, actor="user:1")
    await router.settle()
    assert await in_line(connection) == [second]


async def test_what_an_agent_chooses_goes_before_what_is_offered_to_them(connection, centre, router):
    ana = await add_agent(connection, "Ana")
    offered = await arrive(connection, centre, ago_s=100)
    await router.settle()
    chosen = await arrive(connection, centre, ago_s=50)
    taken = await assign.choose(connection, chosen, ana, actor="user:1")
    assert taken["assignee_id"] == str(ana)
    assert [(row["state"], row["end_reason"]) for row in await interactions(connection, offered)] == [
        ("withdrawn", "set_aside")
    ]
    needs = await connection.scalar(
        text("SELECT needs FROM waiting WHERE conversation_id = :id"), {"id": offered}
    )
    assert "declined" not in needs  # nobody is blamed
    assert await in_line(connection) == [offered]
    assert await load(connection, ana) == 1
    beto = await add_agent(connection, "Beto")
    await router.settle()
    assert (await the_offer(connection, offered))["agent_id"] == beto
    again = await assign.choose(connection, chosen, ana, actor="user:1")
    assert again["assignee_id"] == str(ana)


async def test_a_released_conversation_goes_back_in_line_and_to_somebody_else(connection, centre, router):
    ana = await add_agent(connection, "Ana", capacity=3)
    conversation = await arrive(connection, centre, ago_s=100)
    later = await arrive(connection, centre, ago_s=50)
    await assign.take(connection, conversation, ana, actor="user:1")
    beto = await add_agent(connection, "Beto")
    released = await assign.release(connection, conversation, actor="user:1")
    assert released["assignee_id"] is None
    assert await in_line(connection) == [conversation, later]
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == beto
    with pytest.raises(NotFound):
        await assign.release(connection, new_id(), actor="user:1")


async def test_who_snoozed_it_is_asked_first_when_the_snooze_ends(connection, centre, router):
    ana = await add_agent(connection, "Ana", capacity=2)
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    await arrive(connection, centre)  # keeps Ana busier than Beto
    await router.settle()
    await assign.end(connection, conversation, reason="snoozed", actor="user:1")
    await add_agent(connection, "Beto")
    await assign.release(connection, conversation, actor="system")
    await router.settle()
    offer = await the_offer(connection, conversation)
    assert (offer["agent_id"], offer["reason"]) == (ana, "handled this case today, 1 of 2 busy")


async def test_a_capacity_below_the_load_comes_down_with_the_work(connection, centre, router):
    ana = await add_agent(connection, capacity=3)
    held = [await arrive(connection, centre, ago_s=10 - number) for number in range(3)]
    await router.settle()
    await connection.execute(text("UPDATE agent SET capacity = 1 WHERE id = :id"), {"id": ana})
    waits = await arrive(connection, centre)
    seen = []
    for conversation in held:
        presence = await queries.presence(connection, ana)
        assert presence is not None
        seen.append((presence["load"], presence["capacity"]))
        await close(connection, conversation)
        await router.settle()
    assert seen == [(3, 3), (2, 2), (1, 1)]
    await the_offer(connection, waits)


async def test_work_is_handed_over_as_far_as_there_is_room(connection, centre, router):
    ana = await add_agent(connection, "Ana", capacity=3)
    held = [await arrive(connection, centre, ago_s=30 - number) for number in range(3)]
    for conversation in held[:2]:
        await assign.take(connection, conversation, ana, actor="user:1")
    await router.settle()  # the third is offered to Ana
    beto = await add_agent(connection, "Beto", capacity=1)
    await connection.execute(text("UPDATE agent SET active = false WHERE id = :id"), {"id": ana})
    assert await assign.hand_over(connection, ana, beto, actor="user:9") == assign.HandedOver(1, 2)
    assert await load(connection, ana) == 0
    assert await in_line(connection) == [held[1], held[2]]
    presence = await queries.presence(connection, ana)
    assert presence is not None
    assert (presence["state"], presence["reason"]) == ("offline", "deactivated")
    assert [p["agent_id"] for p in await queries.presences(connection)] == [str(beto)]


async def test_nobody_is_left_with_a_deactivated_agent(connection, centre, router):
    ana = await add_agent(connection, "Ana")
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    await connection.execute(text("UPDATE agent SET active = false WHERE id = :id"), {"id": ana})
    assert await router.sweep()
    beto = await add_agent(connection, "Beto")
    await router.settle()
    assert (await the_offer(connection, conversation))["agent_id"] == beto


async def test_what_closed_meanwhile_is_not_offered_and_leaves_the_line(connection, centre, router):
    conversation = await arrive(connection, centre)
    other = await arrive(connection, centre)
    await router.settle()
    await connection.execute(
        text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
        {"id": conversation},
    )
    await add_agent(connection, capacity=2)
    await router.settle()
    assert await in_line(connection) == [other]
    assert router.floor.waiting_count == 0


async def test_an_agent_who_left_meanwhile_is_not_offered_anything(connection, centre, router):
    ana = await add_agent(connection)
    await router.settle()
    await connection.execute(text("UPDATE presence SET state = 'away' WHERE agent_id = :id"), {"id": ana})
    conversation = await arrive(connection, centre)
    step = await router.assigner.step(router.lease, router.seen, [])
    router.seen = take_in(router.floor, step)
    offers = router.floor.offers(clock.now(), 10)
    assert [offer.agent_id for offer in offers] == [ana]  # the floor has not heard it yet
    step = await router.assigner.step(router.lease, router.seen, offers)
    assert [news["agent"] for news in step.refused] == [None]
    router.seen = take_in(router.floor, step)
    assert (router.floor.agent_count, router.floor.waiting_count) == (0, 1)
    assert await interactions(connection, conversation) == []


async def test_two_arrivals_of_one_conversation_are_one_place(connection, centre, router):
    conversation = await arrive(connection, centre, ago_s=60)
    again = text("SELECT route_arrival(:id, now(), 0, '{}')")
    await connection.execute(again, {"id": conversation})
    ana = await add_agent(connection)
    await router.settle()
    offer = await the_offer(connection, conversation)
    await connection.execute(again, {"id": conversation})  # while offered
    await assign.accept(connection, offer["id"], ana, actor="user:1")
    await connection.execute(again, {"id": conversation})  # while in hand
    await router.settle()
    assert len(await interactions(connection, conversation)) == 1
    assert await in_line(connection) == []


async def test_a_floor_read_anew_equals_the_one_that_followed(connection, centre, router):
    await add_agent(connection, "Ana", capacity=1)
    await add_agent(connection, "Beto", capacity=0)
    for number in range(4):
        await arrive(connection, centre, ago_s=number, priority=number % 2)
    await router.settle()
    fresh, _ = await loading.load_floor(router.db, 100)
    assert (fresh.waiting_count, fresh.agent_count) == (3, 2)
    assert vars(fresh)["_waiting"] == vars(router.floor)["_waiting"]
    assert vars(fresh)["_room"].agents == vars(router.floor)["_room"].agents


async def test_an_older_epoch_changes_nothing(connection, centre, router):
    await add_agent(connection)
    conversation = await arrive(connection, centre)
    await connection.execute(text("UPDATE routing_lease SET epoch = epoch + 1"))
    floor, seen = await loading.load_floor(router.db, 100)
    offers = floor.offers(clock.now(), 10)
    assert (len(offers), len(seen)) == (1, 3)
    assert not (await router.assigner.step(router.lease, seen, offers)).leads
    assert await interactions(connection, conversation) == []
    assert await connection.scalar(text("SELECT count(*) FROM routing_inbox")) == 3
    assert not await lease.renew(router.db, router.lease)
    await connection.execute(text("UPDATE presence SET last_seen_at = now() - interval '61 seconds'"))
    assert not await router.sweep()


async def test_after_the_clock_was_set_back_offers_and_places_are_as_if_it_had_not_been(
    connection, centre, router
):
    ana = await add_agent(connection, capacity=1)
    offered, second, third = [await arrive(connection, centre, ago_s=ago) for ago in (30, 20, 10)]
    await router.settle()
    await connection.execute(  # all of it was written by a clock that was three hours ahead
        text("UPDATE interaction SET offer_expires_at = offer_expires_at + interval '3 hours'")
    )
    ahead = "since = since + interval '3 hours'"
    await connection.execute(text(f"UPDATE waiting SET {ahead}"))
    await connection.execute(
        text(f"UPDATE conversation SET waiting_{ahead.replace('= since', '= waiting_since')}")
    )
    await connection.execute(text("UPDATE presence SET last_seen_at = now() + interval '3 hours'"))
    await router.assigner.clock_was_set(router.lease, seen=False)
    assert await in_line(connection) == [offered, second, third]
    whole = text("SELECT offer_expires_at - now() = interval '60 seconds' FROM interaction")
    assert (await connection.execute(whole)).scalars().all() == [True]
    waits = text("SELECT bool_and(waiting_since <= now()) FROM conversation")
    assert await connection.scalar(waits)

    await service.seen(connection, [ana])  # still connected
    assert not await router.sweep()
    await connection.execute(text("UPDATE presence SET last_seen_at = now() + interval '3 hours'"))
    assert await router.sweep()  # not seen since
    presence = await queries.presence(connection, ana)
    assert presence is not None
    assert presence["state"] == "offline"


async def test_when_the_clock_is_set_forwards_an_offer_has_its_whole_time_again(connection, centre, router):
    await add_agent(connection)
    conversation = await arrive(connection, centre)
    await router.settle()
    await connection.execute(text("UPDATE interaction SET offer_expires_at = now() - interval '3 hours'"))
    await router.assigner.clock_was_set(router.lease, seen=True)
    assert not await router.sweep()
    await the_offer(connection, conversation)


async def test_a_browser_that_dies_loses_the_offer_to_the_next_and_keeps_the_chat(connection, centre, router):
    ana = await add_agent(connection, "Ana", capacity=2)
    chat, offered = [await arrive(connection, centre, ago_s=ago) for ago in (9, 8)]
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, chat))["id"], ana, actor="user:1")
    beto = await add_agent(connection, "Beto")
    await connection.execute(
        text("UPDATE presence SET last_seen_at = now() - interval '50 seconds' WHERE agent_id = :id"),
        {"id": ana},
    )
    await router.sweep()  # seen to be silent: it may come back
    assert (await the_offer(connection, offered))["agent_id"] == ana
    await connection.execute(
        text("UPDATE presence SET last_seen_at = now() - interval '61 seconds' WHERE agent_id = :id"),
        {"id": ana},
    )
    await router.sweep()  # gone
    await router.sweep()  # what was offered to whom is gone
    await router.settle()
    assert (await the_offer(connection, offered))["agent_id"] == beto
    assert [row["state"] for row in await interactions(connection, chat)] == ["accepted"]
    await service.set_presence(connection, ana, "available", reason=None, actor="user:1")
    await router.sweep()
    assert await load(connection, ana) == 1
