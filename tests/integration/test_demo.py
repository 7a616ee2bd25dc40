"""The demo: all of it or nothing, its sign-ins at every start, and never over somebody's installation."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.services import make_account, running_services

from trato import app
from trato.access import service as access
from trato.app.web import demo_extras
from trato.db.engine import Database
from trato.db.one_key import settle
from trato.demo import library, seed, shop
from trato.knowledge import queries
from trato.settings import Settings

SIGN_INS = [f"{staff.email:<22}{staff.role}" for staff in shop.STAFF]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, demo=True, secret_key=(b"k" * 32).hex())


async def prepared(settings: Settings, dsn: str) -> Sequence[str]:
    await settle(dsn, settings.outside_key, settings.key_file)
    return await app._prepare(settings, dsn)


async def ask(dsn: str, sql: str) -> list[dict[str, Any]]:
    db = Database.open(dsn, pool_size=2)
    async with db.connect() as c:
        found = [dict(row) for row in (await c.execute(text(sql))).mappings()]
    await db.close()
    return found


async def test_every_start_of_the_demo_prints_its_sign_ins(settings, fresh_dsn) -> None:
    first = await prepared(settings, fresh_dsn)
    assert first[0] == f"Widget demo   {settings.public.url}/demo"
    assert first[-3:] == SIGN_INS
    assert shop.PASSWORD in first[-4]
    assert await prepared(settings, fresh_dsn) == first
    assert await prepared(settings.model_copy(update={"demo": False}), fresh_dsn) == first


async def test_an_interrupted_seed_leaves_nothing_and_the_next_start_makes_it_whole(
    settings, fresh_dsn, monkeypatch
) -> None:
    tell, told = seed._tell, []

    async def interrupted(*arguments: Any) -> None:
        told.append(1)
        if len(told) == 3:
            raise ConnectionError("the machine was switched off")
        await tell(*arguments)

    monkeypatch.setattr(seed, "_tell", interrupted)
    with pytest.raises(ConnectionError):
        await prepared(settings, fresh_dsn)
    assert await ask(fresh_dsn, "SELECT 1 FROM organisation") == []
    assert await ask(fresh_dsn, "SELECT 1 FROM message") == []
    monkeypatch.undo()
    assert (await prepared(settings, fresh_dsn))[-3:] == SIGN_INS
    assert len(await ask(fresh_dsn, "SELECT 1 FROM conversation")) == len(shop.STORIES)


async def test_who_waits_longest_can_be_answered(settings, fresh_dsn) -> None:
    await prepared(settings, fresh_dsn)
    line = await ask(
        fresh_dsn,
        "SELECT c.name, v.channel, a.enabled, w.since = v.waiting_since AS same"
        " FROM waiting w JOIN conversation v ON v.id = w.conversation_id"
        " JOIN contact c ON c.id = v.contact_id JOIN account a ON a.id = v.account_id ORDER BY w.since",
    )
    assert [one["name"] for one in line] == [
        "Lucía Ferreyra",
        "Beatriz Souza",
        "Marcos Ibarra",
        "Pedro Gómez",
    ]
    assert line[0] == {"name": "Lucía Ferreyra", "channel": "webchat", "enabled": True, "same": True}
    assert all(one["same"] for one in line)


async def test_the_demo_says_that_it_leaves_somebodys_installation_alone(
    settings, fresh_dsn, tmp_path
) -> None:
    db = Database.open(fresh_dsn)
    async with running_services(db, fresh_dsn, tmp_path) as services:
        await make_account(services, "webchat", origins=["https://tienda.example"])
        async with db.begin() as c:
            await access.create_user(
                c,
                name="Ana",
                email="ana@tienda.example",
                password="una clave larga",
                role="administrator",
                language="es",
            )
        lines = await prepared(settings, fresh_dsn)
        assert "--demo did nothing" in "".join(lines)
        assert shop.PASSWORD not in "".join(lines)
        assert await demo_extras(services, settings) == {}, "nobody vouches for an invented customer there"
    await db.close()


async def test_an_empty_installation_names_no_page_that_does_not_answer(settings, fresh_dsn) -> None:
    lines = await prepared(settings.model_copy(update={"demo": False}), fresh_dsn)
    assert not any("/demo" in line for line in lines)
    assert "/link#" in lines[-1]


async def test_its_help_centre_has_articles_and_work_to_do(settings, fresh_dsn) -> None:
    await prepared(settings, fresh_dsn)
    by_language = await ask(
        fresh_dsn,
        "SELECT language, count(*) AS texts FROM article_translation WHERE published IS NOT NULL"
        " GROUP BY language ORDER BY language",
    )
    found = {row["language"]: row["texts"] for row in by_language}
    assert (found["es"] >= 12, found["pt"] >= 5, found["en"] >= 3) == (True, True, True)
    shelves = await ask(fresh_dsn, "SELECT names ->> 'es' AS name FROM section ORDER BY position")
    assert [row["name"] for row in shelves] == [names[0] for names in library.SECTIONS]
    assert await ask(fresh_dsn, "SELECT 1 FROM article WHERE section_id IS NULL") == []
    assert len(await ask(fresh_dsn, "SELECT 1 FROM article WHERE review_at <= now()")) == 1
    db = Database.open(fresh_dsn, pool_size=2)
    async with db.connect() as c:
        stale = (await queries.find(c, today=date(2020, 1, 1), state="stale"))["items"]
    await db.close()
    assert [one["external_id"] for one in stale] == ["envios/cuando-llega-mi-pedido"]
