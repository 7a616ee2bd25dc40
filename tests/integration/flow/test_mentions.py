"""A note that calls a colleague says so once, and only a note does."""

from uuid import UUID, uuid4

import pytest
from tests.support.contact_centre import add_agent
from tests.support.loop import mail

from trato.flow.inbound import receive
from trato.flow.replies import Author, Writing, write
from trato.kit.errors import Invalid
from trato.kit.ids import new_id

from .test_inbound import rows

ANA = Author(actor="system", name="Sofía")


@pytest.fixture
async def conversation_id(services, account):
    return (await receive(services, account, mail())).conversation_id


@pytest.fixture
async def colleague(services) -> UUID:
    async with services.db.begin() as c:
        return await add_agent(c, "Bruno")


async def note(services, conversation_id, *mentions: UUID, client_id: str = "", is_note: bool = True):
    writing = Writing(
        text="@Bruno, ¿lo mira?", client_id=client_id or str(uuid4()), note=is_note, mentions=mentions
    )
    async with services.db.begin() as c:
        return await write(services, c, conversation_id, ANA, writing)


async def told(services):
    return await rows(services, "SELECT audience, data FROM event WHERE type = 'note.mentioned'")


async def test_who_is_called_is_kept_beside_the_note_and_told_once(services, conversation_id, colleague):
    view = await note(services, conversation_id, colleague, colleague, client_id="one-click")
    again = await note(services, conversation_id, colleague, client_id="one-click")
    assert again["id"] == view["id"]
    assert view["payload"]["mentions"] == [str(colleague)]
    kept = await rows(services, "SELECT message_id, agent_id FROM message_mention")
    assert [(str(one["message_id"]), one["agent_id"]) for one in kept] == [(view["id"], colleague)]
    (event,) = await told(services)
    assert event["audience"] == "staff"
    assert event["data"]["agent_ids"] == [str(colleague)]
    assert event["data"]["message"]["id"] == view["id"]


async def test_a_reply_calls_nobody_and_who_is_gone_is_not_called(services, conversation_id, colleague):
    with pytest.raises(Invalid, match="Only a note"):
        await note(services, conversation_id, colleague, is_note=False)
    with pytest.raises(Invalid, match="no longer here"):
        await note(services, conversation_id, new_id())
    assert await told(services) == []


async def test_a_note_that_calls_nobody_tells_nobody(services, conversation_id):
    view = await note(services, conversation_id)
    assert "mentions" not in view["payload"]
    assert await told(services) == []
