"""Agents at work, as programs: they take what is offered, answer, give on, put off, decline and get lost.

Everything goes over the public API, at random but with a seed, so that a demonstration with traffic meets
within minutes what a floor meets in a day.
"""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final
from uuid import uuid4

import httpx
from tests.support.staff import Staff

RACES: Final = (404, 409)  # somebody else was there first: what the API says then is no failure

ANSWERS: Final = (
    "Buenos días, ya lo miro.",
    "Sí, llega el jueves.",
    "Le mando el comprobante en un momento.",
)


class Agent:
    """One of the staff and what they do all day."""

    def __init__(self, staff: Staff, seed: int, done: Counter[str]) -> None:
        self._staff = staff
        self._chance = random.Random(seed)
        self._done = done
        self._client = httpx.AsyncClient(base_url=f"{staff.url}/api/v1", headers=staff.headers, timeout=30)
        self._acts: dict[str, asyncio.Task[None]] = {}

    async def work(self, until: float) -> None:
        """Work until `time.monotonic()` says so, then finish what is in hand and go."""
        while time.monotonic() < until:
            await self._call("PUT", "/presence", {"state": "available", "reason": None})
            for one in (await self._call("GET", "/inbox?tab=mine"))[
                "items"
            ]:  # accepted while nobody listened
                if one["status"] == "open":
                    self._begin(one["id"], self._serve(one["id"]))
            lasts_s = min(self._chance.uniform(20, 60), max(1.0, until - time.monotonic()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(lasts_s):
                    await self._listen()
            if self._chance.random() < 0.5:
                self._done["away"] += 1
                await self._call("PUT", "/presence", {"state": "away", "reason": "almuerzo"})
            else:  # the browser is gone: the stream ends and nothing is said
                self._done["lost"] += 1
            await asyncio.sleep(min(self._chance.uniform(2, 15), max(0.0, until - time.monotonic())))
        await asyncio.gather(*self._acts.values())
        await self._client.aclose()

    async def _listen(self) -> None:
        me = self._staff.agent_id
        async for event in self._events():
            if event["type"] != "interaction.changed":
                continue
            interaction = event["data"]["interaction"]
            if interaction["agent_id"] != me:
                continue
            if interaction["state"] == "offered":
                self._begin(interaction["id"], self._answer(interaction))
            elif interaction["state"] == "accepted":
                conversation = interaction["conversation_id"]
                self._begin(conversation, self._serve(conversation))

    async def _events(self) -> AsyncIterator[dict[str, Any]]:
        async with self._client.stream("GET", "/live", timeout=httpx.Timeout(30, read=60)) as answer:
            assert answer.is_success, answer.status_code
            async for line in answer.aiter_lines():
                if line.startswith("data: ") and '"at"' in line:
                    yield json.loads(line[6:])

    def _begin(self, what: str, act: Coroutine[Any, Any, None]) -> None:
        """Begin an act on something, unless it is in work: news of it come more than once."""
        if what in self._acts:
            act.close()
            return
        self._acts[what] = asyncio.create_task(act)
        self._acts[what].add_done_callback(lambda _: self._acts.pop(what, None))

    async def _answer(self, interaction: dict[str, Any]) -> None:
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        what, path = self._chance.random(), f"/offers/{interaction['id']}"
        if what < 0.8:
            await self._call("POST", f"{path}/accept", counted="accepted")
        elif what < 0.92:
            await self._call("POST", f"{path}/decline", {"reason": "no es lo mío"}, counted="declined")
        else:
            self._done["unanswered"] += 1

    async def _serve(self, conversation: str) -> None:
        path = f"/conversations/{conversation}"
        for _ in range(self._chance.randint(1, 2)):
            await asyncio.sleep(self._chance.uniform(0.5, 4))
            said = {"text": self._chance.choice(ANSWERS), "client_id": str(uuid4())}
            await self._call("POST", f"{path}/messages", said, counted="answered")
        what = self._chance.random()
        if what < 0.7:
            await self._call("PATCH", path, {"status": "closed"}, counted="closed")
        elif what < 0.8:
            await self._call("POST", f"{path}/release", counted="released")
        elif what < 0.9:
            await self._transfer(path)
        else:
            soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 10))
            change = {"status": "snoozed", "snoozed_until": soon}
            await self._call("PATCH", path, change, counted="snoozed")

    async def _transfer(self, path: str) -> None:
        here = [
            one["agent_id"]
            for one in (await self._call("GET", "/presences"))["items"]
            if one["state"] != "offline" and one["agent_id"] != self._staff.agent_id
        ]
        if here:
            to = {"kind": "agent", "id": self._chance.choice(here)}
            body = {"kind": "blind", "to": to, "note": "Pide el comprobante.", "wait": True}
            await self._call("POST", f"{path}/transfers", body, counted="transferred")

    async def _call(self, method: str, path: str, body: Any = None, *, counted: str = "") -> Any:
        answer = await self._client.request(method, path, json=body)
        if answer.status_code in RACES:
            self._done["too late"] += 1
            return None
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        if counted:
            self._done[counted] += 1
        return answer.json() if answer.content else None


async def work_together(staff: list[Staff], seconds: float, lots: int = 0) -> Counter[str]:
    """Let all of them work for so long; returns how often each thing was done. Other lots, other things."""
    done: Counter[str] = Counter()
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for seed, one in enumerate(staff, start=lots * len(staff)):
            group.create_task(Agent(one, seed, done).work(until))
    return done
