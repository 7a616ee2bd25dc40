"""Counters and claims that a clock wrote before it was set back hold nobody up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import idempotency, throttle
from trato.access.throttle import Limit
from trato.kit.errors import Conflict, TooMany
from trato.kit.secret_box import SecretBox

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)  # by the wrong clock
BOX = SecretBox(bytes(32))


async def test_who_was_throttled_by_the_wrong_clock_may_try_again(connection: AsyncConnection) -> None:
    limit = Limit("tries", 1, timedelta(minutes=15))
    await throttle.hit(connection, limit, "ana", now=LATER)
    with pytest.raises(TooMany):
        await throttle.hit(connection, limit, "ana", now=LATER)
    await throttle.hit(connection, limit, "ana", now=NOW)
    with pytest.raises(TooMany):  # another process whose clock is a little behind
        await throttle.hit(connection, limit, "ana", now=NOW - timedelta(seconds=1))


async def test_a_claim_of_a_crashed_request_is_over(connection: AsyncConnection) -> None:
    async def claim(now: datetime) -> None:
        await idempotency.claim(connection, BOX, caller="a", route="r", key="k", body=b"{}", now=now)

    await claim(LATER)
    await claim(NOW)
    with pytest.raises(Conflict):
        await claim(NOW - timedelta(seconds=1))
