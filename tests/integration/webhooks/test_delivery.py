"""Webhooks arrive at real receivers: signed, in order, again when they fail, and never into our network."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from standardwebhooks.webhooks import WebhookVerificationError
from tests.support.receiver import HANG, Receiver, Request, receiving
from tests.support.until import until

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.errors import Conflict
from trato.kit.secret_box import SecretBox
from trato.live import service as log
from trato.webhooks import deliveries, queries, schedule, service, tasks
from trato.webhooks.sender import Sender

BOX = SecretBox(bytes(32))


@asynccontextmanager
async def sending(dsn: str, *, allow_private: bool = True, timeout_s: float = 15) -> AsyncIterator[None]:
    """Run a worker's sender with a pool and a wake of its own."""
    db, wake = Database.open(dsn, pool_size=4), Wake(dsn)
    await wake.start()
    sender = Sender(db, wake, BOX, allow_private=allow_private, timeout_s=timeout_s)
    running = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await wake.close()
        await db.close()


async def endpoint(db: Database, port: int, *types: str, host: str = "127.0.0.1") -> tuple[UUID, str]:
    async with db.begin() as c:
        made, secret = await service.make(
            c,
            BOX,
            url=f"http://{host}:{port}/hook",
            description="",
            event_types=types,
            allow_private=True,
        )
    return made["id"], secret


async def happen(db: Database, *numbers: int, kind: str = "thing.changed", audience: str = "staff") -> None:
    for number in numbers:
        async with db.begin() as c:
            await log.append(c, kind, audience=audience, data={"number": number, "text": "¡Hola! 🦊"})


async def state(db: Database, endpoint_id: UUID) -> dict[str, Any]:
    async with db.connect() as c:
        return await queries.endpoint(c, endpoint_id)


async def listed(db: Database, endpoint_id: UUID) -> list[dict[str, Any]]:
    async with db.connect() as c:
        found = await queries.deliveries(c, endpoint_id, state=None, before=None, limit=100)
    return sorted(found, key=lambda delivery: delivery["position"])


async def change(db: Database, sql: str, **told: Any) -> None:
    async with db.begin() as c:
        await c.execute(text(sql), told)


async def due_now(db: Database) -> None:
    """Let the pause before the next attempt be over."""
    await change(
        db,
        "UPDATE webhook_delivery SET next_attempt_at = now()"
        " WHERE state = 'waiting' AND next_attempt_at > now() AND status_code IS NOT NULL",
    )


async def eventually(found: Callable[[], Awaitable[bool]], what: str, within_s: float = 60) -> None:
    """Return once the database says so; fail with `what` when it never does."""
    deadline = time.monotonic() + within_s
    while not await found():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.02)


async def failure(db: Database, endpoint_id: UUID) -> str:
    """Wait for the endpoint's first failure and return what it says."""

    async def noted() -> bool:
        return (await state(db, endpoint_id))["last_error"] is not None

    await eventually(noted, "a failure")
    return str((await state(db, endpoint_id))["last_error"])


async def all_delivered(db: Database, endpoint_id: UUID) -> None:
    async def delivered() -> bool:
        return {delivery["state"] for delivery in await listed(db, endpoint_id)} == {"delivered"}

    await eventually(delivered, "every delivery settled")


async def until_state(db: Database, endpoint_id: UUID, wanted: str) -> dict[str, Any]:
    """Let pauses be over until the endpoint is in a state."""

    async def reached() -> bool:
        await due_now(db)
        return bool((await state(db, endpoint_id))["state"] == wanted)

    await eventually(reached, wanted)
    return await state(db, endpoint_id)


def failing_first(times: int, status: int = 500) -> Any:
    left = times

    def answer(_request: Request) -> int:
        nonlocal left
        left -= 1
        return status if left >= 0 else 204

    return answer


async def test_events_arrive_signed_in_order_with_the_whole_entity(
    committing_db: Database, fresh_dsn: str
) -> None:
    await happen(committing_db, -1)  # before the endpoint was made: not for it
    await log.sequence(committing_db)
    async with receiving() as receiver, sending(fresh_dsn):
        endpoint_id, secret = await endpoint(committing_db, receiver.port)
        assert secret.startswith("whsec_")
        for number, audience in enumerate(["staff", "all", "system"] * 5):
            await happen(committing_db, number, audience=audience)
        await until(lambda: len(receiver.requests) == 15, "all events")
        await all_delivered(committing_db, endpoint_id)
    assert receiver.numbers == list(range(15))
    for request in receiver.requests:
        payload = request.verified(secret)
        assert payload["type"] == "thing.changed"
        assert payload["data"]["text"] == "¡Hola! 🦊"
        assert set(payload) == {"type", "timestamp", "data"}
        assert request.method == "POST"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert len({request.id for request in receiver.requests}) == 15
    with pytest.raises(WebhookVerificationError):
        receiver.requests[0].verified("whsec_" + "A" * 43 + "=")
    found = await state(committing_db, endpoint_id)
    assert (found["behind"], found["failing_since"]) == (0, None)


async def test_an_endpoint_gets_only_the_types_it_asked_for(committing_db: Database, fresh_dsn: str) -> None:
    async with receiving() as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port, "b.made")
        for number in range(6):
            await happen(committing_db, number, kind="b.made" if number % 3 == 0 else "a.made")

        async def caught_up() -> bool:
            return bool((await state(committing_db, endpoint_id))["position"] == 6)

        await eventually(caught_up, "all events seen")
        await all_delivered(committing_db, endpoint_id)
    assert receiver.numbers == [0, 3]


async def test_a_failed_delivery_comes_again_under_the_same_id(
    committing_db: Database, fresh_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "FIRST_S", 600.0)  # by itself it comes again after the test
    async with receiving(failing_first(2)) as receiver, sending(fresh_dsn):
        endpoint_id, secret = await endpoint(committing_db, receiver.port)
        await happen(committing_db, 1)
        for attempts in (1, 2):
            await until(lambda n=attempts: len(receiver.requests) == n, "an attempt")  # type: ignore[misc]

            async def noted(attempts: int = attempts) -> bool:
                (waiting,) = await listed(committing_db, endpoint_id)
                assert waiting["state"] == "waiting"
                return bool(waiting["error"] and waiting["attempts"] == attempts)

            await eventually(noted, "the failure at the delivery")
            await due_now(committing_db)
        await all_delivered(committing_db, endpoint_id)
    assert len(receiver.requests) == 3
    assert len({request.id for request in receiver.requests}) == 1
    assert len({request.body for request in receiver.requests}) == 1
    for request in receiver.requests:
        request.verified(secret)
    found = await state(committing_db, endpoint_id)
    assert (found["failing_since"], found["last_error"]) == (None, None)


async def test_one_poisoned_event_does_not_hold_up_the_others(
    committing_db: Database, fresh_dsn: str
) -> None:
    def answer(request: Request) -> int:
        return 500 if request.number == 2 else 204

    async with receiving(answer) as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, 1, 2, 3, 4, 5)
        await until(lambda: {1, 2, 3, 4, 5} <= set(receiver.numbers), "the others")
        await change(committing_db, "UPDATE webhook_delivery SET created_at = now() - interval '25 hours'")

        async def given_up() -> bool:
            await due_now(committing_db)
            return bool((await listed(committing_db, endpoint_id))[1]["state"] == "failed")

        await eventually(given_up, "the poisoned one given up")
    found = await listed(committing_db, endpoint_id)
    assert [delivery["state"] for delivery in found] == [
        "delivered",
        "failed",
        "delivered",
        "delivered",
        "delivered",
    ]
    assert found[1]["status_code"] == 500
    assert (await state(committing_db, endpoint_id))["state"] == "active"


async def test_a_receiver_that_is_down_is_probed_not_flooded_and_then_gets_all(
    committing_db: Database, fresh_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "FIRST_S", 600.0)  # by itself it comes again after the test
    down = True
    async with receiving(lambda _request: 503 if down else 204) as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, *range(30))
        await until(lambda: len(receiver.requests) == 3, "three failures")

        async def noted() -> bool:
            return all(delivery["error"] for delivery in await listed(committing_db, endpoint_id))

        await eventually(noted, "three failures noted")

        async def all_numbered() -> bool:  # the log gives an event its place a moment after it happened
            return bool((await state(committing_db, endpoint_id))["behind"] == 27)

        await eventually(all_numbered, "the others waiting")
        assert len(receiver.requests) == 3
        down = False
        await change(
            committing_db,
            "UPDATE webhook_delivery SET next_attempt_at = now() WHERE position ="
            " (SELECT min(position) FROM webhook_delivery)",
        )
        await until(lambda: set(receiver.numbers[3:]) == set(range(30)), "everything")
    assert receiver.numbers[3:] == list(range(30)), "in order"


async def test_one_slow_receiver_holds_up_only_itself(committing_db: Database, fresh_dsn: str) -> None:
    async with receiving(lambda _request: HANG) as slow, receiving() as brisk:
        slow_id, _ = await endpoint(committing_db, slow.port)
        brisk_id, _ = await endpoint(committing_db, brisk.port)
        async with sending(fresh_dsn, timeout_s=120):  # longer than any machine needs for the brisk one
            await happen(committing_db, *range(50))
            await until(lambda: len(brisk.requests) == 50 and bool(slow.requests), "the brisk one has all")
            assert slow.numbers == [0], "the slow one is still at its first"
            assert brisk.numbers == list(range(50))
            await all_delivered(committing_db, brisk_id)
    assert (await state(committing_db, slow_id))["last_error"] is None


async def test_a_receiver_that_does_not_answer_in_time_has_failed(
    committing_db: Database, fresh_dsn: str
) -> None:
    async with receiving(lambda _request: HANG) as receiver, sending(fresh_dsn, timeout_s=1):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, 1)
        assert await failure(committing_db, endpoint_id) == "no answer within 1 s"
    assert set(receiver.numbers) <= {1}


async def test_who_fails_for_a_day_is_paused_and_gets_all_when_resumed(
    committing_db: Database, fresh_dsn: str
) -> None:
    down = True
    async with receiving(lambda _request: 500 if down else 204) as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, *range(5))
        await until(lambda: len(receiver.requests) >= 3, "it fails")
        await change(committing_db, "UPDATE webhook_endpoint SET failing_since = now() - interval '25 hours'")
        paused = await until_state(committing_db, endpoint_id, "paused")
        assert paused["last_error"] == "the receiver answered 500"
        assert paused["failing_since"]
        async with committing_db.connect() as c:
            assert await queries.lowest_position(c) == 0, "what waits is kept"
            assert await deliveries.ready(c) == []
        attempts = len(receiver.requests)
        down = False
        async with committing_db.begin() as c:
            resumed = await service.change(c, endpoint_id, state="active", allow_private=True)
        assert (resumed["state"], resumed["failing_since"]) == ("active", None)
        await until(lambda: set(receiver.numbers[attempts:]) == set(range(5)), "what it missed")
        await all_delivered(committing_db, endpoint_id)


@pytest.mark.parametrize("host", ["a" * 70 + ".com", "a..b"])
async def test_a_host_that_no_codec_takes_is_a_failure_as_any_other(
    committing_db: Database, fresh_dsn: str, host: str
) -> None:
    """Such a URL is refused when written; one that is there all the same looks ill and is paused at last."""
    async with sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, 1)
        await change(committing_db, "UPDATE webhook_endpoint SET url = :url", url=f"https://{host}/hook")
        await happen(committing_db, 1)
        assert "codec" in await failure(committing_db, endpoint_id)
        (delivery,) = await listed(committing_db, endpoint_id)
        assert (delivery["state"], delivery["attempts"]) == ("waiting", 1), "the next one after a pause"
        await change(committing_db, "UPDATE webhook_endpoint SET failing_since = now() - interval '25 hours'")
        await change(committing_db, "UPDATE webhook_delivery SET next_attempt_at = now()")
        assert (await until_state(committing_db, endpoint_id, "paused"))["last_error"]


async def test_a_receiver_that_is_gone_is_disabled_at_once(committing_db: Database, fresh_dsn: str) -> None:
    async with receiving(lambda _request: 410) as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, 1, 2, 3)
        await until_state(committing_db, endpoint_id, "disabled")
    assert len(receiver.requests) == 1


async def test_redirects_are_not_followed(committing_db: Database, fresh_dsn: str) -> None:
    async with receiving() as inner, receiving(lambda _request: 307) as receiver, sending(fresh_dsn):
        receiver.extra_headers = f"location: http://127.0.0.1:{inner.port}/\r\n"
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, 1)
        await failure(committing_db, endpoint_id)
    assert inner.requests == []
    (waiting,) = await listed(committing_db, endpoint_id)
    assert (waiting["state"], waiting["status_code"]) == ("waiting", 307)


async def test_no_connection_into_our_own_network_whatever_the_name_says(
    committing_db: Database, fresh_dsn: str
) -> None:
    async with receiving() as receiver, sending(fresh_dsn, allow_private=False):
        endpoint_id, _ = await endpoint(committing_db, receiver.port, host="localhost")
        await happen(committing_db, 1)
        error = await failure(committing_db, endpoint_id)
    assert "network where this may not go" in error
    assert receiver.requests == []


async def test_replay_sends_again_under_the_same_ids(committing_db: Database, fresh_dsn: str) -> None:
    async with receiving() as receiver, sending(fresh_dsn):
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        await happen(committing_db, *range(6))
        await until(lambda: len(receiver.requests) == 6, "all events")
        ids = {request.number: request.id for request in receiver.requests}
        await all_delivered(committing_db, endpoint_id)
        async with committing_db.begin() as c:
            await service.replay_from(c, endpoint_id, 4)
        await until(lambda: len(receiver.requests) == 9, "the last three again")
        await all_delivered(committing_db, endpoint_id)
        first = (await listed(committing_db, endpoint_id))[0]
        async with committing_db.begin() as c:
            await service.replay_one(c, endpoint_id, first["id"])
        await until(lambda: len(receiver.requests) == 10, "one again")
    assert receiver.numbers[6:] == [3, 4, 5, 0]
    assert all(request.id == ids[request.number] for request in receiver.requests)


async def test_what_the_log_no_longer_keeps_cannot_be_replayed(db: Database) -> None:
    endpoint_id, _ = await endpoint(db, 1)
    await happen(db, 1, 2, 3)
    await log.sequence(db)
    await change(db, "UPDATE event SET at = now() - interval '40 days' WHERE position <= 2")
    async with db.begin() as c:
        await log.delete_old(c, timedelta(days=7), None)
        with pytest.raises(Conflict):
            await service.replay_from(c, endpoint_id, 2)
        assert (await service.replay_from(c, endpoint_id, 3))["behind"] == 1
        resumed = await service.change(c, endpoint_id, state="active", allow_private=True)
        assert resumed["last_error"] is None
        await c.execute(text("UPDATE webhook_endpoint SET position = 1"))
        resumed = await service.change(c, endpoint_id, state="active", allow_private=True)
        assert resumed["last_error"] == service.SOME_LOST


@pytest.mark.parametrize(
    "apart",
    ["- interval '1 second'", "+ interval '5 hours'"],
    ids=["in time", "though the clock was set back"],
)
async def test_two_workers_deliver_each_event_once_and_a_dead_one_is_replaced(
    committing_db: Database, fresh_dsn: str, apart: str
) -> None:
    async with receiving() as receiver:
        endpoint_id, _ = await endpoint(committing_db, receiver.port)
        async with sending(fresh_dsn), sending(fresh_dsn):
            for number in range(30):
                await happen(committing_db, number)
            await until(lambda: len(receiver.requests) >= 30, "all events")
            await all_delivered(committing_db, endpoint_id)
        assert receiver.numbers == list(range(30))
        # A worker that was killed after its claim leaves a lease and a delivery that nobody settled.
        dead = Sender(committing_db, Wake(fresh_dsn), BOX, allow_private=True)
        await happen(committing_db, 30)
        await log.sequence(committing_db)
        async with committing_db.begin() as c:
            (ready,) = await deliveries.ready(c)
            claimed = await deliveries.claim(c, ready, dead._owner)
        assert claimed
        assert claimed.event.data["number"] == 30
        async with committing_db.connect() as c:
            assert await deliveries.ready(c) == []
        await change(committing_db, f"UPDATE webhook_endpoint SET lease_until = now() {apart}")
        waiting = "WHERE state = 'waiting'"
        await change(committing_db, f"UPDATE webhook_delivery SET next_attempt_at = now() {apart} {waiting}")
        async with sending(fresh_dsn):
            await until(lambda: len(receiver.requests) == 31, "the orphan")
        assert receiver.requests[-1].id == f"msg_{claimed.delivery_id.hex}"


async def test_old_deliveries_are_forgotten(db: Database) -> None:
    endpoint_id, _ = await endpoint(db, 1)
    for position, settled in enumerate(["40 days", "20 days", None], start=1):
        await change(
            db,
            "INSERT INTO webhook_delivery (id, endpoint_id, position, type, state, settled_at) VALUES"
            " (gen_random_uuid(), :e, :p, 'x.y', 'delivered', now() - CAST(CAST(:s AS text) AS interval))",
            e=endpoint_id,
            p=position,
            s=settled,
        )
    await tasks.retention(db)({}, 1)
    assert [delivery["position"] for delivery in await listed(db, endpoint_id)] == [2, 3]


async def test_many_deliveries_of_events_that_are_gone_are_settled_step_by_step(db: Database) -> None:
    endpoint_id, _ = await endpoint(db, 1)
    await change(
        db,
        "INSERT INTO webhook_delivery (id, endpoint_id, position, type, state, next_attempt_at)"
        " SELECT gen_random_uuid(), :e, n, 'x.y', 'waiting', now() - interval '1 s'"
        " FROM generate_series(1, 600) n",
        e=endpoint_id,
    )
    owner, calls = UUID(int=1), 0
    while True:
        async with db.begin() as c:
            assert await deliveries.claim(c, endpoint_id, owner) is None
            calls += 1
            if endpoint_id not in await deliveries.ready(c):
                break
    assert calls >= 600 // deliveries.VANISHED_AT_ONCE
    async with db.connect() as c:
        states = await c.execute(text("SELECT state, count(*) FROM webhook_delivery GROUP BY 1"))
        assert states.all() == [("failed", 600)]


async def test_the_secret_lies_encrypted(db: Database) -> None:
    _, secret = await endpoint(db, 1)
    async with db.connect() as c:
        stored: bytes = await c.scalar(text("SELECT secret FROM webhook_endpoint"))
    assert secret.encode() not in stored
    assert BOX.open(stored).decode() == secret


def test_the_receiver_of_these_tests_reads_what_a_person_would() -> None:
    request = Request("POST", "/", {"webhook-id": "msg_1"}, json.dumps({"data": {"number": 3}}).encode())
    assert (request.number, request.id, Receiver().port) == (3, "msg_1", 0)
