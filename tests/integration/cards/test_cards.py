"""A source says in a card what it knows of a contact; whatever is wrong with it, the desk says so."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from standardwebhooks import Webhook
from tests.support.case_room import Room, room
from tests.support.order_cards import order_cards

from trato.access.roles import Role
from trato.cards import service
from trato.cards.asking import EXTRA, Asker, Target
from trato.db.edge import Services
from trato.kit.clock import now
from trato.privacy import erasing
from trato.privacy import service as privacy

SOURCE: dict[str, Any] = {
    "key": "orders",
    "names": {"es": "Pedidos", "en": "Orders"},
    "url": "http://127.0.0.1:9/",
    "sends": ["emails", "facts"],
    "facts": ["número de pedido"],
}


async def register(desk: Room, **values: Any) -> str:
    made = await desk.ask("POST", "/card-sources", 201, **{**SOURCE, **values})
    secret: str = made["secret"]
    assert "secret" not in made["source"]
    return secret


def at(conversation: dict[str, Any], rest: str = "") -> str:
    return f"/conversations/{conversation['id']}/cards{rest}"


async def ask(desk: Room, conversation: dict[str, Any], *, again: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = await desk.ask("POST", at(conversation, "/orders"), again=again)
    return found


async def test_an_order_stands_beside_the_chat_and_an_action_is_done_once(
    desk: Room, conversation: dict[str, Any]
) -> None:
    secret = await register(desk)
    with order_cards(secret) as url:
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        places = await desk.ask("GET", at(conversation))
        assert [one["key"] for one in places["items"]] == ["orders"]
        shown = await ask(desk, conversation)
        assert shown["card"]["title"] == "Pedido 88120", shown
        rows = {row["label"]: row["value"] for row in shown["card"]["rows"]}
        assert rows["Garantía hasta"] == rows["Garantía hasta"] | {"type": "date", "at": "2027-08-14"}
        assert rows["Estado"]["tone"] == "good"
        (action,) = shown["card"]["actions"]
        press: dict[str, Any] = {"press_id": str(uuid4()), "confirmed": True}
        path = at(conversation, f"/orders/actions/{action['key']}")
        await desk.ask("POST", path, 422, press_id=press["press_id"], confirmed=False)
        for _ in range(2):
            done = await desk.ask("POST", path, **press)
            assert done["said"] == "Garantía extendida."
        rows = {row["label"]: row["value"] for row in done["card"]["rows"]}
        assert rows["Garantía hasta"]["at"] == "2028-08-14"
        event = {"source": "orders", "contact_id": conversation["contact_id"]}
        assert event in await desk.events("card.changed")
        await desk.ask("POST", at(conversation, "/orders/actions/other"), 409, **press)
    kept = await ask(desk, conversation)
    assert kept["card"]["title"] == "Pedido 88120", "what was answered a moment ago is shown"
    gone = await ask(desk, conversation, again=True)
    assert (gone["card"], gone["problem"]) == (None, "down")


Reply = Callable[[bytes, dict[str, str]], tuple[int, dict[str, str], bytes]]


@asynccontextmanager
async def answering(reply: Reply, wait_s: float = 0) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head)}
            body = await reader.readexactly(int(headers["content-length"]))
            asked.append(json.loads(body))
            await asyncio.sleep(wait_s)
            status, more, answer = reply(body, headers)
            lines = [f"{name}: {value}\r\n" for name, value in more.items()]
            start = f"HTTP/1.1 {status} x\r\ncontent-length: {len(answer)}\r\n{''.join(lines)}\r\n"
            writer.write(start.encode() + answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", asked
    server.close()


def signed(secret: str, body: bytes, status: int = 200, *, as_id: str = "") -> Reply:
    def reply(_: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        message_id, moment = as_id or headers["webhook-id"], now()
        given = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, moment, body.decode()),
        }
        return status, given, body

    return reply


def replies(secret: str) -> dict[str, Reply]:
    card = b'{"title": "Pedido"}'
    return {
        "unsigned": lambda body, headers: (200, {}, card),
        "unsigned ": signed("whsec_" + "b" * 43 + "=", card),
        "unsigned  ": signed(secret, card, as_id="msg_of_yesterday"),
        "refused": signed(secret, b"", 500),
        "refused ": lambda body, headers: (302, {"location": "http://127.0.0.1:9/"}, b""),
        "wrong": signed(secret, b'{"title": "<b>Pedido</b>", "html": "<script>"}'),
        "wrong ": signed(secret, b"no JSON"),
        "wrong  ": signed(
            secret, json.dumps({"title": "x", "rows": [_link("javascript:alert(1)")]}).encode()
        ),
        "wrong   ": signed(secret, json.dumps({"title": "x", "rows": [_link("https://a")] * 13}).encode()),
        "large": signed(secret, b'{"title": "' + b"x" * 40_000 + b'"}'),
    }


def _link(url: str) -> dict[str, Any]:
    return {"label": "x", "value": {"type": "link", "text": "x", "url": url}}


async def test_whatever_is_wrong_with_an_answer_is_said(desk: Room, conversation: dict[str, Any]) -> None:
    secret = await register(desk)
    for problem, reply in replies(secret).items():
        async with answering(reply) as (url, asked):
            await desk.ask("PATCH", "/card-sources/orders", url=url)
            view = await ask(desk, conversation)
            assert (view["card"], view["problem"]) == (None, problem.strip()), problem
            assert len(asked) == 1, "redirects are not followed"
    async with answering(signed(secret, b"", 204)) as (url, _):
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        view = await ask(desk, conversation)
        assert (view["card"], view["problem"]) == (None, None)


async def test_what_may_not_be_shown_again_is_asked_for_before_it_is_pressed(
    desk: Room, conversation: dict[str, Any]
) -> None:
    secret = await register(desk)
    action = {"type": "callback", "key": "extend", "label": "Extender", "confirm": "¿Extender?"}
    card: dict[str, Any] = {"title": "Pedido", "keep_s": 0, "actions": [action]}

    def reply(body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        answer = {"said": "Hecho."} if json.loads(body)["type"] == "card.pressed" else card
        return signed(secret, json.dumps(answer).encode())(body, headers)

    press: dict[str, Any] = {"press_id": str(uuid4()), "confirmed": True}
    path = at(conversation, "/orders/actions/extend")
    async with answering(reply) as (url, asked):
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        await ask(desk, conversation)
        for _ in range(2):
            assert (await desk.ask("POST", path, **press))["said"] == "Hecho."
        types = [one["type"].removeprefix("card.") for one in asked]
        assert types == ["asked", "asked", "pressed", "asked", "pressed"]
        card["actions"] = []
        await desk.ask("POST", path, 409, **press)
        assert asked[-1]["type"] == "card.asked"
    lost = await desk.ask("POST", path, **press)
    assert (lost["said"], lost["problem"]) == (None, "down")
    assert len(await desk.rows("SELECT id FROM audit_log WHERE action = 'card.pressed'")) == 2


async def test_a_slow_source_is_not_waited_for_and_then_left_alone(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    secret = await register(desk)
    services.extras[EXTRA] = Asker(ask_s=1)
    async with answering(signed(secret, b'{"title": "Pedido"}'), wait_s=60) as (url, asked):
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        begun = time.monotonic()
        problems = [(await ask(desk, conversation))["problem"] for _ in range(5)]
        assert time.monotonic() - begun < 30
        assert problems == ["slow", "slow", "slow", "resting", "resting"]
        assert (await ask(desk, conversation, again=True))["problem"] == "slow", "a person may press for it"
        assert len(asked) == 4


async def test_questions_that_fail_together_say_one_thing(desk: Room, services: Services) -> None:
    asker = Asker(ask_s=0.2)
    secret = await register(desk)
    async with answering(signed(secret, b'{"title": "Pedido"}'), wait_s=30) as (url, _):
        target = Target(uuid4(), url, secret)

        async def problem() -> str | None:
            return (await asker.ask(target, uuid4(), b"{}")).problem

        assert await asyncio.gather(*(problem() for _ in range(4))) == ["slow"] * 4
        assert [await problem() for _ in range(3)] == ["slow", "slow", "resting"]
    await asker.aclose()


async def test_a_source_is_told_no_more_than_it_may_be(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    secret = await register(desk, sends=["facts"])
    assert (await desk.ask("GET", at(conversation)))["items"] == [], "nothing to ask it by"
    contact = f"/contacts/{conversation['contact_id']}"
    await desk.ask("POST", f"{contact}/facts", 201, name="Número de pedido", value="88120")
    await desk.ask("POST", f"{contact}/facts", 201, name="dni", value="30111222")
    async with answering(signed(secret, b'{"title": {"es": "Pedido", "pt": "Pedido do cliente"}}')) as (
        url,
        asked,
    ):
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        assert (await ask(desk, conversation))["card"]["title"] == "Pedido"
        data = asked[0]["data"]
        assert data["facts"] == {"número de pedido": "88120"}
        assert "pedro" not in json.dumps(data).lower()
        await desk.run("UPDATE address SET verified_at = NULL")
        await desk.ask("PATCH", "/card-sources/orders", sends=["emails", "name", "facts"])
        await ask(desk, conversation)
        assert asked[1]["data"]["contact"] == {
            "emails": [],
            "phones": [],
            "customer_numbers": [],
            "name": "Pedro Gómez",
        }


async def test_answers_are_forgotten_with_time_by_word_and_with_the_person(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    secret = await register(desk)
    async with answering(signed(secret, b'{"title": "Pedido"}')) as (url, asked):
        await desk.ask("PATCH", "/card-sources/orders", url=url)
        await ask(desk, conversation)
        await ask(desk, conversation)
        assert len(asked) == 1
        told: dict[str, Any] = {"kind": "email", "value": "pedro.gomez@clientes.invalid"}
        await desk.ask("POST", "/card-sources/orders/changed", 204, **told)
        await ask(desk, conversation)
        assert len(asked) == 2
        await desk.run("UPDATE card_answer SET keep_until = now() - interval '1 second'")
        await ask(desk, conversation)
        assert len(asked) == 3
        async with services.db.begin() as c:
            await c.exec_driver_sql("UPDATE card_answer SET keep_until = now() - interval '1 second'")
            assert await service.forget_old(c) == 1
        await ask(desk, conversation)
        async with services.db.begin() as c:
            contact_id = UUID(conversation["contact_id"])
            asked_for = await privacy.ask(c, contact_id, actor="system", now=now(), grace=timedelta())
        assert await erasing.erase(services, UUID(str(asked_for["id"])))
        assert await desk.rows("SELECT * FROM card_answer") == []


async def test_where_a_source_may_lead(desk: Room) -> None:
    for url in ("ftp://shop.example/", "https://user:pass@shop.example/", "http://169.254.169.254/latest"):
        refused = await desk.ask("POST", "/card-sources", 422, **{**SOURCE, "url": url})
        assert refused["field"] == "url"
    await register(desk, url="http://93.184.215.14/")  # plain HTTP to the world is refused when it is asked


async def test_only_administrators_see_sources(services: Services, desk: Room, tmp_path: Any) -> None:
    await register(desk)
    async with room(services, tmp_path, Role.AGENT, "Beto") as agent:
        await agent.ask("GET", "/card-sources", 403)
    assert isinstance(desk.http, httpx.AsyncClient)


@pytest.mark.parametrize("again", [True, False])
async def test_plain_http_to_the_world_is_forbidden(
    desk: Room, conversation: dict[str, Any], again: bool
) -> None:
    await register(desk, url="http://93.184.215.14/")
    assert (await ask(desk, conversation, again=again))["problem"] == "forbidden"
