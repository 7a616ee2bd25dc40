"""What people at the desk do with a conversation leaves nobody waiting unseen."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.loop import mail

from trato.access.edge import Caller
from trato.access.roles import Role
from trato.conversations import queries
from trato.flow import assign, desk_api
from trato.flow.inbound import receive
from trato.flow.schemas import ConversationChange
from trato.kit.clock import now
from trato.kit.ids import new_id

from .test_inbound import rows


def caller(agent_id: UUID | None = None) -> Caller:
    return Caller(
        user_id=new_id(), agent_id=agent_id, role=Role.SUPERVISOR, name="Sara", language="es", ip=None
    )


SARA = caller()


@pytest.fixture
async def conversation_id(services, account):
    return (await receive(services, account, mail())).conversation_id


async def change(services, conversation_id, who=SARA, **changes):
    async with services.db.begin() as c:
        return await desk_api.change(who, c, conversation_id, ConversationChange(**changes))


async def snooze(services, conversation_id, who=SARA):
    later = now() + timedelta(hours=1)
    await change(services, conversation_id, who, status="snoozed", snoozed_until=later)


async def test_who_waits_is_sought_again_when_a_snooze_is_taken_back(services, conversation_id):
    await snooze(services, conversation_id)
    assert await rows(services, "SELECT * FROM waiting") == []
    await change(services, conversation_id, status="open")
    assert len(await rows(services, "SELECT * FROM waiting")) == 1


async def test_the_closed_come_page_by_page_in_the_order_of_their_end(services, account):
    ids = [(await receive(services, account, mail(n))).conversation_id for n in range(5)]
    ended = [ids[n] for n in (3, 0, 4, 1, 2)]
    for conversation_id in ended:
        await change(services, conversation_id, status="closed")
    found, cursor = [], None
    while True:
        async with services.db.snapshot() as c:
            page = await queries.inbox(c, tab="closed", agent_id=None, cursor=cursor, limit=2)
        found += [UUID(view["id"]) for view in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == ended[::-1]


async def test_who_wakes_their_own_conversation_has_it_again(services, conversation_id):
    async with services.db.begin() as c:
        agent_id = await add_agent(c)
        await assign.take(c, conversation_id, agent_id, actor="user:2")
    ana = caller(agent_id)
    await snooze(services, conversation_id, ana)
    view = await change(services, conversation_id, ana, status="open")
    assert view["assignee_id"] == str(agent_id)
    assert [r["load"] for r in await rows(services, "SELECT load FROM presence")] == [1]


async def test_what_was_no_spam_waits_for_its_answer(services, account):
    conversation_id = (await receive(services, account, mail(spam=True))).conversation_id
    assert conversation_id is not None
    async with services.db.begin() as c:
        view = await desk_api.unmark_spam(SARA, c, conversation_id)
    assert view["waiting_since"] == view["last_inbound_at"]
    (waiting,) = await rows(services, "SELECT since FROM waiting")
    (conversation,) = await rows(services, "SELECT last_inbound_at FROM conversation")
    assert waiting["since"] == conversation["last_inbound_at"]


async def test_what_was_answered_before_it_was_spam_does_not_wait(services, conversation_id):
    async with services.db.begin() as c:
        await desk_api.mark_spam(SARA, c, conversation_id)
        await c.execute(
            text("UPDATE conversation SET waiting_since = NULL, last_message_at = now() + interval '1s'")
        )
        view = await desk_api.unmark_spam(SARA, c, conversation_id)
    assert view["waiting_since"] is None


@pytest.mark.parametrize("way", ["messages", "scheduled"])
async def test_what_is_sent_again_opens_and_takes_nothing(desk, way):
    (one,) = await desk.rows("SELECT id FROM conversation")
    place, body = f"/conversations/{one['id']}", {"text": "Ya sale", "client_id": "sent-again"}
    first = await desk.ask("POST", f"{place}/{way}", 201, **body)
    await desk.ask("PATCH", place, status="closed")
    ended = await desk.rows("SELECT status, assignee_id, version FROM conversation")
    assert ended[0]["status"] == "closed"
    assert (await desk.ask("POST", f"{place}/{way}", 201, **body))["id"] == first["id"]
    assert await desk.rows("SELECT status, assignee_id, version FROM conversation") == ended
