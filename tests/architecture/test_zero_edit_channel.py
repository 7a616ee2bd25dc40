"""A channel is one folder: put there at run time, it receives and sends, and nothing else changed."""

import asyncio
import hashlib
import hmac
import json
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from tests.support.services import make_account, running_services
from tests.support.until import until

from trato import channels
from trato.channel_sdk.scaffold import scaffold
from trato.db.jobs import Worker
from trato.flow import api as flow_api
from trato.flow.outbound import send
from trato.flow.replies import Author, Writing, write

SECRET = "a-long-enough-secret"


@pytest.fixture
def new_folder(tmp_path, monkeypatch):
    scaffold("carrier", tmp_path / "channels")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path / "channels")])
    channels.load_connectors.cache_clear()
    yield
    channels.load_connectors.cache_clear()


class Provider:
    """The other side: an HTTP server of its own that notes what it is given."""

    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(h.split(b":")[1]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length")
        )
        self.got.append(json.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


async def test_a_folder_added_at_run_time_carries_messages_both_ways(
    new_folder, committing_db, fresh_dsn, tmp_path
):
    provider = Provider()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        account = await make_account(services, "carrier", url=url, secret=SECRET)
        app = FastAPI()
        app.state.services = services
        app.include_router(flow_api.hooks)
        body = json.dumps(
            {"id": "m1", "from": "549115555", "name": "Pedro", "at": 1772366400, "text": "hola"}
        ).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            for _ in range(2):  # providers deliver twice
                answer = await client.post(
                    f"/hooks/{account.public_key}", content=body, headers={"x-signature": signature}
                )
                assert answer.status_code == 200
            refused = await client.post(
                f"/hooks/{account.public_key}", content=body, headers={"x-signature": "no"}
            )
            assert refused.status_code == 401
        conversation = await services.db.call("SELECT jsonb_agg(to_jsonb(c)) FROM conversation c")
        assert [(c["channel"], c["preview"]) for c in conversation] == [("carrier", "hola")]
        async with services.db.begin() as c:
            await write(
                services,
                c,
                UUID(conversation[0]["id"]),
                Author("system", "Sofía"),
                Writing("¡Hola, Pedro!", "c1"),
            )
        await Worker(services.db, services.wake, {"send": lambda data, n: send(services, data, n)}).drain()
        await until(lambda: len(provider.got) == 1, "the provider has it")
        assert (provider.got[0]["to"], provider.got[0]["text"]) == ("549115555", "¡Hola, Pedro!")
    server.close()
    await server.wait_closed()
