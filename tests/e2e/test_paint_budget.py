"""The desk answers a key within 100 ms while 500 conversations live and 50 events come a second."""

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from trato.bench.soak import Load, measure
from trato.bench.soak_desk import BROWSERS, Timed

pytestmark = [pytest.mark.slow, pytest.mark.alone]

BUDGET_MS = 100
TRIES = 3
EVENTS_PER_S = 50
ROOT = Path(__file__).parents[2]
KEYS = {
    "j",
    "k",
    "Enter (opened)",
    "Enter (said)",
    "a letter",
    "r",
    "n",
    "h",
    "t",
    "e",
    "c",
    "?",
    "/",
    "Control+k",
}


def quickest(rounds: list[list[Timed]]) -> dict[str, list[Timed]]:
    """Of three rounds each key's quickest: what else the machine does only adds."""
    found: dict[str, list[Timed]] = defaultdict(list)
    for begin in range(0, len(rounds) - TRIES + 1, TRIES):
        tried: dict[str, list[Timed]] = defaultdict(list)
        for one in (one for some in rounds[begin : begin + TRIES] for one in some):
            tried[one.key].append(one)
        for key, all_of_it in tried.items():
            found[key].append(min(all_of_it, key=lambda one: one.shown_ms or 1e9))
    return found


@pytest.fixture(scope="module")
def web_is_built() -> None:
    """Build the desk unless it is up to date."""
    subprocess.run([sys.executable, str(ROOT / "tools/build_web.py")], check=True, timeout=300)


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="chromium is not installed")
async def test_any_key_paints_within_a_tenth_of_a_second(web_is_built: None, fresh_dsn: str) -> None:
    """Also what the key is for stands on the screen by then, not only some frame; `-s` prints the figures."""
    said: list[str] = []
    found = await measure(
        fresh_dsn,
        [sys.executable, "-m", "trato"],
        Load(minutes=0.6, live=500, events_per_s=EVENTS_PER_S),
        said.append,
    )
    figures = found.figures()
    print(f"\n{json.dumps(figures)}")
    best = quickest(found.rounds)
    assert best.keys() >= KEYS, said
    slow = {
        one.key: (one.paint_ms, one.shown_ms)
        for all_of_it in best.values()
        for one in all_of_it
        if one.shown_ms is None or max(one.paint_ms, one.shown_ms) >= BUDGET_MS
    }
    assert slow == {}
    assert (figures["lost"], figures["stale"]) == (0, 0)
    assert figures["events_per_s"] > 0.8 * EVENTS_PER_S
