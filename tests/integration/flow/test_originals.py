"""The original of a message lives as long as the message; nothing else stays in the store unnamed."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.channel_sdk import Broken, File, Hook
from trato.db.edge import Services
from trato.flow import orphans, strays
from trato.flow.inbound import receive
from trato.flow.tasks import housekeeping
from trato.kit.errors import Unavailable

from .test_inbound import rows

OLD = "now() - interval '31 days'"


@pytest.fixture
def folder(services: Services, tmp_path: Path) -> Path:
    """Where the store of `services` keeps its files."""
    (found,) = [path for path in tmp_path.rglob("*") if path.is_dir() and path.name == "store"] or [tmp_path]
    return found


def stored(folder: Path) -> Iterator[Path]:
    return (path for top in orphans.FOLDERS for path in (folder / top).rglob("*") if path.is_file())


async def named(services: Services) -> set[str]:
    found = await rows(
        services,
        "SELECT store_key FROM attachment UNION SELECT raw_key FROM message WHERE raw_key IS NOT NULL"
        " UNION SELECT raw_key FROM receipt WHERE raw_key IS NOT NULL UNION SELECT raw_key FROM stray",
    )
    return {row["store_key"] for row in found}


async def keys(services: Services) -> set[str]:
    return {key for top in orphans.FOLDERS async for key in services.store.keys(top)}


async def execute(services: Services, sql: str) -> None:
    async with services.db.begin() as c:
        await c.execute(text(sql))


async def keep_house(services: Services) -> None:
    await housekeeping(services)({}, 1)


async def test_the_original_outlives_its_receipt(services, account):
    await receive(services, account, mail(raw=b"as it came"))
    await execute(services, f"UPDATE receipt SET received_at = {OLD}, settled_at = {OLD}")
    await keep_house(services)
    assert await rows(services, "SELECT * FROM receipt") == []
    (message,) = await rows(services, "SELECT raw_key FROM message")
    assert await services.store.get(message["raw_key"]) == b"as it came"


async def test_a_second_delivery_leaves_nothing_behind(services, account):
    event = mail(raw=b"as it came", files=[File("a.txt", "text/plain", b"a")], dedupe_key="same")
    for provider_id in ("p1", "p1", "p2"):  # again, and through another mailbox
        await receive(
            services,
            account,
            mail(raw=event.raw, files=event.files, dedupe_key="same", provider_id=provider_id),
        )
    assert len(await rows(services, "SELECT * FROM message")) == 1
    assert await keys(services) == await named(services)
    assert len(await keys(services)) == 2


async def test_what_was_put_aside_goes_a_month_later_with_its_original(services, account):
    await receive(services, account, Broken(provider_id="b1", error="not a mail", raw=b"\xff"))
    await receive(services, account, Broken(provider_id="b1", error="not a mail", raw=b"\xff"))
    for body in (b"{}", b"{}", b"[]"):
        hook = Hook("nobody", "POST", {}, {}, body)
        await strays.keep(services, hook, "no account", network="here", vouched=True)
    assert len(await keys(services)) == 3
    await execute(services, f"UPDATE receipt SET state = 'ignored', settled_at = now(), received_at = {OLD}")
    await execute(services, "UPDATE stray SET dismissed_at = now()")
    await keep_house(services)
    assert len(await keys(services)) == 3, "it was put aside just now"
    await execute(services, f"UPDATE receipt SET settled_at = {OLD}")
    await execute(services, f"UPDATE stray SET dismissed_at = {OLD}")
    await keep_house(services)
    assert await keys(services) == await named(services) == set()


async def test_what_a_crash_left_is_swept_a_day_later_and_nothing_else(services, account, folder):
    await receive(services, account, mail(raw=b"as it came", files=[File("a.txt", "text/plain", b"a")]))
    kept = await keys(services)
    await services.store.put("files/lost", b"x")
    await services.store.put("raw/lost", b"x")
    assert await orphans.sweep(services) == 0, "its row may come yet"
    for path in stored(folder):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert await orphans.sweep(services) == 2
    assert await keys(services) == kept


async def test_nothing_is_stored_while_the_database_is_away(services, account, monkeypatch):
    async def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("the database is away")

    monkeypatch.setattr("trato.flow.inbound._taken", gone)
    with pytest.raises(Unavailable):
        await receive(services, account, mail(raw=b"as it came"))
    assert await keys(services) == set()
