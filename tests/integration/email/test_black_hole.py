"""An SMTP server that takes connections and never says a word holds up nobody but its own account."""

import asyncio
import json
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.support.services import make_account
from tests.support.until import until

from trato.app.work import handlers
from trato.brands.service import AccountRecord
from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.db.jobs import Worker
from trato.flow.inbound import receive
from trato.flow.replies import Author, Writing, write
from trato.settings import Settings

ANA = Author("system", "Ana")


async def written(services: Services, account: AccountRecord, sender: Party) -> UUID:
    event = Inbound(
        provider_id=uuid4().hex,
        conversation_key=uuid4().hex,
        sender=sender,
        text="Hola",
        occurred_at=datetime.now(UTC),
    )
    found = (await receive(services, account, event)).conversation_id
    assert found is not None
    return found


async def answer(services: Services, conversation_id: UUID) -> str:
    async with services.db.begin() as c:
        view = await write(services, c, conversation_id, ANA, Writing("Buen día", uuid4().hex))
    services.wake.ring("jobs")
    return str(view["id"])


@pytest.mark.alone  # its limit is of seconds
@pytest.mark.timeout(120)
async def test_a_chat_reply_leaves_within_a_second_while_twelve_mails_hang(services: Services) -> None:
    hanging: set[asyncio.StreamWriter] = set()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hanging.add(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    email = await make_account(services, "email", address="hola@tienda.test", **smtp)
    chat = await make_account(services, "webchat", origins=["https://tienda.test"])
    for n in range(12):
        await answer(services, await written(services, email, Party("email", f"p{n}@gente.test")))
    conversation_id = await written(services, chat, Party("visitor", uuid4().hex))

    worker = Worker(services.db, services.wake, handlers(services, Settings()))
    working = asyncio.create_task(worker.run())
    await until(lambda: len(hanging) == 2, "two mails hang, and no more")
    began_s = time.monotonic()
    message_id = await answer(services, conversation_id)
    await sent(services, message_id)
    took_s = time.monotonic() - began_s
    print(f"the chat reply was sent after {took_s * 1000:.0f} ms")
    assert took_s < 1
    assert len(hanging) == 2

    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    left = await states(services, email.id)
    assert left == {"queued": 12}, "a stop leaves none of them uncertain"
    server.close()


async def sent(services: Services, message_id: str) -> None:
    rung, stop = services.wake.subscribe("events")
    query = "SELECT status FROM message WHERE id = $1"
    async with asyncio.timeout(20):
        while await value(services, query, UUID(message_id)) != "sent":
            await rung.wait()
            rung.clear()
    stop()


async def states(services: Services, account_id: UUID) -> dict[str, int]:
    query = """
        SELECT jsonb_object_agg(status, n)::text FROM (
            SELECT m.status, count(*) AS n FROM message m JOIN conversation c ON c.id = m.conversation_id
            WHERE c.account_id = $1 AND m.direction = 'out' GROUP BY 1) counted
    """
    found: dict[str, int] = json.loads(await value(services, query, account_id))
    return found


async def value(services: Services, query: str, *args: object) -> str:
    found: str = await services.db.call(query, *args)
    return found
