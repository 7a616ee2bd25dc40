"""The wall clock of the whole tree is set by hours, forwards and backwards, while chats and mails flow."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, SmtpSink, Visitor, installation, send_mail
from tests.support.mail import free_ports
from tests.support.until import until
from tests.support.wall_clock import WallClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SHOP = "hola@tienda.test"
HOURS = timedelta(hours=5)
VISITORS, SENDERS = 8, 4
FLOWS_S = 8.0  # before each jump and after the last


@pytest.fixture
def clock(reachable: Path) -> WallClock:
    return WallClock(reachable)


@pytest.fixture
def up(reachable: Path, clock: WallClock) -> Iterator[Installation]:
    """A demo shop of which every process, PostgreSQL too, sees the clock that the test sets."""
    with installation(reachable) as found:
        found.start("--demo")
        found.stop()
        (postgres,) = (found.data / "postgres").resolve().rglob("bin/postgres")
        clock.take_over(postgres)
        found.start("--demo", **clock.environment)
        yield found


@pytest.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
async def mail_port(desk: DeskUser, sink: SmtpSink) -> int:
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
    return port


@dataclass
class Shop:
    """Customers who write without a pause, and an agent who listens, takes what is offered and answers."""

    desk: DeskUser
    visitors: list[Visitor]
    port: int
    over: bool = False
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by conversation, in order
    acknowledged: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    positions: list[int] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    streams: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(5))

    @property
    def agent_id(self) -> str:
        found: str = self.desk.view["agent"]["id"]
        return found

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(len(self.visitors)):
                group.create_task(self.chat(number))
            for number in range(SENDERS):
                group.create_task(self.mail(number))

    async def chat(self, number: int) -> None:
        visitor = self.visitors[number]
        for turn in range(1_000):
            if self.over:
                return
            words = f"chat {number}.{turn}"
            message = await visitor.say(words)
            self.acknowledged[words] += 1
            self.said[message["conversation_id"]].append(words)
            if turn % 3 == 2:
                answer = f"answer to {words}"
                await self.desk.reply(message["conversation_id"], answer)
                self.answers[answer] += 1
                self.said[message["conversation_id"]].append(answer)
            await asyncio.sleep(self.dice.uniform(0.1, 0.5))

    async def mail(self, number: int) -> None:
        for turn in range(1_000):
            if self.over:
                return
            words = f"mail {number}.{turn}"
            sender = f"c{number}@clientes.test"
            await asyncio.to_thread(send_mail, self.port, sender, SHOP, f"About {words}", words)
            self.acknowledged[words] += 1
            await asyncio.sleep(self.dice.uniform(0.3, 1))

    async def read(self) -> None:
        for conversation_id in list(self.said):
            await self.desk.do("POST", f"/conversations/{conversation_id}/read")

    async def see_the_unread(self) -> None:
        """What customers write from now on is shown as new."""
        for conversation_id in list(self.said):
            for _ in range(100):
                page = await self.desk.do("GET", f"/conversations/{conversation_id}")
                if page["conversation"]["last_inbound_at"] > page["conversation"]["agent_read_at"]:
                    break
                await asyncio.sleep(0.1)
            else:
                pytest.fail("what came after the jump is taken for read")

    async def listen(self) -> None:
        async with self.desk.http.stream(
            "GET", "/api/v1/live", headers=self.desk.headers, timeout=None
        ) as stream:
            self.streams += 1
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    await self.take(json.loads(line.removeprefix("data: ")))

    async def take(self, event: dict[str, Any]) -> None:
        if "id" in event:
            self.positions.append(event["id"])
        if event["type"] == "message.created":
            self.told[event["data"]["message"]["text"].strip()] += 1
        offer = event["data"].get("interaction", {})
        if offer.get("state") == "offered" and offer["agent_id"] == self.agent_id:
            answer = await self.desk.ask("POST", f"/offers/{offer['id']}/accept")
            assert answer.status_code in {200, 409}, answer.text


@pytest.mark.parametrize("first", [HOURS, -HOURS], ids=["forwards-and-back", "backwards-and-on"])
async def test_nothing_is_lost_doubled_turned_round_or_late(
    first: timedelta,
    up: Installation,
    clock: WallClock,
    http: httpx.AsyncClient,
    desk: DeskUser,
    chat: str,
    mail_port: int,
    sink: SmtpSink,
) -> None:
    shop = Shop(desk, [await Visitor(http, chat).open() for _ in range(VISITORS)], mail_port)
    listening = asyncio.create_task(shop.listen())
    await until(lambda: shop.streams == 1, "the desk listens")
    await desk.do("PUT", "/presence", {"state": "available"})
    flowing = asyncio.create_task(shop.run())
    for jump in (first, -first):
        flowed = shop.acknowledged.total()
        await asyncio.sleep(FLOWS_S)
        assert shop.acknowledged.total() > flowed, "chats and mails flow"
        await shop.read()
        clock.jump(jump)
        up.kill("work")  # what it held by the other clock is to be taken over
        await shop.see_the_unread()
    before = shop.acknowledged.copy()
    await until(
        lambda: {words.split()[0] for words in shop.acknowledged - before} == {"chat", "mail"},
        "mail is taken again",
        within_s=40,
    )
    await asyncio.sleep(FLOWS_S)
    shop.over = True
    await flowing

    await check_what_was_said(up, shop, sink)
    await check_the_stream(shop)
    await check_the_agent(shop)
    listening.cancel()
    await check_jobs(up)


async def check_what_was_said(up: Installation, shop: Shop, sink: SmtpSink) -> None:
    async with up.database() as look:
        unsettled = "SELECT id FROM message WHERE direction = 'out' AND status IN ('queued', 'sending')"
        await look.until_none(unsettled, "every answer is sent, or shown as uncertain", within_s=60)
        query = "SELECT trim(E'\\n ' FROM text) AS text FROM message WHERE text ~ '^(chat|mail|answer to)'"
        found = Counter(row["text"] for row in await look.rows(query))
        assert found == shop.acknowledged + shop.answers
        await look.check_routing()
    for conversation_id, said in shop.said.items():
        page = await shop.desk.do("GET", f"/conversations/{conversation_id}")
        shown = [m["text"] for m in page["messages"]]
        assert shown[-len(said) :] == said[-len(shown) :], "in the order in which it was said"
    for visitor in shop.visitors:
        mine = await visitor.reads()
        said = shop.said[visitor.view["conversation"]["id"]]
        assert [m["text"] for m in mine] == said[-len(mine) :]


async def check_the_stream(shop: Shop) -> None:
    """One stream went through all of it and missed nothing."""
    expected = shop.acknowledged + shop.answers
    await until(lambda: not expected - shop.told, "the desk was told of every message")
    assert shop.streams == 1
    assert shop.positions == sorted(set(shop.positions))


async def check_the_agent(shop: Shop) -> None:
    """Still signed in, and not taken for gone."""
    presences = (await shop.desk.do("GET", "/presences"))["items"]
    (mine,) = [one for one in presences if one["agent_id"] == shop.agent_id]
    assert mine["said"] == "available", mine
    assert (await shop.desk.http.get("/health/ready")).json() == {"status": "ok"}


async def check_jobs(up: Installation) -> None:
    """No timer waits for the clock to catch up; of ours some pause for hours."""
    async with up.database() as look:
        late = (
            "SELECT kind, run_at FROM job WHERE state = 'waiting' AND run_at > now() + "
            "CASE WHEN kind IN ('webhooks.retention', 'automation.retention',"
            " 'knowledge.unanswered', 'gaps.retention',"
            " 'notifications.retention')"
            " THEN interval '6 hours'"
            " WHEN kind = 'flow.orphans' THEN interval '1 day' ELSE interval '61 minutes' END"
        )
        await look.until_none(late, "every job has its pause anew", within_s=30)
