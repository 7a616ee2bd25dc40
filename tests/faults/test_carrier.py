"""A channel that somebody else installed, in a whole tree: webhooks twice, late, out of order, broken."""

import asyncio
import hmac
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, again_and_again, installation

from trato.channel_sdk.scaffold import scaffold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SECRET = "a-long-enough-secret"
MESSAGES, PEOPLE, COPIES = 200, 15, 3


@pytest.fixture
def up(reachable: Path) -> Iterator[Installation]:
    """A demo shop with one more Python package installed: a channel, found by its entry point."""
    site = reachable / "site"
    scaffold("carrier", site)
    installed = site / "carrier-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[trato.channels]\ncarrier = carrier.connector:connector\n")
    with installation(reachable) as found:
        found.start("--demo", PYTHONPATH=str(site))
        yield found


async def test_each_message_is_there_once_through_copies_disorder_and_kills_of_web(
    up: Installation, http: httpx.AsyncClient, desk: DeskUser
) -> None:
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    settings = {"url": "http://127.0.0.1:9/", "secret": SECRET}
    given = {"kind": "carrier", "name": "Carrier", "brand_id": brand, "settings": settings}
    hook = f"/hooks/{(await desk.do('POST', '/accounts', given))['public_key']}"

    async def call(content: bytes, *, secret: str = SECRET) -> int:
        signature = hmac.new(secret.encode(), content, "sha256").hexdigest()
        answer = await again_and_again(
            http, "POST", hook, content=content, headers={"x-signature": signature}
        )
        return answer.status_code

    dice = random.Random(3)
    bodies = [
        json.dumps(
            {"id": f"m{n}", "from": f"p{n % PEOPLE}", "at": 1_772_366_400 + n, "text": f"carried {n}"}
        ).encode()
        for n in range(MESSAGES)
    ]
    calls = bodies * COPIES
    dice.shuffle(calls)

    async def deliver(part: int) -> None:
        for number, content in enumerate(calls[part::12]):
            if part == 0 and number in {5, 20, 35}:
                up.kill("web")
            assert await call(content) == 200

    await asyncio.gather(*(deliver(part) for part in range(12)))
    assert "role_ended" in up.said()
    assert [await call(b"{"), await call(b"\xff\x00"), await call(b"[" * 100_000)] == [200] * 3
    assert await call(bodies[0], secret="somebody else's") == 401

    async with up.database() as look:
        query = "SELECT text, occurred_at, conversation_id FROM message WHERE text ~ '^carried '"
        found = await look.rows(query)
        assert Counter(row["text"] for row in found) == Counter(f"carried {n}" for n in range(MESSAGES))
        assert len({row["conversation_id"] for row in found}) == PEOPLE
        when = {row["text"]: int(row["occurred_at"].timestamp()) for row in found}
        assert when == {f"carried {n}": 1_772_366_400 + n for n in range(MESSAGES)}
        await look.check_routing()
    broken = [one for one in (await desk.do("GET", "/receipts"))["items"] if one["state"] == "broken"]
    assert len(broken) == 3, "what cannot be read is kept and shown"
