"""Promises 2 and 11 in one's own cases: a person is one step away, and what is acknowledged is kept."""

import shutil
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.support.customer import Customer, cases_app, writes
from tests.support.services import make_account, running_services

PEDRO = "pedro@example.org"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def services(committing_db, fresh_dsn, tmp_path):
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def matter(services):
    mail = await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")
    _, number = await writes(services, mail, PEDRO, "Mi heladera no enfría", subject="Garantía")
    browser = await Customer(cases_app(services), services).sign_in(PEDRO)
    return browser, number


async def messages(services) -> list[str]:
    async with services.db.connect() as c:
        return list((await c.scalars(text("SELECT text FROM message ORDER BY created_at"))).all())


async def test_from_every_page_a_person_is_one_step_away(matter) -> None:
    browser, number = matter
    stranger = browser.another()
    await stranger.ask(PEDRO)
    pages = [await browser.get(below) for below in ("", f"/{number}", "/preference", "/data")]
    pages += [await stranger.get(below) for below in ("", "/code", "/link/" + "x" * 43)]
    pages.append(await stranger.post("/code", data={"code": "1"}))
    pages.append(await stranger.ask("nothing"))
    pages.append(await browser.post(f"/{number}/answer", data={"once": "a" * 32}))
    for page in pages:
        assert 'data-person href="/help/es/person"' in page.text, page.url


async def test_what_cannot_be_kept_is_not_acknowledged_and_not_lost(matter, services, tmp_path) -> None:
    browser, number = matter
    once = uuid4().hex
    form = {"once": once, "text": "Con la foto"}
    photo = [("files", ("foto.png", PNG, "image/png"))]
    shutil.rmtree(tmp_path / "files", ignore_errors=True)
    (tmp_path / "files").write_bytes(b"")  # the store takes nothing any more
    refused = await browser.post(f"/{number}/answer", data=form, files=photo)
    assert refused.status_code == 503
    assert "Con la foto</textarea>" in refused.text
    assert once in refused.text
    assert await messages(services) == ["Mi heladera no enfría"]
    (tmp_path / "files").unlink()
    for _ in range(2):  # sent again, and once more by an impatient finger
        assert (await browser.post(f"/{number}/answer", data=form, files=photo)).status_code == 303
    assert await messages(services) == ["Mi heladera no enfría", "Con la foto"]
