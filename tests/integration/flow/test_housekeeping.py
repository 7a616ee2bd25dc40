"""What time does by itself, and what it must leave alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.channel_sdk import File
from trato.conversations import service as conversations
from trato.flow import assign
from trato.flow.inbound import receive
from trato.flow.tasks import housekeeping
from trato.kit.clock import now

from .test_inbound import rows


@pytest.fixture
def keep_house(services):
    async def run():
        await housekeeping(services)({}, 1)

    return run


async def test_a_file_outlives_a_copy_of_it_that_was_never_sent(services, account, keep_house):
    await receive(services, account, mail(files=[File("foto.png", "image/png", b"pixels")]))
    (original,) = await rows(services, "SELECT id, conversation_id, store_key FROM attachment")
    async with services.db.begin() as c:
        await conversations.copy_attachment(c, original["id"], original["conversation_id"], "user:1")
        await conversations.add_attachment(
            c, filename="a", content_type="text/plain", size=1, sha256="0", store_key="files/lone"
        )
        await c.execute(text("UPDATE attachment SET created_at = now() - interval '2 days'"))
    await services.store.put("files/lone", b"x")
    await keep_house()
    left = [r["id"] for r in await rows(services, "SELECT id FROM attachment")]
    assert left == [original["id"]]
    assert await services.store.get(original["store_key"]) == b"pixels"
    assert not await services.store.exists("files/lone")


async def test_a_snooze_that_ends_puts_the_conversation_in_line(services, account, keep_house):
    conversation_id = (await receive(services, account, mail())).conversation_id
    assert conversation_id is not None
    async with services.db.begin() as c:
        await assign.end(c, conversation_id, reason="snoozed", actor="user:1")
        await conversations.set_status(
            c, conversation_id, "snoozed", snoozed_until=now() + timedelta(hours=1), actor="user:1"
        )
    assert await rows(services, "SELECT * FROM waiting") == []
    async with services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET snoozed_until = now()"))
    await keep_house()
    assert len(await rows(services, "SELECT * FROM waiting")) == 1
    (conversation,) = await rows(services, "SELECT status, snoozed_until FROM conversation")
    assert conversation == {"status": "open", "snoozed_until": None}


async def test_old_receipts_go_and_open_ones_stay(services, account, keep_house):
    for n in (1, 2, 3):
        await receive(services, account, mail(n))
    async with services.db.begin() as c:
        await c.execute(
            text("UPDATE receipt SET received_at = now() - interval '31 days' WHERE provider_id <> 'p3'")
        )
        await c.execute(text("UPDATE receipt SET state = 'broken' WHERE provider_id = 'p2'"))
    await keep_house()
    left = await rows(services, "SELECT provider_id FROM receipt ORDER BY provider_id")
    assert [r["provider_id"] for r in left] == ["p2", "p3"]
