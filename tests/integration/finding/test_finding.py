"""People, cases, messages and articles are found as people type, and no more once they are gone."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.customer import is_answered, writes
from tests.support.with_key import client, make_app, make_key

from trato.contacts import merges
from trato.contacts import service as contacts
from trato.finding import api, following
from trato.finding import service as finding
from trato.finding.marks import Kind, Sight
from trato.finding.mending import Mender
from trato.kit.clock import now
from trato.knowledge import texts
from trato.privacy import erasing
from trato.privacy import service as privacy

from .conftest import Found, said

PEDRO = "pedro.gomez@example.org"


async def test_each_kind_is_found_and_shows_where(search: Found) -> None:
    conversation_id, number = await writes(
        search.services, search.mail, PEDRO, "La GARANTÍA de mi heladera, factura 0042-1199"
    )
    async with search.services.db.begin() as c:
        await c.execute(text("UPDATE contact SET name = 'Pedro Gómez'"))
        await c.execute(text("UPDATE cases SET title = 'Heladera sin garantía'"))
    article_id = await search.write("Cuánto dura la garantía", "La garantía de la heladera dura dos años.")
    await search.follow()
    answer = await search.ask("garantia heladera")
    assert [group["kind"] for group in answer["groups"]] == ["contact", "case", "message", "article"]
    by_kind = {group["kind"]: group["items"] for group in answer["groups"]}
    assert by_kind["contact"] == []
    (message,) = by_kind["message"]
    assert said(message["snippet"]) == "La [GARANTÍA] de mi [heladera], factura 0042-1199"
    assert (message["conversation_id"], message["number"]) == (str(conversation_id), number)
    (case,) = by_kind["case"]
    assert said(case["title"]) == "[Heladera] sin [garantía]"
    assert case["conversation_id"] == str(conversation_id)
    assert [one["id"] for one in by_kind["article"]] == [str(article_id)]
    (person,) = await search.of("contact", "gomez")
    assert (said(person["title"]), person["conversation_id"]) == ("Pedro [Gómez]", str(conversation_id))
    assert await search.of("contact", PEDRO)
    assert await search.of("contact", "g")  # names by their first letter already
    for typed in (str(number), f"#{number}", f"caso {number}"):
        assert [one["number"] for one in await search.of("case", typed)][:1] == [number]
    assert await search.of("message", "00421199")
    assert answer["complete"]


@pytest.mark.parametrize(
    "typed", ["1155551234", "11 5555-1234", "+54 9 11 5555 1234", "(011) 5555.1234", "54911"]
)
async def test_a_telephone_is_found_in_any_spelling(search: Found, typed: str) -> None:
    async with search.services.db.begin() as c:
        await contacts.create_contact(c, name="Lucía", kind="phone", value="+5491155551234", actor="system")
    await search.follow()
    assert [one["contact_name"] for one in await search.of("contact", typed)] == ["Lucía"]


async def test_a_slip_is_mended_before_anything_is_looked_for(search: Found) -> None:
    for n in range(3):
        await writes(search.services, search.mail, f"a{n}@example.org", "Se rompió la heladera")
    await search.follow()
    answer = await search.ask("heldaera rota")
    assert answer["replaced"] == [{"typed": "heldaera", "word": "heladera"}]
    answer = await search.ask("heldaera")
    assert len(answer["groups"][2]["items"]) == 3
    assert said(answer["groups"][2]["items"][0]["snippet"]).endswith("[heladera]")
    assert (await search.ask("heladera"))["replaced"] == []


async def test_a_slip_somebody_made_before_is_looked_for_and_doubted(search: Found) -> None:
    await writes(search.services, search.mail, "slip@example.org", "mi heldaera")
    for n in range(60):
        await writes(search.services, search.mail, "many@example.org", f"heladera {n}")
    await search.follow()
    answer = await search.ask("heldaera")
    assert answer["meant"] == [{"typed": "heldaera", "word": "heladera"}]
    assert len(answer["groups"][2]["items"]) == 1


async def test_the_newest_come_first_and_a_cursor_goes_on(search: Found) -> None:
    for n in range(7):
        await writes(search.services, search.mail, "a@example.org", f"heladera numero {n}")
    await search.follow()
    seen: list[str] = []
    cursor = None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        (group,) = (await search.ask("heladera", kind="message", limit=3, **more))["groups"]
        seen += [said(one["snippet"])[-1] for one in group["items"]]
        cursor = group["next_cursor"]
        if cursor is None:
            break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    answer = await search.http.get("/search", params={"q": "x", "kind": "message", "cursor": "W10"})
    assert answer.status_code == 422


async def test_what_was_there_before_is_read_from_the_newest_on(search: Found) -> None:
    for n in range(5):
        await writes(search.services, search.mail, "a@example.org", f"heladera {n}")
    builder = following.Builder(search.services.db, batch=2)
    assert not await builder.step()  # who follows comes first: nothing falls between the two
    await following.consumer(search.services).register()
    await builder.step()
    assert len(await search.of("message", "heladera")) in {1, 2}
    async with search.services.db.begin() as c:
        await c.execute(text("UPDATE consumer SET position = 0 WHERE name = 'finding'"))
    await search.follow()  # the same things are told once more
    assert len(await search.of("message", "heladera")) == 5
    async with search.services.db.begin() as c:
        await following.forget_all(c)
    assert (await search.ask("heladera"))["complete"] is False
    await search.follow()
    assert len(await search.of("message", "heladera")) == 5


async def test_notes_are_left_out_inside_the_question(search: Found) -> None:
    conversation_id, _ = await writes(search.services, search.mail, PEDRO, "La heladera")
    await is_answered(search.services, conversation_id, "La heladera es del depósito viejo", note=True)
    await search.follow()
    assert {one["direction"] for one in await search.of("message", "heladera")} == {"in", "internal"}

    async def seen(sight: Sight) -> list[list[str]]:
        async with search.services.db.connect() as c:
            answer = await finding.find(
                c, "heladera", mender=Mender(search.services.db), sight=sight, limit=5, language="es"
            )
        return [[one.get("direction", "") for one in group["items"]] for group in answer["groups"]]

    assert await seen(Sight(frozenset(Kind), internal=False)) == [[], [""], ["in"], []]
    assert await seen(Sight(frozenset({Kind.CONTACT}))) == [[], [], [], []]


async def test_who_is_erased_is_found_no_more_by_any_word(search: Found) -> None:
    await writes(search.services, search.mail, PEDRO, "Mi apellido es Zanahoria")
    await search.follow()
    async with search.services.db.begin() as c:
        contact_id = await c.scalar(text("SELECT id FROM contact"))
        erasure = await privacy.ask(c, contact_id, now=now(), grace=timedelta(), actor="system")
    await erasing.erase(search.services, erasure["id"])
    assert (await search.of("message", "zanahoria"), await search.of("contact", "pedro")) == ([], [])
    await search.follow()
    assert (await search.of("message", "zanahoria"), await search.of("contact", "pedro")) == ([], [])
    await following.tidying(search.services).work()
    async with search.services.db.connect() as c:
        words = set((await c.scalars(text("SELECT word FROM finding_word"))).all())
    assert not words & {"zanahoria", "pedro", "gomez"}


async def test_a_merge_is_followed_and_its_undoing(search: Found) -> None:
    async with search.services.db.begin() as c:
        kept = await contacts.create_contact(
            c, name="Ana Ruiz", kind="email", value="ana@a.example", actor="x"
        )
        other = await contacts.create_contact(
            c, name="A. Ruiz", kind="email", value="ar@b.example", actor="x"
        )
    await search.follow()
    assert len(await search.of("contact", "ruiz")) == 2
    async with search.services.db.begin() as c:
        done = await merges.merge(c, UUID(kept["id"]), UUID(other["id"]), {}, actor="x", by=None)
    await search.follow()
    assert [one["id"] for one in await search.of("contact", "ruiz")] == [str(kept["id"])]
    assert [one["id"] for one in await search.of("contact", "ar@b.example")] == [str(kept["id"])]
    async with search.services.db.begin() as c:
        await merges.undo_merge(c, done["merge_id"], actor="x")
    await search.follow()
    assert len(await search.of("contact", "ruiz")) == 2


async def test_an_article_that_is_withdrawn_is_found_no_more(search: Found) -> None:
    article_id = await search.write("Devoluciones", "Treinta días.")
    await search.follow()
    assert await search.of("article", "devoluc")
    async with search.services.db.begin() as c:
        await texts.withdraw(c, article_id, "es", actor="x")
    await search.follow()
    assert await search.of("article", "devoluc") == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "🙂",
        "' OR 1=1 --",
        "%",
        "_",
        "\\",
        "<script>alert(1)</script>",
        "heladera " * 1_100,
        "x" * 10_000,
        "冰箱",
        "ثلاجة",
        "9" * 400,
        "\u202e\ud7ff",
        "null\x00byte",
    ],
)
async def test_whatever_is_typed_is_answered(search: Found, typed: str) -> None:
    await writes(search.services, search.mail, PEDRO, "La heladera")
    await search.follow()
    answer = await search.ask(typed)
    assert len(answer["groups"]) == 4


async def test_more_than_is_taken_is_refused_and_so_is_who_may_not_read(search: Found) -> None:
    assert (await search.http.get("/search", params={"q": "x" * 10_001})).status_code == 422
    assert (await search.http.get("/search", params={"q": "x", "kind": "secret"})).status_code == 422
    _, key = await make_key(search.services.db, "contacts:read")
    async with client(make_app(search.services, [api.router]), key) as http:
        assert (await http.get("/search", params={"q": "x"})).status_code == 403


@pytest.mark.alone  # its limit is of seconds
async def test_what_is_written_is_found_within_a_second_or_so(search: Found) -> None:
    running = [
        asyncio.create_task(following.consumer(search.services).run()),
        asyncio.create_task(following.Builder(search.services.db).run()),
    ]
    try:
        async with asyncio.timeout(30):
            while not await _registered(search):  # noqa: ASYNC110  the database tells nobody
                await asyncio.sleep(0.01)
        await writes(search.services, search.mail, PEDRO, "La heladera")
        search.services.wake.ring("events")
        began = time.monotonic()
        async with asyncio.timeout(30):
            while not await search.of("message", "heladera"):  # noqa: ASYNC110  nor does the search
                await asyncio.sleep(0.01)
        assert time.monotonic() - began < 5
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)


async def _registered(search: Found) -> bool:
    async with search.services.db.connect() as c:
        return bool(await c.scalar(text("SELECT count(*) FROM consumer WHERE name = 'finding'")))
