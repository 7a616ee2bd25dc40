"""The staff's stream behind the real guards: who may listen, and for how long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
import uvicorn
from tests.support.sse import SseClient
from tests.support.until import until
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access import api_keys
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.clock import now
from trato.live import api, service
from trato.live.hub import EXTRA, Hub
from trato.live.server import StreamingServer


@asynccontextmanager
async def serving(db: Database, dsn: str) -> AsyncIterator[tuple[Hub, int]]:
    wake = Wake(dsn)
    await wake.start()
    hub = Hub(db, wake)
    await hub.start()
    app = make_app(make_services(db, wake, **{EXTRA: hub}), [api.router])
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none", proxy_headers=False)
    server = StreamingServer(config, hub.end_streams)
    running = asyncio.create_task(server._serve())
    await until(lambda: server.started, "the server listens")
    try:
        yield hub, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running
        await hub.close()
        await wake.close()


async def test_a_key_listens_until_it_is_revoked(committing_db: Database, fresh_dsn: str) -> None:
    key_id, key = await make_key(committing_db, "events:read", "presence:read")
    async with serving(committing_db, fresh_dsn) as (hub, port):
        before = await service.sequence(committing_db)  # a new agent has left events of its own
        listener = SseClient([port], f"/api/v1/live?after={before}", authorization=f"Bearer {key}")
        listening = asyncio.ensure_future(anext(aiter(listener.once())))
        await until(lambda: len(hub) == 1, "the stream")
        async with committing_db.begin() as c:
            await service.append(c, "contact.changed", audience="staff", data={"contact": {"name": "Ana"}})
            await service.append(c, "presence.changed", audience="staff", data={"n": 1})
        event = await asyncio.wait_for(listening, 60)
        # What it may not read is left out: contacts are not for this key.
        assert (event.id, event.kind, event.data["data"]) == (before + 2, "presence.changed", {"n": 1})

        follower = SseClient([port], "/api/v1/live", authorization=f"Bearer {key}")
        ended = asyncio.ensure_future(anext(aiter(follower.once()), None))
        await until(lambda: follower.last_id == before + 2, "the other stream")
        async with committing_db.begin() as c:
            await api_keys.revoke(c, UUID(key_id), now=now())
            # As a deactivation does, which revokes keys and sessions in the same transaction.
            await service.append(c, "user.changed", audience="system", data={"user": {"secret": 1}})
        assert await asyncio.wait_for(ended, 60) is None, "the stream ends, before the event"


@pytest.mark.parametrize(
    ("scope", "query", "status"), [("cases:read", "", 403), ("events:read", "?after=x", 422), (None, "", 401)]
)
async def test_who_may_not_listen_is_told(db: Database, scope: str | None, query: str, status: int) -> None:
    hub = Hub(db, Wake("postgresql://nowhere"))
    app = make_app(make_services(db, Wake("postgresql://nowhere"), **{EXTRA: hub}), [api.router])
    key = (await make_key(db, scope))[1] if scope else "trato_nobody_x"
    async with client(app, key) as http:
        answer = await http.get(f"/live{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(hub) == 0
