"""Processes that stop for a while and go on: the worker beyond its lease, the database under open streams."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import psutil
import pytest
from tests.support.installation import DeskUser, Installation, SmtpSink, Visitor
from tests.support.until import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@contextmanager
def second_worker(up: Installation) -> Iterator[None]:
    """Run one more `trato work` beside the tree, as on another machine."""
    told = {"TRATO_DATABASE_URL": up.dsn, "TRATO_DATA": str(up.data)}
    with up.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "trato", "work"], stdout=log, stderr=log, env=os.environ | told
        )
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(20) == 0


async def test_a_worker_paused_in_the_middle_of_a_send_for_longer_than_its_lease(
    up: Installation, desk: DeskUser, sink: SmtpSink
) -> None:
    settings = {
        "address": "hola@tienda.test",
        "smtp_host": "127.0.0.1",
        "smtp_port": sink.port,
        "smtp_security": "none",
    }
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    account = await desk.do(
        "POST", "/accounts", {"kind": "email", "name": "M", "brand_id": brand, "settings": settings}
    )
    sink.gate.clear()
    given = {
        "account_id": account["id"],
        "to": ["ana@clientes.test"],
        "subject": "Hola",
        "text": "one and only",
        "client_id": "one-and-only",
    }
    message = (await desk.do("POST", "/conversations", given))["message"]
    await until(lambda: sink.taken["one and only"] == 1, "the mail is on its way")
    (paused,) = [psutil.Process(pid) for pid, name in up.names() if name == "trato work"]
    async with up.database() as look:
        status = f"SELECT 1 FROM message WHERE id = '{message['id']}' AND status"
        with second_worker(up):
            paused.send_signal(signal.SIGSTOP)
            try:
                await look.until_some(f"{status} = 'uncertain'", "it is given up on", within_s=120)
                sink.gate.set()
                given |= {"text": "the next one", "client_id": "the-next-one"}
                await desk.do("POST", "/conversations", given)
                await until(lambda: sink.taken["the next one"] == 1, "the other worker sends")
            finally:
                paused.send_signal(signal.SIGCONT)
            await look.until_some(f"{status} = 'sent'", "who was paused says how it ended", within_s=30)
        assert await look.value("SELECT count(*) FROM job WHERE kind = 'send'") == 0
    assert sink.taken["one and only"] == 1


async def test_the_database_is_killed_and_stopped_under_open_streams_which_go_on(
    up: Installation, http: httpx.AsyncClient, desk: DeskUser, chat: str
) -> None:
    visitor = await Visitor(http, chat).open()
    await visitor.say("before")
    heard: dict[str, list[str]] = {"desk": [], "visitor": []}
    streams: list[str] = []

    async def listen(who: str, path: str, headers: dict[str, str]) -> None:
        async with http.stream("GET", path, headers=headers, timeout=None) as stream:
            streams.append(who)
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    if event["type"] == "message.created":
                        heard[who].append(event["data"]["message"]["text"])

    token = {"Authorization": f"Bearer {visitor.token}", "X-Forwarded-For": visitor.network}
    listening = [
        asyncio.create_task(listen("desk", "/api/v1/live", desk.headers)),
        asyncio.create_task(listen("visitor", "/api/v1/visitor/live", token)),
    ]
    await until(lambda: len(streams) == 2, "both listen")
    await visitor.say("while it is well")
    up.kill("postgres")
    await visitor.say("after a kill")
    postmaster = int((up.data / "postgres").resolve().joinpath("data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGINT)  # a fast shutdown, as an administrator's hand does it
    await visitor.say("after a stop")
    expected = ["while it is well", "after a kill", "after a stop"]
    await until(lambda: all(said == expected for said in heard.values()), "every stream heard all, in order")
    assert sorted(streams) == ["desk", "visitor"], "on the same connection"
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
