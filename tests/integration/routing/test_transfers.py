"""A conversation goes to somebody else with all that belongs to it, once, and is never lost on the way."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre

from trato.db.engine import Database
from trato.flow import assign, drafts, line, transfers
from trato.flow.transfers import Giver, Giving
from trato.kit import clock
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.routing import checks

NOTE = "Ya probamos reiniciar; falta cambiar el cable."


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


@pytest.fixture(autouse=True)
async def nothing_is_broken(connection: AsyncConnection):
    yield
    assert await checks.broken(connection) == {}


async def row(c: AsyncConnection, sql: str, **values: Any) -> dict[str, Any] | None:
    found = (await c.execute(text(sql), values)).mappings().first()
    return None if found is None else dict(found)


async def holder(c: AsyncConnection, conversation: UUID) -> UUID | None:
    held = await row(
        c,
        "SELECT agent_id FROM interaction WHERE conversation_id = :id AND state = 'accepted'",
        id=conversation,
    )
    return None if held is None else held["agent_id"]


async def in_line(c: AsyncConnection, conversation: UUID) -> dict[str, Any] | None:
    return await row(c, "SELECT * FROM waiting WHERE conversation_id = :id", id=conversation)


async def held_by(c: AsyncConnection, centre: Centre, agent: UUID, *, ago_s: float = 60) -> UUID:
    conversation = await arrive(c, centre, ago_s=ago_s)
    await assign.take(c, conversation, agent, actor="user:1")
    return conversation


def by(agent: UUID) -> Giver:
    return Giver(agent, "user:1")


def to(agent: UUID, kind: transfers.Kind = "blind", **more: Any) -> Giving:
    return Giving(kind, "agent", agent, **{"note": NOTE, **more})


async def named(c: AsyncConnection, table: str, name: str, **columns: Any) -> UUID:
    row_id = new_id()
    columns = {"id": row_id, "name": name, **columns}
    await c.execute(
        text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{n}' for n in columns)})"),
        columns,
    )
    return row_id


async def test_blind_to_an_agent_with_room_is_theirs_at_once(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    given = await transfers.transfer(connection, conversation, by(ana), to(beto))
    assert (given["state"], given["got_by"], given["note"]) == ("done", str(beto), NOTE)
    assert await holder(connection, conversation) == beto
    told = await row(connection, "SELECT data FROM event WHERE type = 'transfer.changed' ORDER BY id DESC")
    assert told is not None
    assert told["data"]["transfer"]["state"] == "done"
    visitor = await row(
        connection, "SELECT data FROM event WHERE type = 'conversation.for_visitor' ORDER BY id DESC"
    )
    assert visitor is not None
    assert visitor["data"]["agent"] == {"name": "Beto", "portrait": None}  # the contact is told who helps now


@pytest.mark.parametrize("state", ["away", "offline"])
async def test_blind_to_who_is_not_here_is_refused_and_nothing_changes(connection, centre, state):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto", state=state)
    conversation = await held_by(connection, centre, ana)
    with pytest.raises(Conflict, match="Beto is not here"):
        await transfers.transfer(connection, conversation, by(ana), to(beto))
    assert await holder(connection, conversation) == ana


async def test_blind_to_a_full_agent_is_refused_or_waits_for_them(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    await held_by(connection, centre, beto)
    conversation = await held_by(connection, centre, ana, ago_s=500)
    with pytest.raises(Conflict, match="Beto has no room"):
        await transfers.transfer(connection, conversation, by(ana), to(beto))
    assert await holder(connection, conversation) == ana
    given = await transfers.transfer(connection, conversation, by(ana), to(beto, wait=True))
    assert given["state"] == "waiting"
    waiting = await in_line(connection, conversation)
    assert waiting is not None
    assert waiting["needs"]["owner"] == str(beto)
    assert list(waiting["needs"]["declined"]) == [str(ana)]
    assert clock.now() - waiting["since"] > timedelta(seconds=490)  # keeps the place


async def test_a_deactivated_agent_is_no_destination(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    await connection.execute(text("UPDATE agent SET active = false WHERE id = :id"), {"id": beto})
    conversation = await held_by(connection, centre, ana)
    for giving in (to(beto), to(beto, "warm")):
        with pytest.raises(Conflict, match="not in use"):
            await transfers.transfer(connection, conversation, by(ana), giving)
    assert await holder(connection, conversation) == ana


async def test_to_a_queue_keeps_the_place_and_never_comes_back_first(connection, centre):
    ana = await add_agent(connection, "Ana")
    conversation = await held_by(connection, centre, ana, ago_s=900)
    await connection.execute(  # answered meanwhile: the place is still the one they came with
        text("UPDATE conversation SET waiting_since = NULL WHERE id = :id"), {"id": conversation}
    )
    queue = await named(connection, "queue", "Garantías")
    given = await transfers.transfer(connection, conversation, by(ana), Giving("blind", "queue", queue))
    assert (given["state"], given["to_name"]) == ("waiting", "Garantías")
    waiting = await in_line(connection, conversation)
    assert waiting is not None
    assert waiting["queue_id"] == queue
    assert clock.now() - waiting["since"] > timedelta(seconds=890)
    assert str(ana) in waiting["needs"]["declined"]
    assert str(ana) not in (waiting["needs"].get("owner"), waiting["needs"].get("spoke_last"))
    seen = await row(connection, "SELECT * FROM conversation WHERE id = :id", id=conversation)
    assert seen is not None
    assert (seen["assignee_id"], seen["waiting_since"] is None) == (None, False)
    beto = await add_agent(connection, "Beto")
    await assign.take(connection, conversation, beto, actor="user:2")
    found = await transfers.of_conversation(connection, conversation)
    assert (found[0]["state"], found[0]["got_by"]) == ("done", str(beto))


async def test_to_a_skill_team_or_site_says_what_is_needed(connection, centre):
    ana = await add_agent(connection, "Ana", capacity=3)
    skill = await named(connection, "skill", "pagos")
    site = await named(connection, "site", "Lima", time_zone="America/Lima")
    team = await named(connection, "team", "Cobros", site_id=site)
    cases: list[tuple[transfers.DestinationKind, UUID, str, object]] = [
        ("skill", skill, "skills", {str(skill): 3}),
        ("team", team, "teams", [str(team)]),
        ("site", site, "sites", [str(site)]),
    ]
    for kind, place, key, value in cases:
        conversation = await held_by(connection, centre, ana)
        await transfers.transfer(connection, conversation, by(ana), Giving("blind", kind, place, level=3))
        waiting = await in_line(connection, conversation)
        assert waiting is not None
        assert waiting["needs"][key] == value


async def test_back_to_the_owner_in_one_step(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    with pytest.raises(Conflict, match="Nobody owns"):
        await transfers.transfer(connection, conversation, by(ana), Giving("blind", "owner"))
    case = new_id()
    await connection.execute(
        text(
            "INSERT INTO cases (id, brand_id, contact_id, owner_id, updated_at)"
            " VALUES (:id, :brand, :contact, :owner, now())"
        ),
        {"id": case, "brand": centre.brand_id, "contact": centre.contact_id, "owner": beto},
    )
    await connection.execute(
        text("UPDATE conversation SET case_id = :case WHERE id = :id"), {"case": case, "id": conversation}
    )
    await transfers.transfer(connection, conversation, by(ana), Giving("blind", "owner"))
    assert await holder(connection, conversation) == beto


async def test_warm_needs_a_note(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    with pytest.raises(Invalid):
        await transfers.transfer(connection, conversation, by(ana), to(beto, "warm", note=" \n"))


async def test_warm_stays_with_the_first_until_the_other_accepts(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    await drafts.keep(connection, conversation, ana, "reply", "Le cuento que")
    asked = await transfers.transfer(connection, conversation, by(ana), to(beto, "warm"))
    assert asked["state"] == "asked"
    assert await holder(connection, conversation) == ana
    with pytest.raises(Conflict, match="asked already"):
        await transfers.transfer(connection, conversation, by(ana), to(beto, "warm"))
    transfer_id = UUID(asked["id"])
    with pytest.raises(NotFound):
        await transfers.accept(connection, transfer_id, ana, actor="user:1")
    taken = await transfers.accept(connection, transfer_id, beto, actor="user:2")
    assert (taken["state"], taken["got_by"]) == ("done", str(beto))
    assert await holder(connection, conversation) == beto
    [draft] = await drafts.mine(connection, conversation, beto)
    assert (draft["text"], draft["from_agent_id"]) == ("Le cuento que", ana)
    assert await drafts.mine(connection, conversation, ana) == []
    with pytest.raises(Conflict, match="no longer stands"):
        await transfers.accept(connection, transfer_id, beto, actor="user:2")


async def test_warm_declined_or_withdrawn_changes_nothing(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    asked = await transfers.transfer(connection, conversation, by(ana), to(beto, "warm"))
    said = await transfers.drop(connection, UUID(asked["id"]), by(beto), "declined", reason="almuerzo")
    assert (said["state"], said["answer"]) == ("declined", "almuerzo")
    again = await transfers.transfer(connection, conversation, by(ana), to(beto, "warm"))
    with pytest.raises(NotFound):
        await transfers.drop(connection, UUID(again["id"]), by(beto), "withdrawn")
    await transfers.drop(connection, UUID(again["id"]), by(ana), "withdrawn")
    with pytest.raises(Conflict):
        await transfers.accept(connection, UUID(again["id"]), beto, actor="user:2")
    assert await holder(connection, conversation) == ana


async def test_warm_accepted_without_room_is_still_asked_and_still_the_firsts(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    asked = await transfers.transfer(connection, conversation, by(ana), to(beto, "warm"))
    busy = await held_by(connection, centre, beto)
    with pytest.raises(Conflict, match="no room"):
        await transfers.accept(connection, UUID(asked["id"]), beto, actor="user:2")
    assert await holder(connection, conversation) == ana
    await assign.end(connection, busy, reason="closed", actor="user:2")
    await connection.execute(
        text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"), {"id": busy}
    )
    taken = await transfers.accept(connection, UUID(asked["id"]), beto, actor="user:2")
    assert taken["state"] == "done"


async def test_a_question_falls_when_the_first_closed_it_or_the_other_left(connection, centre):
    ana, beto = await add_agent(connection, "Ana", capacity=2), await add_agent(connection, "Beto")
    closed, left = [await held_by(connection, centre, ana) for _ in range(2)]
    asked = await transfers.transfer(connection, closed, by(ana), to(beto, "warm"))
    also = await transfers.transfer(connection, left, by(ana), to(beto, "warm"))
    await connection.execute(
        text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"), {"id": closed}
    )
    await assign.end(connection, closed, reason="closed", actor="user:1")
    with pytest.raises(Conflict, match="no longer stands"):
        await transfers.accept(connection, UUID(asked["id"]), beto, actor="user:2")
    assert (await transfers.of_conversation(connection, closed))[0]["answer"] == "ended"
    await connection.execute(text("SELECT set_presence(:id, 'offline', NULL, 'user:2', NULL)"), {"id": beto})
    [gone] = await transfers.of_conversation(connection, left)
    assert (gone["id"], gone["state"], gone["answer"]) == (also["id"], "withdrawn", "left")
    assert await holder(connection, left) == ana


async def test_only_who_has_it_or_a_supervisor_gives_it_on(connection, centre):
    ana, beto, carla = [await add_agent(connection, name) for name in ("Ana", "Beto", "Carla")]
    conversation = await held_by(connection, centre, ana)
    with pytest.raises(Conflict, match="A colleague has this"):
        await transfers.transfer(connection, conversation, by(beto), to(carla))
    over = Giver(beto, "user:2", over=True)
    await transfers.transfer(connection, conversation, over, to(carla))
    assert await holder(connection, conversation) == carla


async def test_what_was_begun_goes_with_whoever_gets_it_next(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    await drafts.keep(connection, conversation, ana, "reply", "A medio escribir")
    await drafts.keep(connection, conversation, ana, "note", "Ojo con la factura")
    await assign.take(connection, conversation, beto, actor="user:2", over=True)  # a supervisor takes over
    found = {one["kind"]: one["text"] for one in await drafts.mine(connection, conversation, beto)}
    assert found == {"reply": "A medio escribir", "note": "Ojo con la factura"}


async def test_a_draft_of_ones_own_is_never_overwritten(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    await drafts.keep(connection, conversation, ana, "reply", "De Ana")
    await drafts.keep(connection, conversation, beto, "reply", "De Beto")
    await transfers.transfer(connection, conversation, by(ana), to(beto))
    [his] = await drafts.mine(connection, conversation, beto)
    assert (his["text"], [one["text"] for one in his["came"]]) == ("De Beto", ["De Ana"])
    assert await drafts.mine(connection, conversation, ana) == []


async def test_a_second_agent_joins_writes_and_leaves(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await held_by(connection, centre, ana)
    inside = await transfers.join(connection, conversation, beto, inside=True, actor="user:1")
    assert [one["name"] for one in inside] == ["Beto"]
    seen = await row(
        connection, "SELECT data FROM event WHERE type = 'conversation.for_visitor' ORDER BY id DESC"
    )
    assert seen is not None
    assert (seen["data"]["agent"], seen["data"]["beside"]) == ({"name": "Ana", "portrait": None}, ["Beto"])
    presence = await row(connection, "SELECT load FROM presence WHERE agent_id = :id", id=beto)
    assert presence == {"load": 0}
    with pytest.raises(Conflict):
        await transfers.join(connection, conversation, ana, inside=True, actor="user:1")
    assert await transfers.join(connection, conversation, beto, inside=False, actor="user:2") == []
    await transfers.join(connection, conversation, beto, inside=True, actor="user:1")
    await transfers.transfer(connection, conversation, by(ana), to(beto))
    assert await transfers.beside(connection, conversation) == []  # who has it is no guest


async def test_the_line_says_who_is_next_and_why_they_wait(connection, centre):
    skill = await named(connection, "skill", "pagos")
    queue = await named(connection, "queue", "Cobros", priority=2)
    await connection.execute(
        text("INSERT INTO queue_skill (queue_id, skill_id, level) VALUES (:queue, :skill, 3)"),
        {"queue": queue, "skill": skill},
    )
    first = await arrive(connection, centre, ago_s=500)
    second = await arrive(connection, centre, ago_s=100)
    found = await line.waiting(connection)
    assert [(one["place"], one["conversation_id"], one["why"]) for one in found["items"]] == [
        (1, first, "nobody_knows"),
        (2, second, "nobody_knows"),
    ]
    ana = await add_agent(connection, "Ana")
    busy = await held_by(connection, centre, ana)
    moved = await line.move(connection, second, {"queue_id": queue}, actor="user:1")
    assert (moved["place"], moved["queue_name"], moved["why"]) == (1, "Cobros", "nobody_knows")
    assert moved["needs"] == [{"name": "pagos", "level": 3, "known_by": 0}]
    page = await line.waiting(connection, limit=1)
    then = await line.waiting(connection, limit=1, cursor=page["next_cursor"])
    assert (page["items"][0]["conversation_id"], then["items"][0]["why"]) == (second, "all_busy")
    higher = await line.move(connection, first, {"priority": 10}, actor="user:1")
    assert (higher["place"], higher["priority"]) == (1, 10)
    with pytest.raises(Conflict, match="wait no more"):
        await line.move(connection, busy, {"priority": 1}, actor="user:1")
    with pytest.raises(Invalid):
        await line.move(connection, first, {"queue_id": new_id()}, actor="user:1")


async def test_given_on_while_an_offer_stands_the_offer_falls_and_the_room_is_free(connection, centre):
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    conversation = await arrive(connection, centre)
    await connection.execute(
        text(
            "SELECT make_offers(jsonb_build_array(jsonb_build_object('interaction_id', CAST(:i AS uuid),"
            " 'conversation_id', CAST(:c AS uuid), 'agent_id', CAST(:a AS uuid), 'reason', 'x',"
            " 'decision', '{}'::jsonb)), 1, 60)"
        ),
        {"i": new_id(), "c": conversation, "a": ana},
    )
    queue = await named(connection, "queue", "Cobros")
    await transfers.transfer(
        connection, conversation, Giver(None, "user:9", over=True), Giving("blind", "queue", queue)
    )
    offers = await row(connection, "SELECT state FROM interaction WHERE agent_id = :id", id=ana)
    assert offers == {"state": "withdrawn"}
    assert await row(connection, "SELECT load FROM presence WHERE agent_id = :id", id=ana) == {"load": 0}
    waiting = await in_line(connection, conversation)
    assert waiting is not None
    assert (waiting["queue_id"], waiting["offer_id"]) == (queue, None)
    await transfers.transfer(
        connection, conversation, Giver(None, "user:9", over=True), to(beto)
    )  # a supervisor assigns who waits
    assert await holder(connection, conversation) == beto


RACE = 8


@pytest.fixture
async def floor(committing_db: Database):
    """Ana has a conversation; Beto and Carla are free."""
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        agents = [await add_agent(c, name) for name in ("Ana", "Beto", "Carla")]
        conversation = await held_by(c, centre, agents[0])
    yield committing_db, conversation, agents
    async with committing_db.connect() as c:
        assert await checks.broken(c) == {}
        held = await c.scalar(text("SELECT count(*) FROM interaction WHERE state = 'accepted'"))
        waits = await c.scalar(text("SELECT count(*) FROM waiting"))
        closed = await c.scalar(text("SELECT count(*) FROM conversation WHERE status = 'closed'"))
        assert held + waits + closed == 1  # never two, never lost


async def attempt(db: Database, work) -> object:
    try:
        async with db.begin() as c:
            return await work(c)
    except (Conflict, NotFound) as refused:
        return refused


async def test_two_transfers_at_once_give_it_to_one(floor):
    db, conversation, (ana, beto, carla) = floor

    def give(who: UUID):
        return lambda c: transfers.transfer(c, conversation, by(ana), to(who))

    said = await asyncio.gather(*(attempt(db, give(who)) for who in [beto, carla] * (RACE // 2)))
    done = [one for one in said if isinstance(one, dict)]
    assert len(done) == 1
    async with db.connect() as c:
        assert str(await holder(c, conversation)) == done[0]["got_by"]


async def test_a_warm_transfer_is_accepted_or_closed_never_both(floor):
    db, conversation, (ana, beto, _) = floor
    async with db.begin() as c:
        asked = await transfers.transfer(c, conversation, by(ana), to(beto, "warm"))

    async def close(c: AsyncConnection) -> None:
        await c.execute(
            text("SELECT FROM conversation WHERE id = :id FOR NO KEY UPDATE"), {"id": conversation}
        )
        if await holder(c, conversation) != ana:
            raise Conflict("too late")
        await assign.end(c, conversation, reason="closed", actor="user:1")
        await c.execute(
            text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
            {"id": conversation},
        )

    accepted, closed = await asyncio.gather(
        attempt(db, lambda c: transfers.accept(c, UUID(asked["id"]), beto, actor="user:2")),
        attempt(db, close),
    )
    assert isinstance(accepted, dict) != (closed is None)


async def test_accepting_and_withdrawing_at_once_has_one_outcome(floor):
    db, conversation, (ana, beto, _) = floor
    async with db.begin() as c:
        asked = await transfers.transfer(c, conversation, by(ana), to(beto, "warm"))
    accepted, withdrawn = await asyncio.gather(
        attempt(db, lambda c: transfers.accept(c, UUID(asked["id"]), beto, actor="user:2")),
        attempt(db, lambda c: transfers.drop(c, UUID(asked["id"]), by(ana), "withdrawn")),
    )
    assert isinstance(accepted, dict) != isinstance(withdrawn, dict)
    async with db.connect() as c:
        assert await holder(c, conversation) == (beto if isinstance(accepted, dict) else ana)


async def test_accepting_while_leaving_has_one_outcome(floor):
    db, conversation, (ana, beto, _) = floor
    async with db.begin() as c:
        asked = await transfers.transfer(c, conversation, by(ana), to(beto, "warm"))
    leave = text("SELECT set_presence(:id, 'offline', NULL, 'user:2', NULL)")
    accepted, _left = await asyncio.gather(
        attempt(db, lambda c: transfers.accept(c, UUID(asked["id"]), beto, actor="user:2")),
        attempt(db, lambda c: c.execute(leave, {"id": beto})),
    )
    async with db.connect() as c:
        assert await holder(c, conversation) == (beto if isinstance(accepted, dict) else ana)
        [last] = await transfers.of_conversation(c, conversation)
        assert last["state"] in {"done", "withdrawn"}
