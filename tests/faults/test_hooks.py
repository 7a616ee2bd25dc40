"""Webhooks that come twice, late, out of order and broken, through a channel registered at run time."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.services import make_account, running_services

from trato import channels
from trato.access import throttle
from trato.app import hook_limit
from trato.app.web import create_app, protected
from trato.brands.service import AccountRecord
from trato.channel_sdk import (
    Account,
    Capabilities,
    Connector,
    Delivery,
    Hook,
    HookReply,
    Inbound,
    InboundEvent,
    Outbound,
    Party,
    Sent,
)
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.jobs import Worker
from trato.flow import outbound, replies, strays
from trato.portal.limits import Rate
from trato.settings import Settings

Call = Callable[[str | bytes], Awaitable[httpx.Response]]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Postcard(Connector):
    """A channel whose provider calls us with a list of messages and news of ours."""

    kind: ClassVar[str] = "postcard"
    capabilities: ClassVar[Capabilities] = Capabilities(address_kind="postcard")

    def new_external_id(self, message_id: UUID, account: Account) -> str:
        del account
        return f"card-{message_id}"

    async def send(self, message: Outbound, account: Account) -> Sent:
        del message, account
        return Sent()

    def parse(self, hook: Hook, accounts: Sequence[Account]) -> HookReply:
        (account,) = accounts
        if hook.body.startswith(b"?"):
            raise ValueError("the code that reads this is wrong")
        try:
            items = json.loads(hook.body)
        except ValueError:
            return HookReply(strays=("this is no JSON",), status=200)
        return HookReply({account.id: [self._event(item) for item in items]})

    @staticmethod
    def _event(item: dict[str, Any]) -> InboundEvent:
        at = START + timedelta(seconds=item["second"])
        if "status" in item:
            return Delivery(item["id"], item["of"], item["status"], at)
        return Inbound(item["id"], item["from"], Party("postcard", item["from"]), at, text=item["text"])


@pytest.fixture
def postcard(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**channels.load_connectors(), "postcard": Postcard()}
    for module in ("trato.channels", "trato.brands.service", "trato.flow.api"):
        monkeypatch.setattr(f"{module}.load_connectors", lambda: known)


@pytest.fixture
async def services(
    committing_db: Database, fresh_dsn: str, tmp_path, postcard: None
) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def account(services: Services) -> AccountRecord:
    return await make_account(services, "postcard")


@pytest.fixture
async def provider(services: Services, account: AccountRecord, tmp_path) -> AsyncIterator[Call]:
    """Call the account's webhook as its provider does."""
    settings = Settings(data=tmp_path, port=8000)
    app = protected(create_app(services, settings), settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.public.url) as http:

        async def call(body: str | bytes) -> httpx.Response:
            return await http.post(f"/hooks/{account.public_key}", content=body)

        yield call


async def rows(services: Services, sql: str) -> list[dict[str, Any]]:
    async with services.db.connect() as c:
        return [dict(row) for row in (await c.execute(text(sql))).mappings()]


async def test_messages_in_any_order_and_number_of_copies_are_there_once(services, provider):
    chance = random.Random(5)
    items: list[dict[str, Any]] = [
        {"id": f"m{n}", "from": f"p{n % 12}", "text": f"postal {n}", "second": n} for n in range(120)
    ]
    calls = [chance.sample(items, chance.randint(1, 6)) for _ in range(60)]
    calls += [[item] for item in items] * 2
    chance.shuffle(calls)

    async def call(mine: list[list[dict[str, Any]]]) -> None:
        for body in mine:
            answer = await provider(json.dumps(body))
            assert answer.status_code == 200, answer.text

    await asyncio.gather(*(call(calls[n::8]) for n in range(8)))
    found = await rows(services, "SELECT text, occurred_at, conversation_id FROM message")
    assert Counter(m["text"] for m in found) == Counter(item["text"] for item in items)
    when = {m["text"]: m["occurred_at"] for m in found}
    assert all(when[i["text"]] == START + timedelta(seconds=i["second"]) for i in items)
    assert len({m["conversation_id"] for m in found}) == 12
    assert {r["state"] for r in await rows(services, "SELECT state FROM receipt")} == {"done"}


async def test_news_of_a_message_in_any_order_only_moves_it_forward(services, provider):
    first = [{"id": "m0", "from": "p0", "text": "hola", "second": 0}]
    await provider(json.dumps(first))
    (conversation,) = await rows(services, "SELECT id FROM conversation")
    async with services.db.begin() as c:
        writing = replies.Writing(text="¿En qué le ayudo?", client_id="c1")
        sent = await replies.write(services, c, conversation["id"], replies.Author("system", "Ana"), writing)
    handlers = {"send": lambda data, attempt: outbound.send(services, data, attempt)}
    await Worker(services.db, services.wake, handlers).drain()
    of = f"card-{sent['id']}"
    news = [
        {"id": "d3", "of": of, "status": "read", "second": 9},
        {"id": "d2", "of": of, "status": "delivered", "second": 5},
        {"id": "d3", "of": of, "status": "read", "second": 9},
        {"id": "d9", "of": "card-unknown", "status": "read", "second": 9},
    ]
    for item in news:
        assert (await provider(json.dumps([item]))).status_code == 200
    (message,) = await rows(services, "SELECT status, read_at FROM message WHERE direction = 'out'")
    assert (message["status"], message["read_at"]) == ("read", START + timedelta(seconds=9))


async def test_what_cannot_be_read_is_kept_and_shown_and_what_is_huge_is_refused(services, provider):
    for body in (b"", b"\xff\xfe\x00", b"{", b"[" * 100_000):
        answer = await provider(body)
        assert answer.status_code == 200
    strays = await rows(services, "SELECT raw_key FROM stray")
    kept = {await services.store.get(stray["raw_key"]) for stray in strays}
    assert kept == {b"", b"\xff\xfe\x00", b"{", b"[" * 100_000}
    huge = await provider(b"[" + b" " * 5_000_001)
    assert (huge.status_code, huge.json()["type"]) == (413, "too-large")


async def test_anybody_can_fill_only_a_little_and_the_provider_still_gets_through(
    services, provider, monkeypatch
):
    monkeypatch.setattr(strays, "UNKNOWN", strays.Room(5, 10_000))
    monkeypatch.setattr(strays, "PER_NETWORK", throttle.Limit("stray", hits=8, window=timedelta(minutes=1)))
    answers = [(await provider(b"?%d" % n)).status_code for n in range(12)]
    assert answers == [200] * 5 + [503] * 3 + [429] * 4, "what is not kept is not acknowledged"
    assert (await provider(b"?0")).status_code == 200, "what is kept already costs nothing"
    assert (await provider(b"no JSON")).status_code == 200, "what the connector vouches for has its own room"
    good = await provider(json.dumps([{"id": "m", "from": "p", "text": "hola", "second": 0}]))
    assert good.status_code == 200
    assert [m["text"] for m in await rows(services, "SELECT text FROM message")] == ["hola"]
    kept = await rows(services, "SELECT vouched, count(*) AS n FROM stray GROUP BY 1 ORDER BY 1")
    assert kept == [{"vouched": False, "n": 5}, {"vouched": True, "n": 1}]


async def test_what_somebody_has_looked_at_makes_room(services, provider, monkeypatch):
    monkeypatch.setattr(strays, "UNKNOWN", strays.Room(100, 20))
    assert (await provider(b"?" + b"x" * 18)).status_code == 200
    assert (await provider(b"?yy")).status_code == 503
    async with services.db.begin() as c:
        await c.execute(text("UPDATE stray SET dismissed_at = now()"))
    assert (await provider(b"?yy")).status_code == 200


async def test_a_flood_from_one_network_is_told_when_to_come_again(provider, monkeypatch):
    monkeypatch.setattr(hook_limit, "HOOKS", Rate("hooks", burst=3, per_s=0.01))
    answers = [await provider(b"[]") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_channel_that_is_not_installed_any_more_keeps_what_comes(services, provider, monkeypatch):
    monkeypatch.setattr("trato.flow.api.load_connectors", dict)
    answer = await provider(b"[1]")
    assert (answer.status_code, answer.json()["type"]) == (503, "unavailable")
    (stray,) = await rows(services, "SELECT reason, raw_key FROM stray")
    assert stray["reason"] == "postcard is not installed"
    assert await services.store.get(stray["raw_key"]) == b"[1]"
