"""Whatever process is killed, nothing acknowledged is lost and nothing is sent twice."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Looking, SmtpSink, Visitor, send_mail
from tests.support.mail import free_ports

from trato.db.engine import FAILURES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

VISITORS, CHATS_EACH = 60, 10
SENDERS, MAILS_EACH = 20, 20
MAILS_ANSWERED = 40
LASTS_S = 45
KILLED = ("web", "work", "route", "postgres")
SHOP = "hola@tienda.test"
AWAY: tuple[type[Exception], ...] = (*FAILURES, AssertionError)


@dataclass
class Load:
    """Customers who write and agents who answer, each as patient as their programs are."""

    up: Installation
    desk: DeskUser
    visitors: list[Visitor]
    port: int
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    acknowledged: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(VISITORS):
                group.create_task(self.chat(number))
            for number in range(SENDERS):
                group.create_task(self.mail(number))
            group.create_task(self.answer_mails())

    async def chat(self, number: int) -> None:
        visitor = await self.visitors[number].open()
        for turn in range(CHATS_EACH):
            await asyncio.sleep(self.dice.uniform(0, 2 * LASTS_S / CHATS_EACH))
            words = f"chat {number}.{turn}"
            message = await visitor.say(words)
            self.acknowledged[words] += 1
            if turn == CHATS_EACH // 2 and number % 2:
                await self.answer(message["conversation_id"], f"answer to chat {number}")

    async def mail(self, number: int) -> None:
        for turn in range(MAILS_EACH):
            await asyncio.sleep(self.dice.uniform(0, 2 * LASTS_S / MAILS_EACH))
            words = f"mail {number}.{turn}"
            sender = f"c{number}@clientes.test"
            await asyncio.to_thread(send_mail, self.port, sender, SHOP, f"About {words}", words)
            self.acknowledged[words] += 1

    async def answer_mails(self) -> None:
        """Answer some mails soon after they came."""
        answered: set[str] = set()
        while len(answered) < MAILS_ANSWERED:
            for conversation_id, words in await self.mails_to_answer():
                if words not in answered:
                    answered.add(words)
                    await self.answer(conversation_id, f"answer to {words}")
            await asyncio.sleep(0.2)

    async def mails_to_answer(self) -> list[tuple[str, str]]:
        try:
            async with self.up.database() as look:
                rows = await look.rows(
                    "SELECT conversation_id, trim(E'\\n ' FROM text) AS words FROM message"
                    " WHERE direction = 'in' AND text ~ '^mail [0-9]+[.](3|7)\\s*$'"
                )
        except AWAY:  # killed under us as well
            return []
        return [(str(row["conversation_id"]), row["words"]) for row in rows]

    async def answer(self, conversation_id: str, words: str) -> None:
        await self.desk.reply(conversation_id, words)
        self.answers[words] += 1


@pytest.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
async def load(up: Installation, http: httpx.AsyncClient, desk: DeskUser, chat: str, sink: SmtpSink) -> Load:
    (port,) = free_ports(1)
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    settings = {
        "address": SHOP,
        "listener_host": "127.0.0.1",
        "listener_port": port,
        "smtp_host": "127.0.0.1",
        "smtp_port": sink.port,
        "smtp_security": "none",
    }
    given = {"kind": "email", "name": "Mail", "brand_id": brand, "settings": settings}
    await desk.do("POST", "/accounts", given)
    return Load(up, desk, [Visitor(http, chat) for _ in range(VISITORS)], port)


async def kill_at_random(up: Installation, seed: int) -> None:
    """Kill every process in turn, at moments that nobody knows, until cancelled."""
    dice = random.Random(seed)
    while True:
        for role in dice.sample(KILLED, len(KILLED)):
            await asyncio.sleep(dice.uniform(0.2, 2))
            up.kill(role)
        await asyncio.sleep(dice.uniform(22, 28))  # the mail listener's lease runs out, then mail flows again


def logged(said: str) -> list[dict[str, Any]]:
    """Return the lines of the log, which are JSON, without what was printed for people."""
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


async def check_incoming(look: Looking, load: Load) -> None:
    assert await look.rows("SELECT * FROM receipt WHERE state IN ('broken', 'pending')") == []
    query = "SELECT text FROM message WHERE direction = 'in' AND text ~ '^(chat|mail) '"
    found = Counter(row["text"].strip() for row in await look.rows(query))
    assert found - load.acknowledged == Counter(), "some are there twice"
    assert load.acknowledged - found == Counter(), "some are lost"


async def check_outgoing(look: Looking, load: Load, sink: SmtpSink) -> Counter[str]:
    query = "SELECT text, status FROM message WHERE direction = 'out' AND text ~ '^answer to '"
    found = await look.rows(query)
    assert Counter(row["text"] for row in found) == load.answers
    for row in found:
        if row["text"].startswith("answer to mail"):
            times = sink.taken[row["text"]]
            assert times == 1 or (times == 0 and row["status"] == "uncertain"), (row, times)
    for number in range(1, VISITORS, 2):
        shown = [m["text"] for m in await load.visitors[number].reads() if not m["mine"]]
        assert shown == [f"answer to chat {number}"]
    return Counter(row["status"] for row in found)


async def test_a_thousand_messages_through_kills_of_every_process(
    up: Installation, load: Load, sink: SmtpSink
) -> None:
    killing = asyncio.create_task(kill_at_random(up, 7))
    try:
        await load.run()
    finally:
        killing.cancel()
    assert load.acknowledged.total() == VISITORS * CHATS_EACH + SENDERS * MAILS_EACH == 1000
    said = up.said()
    wounded = {line["role"] for line in logged(said) if line["event"] == "role_ended"}
    assert wounded == {"web", "work", "route"}
    assert "postgres_back" in said

    async with up.database() as look:
        unsettled = "SELECT id FROM message WHERE direction = 'out' AND status IN ('queued', 'sending')"
        await look.until_none(unsettled, "every answer is sent, or shown as uncertain", within_s=150)
        await check_incoming(look, load)
        by_status = await check_outgoing(look, load, sink)
        assert set(by_status) <= {"sent", "delivered", "read", "uncertain"}
        await look.check_routing()
    print(f"1000 in, once each; out: {dict(by_status)}")
