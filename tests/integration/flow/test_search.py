"""What an agent types finds people and conversations, and by indexes."""

import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.channel_sdk import Party
from trato.contacts import service as contacts
from trato.conversations import queries
from trato.conversations import service as conversations
from trato.flow.inbound import receive

from .test_inbound import rows


@pytest.fixture
async def two(services, account):
    """Ana asks for her warranty, Bruno for his money; both were answered and ended."""
    other = mail(
        2, sender=Party("loop", "bruno_100%@example.org", "Bruno"), subject="Reintegro", text="Mi dinero"
    )
    return [(await receive(services, account, event)).conversation_id for event in (mail(), other)]


async def found(services, q):
    async with services.db.snapshot() as c:
        page = await queries.inbox(c, tab="all", agent_id=None, q=q)
        return [one["subject"] for one in page["items"]]


@pytest.mark.parametrize("q", ["ruiz", "ANA@EXAMPLE", "garant", "heladera"])
async def test_a_conversation_is_found_by_person_address_subject_and_last_message(services, two, q):
    del two
    assert await found(services, q) == ["Garantía"]


async def test_a_conversation_is_found_by_its_case(services, two):
    (number,) = [
        r["number"]
        for r in await rows(
            services,
            "SELECT k.number FROM cases k JOIN conversation v ON v.case_id = k.id WHERE v.id = :id",
            id=two[1],
        )
    ]
    async with services.db.begin() as c:
        await c.execute(text("UPDATE cases SET title = 'Devolución' WHERE number = :n"), {"n": number})
    assert await found(services, str(number)) == ["Reintegro"]
    assert await found(services, "devoluc") == ["Reintegro"]


async def test_signs_and_numbers_without_end_are_words_like_others(services, two):
    del two
    assert await found(services, "bruno_100%") == ["Reintegro"]
    assert await found(services, "bruno%org") == []
    assert await found(services, "9" * 30) == []


async def test_the_last_message_of_what_has_ended_is_not_searched(services, two):
    async with services.db.begin() as c:
        for conversation_id in two:
            await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor="system")
    assert await found(services, "dinero") == []
    assert await found(services, "reintegro") == ["Reintegro"]


async def test_contacts_are_found_by_name_and_address(services, two):
    del two
    async with services.db.connect() as c:
        for q in ("bruno", "100%@ex"):
            assert [one["name"] for one in (await contacts.search(c, q))["items"]] == ["Bruno"]


@pytest.mark.parametrize(
    ("table", "where", "index"),
    [
        ("contact", "name ILIKE '%uno%'", "ix_contact_name_words"),
        ("address", "value ILIKE '%uno%'", "ix_address_value_words"),
        ("cases", "title ILIKE '%uno%'", "ix_cases_title_words"),
        ("conversation", "subject <> '' AND subject ILIKE '%uno%'", "ix_conversation_subject_words"),
    ],
)
async def test_each_part_of_a_search_can_use_its_index(connection, table, where, index):
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = await connection.execute(text(f"EXPLAIN SELECT id FROM {table} WHERE {where}"))
    assert index in "\n".join(plan.scalars())
