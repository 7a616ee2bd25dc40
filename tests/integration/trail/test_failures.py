"""A host page that fails for several visitors is suspected; one visitor, or one who floods, is not enough."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.portal import SITE, Page, Portal
from tests.support.with_key import client, make_app, make_key

from trato.access.roles import Role
from trato.trail import failure_api, tasks

FAILED = {
    "page": f"{SITE}/pago?tarjeta=4111",
    "kind": "request",
    "what": f"{SITE}/api/pagar?t=x",
    "detail": 503,
}


async def fails(portal: Portal, visitor: str | None = None, **changes: Any) -> int:
    async with portal.page() as page:
        body = {"account": portal.account.public_key, "visitor": visitor or str(uuid4()), **FAILED, **changes}
        return (await page.ask("POST", "failures", json=body)).status_code


async def ask(portal: Portal, method: str, path: str) -> Any:
    _, key = await make_key(
        portal.services.db, "conversations:read", "conversations:write", role=Role.SUPERVISOR
    )
    async with client(make_app(portal.services, [failure_api.router]), key) as http:
        answer = await http.request(method, path)
    assert answer.is_success, answer.text
    return answer.json()


async def suspects(portal: Portal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ask(portal, "GET", "/page-failures"))["items"]
    return found


async def test_several_visitors_are_a_suspected_incident_with_its_evidence(portal: Portal) -> None:
    for _ in range(4):
        assert await fails(portal) == 204
    assert await suspects(portal) == []
    await fails(portal)
    (found,) = await suspects(portal)
    assert (found["page"], found["what"], found["detail"]) == (f"{SITE}/pago", f"{SITE}/api/pagar", 503)
    assert (found["kind"], found["visitors"], found["networks"]) == ("request", 5, 1)
    incidents = "SELECT id, state, titles->>'es' AS title, evidence FROM incident"
    (incident,) = await portal.rows(incidents)
    assert (incident["id"], incident["state"]) == (UUID(found["incident_id"]), "suspected")
    assert incident["title"] == f"Posible falla en {SITE}/pago"
    assert incident["evidence"]["visitors"] == 5
    await fails(portal)
    (more,) = await suspects(portal)
    assert (more["id"], more["visitors"]) == (found["id"], 6)
    assert len(await portal.rows("SELECT 1 FROM event WHERE type = 'page_failure.changed'")) == 2
    assert len(await portal.rows(incidents)) == 1


async def test_one_visitor_who_insists_is_one(portal: Portal) -> None:
    one = str(uuid4())
    for _ in range(20):
        await fails(portal, one)
    assert await suspects(portal) == []
    assert len(await portal.rows("SELECT 1 FROM page_failure_seen")) == 1


async def test_other_failures_are_other_ones(portal: Portal) -> None:
    for number in range(10):
        await fails(portal, page=f"{SITE}/pagina-{'abcdefghij'[number]}")
    assert await suspects(portal) == []


async def test_who_looked_into_it_is_not_told_again_at_once(portal: Portal) -> None:
    for _ in range(5):
        await fails(portal)
    (found,) = await suspects(portal)
    await ask(portal, "POST", f"/page-failures/{found['id']}/put-away")
    assert await portal.rows("SELECT state FROM incident") == [{"state": "dismissed"}]
    await fails(portal)
    assert await suspects(portal) == []
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE page_failure SET last_at = now() - interval '7 hours'"))
    await fails(portal)
    assert len(await suspects(portal)) == 1


async def test_nothing_of_a_visitor_is_kept_and_all_of_it_is_forgotten(portal: Portal) -> None:
    from datetime import timedelta

    for _ in range(5):
        await fails(portal)
    rows = await portal.rows("SELECT * FROM page_failure_seen")
    kept = {name for row in rows for name, value in row.items() if value is not None}
    assert kept == {"id", "account_id", "key", "who", "network", "at"}
    assert all(b"127.0.0.1" not in row["network"] for row in rows)
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE page_failure_seen SET at = now() - interval '2 days'"))
        await c.execute(text("UPDATE page_failure SET last_at = now() - interval '31 days'"))
    await tasks.expiry(portal.services.db, timedelta(days=30)).work()
    assert await portal.rows("SELECT 1 FROM page_failure_seen") == []
    assert await suspects(portal) == []


@pytest.mark.parametrize(
    "hostile", ["ñ" * 10_000, "<script>alert(1)</script>", "'; DROP TABLE page_failure; --", "\x00", "保証"]
)
async def test_whatever_is_told_does_no_harm(portal: Portal, page: Page, hostile: str) -> None:
    for changes in ({"what": hostile}, {"page": hostile}, {"page": f"{SITE}/{hostile}"}, {"detail": -1}):
        assert await fails(portal, **changes) in (204, 422)
    assert await fails(portal, kind=hostile) == 422
    assert await fails(portal, password=hostile) == 422
    async with portal.page(origin="https://malo.example") as other:
        body = {"account": portal.account.public_key, "visitor": str(uuid4()), **FAILED}
        assert (await other.ask("POST", "failures", json=body)).status_code == 403
