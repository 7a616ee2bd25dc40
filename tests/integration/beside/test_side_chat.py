"""Colleagues talk about a case: its members are told, know what is not read, and no customer ever sees it."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.support.case_room import Room
from tests.support.customer import Customer, cases_app, is_answered

from trato.decide import notify
from trato.finding import marks
from trato.finding.marks import Kind
from trato.finding.reading import now_of
from trato.kit.clock import now
from trato.live import queries as log
from trato.live import service as live
from trato.live.audience import Visitor
from trato.live.queries import Event
from trato.notifications import following, telling
from trato.portal import views
from trato.privacy import erasing
from trato.privacy import service as privacy

from .conftest import PEDRO

SECRET = "el-secreto-de-los-colegas"


async def say(who: Room, case: Any, words: str, *mentions: str, client_id: str = "") -> Any:
    body: Any = {"text": words, "client_id": client_id or str(uuid4()), "mentions": list(mentions)}
    return await who.ask("POST", f"/cases/{case['id']}/side-chat", 201, **body)


async def chat(who: Room, case: Any, **asked: Any) -> Any:
    return await who.ask("GET", f"/cases/{case['id']}/side-chat", **asked)


def named(found: Any) -> list[tuple[str, str]]:
    return [(one["name"], one["why"]) for one in found["members"]]


async def test_whoever_writes_or_is_called_is_a_member_and_knows_what_is_not_read(ana, beto, case) -> None:
    first = await say(ana, case, f"@Beto, {SECRET}", beto.agent_id, client_id="one-click")
    again = await say(ana, case, "otra cosa", client_id="one-click")
    assert again["id"] == first["id"]
    assert first["direction"] == "internal"
    assert first["case_id"] == case["id"]
    found = await chat(beto, case)
    assert named(found) == [("Beto", "called"), ("Ana", "wrote")]
    assert ([one["text"] for one in found["items"]], found["unread"]) == ([f"@Beto, {SECRET}"], 1)
    assert (await chat(ana, case))["unread"] == 0  # one's own words are no news
    await beto.ask("PUT", f"/cases/{case['id']}/side-chat/reading", 204, until=first["created_at"])
    assert (await chat(beto, case))["unread"] == 0
    await beto.ask("DELETE", f"/cases/{case['id']}/side-chat/membership", 204)
    assert named(await chat(beto, case)) == [("Ana", "wrote")]
    await say(ana, case, "sigo sola")
    assert (await chat(beto, case))["unread"] == 0  # who left has nothing to read
    await say(beto, case, "vuelvo")
    await ana.ask("PATCH", f"/cases/{case['id']}", version=case["version"], owner_id=ana.agent_id)
    async with ana.services.db.begin() as c:
        await following.follow(c, UUID(ana.agent_id), "case", UUID(case["id"]))
    assert named(await chat(ana, case)) == [("Ana", "owner"), ("Beto", "wrote")]
    page = await chat(ana, case, limit=2)
    older = await chat(ana, case, limit=2, cursor=page["next_cursor"])
    assert [one["text"] for one in [*older["items"], *page["items"]]] == [
        f"@Beto, {SECRET}",
        "sigo sola",
        "vuelvo",
    ]


async def test_what_cannot_be_said_there_is_refused(ana, beto, case, services) -> None:
    path = f"/cases/{case['id']}/side-chat"
    await ana.ask("POST", path, 422, text="   ", client_id=str(uuid4()))
    await ana.ask("POST", path, 422, text="hola", client_id=str(uuid4()), mentions=[str(uuid4())])
    await ana.ask("GET", f"/cases/{uuid4()}/side-chat", 404)
    opened = {"brand_id": case["brand_id"], "contact_id": case["contact_id"], "title": "Sin conversación"}
    other = await ana.ask("POST", "/cases", 201, **opened)
    silent = {"text": "hola", "client_id": str(uuid4())}
    assert "spoken" in (await ana.ask("POST", f"/cases/{other['id']}/side-chat", 409, **silent))["detail"]
    await say(ana, case, "va con el caso")
    await ana.ask("POST", f"/cases/{other['id']}/merge", other_id=case["id"])
    await ana.ask("POST", path, 409, **silent)
    assert [one["text"] for one in (await chat(beto, other))["items"]] == ["va con el caso"]


async def told(services: Any) -> list[tuple[str, str, int]]:
    """Let the notifications be told of all that happened; return who was told what, how often."""
    async with services.db.begin() as c:
        until = await live.position(c)
        events: list[Event] = await log.for_staff(c, 0, until, 500)
        wanted = [one for one in events if one.type in notify.TYPES]
        await telling.handling(services)(c, wanted)
        rows = await c.execute(
            text(
                "SELECT a.name, n.kind, n.count FROM notification n JOIN agent a ON a.id = n.agent_id"
                " ORDER BY 1, 2"
            )
        )
        return [(row.name, row.kind, row.count) for row in rows]


async def test_who_is_called_is_told_and_the_other_members_once_for_all(ana, beto, case, services) -> None:
    await say(beto, case, "empiezo")
    await say(ana, case, "sigo")
    await say(ana, case, "@Beto, mirá", beto.agent_id)
    await live.sequence(services.db)
    assert await told(services) == [("Beto", "mentioned", 1), ("Beto", "talked", 1)]


async def test_nothing_of_it_ever_reaches_a_customer(ana, case, services, matter, tmp_path) -> None:
    conversation_id, number = matter
    await is_answered(services, conversation_id, "Lo revisa el taller")
    await say(ana, case, SECRET)
    jobs = await ana.rows("SELECT kind, data FROM job")
    pedro = await Customer(cases_app(services), services).sign_in(PEDRO)
    pages = [await pedro.get(), await pedro.get(f"/{number}"), await pedro.get("/data")]
    assert "Lo revisa el taller" in pages[1].text
    assert not [page.url for page in pages if SECRET in page.text]
    copy = await pedro.post("/data/export")
    with zipfile.ZipFile(io.BytesIO(copy.content)) as pack:
        whole = "".join(pack.read(name).decode(errors="replace") for name in pack.namelist())
    assert "Lo revisa el taller" in whole
    assert SECRET not in whole
    await live.sequence(services.db)
    visitor = Visitor(UUID(str(conversation_id)), views.project)
    async with services.db.connect() as c:
        until = await live.position(c)
        seen = await visitor.page(c, 0, until, 500)
        staff = await log.for_staff(c, 0, until, 500)
    assert SECRET in json.dumps([one.data for one in staff])
    assert SECRET not in json.dumps([one.data for one in seen])
    assert [one for one in staff if SECRET in json.dumps(one.data) and visitor.render(one)] == []
    (message,) = await ana.rows("SELECT id, direction FROM message WHERE text = :text", text=SECRET)
    assert message["direction"] == "internal"
    assert [
        one for one in jobs if one["kind"] == "send" and one["data"]["message_id"] == str(message["id"])
    ] == []


async def test_it_is_found_as_internal_alone_and_erased_with_the_contact(ana, case, services) -> None:
    said = await say(ana, case, SECRET)
    async with services.db.connect() as c:
        (thing,) = await now_of(c, Kind.MESSAGE, [UUID(said["id"])])
    assert thing.internal
    assert marks.of_entry(Kind.MESSAGE, 1, [7], internal=True) != marks.of_entry(
        Kind.MESSAGE, 1, [7], internal=False
    )
    async with services.db.begin() as c:
        grace = timedelta()
        asked = await privacy.ask(c, UUID(case["contact_id"]), actor="system", now=now(), grace=grace)
    assert await erasing.erase(services, asked["id"])
    left = await ana.rows("SELECT text, payload::text FROM message UNION SELECT data::text, '' FROM event")
    assert SECRET not in json.dumps(left)
