"""Old snapshot + events == new snapshot, through the real API, under everything that people do at once."""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Visitor
from tests.support.until import until

from trato.demo import shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Entity = dict[str, Any]
# Of each event, the kind of thing it holds and how the snapshot calls it.
KEPT = {
    "conversation.changed": ("conversation", "conversations", "id"),
    "contact.changed": ("contact", "contacts", "id"),
    "case.changed": ("case", "cases", "id"),
    "interaction.changed": ("interaction", "interactions", "id"),
    "presence.changed": ("presence", "presences", "agent_id"),
    "agent.changed": ("agent", "agents", "id"),
    "account.changed": ("account", "accounts", "id"),
}
IDENTITY = {listed: key for _, listed, key in KEPT.values()}
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
ACTIVE = {"offered", "accepted"}


@dataclass
class Screen:
    """A desk that took one snapshot and has only followed the events since, through a bad network."""

    desk: DeskUser
    dice: random.Random
    things: dict[str, dict[str, Entity]] = field(default_factory=dict)
    position: int = 0
    seen: list[int] = field(default_factory=list)
    connected: int = 0

    async def start(self) -> None:
        taken = await self.desk.do("GET", "/snapshot")
        self.position = taken["position"]
        self.things = by_id(taken)

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(httpx.TransportError, TimeoutError):
                async with asyncio.timeout(self.dice.uniform(0.3, 3)):  # the network goes away
                    await self._once()

    async def _once(self) -> None:
        headers = {**self.desk.headers, "Last-Event-ID": str(self.position)}
        async with self.desk.http.stream("GET", "/api/v1/live", headers=headers) as stream:
            assert stream.status_code == 200, await stream.aread()
            self.connected += 1
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    self._take(json.loads(line.removeprefix("data: ")))

    def _take(self, event: dict[str, Any]) -> None:
        if "id" not in event:  # typing is not of the log
            return
        assert event["id"] > self.position, "no event comes twice"
        self.position = event["id"]
        self.seen.append(event["id"])
        if event["type"] in KEPT:
            name, listed, key = KEPT[event["type"]]
            thing = event["data"][name]
            known = self.things[listed].get(thing[key], {})
            if known.get("version", 0) <= thing.get("version", 0):  # as the desk does: the newer one stays
                self.things[listed][thing[key]] = thing


def by_id(snapshot: dict[str, Any]) -> dict[str, dict[str, Entity]]:
    return {listed: {thing[key]: thing for thing in snapshot[listed]} for listed, key in IDENTITY.items()}


def normal(value: Any) -> Any:
    """Return a value as it is compared: an instant however it is written (RFC 3339)."""
    if isinstance(value, dict):
        return {name: normal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, str) and INSTANT.match(value):
        return datetime.fromisoformat(value)
    return value


def differences(shown: dict[str, dict[str, Entity]], real: dict[str, dict[str, Entity]]) -> list[Any]:
    """Return what a screen shows otherwise than a new snapshot; what is over may have left the snapshot."""
    shown, real = normal(shown), normal(real)
    found: list[Any] = []
    for listed, things in real.items():
        for key, thing in things.items():
            mine = shown[listed].get(key, {})
            found += [
                (listed, key, name, mine.get(name), thing[name])
                for name in thing
                if mine.get(name) != thing[name]
            ]
    gone = shown["conversations"].keys() - real["conversations"].keys()
    left = [shown["conversations"][key] for key in gone]
    found += [one for one in left if one["status"] == "open" and not one["spam"]]
    gone = shown["interactions"].keys() - real["interactions"].keys()
    found += [shown["interactions"][key] for key in gone if shown["interactions"][key]["state"] in ACTIVE]
    return found


@dataclass
class People:
    """Customers and agents who do everything at once; a refusal (somebody was faster) is part of it."""

    visitors: list[Visitor]
    agents: list[DeskUser]
    dice: random.Random
    conversations: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    async def act(self, rounds: int) -> None:
        actions: list[Callable[[], Awaitable[bool]]] = [
            self.say,
            self.say,
            self.reply,
            self.note,
            self.accept,
            self.close,
            self.spam,
            self.case,
            self.merge,
            self.presence,
            self.fact,
            self.block,
        ]
        for _ in range(rounds):
            action = self.dice.choice(actions)
            if await action():
                self.done[action.__name__] = self.done.get(action.__name__, 0) + 1

    async def say(self) -> bool:
        message = await self.dice.choice(self.visitors).say(f"hola {self.dice.random()}")
        self.conversations.append(message["conversation_id"])
        return True

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.dice.choice(self.agents).ask(method, f"{path}", json=body)
        assert answer.is_success or answer.status_code in {404, 409, 422}, answer.text
        return answer.json() if answer.is_success and answer.content else None

    async def reply(self) -> bool:
        return await self._write("reply")

    async def note(self) -> bool:
        return await self._write("note")

    async def _write(self, kind: str) -> bool:
        if not self.conversations:
            return False
        body = {
            "text": "claro que sí",
            "kind": kind,
            "client_id": f"{self.dice.random():.16f}".replace(".", "-"),
        }
        path = f"/conversations/{self.dice.choice(self.conversations)}/messages"
        return await self._ask("POST", path, body) is not None

    async def accept(self) -> bool:
        agent = self.dice.choice(self.agents)
        for offer in (await agent.do("GET", "/snapshot"))["interactions"]:
            if offer["state"] == "offered" and offer["agent_id"] == agent.view["agent"]["id"]:
                answer = await agent.ask("POST", f"/offers/{offer['id']}/accept")
                assert answer.is_success or answer.status_code in {404, 409}, answer.text
                return answer.is_success
        return False

    async def close(self) -> bool:
        if not self.conversations:
            return False
        path = f"/conversations/{self.dice.choice(self.conversations)}"
        return await self._ask("PATCH", path, {"status": "closed"}) is not None

    async def spam(self) -> bool:
        if not self.conversations:
            return False
        path = f"/conversations/{self.dice.choice(self.conversations)}/spam"
        return await self._ask(self.dice.choice(["POST", "DELETE", "DELETE"]), path) is not None

    async def case(self) -> bool:
        cases = (await self.agents[0].do("GET", "/snapshot"))["cases"]
        chosen = self.dice.choice(cases)["id"] if cases else None
        change = self.dice.choice(
            [{"title": "Otro título"}, {"status": "resolved"}, {"expectation": "que llegue"}]
        )
        return chosen is not None and await self._ask("PATCH", f"/cases/{chosen}", change) is not None

    async def merge(self) -> bool:
        contacts = (await self.agents[0].do("GET", "/snapshot"))["contacts"]
        if len(contacts) < 8:
            return False
        one, other = self.dice.sample([contact["id"] for contact in contacts], 2)
        body = {"other_id": other, "evidence": {"note": "la misma persona"}}
        merged = await self._ask("POST", f"/contacts/{one}/merge", body)
        if merged and self.dice.random() < 0.5:
            await self._ask("POST", f"/merges/{merged['merge_id']}/undo")
        return merged is not None

    async def _anybody(self) -> Entity | None:
        contacts = (await self.agents[0].do("GET", "/snapshot"))["contacts"]
        return self.dice.choice(contacts) if contacts else None

    async def fact(self) -> bool:
        contact = await self._anybody()
        if contact is None:
            return False
        path = f"/contacts/{contact['id']}/facts"
        if contact["facts"] and self.dice.random() < 0.4:
            one = f"{path}/{self.dice.choice(contact['facts'])['id']}"
            if self.dice.random() < 0.5:
                return await self._ask("DELETE", one) is not None
            return await self._ask("PATCH", one, {"value": f"{self.dice.random()}"}) is not None
        body = {"name": self.dice.choice(["pedido", "modelo", "color"]), "value": f"{self.dice.random()}"}
        return await self._ask("POST", path, body) is not None

    async def block(self) -> bool:
        contact = await self._anybody()
        if contact is None:
            return False
        path = f"/contacts/{contact['id']}/block"
        done = await self._ask("POST", path)
        if self.dice.random() < 0.8:
            await self._ask("DELETE", path)
        return done is not None

    async def presence(self) -> bool:
        state = self.dice.choice(["available", "available", "away"])
        return await self._ask("PUT", "/presence", {"state": state}) is not None


async def test_snapshot_and_events_make_the_next_snapshot(
    up: Installation, http: httpx.AsyncClient, desk: DeskUser, chat: str
) -> None:
    dice = random.Random(3)
    agents = [desk]
    async with contextlib.AsyncExitStack() as stack:
        for staff in shop.STAFF[1:]:
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=up.url, timeout=30))
            agents.append(await DeskUser(client).sign_in(staff))
        for agent in agents:
            await agent.do("PUT", "/presence", {"state": "available"})
        visitors = [await Visitor(http, chat).open() for _ in range(12)]
        people = [People(visitors[n * 3 : n * 3 + 3], agents, random.Random(n)) for n in range(4)]
        screens = [Screen(desk, random.Random(n)) for n in range(4)]
        following = []
        acting = [asyncio.create_task(one.act(60)) for one in people]
        for screen in screens:
            await screen.start()
            following.append(asyncio.create_task(screen.follow()))
            await asyncio.sleep(dice.uniform(0.2, 1))
        await asyncio.gather(*acting)
        done = {name for one in people for name in one.done}
        assert done == {
            "say",
            "reply",
            "note",
            "accept",
            "close",
            "spam",
            "case",
            "merge",
            "presence",
            "fact",
            "block",
        }

        async def settled() -> bool:
            """Whether nothing happened between a new snapshot and what every screen has seen."""
            fresh = await desk.do("GET", "/snapshot")
            await until(
                lambda: all(screen.position >= fresh["position"] for screen in screens),
                "every event at every screen",
            )
            if any(screen.position > fresh["position"] for screen in screens):
                return False
            for screen in screens:
                assert differences(screen.things, by_id(fresh)) == []
            return True

        for _ in range(50):
            if await settled():
                break
            await asyncio.sleep(0.3)
        else:
            pytest.fail("it never became quiet")
        await until(lambda: all(screen.connected > 1 for screen in screens), "every screen came back")
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
