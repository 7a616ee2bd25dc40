"""A demonstration with traffic and agents who do all that agents do: the checker has nothing to say.

Three minutes by default; `TRATO_TRAFFIC_MINUTES=60 ./trato test tests/faults/test_traffic.py` runs an hour.
"""

import asyncio
import os
from contextlib import ExitStack
from typing import Any, Final

import pytest
from tests.support.shift import work_together
from tests.support.staff import Staff
from tests.support.tree import running_tree
from tests.support.until import wait_until
from tests.support.visitor import Visitor

MINUTES: Final = float(os.environ.get("TRATO_TRAFFIC_MINUTES", "3"))
SHOP: Final = ("sofia@demo.invalid", "martin@demo.invalid", "camila@demo.invalid")
NEW: Final = ("Bruno", "Lía", "Noé")
EVERY_S: Final = 3.0  # between two of these, who come beside the demonstration's own
CUSTOMERS: Final = 60

pytestmark = [pytest.mark.slow, pytest.mark.timeout(MINUTES * 60 + 600)]


async def customers(url: str, seconds: float) -> int:
    """Let somebody write every few seconds: new customers at first, then those who came before, in turn.

    So many come from one address that more would be taken for an attack.
    """
    with ExitStack() as stack:
        known: list[Visitor] = []
        for number in range(int(seconds / EVERY_S)):
            if len(known) < CUSTOMERS:
                known.append(await asyncio.to_thread(lambda: stack.enter_context(Visitor(url))))
            one = known[number % len(known)]
            await asyncio.to_thread(one.says, f"Buenas, ¿tienen el repuesto número {number}?")
            if number % 2:
                await asyncio.to_thread(one.says, "¿Y cuánto sale?")
            await asyncio.sleep(EVERY_S)
        return len(known)


async def a_shift(url: str, staff: list[Staff], minutes: float = MINUTES, lots: int = 0) -> Any:
    seconds = minutes * 60
    done, came = await asyncio.gather(work_together(staff, seconds, lots), customers(url, seconds * 0.8))
    return done, came


def test_the_checker_is_silent_while_a_shop_works() -> None:
    with running_tree("--demo", "--traffic") as tree, ExitStack() as stack:
        supervisor, *staff = [stack.enter_context(Staff(tree.url, email)) for email in SHOP]
        staff += [
            stack.enter_context(supervisor.colleague(f"{name.lower()}@demo.invalid", name)) for name in NEW
        ]
        done, came = asyncio.run(a_shift(tree.url, staff))
        rare = {"declined", "unanswered", "released", "transferred", "snoozed", "away", "lost"}
        for lots in range(1, 5):  # who draws lots may draw none of one kind
            if rare <= done.keys():
                break
            more, others = asyncio.run(a_shift(tree.url, staff, 1, lots))
            done, came = done + more, came + others
        print(dict(done), "customers:", came)  # shown by -s, and when something fails
        assert {"accepted", "answered", "closed"} | rare <= done.keys(), done
        wait_until(
            lambda: not supervisor.get("/routing/notices")["items"], what="nothing is wrong", within_s=30
        )
        said = tree.said()
        assert "routing.alarm" not in said
        assert '"level": "error"' not in said, [line for line in said.splitlines() if '"error"' in line]
