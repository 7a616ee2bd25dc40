"""A person's thread: any stretch of it without a hole, words in it, and how far each agent has read."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.case_room import Room, room

FIRST = datetime(2024, 3, 1, 12, tzinfo=UTC)
MANY = 500
LONG = 10_000

SEED = """
    INSERT INTO message (id, conversation_id, contact_id, direction, author_kind, author_name, text, status,
                         created_at, occurred_at)
    SELECT gen_random_uuid(), :conversation, :contact, 'in', 'contact', 'Pedro', 'Mensaje ' || n, 'received',
           CAST(:first AS timestamptz) + make_interval(hours => n),
           CAST(:first AS timestamptz) + make_interval(hours => n)
    FROM generate_series(1, :many) n
"""


@pytest.fixture
async def conversation(desk: Room) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (await desk.ask("GET", "/inbox", tab="all"))["items"]
    return found


@pytest.fixture
async def path(desk: Room, conversation: dict[str, Any]) -> str:
    await seed(desk, conversation, MANY)
    return f"/contacts/{conversation['contact_id']}/timeline"


async def seed(desk: Room, conversation: dict[str, Any], many: int) -> None:
    values = {"conversation": conversation["id"], "contact": conversation["contact_id"]}
    await desk.run(
        SEED,
        **{name: UUID(value) for name, value in values.items()},
        first=FIRST,
        many=many,
    )


def texts(page: dict[str, Any]) -> list[str]:
    return [one["text"] for one in page["items"]]


async def whole(desk: Room, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = await desk.ask("GET", path, **({"cursor": cursor} if cursor else {}))
        found = [*page["items"], *found]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_from_any_message_both_ways_lead_through_all_of_it(desk: Room, path: str) -> None:
    all_of_it = await whole(desk, path)
    assert len(all_of_it) == MANY + 1
    middle = all_of_it[200]
    page = await desk.ask("GET", path, around=middle["id"], limit=60)
    assert page["target"] == middle["id"]
    assert page["items"] == all_of_it[170:230]
    assert page["later"]
    assert page["next_cursor"]
    walked = page["items"]
    while page["later"]:
        page = await desk.ask("GET", path, after=walked[-1]["id"], limit=70)
        walked = [*walked, *page["items"]]
    assert walked == all_of_it[170:]
    while True:
        page = await desk.ask("GET", path, before=walked[0]["id"], limit=70)
        assert page["later"]
        walked = [*page["items"], *walked]
        if page["next_cursor"] is None:
            break
    assert walked == all_of_it


async def test_the_ends_say_that_they_are(desk: Room, path: str) -> None:
    newest = await desk.ask("GET", path, limit=10)
    assert not newest["later"]
    assert (await desk.ask("GET", path, after=newest["items"][-1]["id"]))["items"] == []
    last = await desk.ask("GET", path, around=newest["items"][-1]["id"], limit=10)
    assert not last["later"]
    first = (await whole(desk, path))[0]
    begin = await desk.ask("GET", path, around=first["id"], limit=10)
    assert begin["next_cursor"] is None
    assert begin["items"][0]["id"] == first["id"]
    nothing = await desk.ask("GET", path, before=first["id"])
    assert (nothing["items"], nothing["next_cursor"]) == ([], None)


async def test_a_date_leads_to_the_first_message_from_then_on(desk: Room, path: str) -> None:
    day = FIRST + timedelta(hours=100, minutes=30)
    page = await desk.ask("GET", path, at=day.isoformat(), limit=20)
    (target,) = [one for one in page["items"] if one["id"] == page["target"]]
    assert target["text"] == "Mensaje 101"
    assert len(page["items"]) == 20
    # Before the first and after the last there is the nearest.
    early = await desk.ask("GET", path, at="2001-01-01T00:00:00Z", limit=20)
    assert early["target"] == early["items"][0]["id"]
    late = await desk.ask("GET", path, at="2100-01-01T00:00:00Z", limit=20)
    assert late["target"] == late["items"][-1]["id"]


async def test_a_message_of_somebody_else_is_not_in_the_thread(desk: Room, path: str) -> None:
    for way in ("around", "before", "after"):
        at: dict[str, Any] = {way: str(uuid4())}
        problem = await desk.ask("GET", path, 404, **at)
        assert problem["detail"].startswith("There is no such message in this thread.")
    newest = (await desk.ask("GET", path))["items"][-1]["id"]
    await desk.ask("GET", path, 422, around=newest, at="2024-01-01T00:00:00Z")
    await desk.ask("GET", path, 422, cursor="wrong")


async def test_work_comes_with_the_stretch_in_which_it_was(desk: Room, path: str, conversation) -> None:
    await desk.ask("POST", f"/conversations/{conversation['id']}/take")
    newest = await desk.ask("GET", path, limit=10)
    (work,) = newest["interactions"]
    assert work["agent_id"] == desk.agent_id
    old = await desk.ask("GET", path, at=(FIRST + timedelta(hours=50)).isoformat(), limit=10)
    assert old["interactions"] == []


class TestSearch:
    async def test_all_words_are_found_with_accents_or_without(
        self, desk: Room, path: str, conversation
    ) -> None:
        said = (
            "¿Cuándo llega el CAMIÓN con la heladera?",
            "cuando llega el camion",
            "Cuándo llega 100% seguro a_b",
            "el año que viene",
        )
        for line in said:
            await self.write(desk, conversation, line)
        assert await self.found(desk, path, "camion") == {said[0], said[1]}
        assert await self.found(desk, path, "CAMIÓN heladera") == {said[0]}
        assert await self.found(desk, path, "cuando llega") == set(said[:3])
        assert await self.found(desk, path, "100%") == {said[2]}
        assert await self.found(desk, path, "a_b") == {said[2]}
        assert await self.found(desk, path, "ano") == {said[3]}
        for nothing in (".*", "a.b", "[ab]", "(?i)llega", "\\", "   "):
            assert await self.found(desk, path, nothing) == set(), nothing
        assert (await desk.ask("GET", f"{path}/search", q="(?i)llega"))["total"] == 0

    async def test_matches_are_counted_and_come_in_pages_newest_first(self, desk: Room, path: str) -> None:
        first = await desk.ask("GET", f"{path}/search", q="mensaje", limit=200)
        assert first["total"] == MANY
        assert len(first["items"]) == 200
        second = await desk.ask("GET", f"{path}/search", q="mensaje", limit=200, cursor=first["next_cursor"])
        assert second["total"] == MANY
        times = [one["created_at"] for one in (*first["items"], *second["items"])]
        assert times == sorted(times, reverse=True)
        assert len(set(times)) == 400

    async def write(self, desk: Room, conversation: dict[str, Any], said: str) -> None:
        body: dict[str, Any] = {"kind": "note", "text": said, "client_id": str(uuid4())}
        await desk.ask("POST", f"/conversations/{conversation['id']}/messages", 201, **body)

    async def found(self, desk: Room, path: str, q: str) -> set[str]:
        matches = (await desk.ask("GET", f"{path}/search", q=q))["items"]
        rows = await desk.rows(
            "SELECT text FROM message WHERE id = ANY(:ids)", ids=[UUID(one["id"]) for one in matches]
        )
        return {row["text"] for row in rows}


class TestReading:
    async def test_each_agent_goes_on_where_they_were_on_any_device(
        self, desk: Room, conversation, tmp_path
    ) -> None:
        at = f"/conversations/{conversation['id']}"
        assert (await desk.ask("GET", at))["read_until"] is None
        said = conversation["last_message_at"]
        before = (datetime.fromisoformat(said) - timedelta(minutes=1)).isoformat()
        await desk.ask("PUT", f"{at}/reading", 204, until=said)
        await desk.ask("PUT", f"{at}/reading", 204, until=before)  # a slower device
        (kept,) = await desk.rows("SELECT read_until FROM reading")
        assert kept["read_until"] == datetime.fromisoformat(said)
        read = (await desk.ask("GET", at))["read_until"]
        assert datetime.fromisoformat(read) == datetime.fromisoformat(said)
        async with room(desk.services, tmp_path, name="Bruno") as other:
            assert (await other.ask("GET", at))["read_until"] is None

    async def test_what_was_not_said_yet_cannot_be_read(self, desk: Room, conversation) -> None:
        at = f"/conversations/{conversation['id']}"
        await desk.ask("PUT", f"{at}/reading", 204, until="2100-01-01T00:00:00Z")
        assert datetime.fromisoformat((await desk.ask("GET", at))["read_until"]) <= datetime.now(UTC)
        await desk.ask("PUT", f"/conversations/{uuid4()}/reading", 404, until="2025-01-01T00:00:00Z")

    async def test_to_read_changes_nothing_that_others_follow(self, desk: Room, conversation) -> None:
        events = await desk.rows("SELECT count(*) AS n FROM event")
        at = f"/conversations/{conversation['id']}"
        await desk.ask("PUT", f"{at}/reading", 204, until=conversation["last_message_at"])
        assert await desk.rows("SELECT count(*) AS n FROM event") == events
        assert (await desk.ask("GET", at))["conversation"]["version"] == conversation["version"]


async def test_who_looks_is_told_for_conversations_that_are_there(desk: Room, conversation) -> None:
    await desk.ask("POST", f"/conversations/{conversation['id']}/looking", 204)
    await desk.ask("POST", f"/conversations/{uuid4()}/looking", 404)


@pytest.mark.slow
@pytest.mark.alone
async def test_in_a_thread_of_ten_thousand_every_place_is_near(desk: Room, conversation) -> None:
    """Figures of docs/explanation/interface.md; `-s` prints them."""
    await seed(desk, conversation, LONG)
    await desk.run("ANALYZE message")
    path = f"/contacts/{conversation['contact_id']}/timeline"
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "newest": (path, {}),
        "a date": (path, {"at": (FIRST + timedelta(hours=5_000)).isoformat()}),
        "two words": (f"{path}/search", {"q": "mensaje 77"}),
    }
    for what, (where, query) in asked.items():
        times = []
        for _ in range(9):
            began = time.perf_counter()
            await desk.ask("GET", where, **query)
            times.append((time.perf_counter() - began) * 1000)
        median = sorted(times)[4]
        print(f"\n{what}: {median:.0f} ms (median of 9)")
        assert median < 250, what
    async with desk.services.db.connect() as c:
        plan = await c.execute(
            text(
                "EXPLAIN SELECT id FROM message WHERE contact_id = :id AND (created_at, id) < (now(), :id)"
                " ORDER BY created_at DESC, id DESC LIMIT 101"
            ),
            {"id": UUID(conversation["contact_id"])},
        )
        assert "ix_message_contact" in " ".join(plan.scalars())
