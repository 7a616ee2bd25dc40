"""Over the API an administrator takes a copy for somebody, has them erased, or keeps them with a reason."""

import io
import zipfile

import pytest
from sqlalchemy import text
from tests.support.customer import writes
from tests.support.services import make_account
from tests.support.with_key import client, make_app, make_key

from trato.access.roles import Role
from trato.privacy import api, erasing

SCOPES = ("contacts:read", "contacts:write", "conversations:read", "cases:read")


@pytest.fixture
async def contact_id(services) -> str:
    mail = await make_account(services, "email", address="a@aurora.example", smtp_host="127.0.0.1")
    await writes(services, mail, "pedro@example.org", "Hola ZANAHORIA")
    async with services.db.connect() as c:
        return str(await c.scalar(text("SELECT id FROM contact")))


async def asking(services, role: Role = Role.ADMINISTRATOR):
    _, key = await make_key(services.db, *SCOPES, role=role)
    return client(make_app(services, [api.router]), key)


async def test_a_copy_an_erasure_and_a_reason_to_keep(services, contact_id) -> None:
    async with await asking(services) as http:
        place = f"/contacts/{contact_id}"
        assert (await http.get(f"{place}/erasure")).status_code == 404
        copy = await http.get(f"{place}/export")
        with zipfile.ZipFile(io.BytesIO(copy.content)) as pack:
            assert "ZANAHORIA" in pack.read("messages.jsonl").decode()
        nobody = "/contacts/00000000-0000-7000-8000-000000000000"
        assert (await http.get(f"{nobody}/export")).status_code == 404
        assert (await http.post(f"{nobody}/erasure", json={})).status_code == 404
        assert (await http.post(f"{place}/erasure", json={"grace_days": 31})).status_code == 422
        asked = await http.post(f"{place}/erasure", json={"reason": "carta", "grace_days": 3})
        assert (asked.status_code, asked.json()["state"], asked.json()["reason"]) == (201, "waiting", "carta")
        assert (await http.post(f"{place}/erasure", json={})).json()["id"] == asked.json()["id"]
        assert (await http.post(f"{place}/erasure/cancel", json={"reason": ""})).status_code == 422
        kept = await http.post(f"{place}/erasure/cancel", json={"reason": "pleito"})
        assert (kept.json()["state"], kept.json()["reason"]) == ("cancelled", "pleito")
        assert (await http.post(f"{place}/erasure/cancel", json={"reason": "x"})).status_code == 409
        again = await http.post(f"{place}/erasure", json={"grace_days": 0})
        assert await erasing.erase(services, again.json()["id"])
        assert not await erasing.erase(services, again.json()["id"])
        done = (await http.get(f"{place}/erasure")).json()
        assert (done["state"], done["erased"]["message"]) == ("done", 1)
        page = (await http.get("/erasures", params={"limit": 1})).json()
        assert [one["state"] for one in page["items"]] == ["done"]
        rest = (await http.get("/erasures", params={"cursor": page["next_cursor"]})).json()
        assert [one["state"] for one in rest["items"]] == ["cancelled"]
    async with services.db.connect() as c:
        actions = (await c.scalars(text("SELECT action FROM audit_log ORDER BY id"))).all()
    assert [one for one in actions if one.startswith(("erasure", "contact"))] == [
        "contact.exported",
        "contact.exported",
        "erasure.asked",
        "erasure.cancelled",
        "erasure.asked",
        "contact.erased",
    ]


async def test_an_agent_sees_that_it_was_asked_and_does_nothing_of_it(services, contact_id) -> None:
    async with await asking(services, Role.AGENT) as http:
        place = f"/contacts/{contact_id}"
        assert (await http.get("/erasures")).status_code == 200
        for method, path in (("POST", "erasure"), ("POST", "erasure/cancel"), ("GET", "export")):
            answer = await http.request(method, f"{place}/{path}", json={"reason": "x"})
            assert answer.status_code == 403, path
