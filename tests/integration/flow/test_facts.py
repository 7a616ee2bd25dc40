"""What a contact has told is kept once, by whom, when and where, and told to every desk."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.contacts import facts
from trato.contacts import service as contacts
from trato.contacts.facts import Told
from trato.contacts.merges import merge, undo_merge
from trato.flow.inbound import receive
from trato.kit.errors import Invalid, NotFound, TooLarge

from .test_inbound import rows


def told(name: str = "order number", value: facts.Value = "4711", **more) -> Told:
    given = {"said_by": "contact", "source": "loop", "noted_by": "contact"} | more
    return Told(name, value, **given)


@pytest.fixture
async def person(services, account) -> UUID:
    await receive(services, account, mail(1))
    async with services.db.connect() as c:
        found = await contacts.owner_of(c, "loop", "ana@example.org")
    assert found is not None
    return found


async def note(services, contact_id: UUID, one: Told) -> bool:
    async with services.db.begin() as c:
        return await facts.note(c, contact_id, one)


async def known(services, contact_id: UUID, case_id: UUID | None = None) -> dict[str, facts.Value]:
    async with services.db.connect() as c:
        return await facts.known(c, contact_id, case_id)


async def test_a_fact_says_who_when_where_and_how_certain(services, person):
    (conversation,) = await rows(services, "SELECT id FROM conversation")
    assert await note(services, person, told(conversation_id=conversation["id"], certainty=0.8))
    async with services.db.connect() as c:
        (seen,) = (await contacts.get_contact(c, person))["facts"]
    expected = {
        "name": "order number",
        "value": "4711",
        "said_by": "contact",
        "source": "loop",
        "noted_by": "contact",
        "certainty": 0.8,
        "conversation_id": str(conversation["id"]),
    }
    assert expected.items() <= seen.items()
    assert seen["said_at"]


async def test_the_same_again_is_no_news_and_a_guess_overwrites_nothing(services, person):
    (before,) = await rows(services, "SELECT version FROM contact")
    assert await note(services, person, told())
    assert not await note(services, person, told(name="Order Number"))
    assert not await note(services, person, told(value="4712", certainty=0.5, said_by="learned"))
    assert await known(services, person) == {"order number": "4711"}
    assert await note(services, person, told(value="4713"))
    assert await known(services, person) == {"order number": "4713"}
    (after,) = await rows(services, "SELECT version FROM contact")
    assert after["version"] == before["version"] + 2, "what changes nothing makes no new version"


async def test_what_is_true_of_a_matter_goes_before_what_is_true_of_the_person(services, person):
    (case,) = await rows(services, "SELECT id FROM cases")
    await note(services, person, told(value="1"))
    await note(services, person, told(value="2", case_id=case["id"]))
    assert await known(services, person) == {"order number": "1"}
    assert await known(services, person, case["id"]) == {"order number": "2"}
    assert await known(services, person, uuid4()) == {"order number": "1"}


async def test_what_cannot_be_a_fact_is_refused(services, person):
    for wrong in (told(name=" \n"), told(value=" "), told(case_id=uuid4())):
        with pytest.raises(Invalid):
            await note(services, person, wrong)
    with pytest.raises(NotFound):
        await note(services, uuid4(), told())
    with pytest.raises(NotFound):
        async with services.db.begin() as c:
            await facts.correct(c, person, uuid4(), {"value": "1"}, by="user:1")
    async with services.db.begin() as c:
        for n in range(facts.MAX_FACTS):
            await facts.note(c, person, told(name=f"n{n}"))
    with pytest.raises(TooLarge):
        await note(services, person, told(name="one more"))


async def test_facts_move_with_a_merge_and_back(services, account, person):
    other = mail(2, sender=mail().sender.__class__("loop", "ana@work.example", "Ana"))
    await receive(services, account, other)
    async with services.db.begin() as c:
        work = await contacts.owner_of(c, "loop", "ana@work.example")
        assert work is not None
        await facts.note(c, work, told(value="from work", certainty=0.9))
        await facts.note(c, person, told(value="from home", certainty=0.7))
    async with services.db.begin() as c:
        merged = await merge(c, person, work, {"by_hand": True}, actor="user:1", by=None)
    assert sorted(f["value"] for f in merged["contact"]["facts"]) == ["from home", "from work"]
    assert await known(services, person) == {"order number": "from work"}, "the more certain one"
    async with services.db.begin() as c:
        back = await undo_merge(c, merged["merge_id"], actor="user:1")
    assert [f["value"] for f in back["restored"]["facts"]] == ["from work"]
    assert [f["value"] for f in back["kept"]["facts"]] == ["from home"]


async def test_of_a_preference_it_is_known_who_said_it_and_where(services, person):
    async with services.db.begin() as c:
        await contacts.change_contact(
            c, person, {"tone": "vos", "prefers": "person"}, actor="contact", source="contact", where="page"
        )
        await contacts.change_contact(c, person, {"tone": "tu"}, actor="system", source="learned")
        view = await contacts.change_contact(c, person, {"prefers": None}, actor="user:1", source="agent")
    assert (view["tone"], view["prefers"]) == ("vos", "unknown"), "what was learned changes nothing said"
    seen = {f["name"]: (f["value"], f["said_by"], f["source"]) for f in view["facts"]}
    assert seen == {"tone": ("vos", "contact", "page")}


async def test_whoever_waits_waits_with_their_preference(services, person):
    async def needs() -> str:
        (row,) = await rows(services, "SELECT needs->>'prefers' AS prefers FROM waiting")
        return str(row["prefers"])

    assert await needs() == "unknown"
    async with services.db.begin() as c:
        await c.execute(text("DELETE FROM routing_inbox"))
        await contacts.change_contact(c, person, {"prefers": "person"}, actor="contact", source="contact")
    assert await needs() == "person"
    assert len(await rows(services, "SELECT * FROM routing_inbox")) == 1, "the router hears of it"
    (conversation,) = await rows(services, "SELECT id FROM conversation")
    async with services.db.begin() as c:
        await c.execute(
            text("SELECT release_conversation(:id, 'released', NULL, 'user:1')"), {"id": conversation["id"]}
        )
    assert await needs() == "person"
