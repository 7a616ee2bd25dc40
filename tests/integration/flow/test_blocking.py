"""A blocked sender disturbs nobody, and unblocking brings back exactly what blocking took away."""

from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.loop import mail

from trato.channel_sdk import Party
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.flow import assign, blocking
from trato.flow.inbound import receive
from trato.routing import checks

from .test_inbound import rows


async def ana(services) -> UUID:
    async with services.db.connect() as c:
        found = await contacts.owner_of(c, "loop", "ana@example.org")
    assert found is not None
    return found


async def block(services) -> None:
    async with services.db.begin() as c:
        await blocking.block(c, await ana(services), actor="user:1")


async def unblock(services, agent_id: UUID | None = None) -> None:
    async with services.db.begin() as c:
        await blocking.unblock(c, await ana(services), actor="user:1", agent_id=agent_id)


async def standing(services) -> dict[str, tuple[bool, str]]:
    found = await rows(services, "SELECT conversation_key, spam, status FROM conversation")
    return {row["conversation_key"]: (row["spam"], row["status"]) for row in found}


@pytest.fixture
async def agent(services) -> UUID:
    async with services.db.begin() as c:
        return await add_agent(c, capacity=5)


async def test_what_is_open_goes_to_spam_and_comes_back_to_who_had_it(services, account, agent):
    for n in (1, 2):
        await receive(services, account, mail(n))
    mine, other = await rows(services, "SELECT id FROM conversation ORDER BY conversation_key")
    async with services.db.begin() as c:
        await assign.take(c, mine["id"], agent, actor="user:1")
    await block(services)
    assert await standing(services) == {"k1": (True, "open"), "k2": (True, "open")}
    assert await rows(services, "SELECT * FROM waiting") == []
    assert [r["load"] for r in await rows(services, "SELECT load FROM presence")] == [0]

    await unblock(services, agent)
    assert await standing(services) == {"k1": (False, "open"), "k2": (False, "open")}
    waiting = await rows(services, "SELECT conversation_id FROM waiting")
    assert [r["conversation_id"] for r in waiting] == [other["id"]]
    held = await rows(services, "SELECT conversation_id FROM interaction WHERE state = 'accepted'")
    assert [r["conversation_id"] for r in held] == [mine["id"]]


async def test_what_was_spam_for_itself_stays_spam(services, account):
    for n in (1, 2):
        await receive(services, account, mail(n, spam=n == 2))
    await receive(services, account, mail(3))
    (marked,) = await rows(services, "SELECT id FROM conversation WHERE conversation_key = 'k1'")
    async with services.db.begin() as c:
        await conversations.set_spam(c, marked["id"], spam=True, actor="user:1")
    await block(services)
    await unblock(services)
    assert {key: spam for key, (spam, _) in (await standing(services)).items()} == {
        "k1": True,
        "k2": True,
        "k3": False,
    }


async def test_what_came_meanwhile_waits_once_the_sender_is_unblocked(services, account):
    await receive(services, account, mail(1))
    (ended,) = await rows(services, "SELECT id FROM conversation")
    async with services.db.begin() as c:
        await assign.end(c, ended["id"], reason="closed", actor="user:1")
        await conversations.set_status(c, ended["id"], "closed", snoozed_until=None, actor="user:1")
    await block(services)
    assert await standing(services) == {"k1": (False, "closed")}, "what is over stays where it is"
    await receive(services, account, mail(2, references=["<m1@example.org>"]))
    await receive(services, account, mail(3))
    assert await standing(services) == {"k1": (True, "closed"), "k3": (True, "open")}
    assert await rows(services, "SELECT * FROM waiting") == []
    await unblock(services)
    assert await standing(services) == {"k1": (False, "open"), "k3": (False, "open")}
    assert len(await rows(services, "SELECT * FROM waiting")) == 2


async def test_a_third_partys_block_leaves_the_customers_conversation_alone(services, account):
    await receive(services, account, mail(1))
    await receive(
        services,
        account,
        mail(2, sender=Party("loop", "taller@example.com", "Taller"), references=["<m1@example.org>"]),
    )
    async with services.db.begin() as c:
        garage = await contacts.owner_of(c, "loop", "taller@example.com")
        assert garage is not None
        await blocking.block(c, garage, actor="user:1")
    await receive(
        services,
        account,
        mail(3, sender=Party("loop", "taller@example.com", "Taller"), references=["<m1@example.org>"]),
    )
    assert await standing(services) == {"k1": (False, "open")}


async def test_both_are_told_to_the_desk(services, account):
    await receive(services, account, mail(1))
    async with services.db.begin() as c:
        await c.execute(text("DELETE FROM event"))
    await block(services)
    await unblock(services)
    told = await rows(
        services,
        "SELECT data->'conversation'->'spam' AS spam FROM event WHERE type = 'conversation.changed'"
        " ORDER BY id",
    )
    assert told[0]["spam"] is True
    assert told[-1]["spam"] is False
    blocked = await rows(
        services,
        "SELECT data->'contact'->>'blocked_at' AS at FROM event WHERE type = 'contact.changed' ORDER BY id",
    )
    assert [row["at"] is None for row in blocked] == [False, True, True], "the last with what comes back"


async def test_what_somebody_takes_in_hand_is_no_spam_whoever_wrote_it(services, account, agent):
    await receive(services, account, mail(1))
    await block(services)
    (mine,) = await rows(services, "SELECT id FROM conversation")
    async with services.db.begin() as c:
        await assign.choose(c, mine["id"], agent, actor="user:1")
    assert await standing(services) == {"k1": (False, "open")}
    await receive(services, account, mail(2, conversation_key="k1"))
    assert await standing(services) == {"k1": (False, "open")}, "the agent goes on seeing it"
    async with services.db.connect() as c:
        assert await checks.broken(c) == {}
