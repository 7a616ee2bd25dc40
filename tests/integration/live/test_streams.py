"""Streams over real HTTP: catch up, then live, without a gap; nobody sees what is not theirs."""

import asyncio
import json
import random
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.live_app import web
from tests.support.sse import SseClient
from tests.support.until import until

from trato.db.engine import Database
from trato.live import service, subscription
from trato.live.audience import Staff
from trato.live.stream import EventStream


def message(conversation: UUID, number: int, **changed: Any) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": str(uuid4()),
        "conversation_id": str(conversation),
        "direction": "in",
        "kind": "text",
        "author_kind": "contact",
        "author_name": "Rosa",
        "text": f"n{number}",
        "created_at": "2026-01-01T00:00:00Z",
        "client_id": None,
        "version": 1,
        "attachments": [],
        "status": "received",
    }
    return {"message": view | changed}


async def write(
    db: Database, *numbers: int, audience: str = "staff", conversation: UUID | None = None
) -> None:
    async with db.begin() as c:
        for number in numbers:
            await service.append(
                c,
                "message.created",
                audience=audience,
                conversation_id=conversation,
                data=message(conversation or uuid4(), number),
            )


def numbers(client: SseClient) -> list[int]:
    return [int(event.data["data"]["message"]["text"][1:]) for event in client.events]


async def test_a_stream_begins_behind_its_cursor_and_goes_on_live(
    committing_db: Database, fresh_dsn: str
) -> None:
    await write(committing_db, *range(450))
    async with web(fresh_dsn) as (hub, port):
        client = SseClient([port], "/staff?after=20")
        following = asyncio.create_task(client.follow())
        await until(lambda: len(client.events) >= 430, "the past")
        await write(committing_db, *range(450, 460))
        await until(lambda: len(client.events) >= 440, "the present")
        client.cut()
        await write(committing_db, *range(460, 470))
        await until(lambda: len(client.events) >= 450, "what was missed")
        following.cancel()
        assert [event.id for event in client.events] == list(range(21, 471))
        assert numbers(client) == list(range(20, 470))
        assert client.connected == 2
        await until(lambda: len(hub) == 0, "the hub forgets who left")


async def test_a_client_that_leaves_before_the_first_event_misses_nothing(
    committing_db: Database, fresh_dsn: str
) -> None:
    await write(committing_db, 1, 2, 3)
    async with web(fresh_dsn) as (hub, port):
        client = SseClient([port], "/staff")
        following = asyncio.create_task(client.follow())
        await until(lambda: client.last_id == 3, "the position without an event")
        following.cancel()
        await until(lambda: len(hub) == 0, "the client is gone")
        await write(committing_db, 4)
        following = asyncio.create_task(client.follow())
        await until(lambda: len(client.events) == 1, "the missed event")
        following.cancel()
        assert numbers(client) == [4]


async def test_a_cursor_that_the_log_no_longer_reaches_gets_a_reset(
    committing_db: Database, fresh_dsn: str
) -> None:
    await write(committing_db, *range(10))
    await service.sequence(committing_db)
    async with committing_db.begin() as c:
        await c.execute(text("UPDATE event SET at = now() - interval '8 days' WHERE position <= 5"))
        await service.delete_old(c, timedelta(days=7), None)
    async with web(fresh_dsn) as (_hub, port):
        for lost in (4, 999):  # deleted meanwhile; from a log that was restored from an older backup
            client = SseClient([port], f"/staff?after={lost}")
            events = [event async for event in client.once()]
            assert [(event.kind, event.id) for event in events] == [("reset", 10)]
            assert client.last_id == 10
        client = SseClient([port], "/staff?after=5")
        following = asyncio.create_task(client.follow())
        await until(lambda: len(client.events) == 5, "the rest of the log")
        following.cancel()


async def test_a_client_that_reads_slowly_holds_up_nobody_and_loses_nothing(
    committing_db: Database, fresh_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "QUEUE", 20)
    async with web(fresh_dsn) as (hub, port):
        brisk = SseClient([port], "/staff")
        following = asyncio.create_task(brisk.follow())
        await until(lambda: len(hub) == 1, "the stream")
        with hub.subscribe(Staff()) as slow:
            for start in range(0, 600, 10):
                await write(committing_db, *range(start, start + 10))
            await until(lambda: len(brisk.events) == 600, "the other client")
            assert len(slow._queue) <= 20
            received = b""
            while received.count(b"event: ") < 600:
                received += await slow.next() or b""
            assert numbers(brisk) == list(range(600))
        following.cancel()
        lines = [line for line in received.split(b"\n") if line.startswith(b"data: ")]
        assert [json.loads(line[6:])["id"] for line in lines] == list(range(1, 601))


async def test_who_is_too_far_behind_is_told_to_start_anew(
    committing_db: Database, fresh_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "CATCH_UP_LIMIT", 50)
    await write(committing_db, *range(60))
    async with web(fresh_dsn) as (_hub, port):
        events = [event async for event in SseClient([port], "/staff?after=5").once()]
    assert [event.kind for event in events] == ["reset"]


async def test_typing_reaches_those_who_are_there_in_every_process(fresh_dsn: str) -> None:
    conversation = uuid4()
    async with web(fresh_dsn) as (hub, port), web(fresh_dsn) as (other_hub, other_port):
        clients = {
            "staff": SseClient([other_port], "/staff"),
            "visitor": SseClient([other_port], f"/visitor/{conversation}"),
            "other": SseClient([port], f"/visitor/{uuid4()}"),
        }
        following = [asyncio.create_task(client.follow()) for client in clients.values()]
        await until(lambda: len(hub) + len(other_hub) == 3, "the streams")
        service.typing(hub._wake, conversation, who="contact", name="Rosa")
        service.typing(hub._wake, conversation, who="agent", name="Luis")
        await until(lambda: len(clients["staff"].events) == 2, "both for the staff")
        await until(lambda: len(clients["visitor"].events) == 1, "one for the visitor")
        for task in following:
            task.cancel()
        assert clients["staff"].events[0].data["data"]["name"] == "Rosa"
        assert clients["staff"].events[0].id is None
        assert clients["visitor"].events[0].data == {"type": "typing", "data": {"typing": {"name": "Luis"}}}
        assert b"Luis" not in clients["other"].raw


async def test_a_revoked_session_ends_its_stream_and_no_other(
    committing_db: Database, fresh_dsn: str
) -> None:
    allowed = {"ana": True, "luis": True}
    async with web(fresh_dsn) as (hub, _port):
        sent: dict[str, list[dict[str, Any]]] = {name: [] for name in allowed}

        async def receive() -> dict[str, Any]:
            return await asyncio.Future()

        def serve(name: str) -> asyncio.Task[None]:
            async def may_listen() -> bool:
                return allowed[name]

            async def send(part: Any) -> None:
                sent[name].append(part)

            stream = EventStream(hub.subscribe(Staff()), may_listen)
            return asyncio.create_task(stream({}, receive, send))

        ana, luis = serve("ana"), serve("luis")
        await until(lambda: len(hub) == 2, "both streams")
        allowed["ana"] = False
        hub.recheck_streams()
        async with asyncio.timeout(30):
            await ana
        await write(committing_db, 1)
        await until(lambda: any(b"n1" in part.get("body", b"") for part in sent["luis"]), "the other goes on")
        assert not any(b"n1" in part.get("body", b"") for part in sent["ana"])
        luis.cancel()


@pytest.mark.alone  # its limit is of seconds
async def test_stopping_ends_open_streams_at_once(fresh_dsn: str) -> None:
    async with web(fresh_dsn) as (hub, port):
        clients = [SseClient([port], "/staff") for _ in range(5)]
        following = [asyncio.ensure_future(anext(aiter(client.once()), None)) for client in clients]
        await until(lambda: len(hub) == 5, "the streams")
        began = time.monotonic()
    assert time.monotonic() - began < 3, "the server waited for streams that never end"
    assert await asyncio.gather(*following) == [None] * 5, "each stream ended properly"


async def test_streams_live_through_a_database_that_goes_away(
    committing_db: Database, fresh_dsn: str
) -> None:
    async with web(fresh_dsn) as (hub, port):
        client = SseClient([port], "/staff?after=0")
        following = asyncio.create_task(client.follow())
        await until(lambda: len(hub) == 1, "the stream")
        for number in range(5):
            await committing_db.engine.dispose()
            async with committing_db.begin() as c:
                await c.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            await write(committing_db, number)
        await until(lambda: {0, 1, 2, 3, 4} <= set(numbers(client)), "all events")
        following.cancel()


@pytest.mark.parametrize("seed", range(3))
async def test_no_visitor_ever_receives_what_is_not_theirs(
    committing_db: Database, fresh_dsn: str, seed: int
) -> None:
    """Random events, each with a secret of its own: only what a visitor may see is in the raw bytes."""
    chance = random.Random(seed)
    conversations = [uuid4() for _ in range(3)]
    visible: dict[UUID, list[str]] = {conversation: [] for conversation in conversations}
    secrets: list[str] = []

    async def one_event(number: int) -> None:
        conversation = chance.choice([*conversations, None])
        audience = chance.choice(["staff", "all", "system"])
        mark = f"mark-{seed}-{number:05}-"
        kind, data, open_to_visitor = random_event(chance, conversation, audience, mark)
        (visible[conversation] if open_to_visitor and conversation else secrets).append(mark)
        async with committing_db.begin() as c:
            await service.append(
                c,
                kind,
                audience=audience,
                actor=f"user:{mark if not open_to_visitor else 'hidden-actor'}",
                contact_id=uuid4(),
                conversation_id=conversation,
                data=data,
            )

    async with web(fresh_dsn) as (_, port), web(fresh_dsn) as (_, other):
        clients = {
            conversation: SseClient([port, other], f"/visitor/{conversation}?after=0")
            for conversation in conversations
        }
        following = [asyncio.create_task(client.follow()) for client in clients.values()]
        for number in range(300):
            await one_event(number)
            if chance.random() < 0.05:
                chance.choice(list(clients.values())).cut()
        for conversation, client in clients.items():
            await until(
                lambda raw=client.raw, marks=visible[conversation]: all(m.encode() in raw for m in marks),  # type: ignore[misc]
                "every event that is theirs",
            )
        for task in following:
            task.cancel()
    assert secrets
    assert all(visible.values())
    for conversation, client in clients.items():
        raw = bytes(client.raw)
        others = [mark for other, marks in visible.items() if other != conversation for mark in marks]
        assert not [mark for mark in secrets + others if mark.encode() in raw]
        assert b"hidden-actor" not in raw
        assert b"case_id" not in raw


def random_event(
    chance: random.Random, conversation: UUID | None, audience: str, mark: str
) -> tuple[str, dict[str, Any], bool]:
    """Return type, data and whether the conversation's visitor may see the mark in it."""
    kind = chance.choice(
        ["message.created", "message.changed", "conversation.changed", "contact.changed", "made.up"]
    )
    if not kind.startswith("message"):
        return kind, {"conversation": {"subject": mark}}, False
    direction = chance.choice(["in", "out", "internal"])
    status = chance.choice(["sent", "queued", "failed"])
    data = message(conversation or uuid4(), 0, direction=direction, status=status, text=mark)
    data["message"]["payload"] = {"bcc": ["hidden-actor@example.org"]}
    seen = audience == "all" and (direction == "in" or (direction == "out" and status == "sent"))
    return kind, data, seen and conversation is not None
