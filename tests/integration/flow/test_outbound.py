"""What goes out is sent once, or visibly not."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.support.loop import AT, mail

from trato.brands import service as brands
from trato.channel_sdk import Delivery, Party, SendFailed, Sent, Sentence, Why
from trato.db.jobs import LANE_PATIENCE, Worker
from trato.flow.inbound import receive
from trato.flow.outbound import send, send_again, settle
from trato.flow.replies import Author, Writing, write
from trato.kit.errors import Conflict, Invalid
from trato.kit.text import bounded_id

from .test_inbound import rows

ANA = Author(actor="system", name="Sofía")


@pytest.fixture
async def conversation_id(services, account):
    return (await receive(services, account, mail())).conversation_id


def worker(services):
    return Worker(services.db, services.wake, {"send": lambda data, n: send(services, data, n)})


async def reply(services, conversation_id, body="Ya está en camino", **changes):
    async with services.db.begin() as c:
        writing = Writing(text=body, client_id=changes.pop("client_id", str(uuid4())), **changes)
        return await write(services, c, conversation_id, ANA, writing)


async def status(services):
    return [
        r["status"]
        for r in await rows(services, "SELECT status FROM message WHERE direction <> 'in' ORDER BY id")
    ]


async def due_now(services):
    async with services.db.begin() as c:
        await c.execute(text("UPDATE job SET run_at = now()"))


async def test_a_reply_is_queued_sent_and_told(services, conversation_id, loop_connector):
    await reply(services, conversation_id)
    assert await status(services) == ["queued"]
    await worker(services).drain()
    assert await status(services) == ["sent"]
    (sent,) = loop_connector.sent
    assert (sent.text, sent.to[0].value, sent.in_reply_to) == (
        "Ya está en camino",
        "Ana@Example.org",
        "<m1@example.org>",
    )
    assert await rows(services, "SELECT * FROM job") == []


async def test_the_same_click_twice_is_one_message(services, conversation_id, loop_connector):
    first = await reply(services, conversation_id, client_id="c1")
    second = await reply(services, conversation_id, client_id="c1")
    assert first["id"] == second["id"]
    await worker(services).drain()
    assert len(loop_connector.sent) == 1


async def test_a_note_stays_inside(services, conversation_id, loop_connector):
    await reply(services, conversation_id, note=True)
    await worker(services).drain()
    assert loop_connector.sent == []
    (event,) = await rows(
        services,
        "SELECT audience FROM event WHERE type = 'message.created'"
        " AND data->'message'->>'direction' = 'internal'",
    )
    assert event["audience"] == "staff"


async def test_not_taken_is_tried_again_and_refused_is_shown(services, conversation_id, loop_connector):
    loop_connector.answers = [SendFailed(Why.RETRY, "busy"), SendFailed(Why.REJECTED, "no such mailbox")]
    await reply(services, conversation_id)
    await worker(services).drain()
    assert await status(services) == ["queued"]
    await due_now(services)
    await worker(services).drain()
    assert await status(services) == ["failed"]
    (conversation,) = await rows(services, "SELECT trouble FROM conversation")
    assert conversation["trouble"] == "failed"


async def test_why_it_was_refused_is_kept_for_readers_of_every_language(
    services, conversation_id, loop_connector
):
    told = Sentence("full", {"who": "Ana"}, "Ana's mailbox is full.")
    loop_connector.answers = [SendFailed(Why.REJECTED, told), SendFailed(Why.REJECTED, "no such mailbox")]
    message = await reply(services, conversation_id)
    await worker(services).drain()
    (kept,) = await rows(services, "SELECT error, payload FROM message WHERE direction = 'out'")
    assert kept["error"] == "Ana's mailbox is full."
    assert kept["payload"]["error_sentence"] == {"code": "full", "values": {"who": "Ana"}}
    async with services.db.begin() as c:
        await send_again(c, message["id"])
    await worker(services).drain()
    (kept,) = await rows(services, "SELECT error, payload FROM message WHERE direction = 'out'")
    assert kept["error"] == "no such mailbox"
    assert "error_sentence" not in kept["payload"]


async def test_retry_by_hand_sends_and_clears_the_trouble(services, conversation_id, loop_connector):
    loop_connector.answers = [SendFailed(Why.REJECTED, "no such mailbox")]
    message = await reply(services, conversation_id)
    await worker(services).drain()
    async with services.db.begin() as c:
        await send_again(c, message["id"])
    await worker(services).drain()
    assert await status(services) == ["sent"]
    assert [r["trouble"] for r in await rows(services, "SELECT trouble FROM conversation")] == [None]
    async with services.db.begin() as c:
        with pytest.raises(Conflict):
            await send_again(c, message["id"])


async def test_a_crash_with_the_message_in_hand_is_uncertain_and_never_sent_again(
    services, conversation_id, loop_connector
):
    message = await reply(services, conversation_id)
    async with services.db.begin() as c:  # a worker claims it and dies
        assert await c.scalar(text("SELECT claim_message(:id)"), {"id": message["id"]}) == "send"
        await c.execute(text("UPDATE job SET state = 'running', lease_until = now() - interval '1s'"))
        await c.execute(text("UPDATE job SET state = 'waiting'"))
    await worker(services).drain()
    assert await status(services) == ["uncertain"]
    assert loop_connector.sent == []
    async with services.db.begin() as c:
        assert (await settle(c, message["id"], "sent"))["status"] == "sent"


async def test_an_unexpected_error_is_uncertain(services, conversation_id, loop_connector):
    loop_connector.answers = [ValueError("what")]
    await reply(services, conversation_id)
    await worker(services).drain()
    assert await status(services) == ["uncertain"]


@pytest.mark.parametrize(
    ("idempotent", "knows", "left"),
    [(False, True, "queued"), (True, False, "queued"), (False, False, "uncertain")],
)
async def test_a_stop_in_the_middle_is_not_sent_or_uncertain_and_uses_up_no_attempt(
    services, conversation_id, loop_connector, monkeypatch, idempotent, knows, left
):
    at_it = asyncio.Event()

    async def hang(*_):
        at_it.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if knows:
                raise SendFailed(Why.STOPPED, "nothing has left") from None
            raise

    monkeypatch.setattr(loop_connector, "send", hang)
    able = replace(loop_connector.capabilities, idempotent_send=idempotent)
    monkeypatch.setattr(loop_connector, "capabilities", able, raising=False)
    await reply(services, conversation_id)
    working = asyncio.create_task(worker(services).run())
    await at_it.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert await status(services) == [left]
    waiting = [(r["state"], r["attempts"]) for r in await rows(services, "SELECT state, attempts FROM job")]
    assert waiting == ([("waiting", 0)] if left == "queued" else [])


async def test_an_account_that_cannot_be_reached_says_so_until_it_can(
    services, account, conversation_id, loop_connector
):
    away = SendFailed(Why.RETRY, "nobody answers", unreachable=True)
    loop_connector.answers = [away] * LANE_PATIENCE
    await reply(services, conversation_id)
    for _ in range(LANE_PATIENCE):
        assert await worker(services).drain() == 1
        await due_now(services)
    async with services.db.connect() as c:
        shown = brands.view(await brands.get_account(c, account.id))
    assert (shown["state"], shown["last_error"]) == ("failing", "nobody answers")
    assert await worker(services).drain() == 0, "it is left alone for a while"
    async with services.db.begin() as c:
        await brands.change_account(c, services.secrets, account.id, values={})
    await worker(services).drain()
    assert await status(services) == ["sent"]
    async with services.db.connect() as c:
        shown = brands.view(await brands.get_account(c, account.id))
    assert (shown["state"], shown["last_error"]) == ("new", None)


async def test_messages_of_one_conversation_leave_in_their_order(services, conversation_id, loop_connector):
    for n in range(5):
        await reply(services, conversation_id, str(n))
    async with services.db.begin() as c:
        await c.execute(text("UPDATE job SET run_at = now() - make_interval(secs => id)"))  # the last first
    for _ in range(6):
        await worker(services).drain()
        await due_now(services)
    assert [m.text for m in loop_connector.sent] == ["0", "1", "2", "3", "4"]


async def test_a_removed_account_fails_visibly(services, account, conversation_id, loop_connector):
    await reply(services, conversation_id)
    async with services.db.begin() as c:
        await c.execute(text("UPDATE account SET removed_at = now()"))
    await worker(services).drain()
    assert await status(services) == ["failed"]


async def test_nothing_to_send_is_refused(services, conversation_id):
    with pytest.raises(Invalid):
        await reply(services, conversation_id, "  \n")


async def test_the_provider_says_delivered_once_and_late_news_change_nothing(
    services, account, conversation_id, loop_connector
):
    from trato.channel_sdk import Delivery

    loop_connector.answers = [Sent(external_id="x1")]
    await reply(services, conversation_id)
    await worker(services).drain()
    await receive(services, account, Delivery("d0", "x1", "read", AT))
    await receive(services, account, Delivery("d1", "x1", "delivered", AT))
    await receive(services, account, Delivery("d1", "x1", "delivered", AT))
    assert await status(services) == ["read"]


async def test_who_was_answered_waits_no_more(services, conversation_id):
    assert len(await rows(services, "SELECT * FROM waiting")) == 1
    await reply(services, conversation_id)
    assert await rows(services, "SELECT * FROM waiting") == []


async def test_waiting_for_an_earlier_message_uses_up_no_attempt(services, conversation_id, loop_connector):
    await reply(services, conversation_id, "primero")
    await reply(services, conversation_id, "segundo")
    async with services.db.begin() as c:  # the first one is in somebody's hands
        await c.execute(text("UPDATE message SET status = 'sending' WHERE text = 'primero'"))
        await c.execute(text("DELETE FROM job WHERE id = (SELECT min(id) FROM job)"))
    for _ in range(3):
        await worker(services).drain()
        await due_now(services)
    assert [r["attempts"] for r in await rows(services, "SELECT attempts FROM job")] == [0]
    assert loop_connector.sent == []


async def test_a_message_that_cannot_be_put_together_is_tried_again_and_then_fails_visibly(
    services, conversation_id, loop_connector
):
    await reply(services, conversation_id)
    async with services.db.begin() as c:
        await c.execute(text("""UPDATE message SET payload = '{"to": [{"name": "?"}]}'"""))
    await worker(services).drain()
    assert await status(services) == ["queued"]
    async with services.db.begin() as c:
        await c.execute(text("UPDATE job SET attempts = 19, run_at = now()"))
    await worker(services).drain()
    assert await status(services) == ["failed"]
    assert loop_connector.sent == []


async def test_what_a_third_party_wrote_is_not_what_the_contact_is_answered(
    services, account, conversation_id, loop_connector
):
    other = mail(2, sender=Party("loop", "tercero@example.com"), references=["<m1@example.org>"])
    assert (await receive(services, account, other)).conversation_id == conversation_id
    await reply(services, conversation_id)
    await worker(services).drain()
    (sent,) = loop_connector.sent
    assert (sent.in_reply_to, sent.references) == ("<m1@example.org>", ["<m1@example.org>"])


async def test_news_of_a_message_find_it_by_an_id_that_is_too_long_for_an_index(
    services, account, conversation_id, loop_connector
):
    long_id = "<" + "x" * 600 + "\0@example.org>"
    loop_connector.answers = [Sent(external_id=bounded_id(long_id))]
    await reply(services, conversation_id)
    await worker(services).drain()
    await receive(services, account, Delivery("d1", long_id, "delivered", AT))
    assert await status(services) == ["delivered"]


async def test_marks_go_out_as_the_channel_can_show_them(services, conversation_id, loop_connector):
    await reply(services, conversation_id, "**Hoy** sale <b>\n- uno", marks=True)
    await reply(services, conversation_id, "2 * 3 * 4", marks=True)
    await reply(services, conversation_id, "**así**")
    kept = await rows(services, "SELECT payload FROM message WHERE direction = 'out' ORDER BY id")
    assert [one["payload"].get("marks") for one in kept] == [True, None, None]
    (conversation,) = await rows(services, "SELECT preview FROM conversation")
    assert conversation["preview"] == "**así**"
    await worker(services).drain()
    texts = [(one.text, one.html) for one in loop_connector.sent]
    assert texts == [("Hoy sale <b>\n\n- uno", None), ("2 * 3 * 4", None), ("**así**", None)]
