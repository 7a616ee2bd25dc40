"""The webhooks API as an integrator meets it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access.roles import Role
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.live import catalogue
from trato.live import service as log
from trato.webhooks import api

URL = "https://example.org/hook"
READ = sorted({kind.scope for kind in catalogue.KINDS.values()})


@pytest.fixture
async def http(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(make_services(db, Wake("postgresql://nowhere")), [api.router])
    _, key = await make_key(db, "webhooks:read", "webhooks:write", *READ)
    async with db.begin() as c:
        await c.execute(text("DELETE FROM event"))  # a new agent leaves events of its own
    async with client(app, key) as opened:
        yield opened


async def made(http: httpx.AsyncClient, **body: object) -> dict[str, object]:
    answer = await http.post("/webhooks", json={"url": URL} | body)
    assert answer.status_code == 201, answer.text
    webhook: dict[str, object] = answer.json()["webhook"]
    return webhook


async def test_an_endpoint_lives_and_ends(http: httpx.AsyncClient, db: Database) -> None:
    answer = await http.post("/webhooks", json={"url": URL, "event_types": ["message.created"]})
    assert answer.status_code == 201
    secret, webhook = answer.json()["secret"], answer.json()["webhook"]
    assert secret.startswith("whsec_")
    path = f"/webhooks/{webhook['id']}"
    assert (await http.get("/webhooks")).json() == {"items": [webhook], "next_cursor": None}
    assert secret not in (await http.get("/webhooks")).text

    changed = await http.patch(path, json={"state": "paused", "description": "Orders"})
    assert (changed.json()["state"], changed.json()["description"]) == ("paused", "Orders")
    assert changed.json()["event_types"] == ["message.created"]
    assert (await http.patch(path, json={"event_types": []})).json()["event_types"] == []
    assert (await http.patch(path, json={"state": "active"})).json()["state"] == "active"

    assert (await http.delete(path)).status_code == 204
    assert (await http.get("/webhooks")).json()["items"] == []
    assert (await http.patch(path, json={})).status_code == 404
    async with db.connect() as c:
        told = list(await c.scalars(text("SELECT action FROM audit_log ORDER BY id")))
        stored = await c.scalar(text("SELECT secret FROM webhook_endpoint"))
    assert told == ["webhook.made", *["webhook.changed"] * 3, "webhook.removed"]
    assert stored == b""


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://example.org/"},
        {"url": "https://127.0.0.1/"},
        {"url": "https://[fd00::1]/"},
        {"url": URL, "event_types": ["Not a type"]},
        {"url": URL, "secret": "mine"},
        {},
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused(
    http: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await http.post("/webhooks", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_type_of_event_is_told_with_the_known_ones(http: httpx.AsyncClient) -> None:
    for kind in ("mesage.created", "typing", "made.up"):
        answer = await http.post("/webhooks", json={"url": URL, "event_types": ["case.changed", kind]})
        assert answer.status_code == 422, kind
        (wrong,) = answer.json()["errors"]
        assert wrong["field"] == "event_types.1"
        assert all(known in wrong["detail"] for known in catalogue.KEPT)


@pytest.mark.parametrize("kind", catalogue.KEPT)
async def test_a_key_has_only_sent_what_it_may_read(db: Database, kind: str) -> None:
    app = make_app(make_services(db, Wake("postgresql://nowhere")), [api.router])
    needed = catalogue.KINDS[kind].scope
    without = [scope for scope in READ if scope != needed]
    for scopes, status in ([*without, "webhooks:write"], 403), ([needed, "webhooks:write"], 201):
        _, key = await make_key(db, *scopes)
        async with client(app, key) as http:
            answer = await http.post("/webhooks", json={"url": URL, "event_types": [kind]})
            assert answer.status_code == status, answer.text
            if status == 201:  # nor can it widen what is there
                path = f"/webhooks/{answer.json()['webhook']['id']}"
                assert (await http.patch(path, json={"event_types": []})).status_code == 403


async def test_a_url_is_checked_when_changed_too(http: httpx.AsyncClient) -> None:
    webhook = await made(http)
    answer = await http.patch(
        f"/webhooks/{webhook['id']}", json={"url": "https://10.0.0.1/"}, headers={"Accept-Language": "es"}
    )
    assert answer.status_code == 422
    assert answer.json()["detail"] == "Los webhooks no se envían a esta red."
    assert (await http.get("/webhooks")).json()["items"][0]["url"] == URL


async def test_deliveries_come_in_pages_and_are_replayed(http: httpx.AsyncClient, db: Database) -> None:
    webhook = await made(http)
    async with db.begin() as c:
        for number in range(5):
            await log.append(c, "thing.changed", audience="system", data={"number": number})
    await log.sequence(db)
    async with db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO webhook_delivery (id, endpoint_id, position, type, state, attempts)"
                " SELECT gen_random_uuid(), :id, n, 'thing.changed',"
                " CASE n WHEN 2 THEN 'failed' ELSE 'delivered' END, 1 FROM generate_series(1, 5) n"
            ),
            {"id": webhook["id"]},
        )
        await c.execute(text("UPDATE webhook_endpoint SET position = 5"))
    path = f"/webhooks/{webhook['id']}"
    first = (await http.get(f"{path}/deliveries?limit=3")).json()
    assert [item["position"] for item in first["items"]] == [5, 4, 3]
    rest = (await http.get(f"{path}/deliveries?limit=3&cursor={first['next_cursor']}")).json()
    assert ([item["position"] for item in rest["items"]], rest["next_cursor"]) == ([2, 1], None)
    (failed,) = (await http.get(f"{path}/deliveries?state=failed")).json()["items"]

    assert (await http.post(f"{path}/replay", json={"delivery_id": failed["id"]})).status_code == 202
    (waiting,) = (await http.get(f"{path}/deliveries?state=waiting")).json()["items"]
    assert (waiting["id"], waiting["attempts"]) == (failed["id"], 0)
    assert (await http.post(f"{path}/replay", json={"from_position": 4})).json()["behind"] == 2
    assert (await http.post(f"{path}/replay", json={})).status_code == 422
    assert (await http.post(f"{path}/replay", json={"delivery_id": str(uuid4())})).status_code == 404
    assert (await http.post(f"{path}/replay", json={"from_position": 99})).status_code == 409
    assert (await http.get(f"{path}/deliveries?cursor=x")).status_code == 422


async def test_only_administrators_with_the_scope(db: Database) -> None:
    app = make_app(make_services(db, Wake("postgresql://nowhere")), [api.router])
    for scopes, role, status in [
        (["webhooks:read"], Role.ADMINISTRATOR, 403),
        (["webhooks:write"], Role.SUPERVISOR, 403),
        (["webhooks:write"], Role.ADMINISTRATOR, 403),
        (["webhooks:write", *READ], Role.ADMINISTRATOR, 201),
    ]:
        _, key = await make_key(db, *scopes, role=role)
        async with client(app, key) as http:
            assert (await http.post("/webhooks", json={"url": URL})).status_code == status
