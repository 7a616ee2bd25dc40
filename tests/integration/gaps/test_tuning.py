"""Synonyms are taken at once, and the gate learns from what readers and owners judged, or says it cannot."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from tests.support.toy_encoder import ToyEncoder

from trato.access.roles import Role
from trato.db.edge import Services
from trato.db.engine import Database
from trato.decide.answer_gate import SIGNALS
from trato.knowledge import finder, gate
from trato.knowledge.finder import EXTRA, Finder

from .conftest import Shelf, make_shelf


@pytest.fixture
async def shelf(committing_db: Database) -> Shelf:
    """One that several connections use at once, as the search does."""
    return make_shelf(committing_db)


@pytest.fixture
async def tuned(shelf: Shelf) -> AsyncIterator[httpx.AsyncClient]:
    await shelf.publish("Reparar el refrigerador", "El refrigerador se repara en el taller en diez días.")
    await shelf.publish("Devolver un producto", "Usted tiene treinta días para devolver un producto.")
    async with await shelf.caller(Role.SUPERVISOR) as http:
        yield http


@pytest.fixture
async def searching(shelf: Shelf, tuned: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Services]:
    found = Finder(shelf.db, tmp_path, encoder=ToyEncoder())
    shelf.services.extras[EXTRA] = found
    running = asyncio.create_task(found.run())
    await asyncio.sleep(0)  # it begins
    yield shelf.services
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def until(http: httpx.AsyncClient, question: str, answers: bool, language: str = "es") -> float:
    """Ask until it is answered, or is not any more; return how long that took."""
    began = time.monotonic()
    while True:
        query = {"q": question, "language": language}
        found: dict[str, Any] = (await http.get("/articles/search", params=query)).json()
        if found.get("answers") is answers:  # a search that is being opened says so
            return time.monotonic() - began
        assert time.monotonic() - began < 60, found
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("searching")
async def test_words_that_mean_the_same_are_taken_so_at_once(tuned: httpx.AsyncClient) -> None:
    question = "heladera"
    await until(tuned, question, answers=False)
    body = {"language": "es", "words": ["heladera", "refrigerador", " nevera  grande "]}
    made = await tuned.post("/synonyms", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["words"] == ["heladera", "refrigerador", "nevera grande"]
    await until(tuned, question, answers=True)
    path = f"/synonyms/{made.json()['id']}"
    listed = (await tuned.get("/synonyms", params={"language": "pt"})).json()["items"]
    assert listed == []
    stale = await tuned.patch(path, json={"language": "pt"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 409
    assert (await tuned.patch(path, json={"language": "pt"})).json()["version"] == 2
    await until(tuned, question, answers=False)  # in Portuguese only
    assert (await tuned.delete(path)).status_code == 204
    assert (await tuned.delete(path)).status_code == 404


@pytest.mark.parametrize("words", [["uno"], ["uno", "UNO"], ["uno", ""], ["a" * 61, "b"], ["x\n", "y\ty"]])
async def test_what_is_no_group_is_refused(tuned: httpx.AsyncClient, words: list[str]) -> None:
    answer = await tuned.post("/synonyms", json={"words": words})
    assert (answer.status_code, answer.json()["field"].split(".")[0]) == (422, "words")


async def judged(shelf: Shelf, right: int, wrong: int, judge: str = "reader") -> None:
    draw = np.random.default_rng(7)
    async with shelf.db.begin() as c:
        for number in range(right + wrong):
            good = number < right
            signals = draw.normal(1.0 if good else -1.0, 0.6, len(SIGNALS))
            await gate.judge(
                c, "es", f"pregunta número {number} abc", signals.tolist(), right=good, judge=judge
            )


async def test_the_curve_says_how_few_there_are(shelf: Shelf, tuned: httpx.AsyncClient) -> None:
    empty = (await tuned.get("/answers/curve")).json()
    assert (empty["samples"], empty["enough"], empty["gate"], empty["needed"]) == (0, False, "shipped", 40)
    assert (empty["points"][0]["precision"], empty["points"][0]["low"], empty["points"][0]["high"]) == (
        None,
        0,
        1,
    )
    await judged(shelf, 9, 2)
    few = (await tuned.get("/answers/curve")).json()
    assert (few["samples"], few["right"], few["wrong"], few["by_readers"], few["enough"]) == (
        11,
        9,
        2,
        11,
        False,
    )
    refused = await tuned.post("/answers/calibrate", json={"precision": 0.9})
    assert (refused.status_code, refused.json()["type"]) == (409, "conflict")
    assert (await tuned.get("/answers/curve")).json()["gate"] == "shipped"


@pytest.mark.usefixtures("searching")
async def test_the_gate_is_learned_and_serves_at_once(shelf: Shelf, tuned: httpx.AsyncClient) -> None:
    await until(tuned, "devolver un producto", answers=True)
    served = finder.finder_of(shelf.services)
    before = served._search.gate  # type: ignore[union-attr]
    await judged(shelf, 60, 30, "owner")
    learned = (await tuned.post("/answers/calibrate", json={"precision": 0.9})).json()
    assert (learned["gate"], learned["learned_from"], learned["precision_wanted"]) == ("own", 90, 0.9)
    assert learned["points"][0]["answers"] == 90
    began = time.monotonic()
    while served._search.gate is before:  # type: ignore[union-attr]
        assert time.monotonic() - began < 30
        await asyncio.sleep(0.02)
    assert served._search.gate.threshold == learned["threshold"]  # type: ignore[union-attr]
    # learning again begins from the gate that came with Trato, not from what was learned
    again = (await tuned.post("/answers/calibrate", json={"precision": 0.9})).json()
    assert again["threshold"] == learned["threshold"]


async def test_agents_look_and_supervisors_change(shelf: Shelf, tuned: httpx.AsyncClient) -> None:
    del tuned
    async with await shelf.caller(Role.AGENT) as agent:
        assert (await agent.get("/synonyms")).status_code == 200
        assert (await agent.get("/answers/curve")).status_code == 200
        assert (await agent.post("/synonyms", json={"words": ["a", "b"]})).status_code == 403
        assert (await agent.post("/answers/calibrate", json={})).status_code == 403
