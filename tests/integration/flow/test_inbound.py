"""What comes in is durable, once, in the right conversation, and says nothing to the wrong ears."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.loop import mail

from trato.channel_sdk import Broken, File, Party
from trato.conversations import service as conversations
from trato.db.store import Store
from trato.flow import assign
from trato.flow.inbound import COLUMNS, keep_broken, receive
from trato.kit.errors import Unavailable


async def rows(services, sql, **values):
    async with services.db.connect() as c:
        return (await c.execute(text(sql), values)).mappings().all()


async def test_a_message_opens_contact_case_and_conversation_in_line(services, account):
    got = await receive(services, account, mail())
    assert got.outcome == "new"
    (conversation,) = await rows(services, "SELECT * FROM conversation")
    assert conversation["waiting_since"] is not None
    (case,) = await rows(services, "SELECT * FROM cases")
    assert (case["title"], case["expectation"]) == ("Garantía", "La heladera no enfría (1)")
    (address,) = await rows(services, "SELECT * FROM address")
    assert (address["value"], address["key"]) == ("Ana@Example.org", "ana@example.org")
    assert address["verified_at"] is None
    assert len(await rows(services, "SELECT * FROM waiting")) == 1
    types = [r["type"] for r in await rows(services, "SELECT type FROM event ORDER BY id")]
    assert types[-3:] == ["contact.changed", "message.created", "conversation.changed"]


async def test_twenty_deliveries_at_once_are_one_message(services, account):
    got = await asyncio.gather(*(receive(services, account, mail()) for _ in range(20)))
    assert sorted({r.outcome for r in got}) == ["duplicate", "new"]
    assert len({r.message_id for r in got}) == 1
    assert len(await rows(services, "SELECT * FROM message")) == 1


async def test_what_was_kept_broken_and_is_tried_by_five_at_once_is_one_message(services, account):
    await keep_broken(services, account.id, "p1", b"raw", "cannot be read")
    got = await asyncio.gather(*(receive(services, account, mail()) for _ in range(5)))
    assert [r.outcome for r in got].count("new") == 1
    assert {r.message_id for r in got} == {r["id"] for r in await rows(services, "SELECT id FROM message")}
    (receipt,) = await rows(services, "SELECT state, error, attempts, raw_key FROM receipt")
    assert (receipt["state"], receipt["error"], receipt["attempts"]) == ("done", None, 2)
    assert receipt["raw_key"] is not None


async def test_a_message_is_handed_over_as_the_database_reads_it(services):
    names = await rows(
        services,
        "SELECT attname FROM pg_attribute WHERE attrelid = 'inbound_message'::regclass ORDER BY attnum",
    )
    assert tuple(r["attname"] for r in names) == COLUMNS


async def test_what_a_message_changes_of_its_conversation_stands_in_no_index(services, account):
    """Else each message writes every index of the conversation, and ingest halves."""
    await receive(services, account, mail())
    before = (await rows(services, "SELECT * FROM conversation"))[0]
    await receive(services, account, mail(2, conversation_key="k1"))
    after = (await rows(services, "SELECT * FROM conversation"))[0]
    indexed = await rows(
        services,
        """SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a
           ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::smallint[])
           WHERE i.indrelid = 'conversation'::regclass""",
    )
    assert {name for name in before if before[name] != after[name]} >= {
        "preview",
        "last_message_at",
        "version",
    }
    assert not {name for name in before if before[name] != after[name]} & {r["attname"] for r in indexed}


async def test_one_mail_through_two_accounts_is_one_message(services, account, loop_connector):
    from tests.support.services import make_account

    other = await make_account(services, "loop")
    got = await asyncio.gather(
        receive(services, account, mail(dedupe_key="same")),
        receive(services, other, mail(dedupe_key="same")),
    )
    assert {r.outcome for r in got} == {"new", "duplicate"}
    assert len(await rows(services, "SELECT * FROM message")) == 1
    assert {r["state"] for r in await rows(services, "SELECT state FROM receipt")} == {"done", "duplicate"}


async def test_many_first_messages_at_once_are_one_contact_and_one_conversation(services, account):
    await asyncio.gather(*(receive(services, account, mail(n, conversation_key="one")) for n in range(20)))
    assert len(await rows(services, "SELECT * FROM contact")) == 1
    assert len(await rows(services, "SELECT * FROM conversation")) == 1
    assert len(await rows(services, "SELECT * FROM cases")) == 1
    assert len(await rows(services, "SELECT * FROM message")) == 20


async def test_a_reference_threads_and_the_same_subject_alone_does_not(services, account):
    first = await receive(services, account, mail(1))
    reply = await receive(services, account, mail(2, references=["<m1@example.org>"]))
    about_else = await receive(services, account, mail(3))
    assert reply.conversation_id == first.conversation_id
    assert about_else.conversation_id != first.conversation_id


async def test_somebody_elses_answer_is_a_third_partys_and_kept_from_the_contact(services, account):
    first = await receive(services, account, mail(1))
    other = Party("loop", "taller@example.com", "Taller")
    await receive(services, account, mail(2, sender=other, references=["<m1@example.org>"]))
    (message,) = await rows(services, "SELECT * FROM message WHERE author_kind = 'third_party'")
    assert message["conversation_id"] == first.conversation_id
    (event,) = await rows(
        services,
        "SELECT audience FROM event WHERE type = 'message.created' AND data->'message'->>'id' = :id",
        id=str(message["id"]),
    )
    assert event["audience"] == "staff"


@pytest.mark.parametrize("kind", ["auto_reply", "bounce", "list"])
async def test_what_no_person_wrote_is_kept_and_disturbs_nobody(services, account, kind):
    await receive(services, account, mail(sent_by=kind))
    assert len(await rows(services, "SELECT * FROM message")) == 1
    assert await rows(services, "SELECT * FROM waiting") == []
    assert await rows(services, "SELECT * FROM cases") == []


async def test_a_blocked_sender_lands_in_spam(services, account):
    await receive(services, account, mail(1))
    async with services.db.begin() as c:
        await c.execute(text("UPDATE contact SET blocked_at = now()"))
    await receive(services, account, mail(2))
    spam = await rows(services, "SELECT spam FROM conversation ORDER BY created_at")
    assert [r["spam"] for r in spam] == [False, True]
    assert len(await rows(services, "SELECT * FROM waiting")) == 1


async def test_a_closed_conversation_opens_again_and_its_resolved_case_too(services, account):
    got = await receive(services, account, mail(1))
    async with services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET status = 'closed', closed_at = now()"))
        await c.execute(text("UPDATE cases SET status = 'resolved', resolved_at = now()"))
    again = await receive(services, account, mail(2, references=["<m1@example.org>"]))
    assert again.conversation_id == got.conversation_id
    assert [r["status"] for r in await rows(services, "SELECT status FROM conversation")] == ["open"]
    assert [r["status"] for r in await rows(services, "SELECT status FROM cases")] == ["open"]


async def test_who_comes_back_is_in_line_again_and_whoever_helped_last_is_preferred(services, account):
    got = await receive(services, account, mail(1))
    assert got.conversation_id is not None
    async with services.db.begin() as c:
        ana = await add_agent(c)
        await assign.take(c, got.conversation_id, ana, actor="user:1")
    await receive(services, account, mail(2, conversation_key="k1"))
    assert await rows(services, "SELECT * FROM waiting") == []  # Ana has it in hand
    async with services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET status = 'closed', closed_at = now()"))
        await assign.end(c, got.conversation_id, reason="closed", actor="user:1")
    await receive(services, account, mail(3, references=["<m1@example.org>"]))
    (waiting,) = await rows(services, "SELECT * FROM waiting")
    assert waiting["needs"]["spoke_last"] == str(ana)
    (conversation,) = await rows(services, "SELECT * FROM conversation")
    assert (conversation["status"], conversation["assignee_id"]) == ("open", None)


async def test_text_that_a_database_cannot_hold_is_cleaned_not_lost(services, account):
    bad = "hola\x00\ud800 \x1b[31m\u202eoño"
    await receive(services, account, mail(text=bad, subject=bad, sender=Party("loop", "a@b.c\x00", bad)))
    (message,) = await rows(services, "SELECT * FROM message")
    assert message["text"] == "hola\ufffd [31moño"


async def test_what_the_driver_cannot_write_down_is_broken_and_not_tried_for_ever(services, account):
    ages_ago = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    got = await receive(services, account, mail(occurred_at=ages_ago, raw=b"raw"))
    assert got.outcome == "broken"


async def test_during_an_upgrade_the_sender_comes_back(services, account):
    async with services.db.begin() as c:
        await c.execute(text("ALTER FUNCTION receive_message RENAME TO receive_message_of_old"))
    with pytest.raises(Unavailable):
        await receive(services, account, mail(1))
    assert await rows(services, "SELECT * FROM receipt") == []
    async with services.db.begin() as c:
        await c.execute(text("ALTER FUNCTION receive_message_of_old RENAME TO receive_message"))
    assert (await receive(services, account, mail(1))).outcome == "new"


async def test_a_broken_one_is_kept_raw_and_shown(services, account):
    got = await receive(services, account, Broken("p9", "cannot be read", b"\xff\xfe"))
    assert got.outcome == "broken"
    (receipt,) = await rows(services, "SELECT * FROM receipt")
    assert receipt["state"] == "broken"
    assert await services.store.get(receipt["raw_key"]) == b"\xff\xfe"


class FullStore(Store):
    async def put(self, key, data):
        del key, data
        raise Unavailable("no room")


async def test_a_full_disk_takes_nothing_and_the_next_try_takes_it_once(services, account):
    wanted = mail(files=[File("a.txt", "text/plain", b"hola")], raw=b"raw")
    with pytest.raises(Unavailable):
        await receive(replace(services, store=FullStore(None)), account, wanted)
    assert await rows(services, "SELECT * FROM receipt") == []
    await receive(services, account, wanted)
    (attachment,) = await rows(services, "SELECT * FROM attachment")
    assert await services.store.get(attachment["store_key"]) == b"hola"


async def test_a_conversation_that_comes_again_brings_its_person_and_its_matter_to_every_desk(
    services, account
):
    """A desk that was opened meanwhile has seen neither: its snapshot holds what is open."""
    await receive(services, account, mail(1))
    async with services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET status = 'closed', closed_at = now()"))
        await c.execute(
            text("UPDATE cases SET status = 'resolved', resolved_at = now(), resolved_by = 'agent'")
        )
        before = await c.scalar(text("SELECT max(id) FROM event"))
    await receive(services, account, mail(2, references=["<m1@example.org>"]))
    told = await rows(services, "SELECT type, data FROM event WHERE id > :before ORDER BY id", before=before)
    assert {"contact.changed", "case.changed", "message.created", "conversation.changed"} <= {
        event["type"] for event in told
    }
    cases = [event["data"]["case"]["status"] for event in told if event["type"] == "case.changed"]
    assert cases[-1] == "open"


async def test_a_new_conversation_about_a_resolved_matter_opens_it_again(services, account):
    await receive(services, account, mail(1))
    async with services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET status = 'closed', closed_at = now()"))
        await c.execute(
            text("UPDATE cases SET status = 'resolved', resolved_at = now(), resolved_by = 'agent'")
        )
    (case,) = await rows(services, "SELECT id FROM cases")
    await receive(services, account, mail(2, case_id=case["id"]))
    assert [r["status"] for r in await rows(services, "SELECT status FROM cases")] == ["open"]
    assert {r["case_id"] for r in await rows(services, "SELECT case_id FROM conversation")} == {case["id"]}


async def test_a_second_delivery_leaves_no_files_behind(services, account):
    event = mail(files=[File("foto.png", "image/png", b"pixels")])
    assert [(await receive(services, account, event)).outcome for _ in range(2)] == ["new", "duplicate"]
    (kept,) = await rows(services, "SELECT store_key FROM attachment")
    assert [key async for key in services.store.keys("files")] == [kept["store_key"]]


async def test_a_thread_keeps_its_order_when_the_clock_is_set_back(services, account):
    first = await receive(services, account, mail(1, conversation_key="k", text="first"))
    async with services.db.begin() as c:  # it was said, and read, by a clock that was three hours ahead
        await c.execute(text("UPDATE message SET created_at = now() + interval '3 hours'"))
        await c.execute(
            text(
                "UPDATE conversation SET last_message_at = now() + interval '3 hours',"
                " agent_read_at = now() + interval '3 hours 5 seconds'"
            )
        )
    await receive(services, account, mail(2, conversation_key="k", text="second"))
    await receive(services, account, mail(3, conversation_key="k", text="third"))
    said = await rows(services, "SELECT text FROM message ORDER BY created_at")
    assert [r["text"] for r in said] == ["first", "second", "third"]
    (seen,) = await rows(
        services,
        "SELECT last_inbound_at > agent_read_at AS unread,"
        " last_message_at = (SELECT max(created_at) FROM message) AS newest FROM conversation",
    )
    assert dict(seen) == {"unread": True, "newest": True}
    assert first.conversation_id is not None
    async with services.db.begin() as c:
        await conversations.mark_read(c, first.conversation_id, by="agent", actor="system")
    (seen,) = await rows(services, "SELECT last_inbound_at > agent_read_at AS unread FROM conversation")
    assert seen["unread"] is False
