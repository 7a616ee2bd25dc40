"""Wrap-up: the room stays taken until the agent is done or the time is over, and the times are right."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre
from tests.support.postgres import ForgettingDatabase

from trato.conversations import queries
from trato.conversations import service as conversations
from trato.flow import assign, transfers, wrap_up
from trato.flow.assign import Assigner
from trato.flow.transfers import Giver, Giving
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.routing import checks, lease, service


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


@pytest.fixture
async def ana(connection: AsyncConnection) -> UUID:
    return await add_agent(connection, "Ana")


async def queue(c: AsyncConnection, centre: Centre, wrap_up_s: int) -> None:
    """What comes in waits in a queue that gives so much time to wrap up."""
    values = {"id": new_id(), "wrap_up_s": wrap_up_s, "account": centre.account_id}
    await c.execute(text("INSERT INTO queue (id, name, wrap_up_s) VALUES (:id, 'Ayuda', :wrap_up_s)"), values)
    await c.execute(text("INSERT INTO queue_account (account_id, queue_id) VALUES (:account, :id)"), values)


async def handled(c: AsyncConnection, centre: Centre, agent: UUID) -> UUID:
    """Return a conversation that the agent had in hand for 100 s, and has closed."""
    conversation = await arrive(c, centre)
    await assign.take(c, conversation, agent, actor="test")
    await passes(c, 100)
    await close(c, conversation)
    return conversation


async def close(c: AsyncConnection, conversation: UUID) -> None:
    await assign.end(c, conversation, reason="closed", actor="test", disposition="resuelto")
    await conversations.set_status(c, conversation, "closed", snoozed_until=None, actor="test")


async def passes(c: AsyncConnection, seconds: int) -> None:
    """Let time pass: all that was is so much longer ago."""
    names = ("offered_at", "accepted_at", "wrap_up_at", "wrap_up_ends_at")
    moved = ", ".join(f"{name} = {name} - make_interval(secs => :s)" for name in names)
    await c.execute(text(f"UPDATE interaction SET {moved}"), {"s": seconds})


async def silent(c: AsyncConnection, seconds: int) -> None:
    """Nobody has heard of any desk for so long."""
    await c.execute(
        text("UPDATE presence SET last_seen_at = now() - make_interval(secs => :s)"), {"s": seconds}
    )


async def work(c: AsyncConnection) -> dict[str, Any]:
    """Return the one interaction, with its lengths in seconds."""
    row = await c.execute(
        text("""
            SELECT id, state, disposition, wrap_up_extended AS extended, end_reason,
                   round(extract(epoch FROM wrap_up_at - accepted_at)) AS talk,
                   round(extract(epoch FROM ended_at - wrap_up_at)) AS wrap_up,
                   round(extract(epoch FROM wrap_up_ends_at - wrap_up_at)) AS given
            FROM interaction ORDER BY id DESC LIMIT 1
        """)
    )
    return dict(row.mappings().one())


async def load(c: AsyncConnection, agent: UUID) -> int:
    return int(await c.scalar(text("SELECT load FROM presence WHERE agent_id = :id"), {"id": agent}) or 0)


async def sweep(db: ForgettingDatabase, *, watched_s: float = 3600) -> bool:
    held = await lease.elect(db, new_id())
    assert held is not None
    try:
        return await Assigner(db).sweep(held, watched_s=watched_s)
    finally:
        await lease.resign(db, held)


async def test_without_time_for_it_there_is_none(connection, centre, ana):
    await handled(connection, centre, ana)
    found = await work(connection)
    assert (found["state"], found["wrap_up"], await load(connection, ana)) == ("ended", None, 0)


async def test_the_organisation_gives_time_where_no_queue_does(connection, centre, ana):
    await connection.execute(
        text(
            "INSERT INTO organisation (id, name, language, time_zone, wrap_up_s)"
            " VALUES (1, 'A', 'es', 'UTC', 30)"
        )
    )
    await handled(connection, centre, ana)
    found = await work(connection)
    assert (found["state"], found["given"]) == ("wrap_up", 30)
    await connection.execute(text("DELETE FROM interaction"))
    await connection.execute(text("UPDATE presence SET load = 0"))
    await queue(connection, centre, 0)
    await handled(connection, centre, ana)
    assert (await work(connection))["state"] == "ended", "a queue that gives none means it"


async def test_the_room_stays_taken_until_the_agent_is_done(connection, db, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    found = await work(connection)
    assert (found["state"], found["talk"], found["disposition"]) == ("wrap_up", 100, "resuelto")
    assert await load(connection, ana) == 1
    assert await checks.broken(connection) == {}
    with pytest.raises(Conflict, match="no room"):
        await assign.take(connection, await arrive(connection, centre), ana, actor="test")
    assert await sweep(db) is False, "its time is not over"
    await passes(connection, 20)
    await wrap_up.change(connection, found["id"], ana, disposition="reembolso", actor="test")
    assert (await work(connection))["disposition"] == "reembolso"
    done = await wrap_up.change(connection, found["id"], ana, done=True, actor="test")
    assert (done["state"], done["disposition"]) == ("ended", "reembolso")
    found = await work(connection)
    assert (found["talk"], found["wrap_up"], await load(connection, ana)) == (100, 20, 0)
    with pytest.raises(Conflict, match="over already"):
        await wrap_up.change(connection, found["id"], ana, done=True, actor="test")
    assert await checks.broken(connection) == {}


async def test_its_time_ends_it_and_counts_no_longer_than_it_was(connection, db, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    await passes(connection, 61)
    assert await sweep(db) is True
    found = await work(connection)
    assert (found["state"], found["wrap_up"], await load(connection, ana)) == ("ended", 60, 0)
    late = await wrap_up.change(connection, found["id"], ana, disposition="anotado al final", actor="test")
    assert (late["state"], late["disposition"]) == ("ended", "anotado al final")
    heard = text("SELECT count(*) FROM routing_inbox WHERE kind = 'agent' AND agent_id = :id")
    assert await connection.scalar(heard, {"id": ana}), "the leader hears of the room"


async def test_more_time_is_given_once(connection, db, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    found = await work(connection)
    more = await wrap_up.change(connection, found["id"], ana, more=True, actor="test")
    assert more["wrap_up_extended"] is True
    assert (await work(connection))["given"] == 120
    with pytest.raises(Conflict, match="more time already"):
        await wrap_up.change(connection, found["id"], ana, more=True, actor="test")
    await passes(connection, 61)
    assert await sweep(db) is False
    await passes(connection, 60)
    assert await sweep(db) is True


async def test_nobody_wraps_up_for_somebody_else(connection, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    bruno = await add_agent(connection, "Bruno")
    with pytest.raises(NotFound):
        await wrap_up.change(connection, (await work(connection))["id"], bruno, done=True, actor="test")


async def test_who_takes_it_in_hand_again_has_nothing_to_wrap_up(connection, centre, ana):
    await queue(connection, centre, 60)
    conversation = await handled(connection, centre, ana)
    await conversations.set_status(connection, conversation, "open", snoozed_until=None, actor="test")
    await assign.take(connection, conversation, ana, actor="test")
    assert await load(connection, ana) == 1
    states = (await connection.execute(text("SELECT state FROM interaction ORDER BY id"))).scalars()
    assert list(states) == ["ended", "accepted"]
    assert await checks.broken(connection) == {}


async def test_an_undo_frees_the_room_for_whom_is_preferred(connection, centre, ana):
    await queue(connection, centre, 60)
    conversation = await handled(connection, centre, ana)
    await conversations.set_status(connection, conversation, "open", snoozed_until=None, actor="test")
    await assign.release(connection, conversation, actor="test")
    assert ((await work(connection))["state"], await load(connection, ana)) == ("ended", 0)


async def test_a_colleague_who_takes_it_leaves_the_wrap_up_alone(connection, centre, ana):
    await queue(connection, centre, 60)
    conversation = await handled(connection, centre, ana)
    bruno = await add_agent(connection, "Bruno")
    await conversations.set_status(connection, conversation, "open", snoozed_until=None, actor="test")
    await assign.take(connection, conversation, bruno, actor="test")
    assert (await load(connection, ana), await load(connection, bruno)) == (1, 1)
    assert await checks.broken(connection) == {}


async def test_what_is_given_away_is_not_wrapped_up(connection, centre, ana):
    await queue(connection, centre, 60)
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="test")
    await assign.release(connection, conversation, actor="test")
    assert ((await work(connection))["state"], await load(connection, ana)) == ("ended", 0)


async def test_who_is_gone_wraps_nothing_up(connection, db, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    await connection.execute(text("UPDATE agent SET active = false"))
    assert await sweep(db) is True
    assert ((await work(connection))["state"], await load(connection, ana)) == ("ended", 0)


async def test_a_clock_that_is_set_back_holds_nobody(connection, db, centre, ana):
    await queue(connection, centre, 60)
    await handled(connection, centre, ana)
    await passes(connection, -3600)
    assert await sweep(db) is True
    found = await work(connection)
    assert (found["state"], found["wrap_up"], await load(connection, ana)) == ("ended", 0, 0)


async def test_a_desk_that_opens_sees_what_there_is_to_wrap_up(connection, centre, ana):
    await queue(connection, centre, 60)
    conversation = await handled(connection, centre, ana)
    own = await queries.snapshot(connection, ana)
    assert [one["id"] for one in own["conversations"]] == [str(conversation)]
    assert [one["id"] for one in own["contacts"]] == [str(centre.contact_id)]
    assert [one["state"] for one in own["interactions"]] == ["wrap_up"]
    assert own["truncated"] is False
    theirs = await queries.snapshot(connection, await add_agent(connection, "Bruno"))
    assert ([one["state"] for one in theirs["interactions"]], theirs["conversations"]) == (["wrap_up"], [])


async def test_a_silent_desk_is_seen_to_reconnect_before_it_is_lost(connection, db, ana):
    told = text(
        "SELECT data->'presence'->'reconnecting' FROM event WHERE type = 'presence.changed' ORDER BY id"
    )
    state = text("SELECT state, reconnecting, reason FROM presence")
    await silent(connection, 30)
    assert await sweep(db) is False
    await silent(connection, 40)
    assert await sweep(db, watched_s=30) is False, "a leader that has just begun judges nobody"
    assert await sweep(db) is True
    assert (await connection.execute(state)).one() == ("available", True, None)
    await service.seen(connection, [ana])
    assert (await connection.execute(state)).one() == ("available", False, None)
    assert list((await connection.execute(told)).scalars())[-2:] == [True, False]
    await silent(connection, 61)
    assert await sweep(db) is True
    assert (await connection.execute(state)).one() == ("offline", False, "connection_lost")


async def in_hand(c: AsyncConnection, centre: Centre, agent: UUID) -> UUID:
    conversation = await arrive(c, centre)
    await assign.take(c, conversation, agent, actor="test")
    return conversation


async def given_on(c: AsyncConnection, conversation: UUID, agent: UUID, to: UUID | None) -> None:
    """The agent gives it on: to a colleague, or to whoever is next in line."""
    line = await c.scalar(text("SELECT id FROM queue"))
    giving = Giving("blind", "agent", to, note="Falta la factura.") if to else Giving("blind", "queue", line)
    await transfers.transfer(c, conversation, Giver(agent, "test"), giving)


@pytest.mark.parametrize("colleague", [True, False])
async def test_what_is_given_on_is_wrapped_up_by_who_had_it(connection, db, centre, ana, colleague):
    await queue(connection, centre, 60)
    beto = await add_agent(connection, "Beto", state="available" if colleague else "away")
    conversation = await in_hand(connection, centre, ana)
    await given_on(connection, conversation, ana, beto if colleague else None)
    states = dict(
        (await connection.execute(text("SELECT agent_id, state FROM interaction ORDER BY id"))).all()
    )
    assert states == {ana: "wrap_up"} | ({beto: "accepted"} if colleague else {})
    assert (await load(connection, ana), await load(connection, beto)) == (1, int(colleague))
    await passes(connection, 61)
    assert await sweep(db) is True
    assert await load(connection, ana) == 0
    assert await checks.broken(connection) == {}


async def test_what_is_put_off_is_wrapped_up_until_it_comes_back(connection, db, centre, ana):
    await queue(connection, centre, 60)
    conversation = await in_hand(connection, centre, ana)
    await assign.end(connection, conversation, reason="snoozed", actor="test")
    later = datetime.now(UTC) + timedelta(hours=1)
    await conversations.set_status(connection, conversation, "snoozed", snoozed_until=later, actor="test")
    assert ((await work(connection))["state"], await load(connection, ana)) == ("wrap_up", 1)
    await conversations.set_status(connection, conversation, "open", snoozed_until=None, actor="test")
    await assign.release(connection, conversation, actor="test")
    assert ((await work(connection))["state"], await load(connection, ana)) == ("ended", 0)


async def test_who_accepts_again_what_they_wrap_up_has_it_in_hand_alone(connection, db, centre):
    ana = await add_agent(connection, "Ana", capacity=2)
    await queue(connection, centre, 60)
    conversation = await in_hand(connection, centre, ana)
    await given_on(connection, conversation, ana, None)
    offered = text("""
        INSERT INTO interaction (id, conversation_id, agent_id, state, offered_at, offer_expires_at)
        VALUES (:id, :conversation, :agent, 'offered', now(), now() + interval '1 minute')
    """)
    offer = new_id()
    await connection.execute(offered, {"id": offer, "conversation": conversation, "agent": ana})
    await connection.execute(text("UPDATE waiting SET offer_id = :id"), {"id": offer})
    await connection.execute(text("UPDATE presence SET load = load + 1"))
    await assign.accept(connection, offer, ana, actor="test")
    states = (await connection.execute(text("SELECT state FROM interaction ORDER BY id"))).scalars().all()
    assert (states, await load(connection, ana)) == (["ended", "accepted"], 1)
    assert await checks.broken(connection) == {}


@pytest.mark.parametrize("reason", ["taken_over", "released", "spam"])
async def test_what_is_taken_from_somebody_is_not_wrapped_up(connection, centre, ana, reason):
    await queue(connection, centre, 60)
    conversation = await in_hand(connection, centre, ana)
    await assign.end(connection, conversation, reason=reason, actor="test")
    assert ((await work(connection))["state"], await load(connection, ana)) == ("ended", 0)
