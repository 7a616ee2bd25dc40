"""Two contacts made one, while mail comes in, and made two again."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.channel_sdk import Party
from trato.contacts import service as contacts
from trato.contacts.merges import merge, merge_suggestions, undo_merge
from trato.flow.inbound import receive
from trato.flow.outbound import settle
from trato.flow.replies import Author, Writing, write
from trato.kit.errors import Conflict

from .test_inbound import rows

WORK = Party("loop", "ana@work.example", "Ana (trabajo)")


@pytest.fixture
async def two(services, account) -> tuple[UUID, UUID]:
    """Ana and Ana at work, with a conversation each; returns their contacts."""
    for event in (mail(1), mail(2, sender=WORK)):
        await receive(services, account, event)
    async with services.db.connect() as c:
        home = await contacts.owner_of(c, "loop", "ana@example.org")
        work = await contacts.owner_of(c, "loop", WORK.value)
    assert home is not None
    assert work is not None
    return home, work


async def merged(services, kept, other):
    async with services.db.begin() as c:
        return (await merge(c, kept, other, {"by_hand": True}, actor="user:1", by=None))["merge_id"]


async def undone(services, merge_id):
    async with services.db.begin() as c:
        return await undo_merge(c, merge_id, actor="user:1")


async def owners(services, table):
    return {r["contact_id"] for r in await rows(services, f"SELECT contact_id FROM {table}")}


async def test_all_of_both_is_one_contacts_and_two_contacts_again(services, account, two):
    home, work = two
    merge_id = await merged(services, home, work)
    for table in ("address", "cases", "conversation", "message", "participant"):
        assert await owners(services, table) == {home}, table
    await receive(services, account, mail(3, conversation_key="k2", sender=WORK))  # goes on meanwhile
    back = await undone(services, merge_id)
    assert [a["value"] for a in back["restored"]["addresses"]] == [WORK.value]
    told = await rows(
        services,
        "SELECT m.text, m.contact_id, v.contact_id AS of, m.author_kind FROM message m"
        " JOIN conversation v ON v.id = m.conversation_id ORDER BY m.created_at",
    )
    assert [m["contact_id"] for m in told] == [m["of"] for m in told] == [home, work, work]
    assert {m["author_kind"] for m in told} == {"contact"}
    with pytest.raises(Conflict):
        await undone(services, merge_id)


async def test_what_one_of_them_said_and_a_block_hold_for_both_until_undone(services, two):
    home, work = two
    async with services.db.begin() as c:
        await c.execute(text("UPDATE contact SET name = '' WHERE id = :id"), {"id": home})
        await contacts.change_contact(c, home, {"prefers": "alone"}, actor="system", source="learned")
        await contacts.change_contact(c, work, {"prefers": "person"}, actor="visitor:1", source="contact")
        await contacts.set_blocked(c, work, blocked=True, actor="user:1")
    merge_id = await merged(services, home, work)
    async with services.db.connect() as c:
        one = await contacts.get_contact(c, home)
    assert (one["name"], one["prefers"], one["preference_source"]) == ("Ana (trabajo)", "person", "contact")
    assert one["blocked_at"] is not None
    kept = (await undone(services, merge_id))["kept"]
    assert (kept["name"], kept["prefers"], kept["preference_source"]) == ("", "alone", "learned")
    assert kept["blocked_at"] is None


async def test_a_merge_is_not_undone_under_a_later_one(services, account, two):
    home, work = two
    first = await merged(services, home, work)
    await receive(services, account, mail(3, sender=Party("loop", "ana@third.example")))
    async with services.db.connect() as c:
        third = await contacts.owner_of(c, "loop", "ana@third.example")
    later = await merged(services, third, home)
    with pytest.raises(Conflict):
        await undone(services, first)
    await undone(services, later)
    assert (await undone(services, first))["restored"]["merged_into"] is None


async def test_mail_that_comes_in_during_a_merge_is_the_contacts_own(services, account, two):
    home, work = two
    async with services.db.begin() as c:
        await merge(c, home, work, {}, actor="user:1", by=None)
        coming = asyncio.create_task(receive(services, account, mail(3, conversation_key="k2", sender=WORK)))
        await _blocked(services)
    assert (await coming).outcome == "new"
    (told,) = await rows(
        services, "SELECT author_kind, contact_id FROM message WHERE external_id LIKE '<m3%'"
    )
    assert told == {"author_kind": "contact", "contact_id": home}


async def test_mail_that_comes_in_while_a_merge_is_undone_is_the_contacts_own(services, account, two):
    home, work = two
    merge_id = await merged(services, home, work)
    async with services.db.begin() as c:
        await undo_merge(c, merge_id, actor="user:1")
        coming = asyncio.create_task(receive(services, account, mail(3, conversation_key="k2", sender=WORK)))
        await _blocked(services)
    assert (await coming).outcome == "new"
    (told,) = await rows(
        services, "SELECT author_kind, contact_id FROM message WHERE external_id LIKE '<m3%'"
    )
    assert told == {"author_kind": "contact", "contact_id": work}


async def test_a_message_that_is_settled_during_a_merge_holds_nobody_up(services, account, two):
    home, work = two
    (conversation,) = await rows(services, "SELECT id FROM conversation WHERE contact_id = :id", id=work)
    async with services.db.begin() as c:
        writing = Writing(text="Hola", client_id=str(uuid4()))
        message = await write(services, c, conversation["id"], Author("system", ""), writing)
        await c.execute(text("UPDATE message SET status = 'uncertain' WHERE id = :id"), {"id": message["id"]})

    async def settling():
        async with services.db.begin() as c:
            await settle(c, message["id"], "sent")

    async with services.db.begin() as c:
        query = text("SELECT FROM conversation WHERE id = :id FOR NO KEY UPDATE")
        await c.execute(query, {"id": conversation["id"]})
        other = asyncio.create_task(settling())
        await _blocked(services)
        await merge(c, home, work, {}, actor="user:1", by=None)
    await other
    assert await owners(services, "message") == {home}


async def _blocked(services):
    """Return once somebody waits for a lock."""
    query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    for _ in range(500):
        if await rows(services, query):
            return
        await asyncio.sleep(0.02)
    pytest.fail("nobody waits for a lock")


async def test_who_may_be_the_same_person_is_suggested_with_what_speaks_for_it(services, account):
    people = {
        "mailbox": Party("email", "ana.lopez@shop.example", "A. López"),
        "name": Party("email", "otra@shop.example", "ANA LÓPEZ"),
        "short": Party("email", "ana@shop.example", "Ana"),
        "nobody": Party("email", "luis.perez@shop.example", "Luis Pérez"),
    }
    me = Party("email", "ana.lopez@home.example", "Ana López")
    for number, who in enumerate((me, *people.values())):
        await receive(services, account, mail(number, conversation_key=f"k{number}", sender=who))
    async with services.db.connect() as c:
        mine = await contacts.owner_of(c, "email", me.value)
        assert mine is not None
        found = {row["contact"]["name"]: row["evidence"] for row in await merge_suggestions(c, mine)}
    assert found == {
        "A. López": {"same_mailbox": "ana.lopez@shop.example"},
        "ANA LÓPEZ": {"same_name": "ANA LÓPEZ"},
    }
    async with services.db.connect() as c:
        other = await contacts.owner_of(c, "email", people["name"].value)
    assert other is not None
    await merged(services, mine, other)
    async with services.db.connect() as c:
        left = [row["contact"]["name"] for row in await merge_suggestions(c, mine)]
    assert left == ["A. López"]
