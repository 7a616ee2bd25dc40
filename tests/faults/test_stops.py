"""An orderly end loses nothing, is quick whoever listens, and a data folder has one owner."""

import asyncio
import signal
import subprocess
import sys
import time
from contextlib import suppress

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Visitor, named, pss, send_mail
from tests.support.mail import free_ports
from tests.support.until import until

from trato.kit.processes import is_alive

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.alone  # its limit is of seconds
async def test_a_stop_under_open_streams_and_a_hundred_messages_loses_nothing(
    up: Installation, http: httpx.AsyncClient, desk: DeskUser, chat: str
) -> None:
    visitors = [await Visitor(http, chat).open() for _ in range(20)]
    acknowledged: set[str] = set()
    listening = 0

    async def listen() -> None:
        nonlocal listening
        with suppress(httpx.TransportError):
            async with http.stream("GET", "/api/v1/live", headers=desk.headers, timeout=60) as stream:
                listening += 1
                async for _ in stream.aiter_raw():
                    pass

    async def talk(visitor: Visitor, number: int) -> None:
        for turn in range(5):
            words = f"in flight {number}.{turn}"
            body = {"client_id": f"client-{number}-{turn}", "text": words}
            headers = {"Authorization": f"Bearer {visitor.token}", "X-Forwarded-For": visitor.network}
            with suppress(httpx.TransportError):
                answer = await http.post("/api/v1/visitor/messages", json=body, headers=headers)
                if answer.status_code == 200:
                    acknowledged.add(words)

    streams = [asyncio.create_task(listen()) for _ in range(12)]
    await until(lambda: listening == 12, "twelve desks listen")
    pids = [member.pid for member in up.members()]
    talking = [asyncio.create_task(talk(v, n)) for n, v in enumerate(visitors)]
    await until(lambda: len(acknowledged) >= 10, "messages are on their way")
    assert up.process is not None
    began = time.monotonic()
    up.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(up.process.wait, 20) == 0
    took_s = time.monotonic() - began
    assert took_s < 5
    assert not [pid for pid in pids if is_alive(pid)]
    await asyncio.gather(*streams, *talking)

    await asyncio.to_thread(up.start, "--demo")
    async with up.database() as look:
        rows = await look.rows("SELECT text, count(*) AS n FROM message WHERE text ~ '^in flight' GROUP BY 1")
        kept = {row["text"] for row in rows}
        assert acknowledged <= kept
        assert {row["n"] for row in rows} == {1}
        await look.check_routing()


async def test_a_mail_that_hangs_while_all_stops_goes_out_afterwards(
    up: Installation, desk: DeskUser
) -> None:
    hanging: list[asyncio.StreamWriter] = []

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hanging.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    (port,) = free_ports(1)
    settings = {
        "address": "hola@tienda.test",
        "listener_host": "127.0.0.1",
        "listener_port": port,
        "smtp_host": "127.0.0.1",
        "smtp_port": server.sockets[0].getsockname()[1],
        "smtp_security": "none",
    }
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    given = {"kind": "email", "name": "Mail", "brand_id": brand, "settings": settings}
    await desk.do("POST", "/accounts", given)
    await asyncio.to_thread(send_mail, port, "ana@gente.test", "hola@tienda.test", "Hola", "from Ana")
    async with up.database() as look:
        came = "SELECT conversation_id AS id FROM message WHERE direction = 'in' AND text ~ '^from Ana'"
        (row,) = await look.until_some(came, "the mail is at the desk", within_s=60)
        await desk.reply(str(row["id"]), "to Ana")
        await until(lambda: len(hanging) == 1, "the answer is on its way, and hangs")
    assert await asyncio.to_thread(up.stop) == 0
    await asyncio.to_thread(up.start, "--demo")
    await until(lambda: len(hanging) == 2, "it is tried again, since nobody has it yet")
    async with up.database() as look:
        found = await look.rows("SELECT status FROM message WHERE text = 'to Ana'")
    assert [row["status"] for row in found] == ["sending"]
    server.close()
    for writer in hanging:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def test_a_second_up_on_the_same_folder_says_so_and_leaves_the_first_alone(
    up: Installation, http: httpx.AsyncClient
) -> None:
    second = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "trato", "up", "--data", str(up.data), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"Trato already runs on {up.data}" in second.stderr
    assert "Traceback" not in second.stderr
    assert (await http.get("/health/ready")).json() == {"status": "ok"}


def test_the_whole_idle_tree_with_its_database_takes_less_than_400_mb(up: Installation) -> None:
    memory_mb = pss(up.members()) / 1e6
    print(f"idle memory of {len(up.members())} processes, PostgreSQL included: {memory_mb:.0f} MB PSS")
    assert {"trato web", "trato work", "trato route", "postgres"} <= named(up.members())
    assert memory_mb < 400
