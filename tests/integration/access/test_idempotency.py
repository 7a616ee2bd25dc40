"""A POST that is repeated with the same key is performed once."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from tests.support.access import Browser, People, World
from tests.support.postgres import ForgettingDatabase

from trato.access import idempotency, tables
from trato.access.idempotency import AnsweredBefore
from trato.db.engine import Database
from trato.kit import clock
from trato.kit.errors import Conflict
from trato.kit.secret_box import SecretBox

BODY = {"email": "nuevo@example.com", "name": "Nuevo", "role": "agent"}
BOX = SecretBox(bytes(32))


async def invite(browser: Browser, key: str, **more: Any) -> httpx.Response:
    return await browser("POST", "/invitations", {**BODY, **more}, Idempotency_Key=key)


async def test_the_second_time_the_first_answer_comes_again(admin: Browser, world: World) -> None:
    first, second = [await invite(admin, "k-1") for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(world.mails) == 1
    assert (await invite(admin, "k-2")).json() != first.json(), "another key is another request"


async def test_a_key_is_not_for_two_requests(admin: Browser, world: World) -> None:
    await invite(admin, "k-1")
    other = await invite(admin, "k-1", name="Otra")
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")
    assert len(world.mails) == 1


async def test_what_was_refused_may_be_tried_again(admin: Browser, people: People) -> None:
    refused = await invite(admin, "k-1", email="alba@example.com")
    assert refused.status_code == 409
    mended = await invite(admin, "k-1")
    assert mended.status_code == 201


async def test_keys_of_two_callers_are_two(admin: Browser, browsers: Any, people: People) -> None:
    await admin("PATCH", f"/users/{people.sara}", {"role": "administrator"})
    sara = browsers()
    await sara.sign_in("sara@example.com")
    first = await invite(admin, "k-1")
    second = await invite(sara, "k-1")
    assert second.json()["link"] != first.json()["link"]


async def test_an_answer_is_not_given_to_who_may_no_more(admin: Browser, browsers: Any) -> None:
    await invite(admin, "k-1")
    assert (await invite(browsers(), "k-1")).status_code == 401
    kept = str(admin.token)
    await admin("DELETE", "/session")
    admin.replace_cookie(kept)
    assert (await invite(admin, "k-1")).status_code == 401


async def test_the_kept_answer_is_not_readable_and_ends(
    admin: Browser, db: ForgettingDatabase, world: World
) -> None:
    link = (await invite(admin, "k-1")).json()["link"]
    async with db.begin() as c:
        stored = (await c.execute(select(tables.idempotency))).one()
        assert link.encode() not in stored.answer
        assert link.encode().hex().encode() not in stored.answer
        await c.execute(update(tables.idempotency).values(expires_at=clock.now()))
    assert (await invite(admin, "k-1")).json()["link"] != link
    assert len(world.mails) == 2


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_that_is_none(admin: Browser, key: str) -> None:
    response = await admin.http.post(
        "/invitations",
        json=BODY,
        headers={"X-CSRF-Token": admin.csrf, "Origin": admin.origin, "Idempotency-Key": key},
    )
    assert response.status_code == 422


class TestAtOnce:
    @pytest.fixture
    def claims(self, committing_db: Database) -> Any:
        async def claim(now: Any = None) -> idempotency.Claim:
            async with committing_db.begin() as c:
                return await idempotency.claim(
                    c, BOX, caller="user:1", route="/x", key="k", body=b"{}", now=now or clock.now()
                )

        return claim

    async def test_one_is_performed(self, claims: Any, committing_db: Database) -> None:
        outcomes = await asyncio.gather(*(claims() for _ in range(4)), return_exceptions=True)
        assert sorted(type(one).__name__ for one in outcomes) == ["Claim", "Conflict", "Conflict", "Conflict"]
        async with committing_db.connect() as c:
            assert await c.scalar(select(func.count()).select_from(tables.idempotency)) == 1

    async def test_the_claim_of_a_crashed_process_ends(self, claims: Any) -> None:
        await claims()
        with pytest.raises(Conflict):
            await claims()
        assert await claims(clock.now() + idempotency.UNDER_WAY + timedelta(seconds=1))

    async def test_a_late_release_does_not_forget_an_answer(
        self, claims: Any, committing_db: Database
    ) -> None:
        claimed = await claims()
        async with committing_db.begin() as c:
            answer = idempotency.Answer(200, "application/json", b"[1]")
            await idempotency.keep(c, BOX, claimed, answer, now=clock.now())
            await idempotency.release(c, claimed)
        with pytest.raises(AnsweredBefore) as raised:
            await claims()
        assert raised.value.answer == answer
