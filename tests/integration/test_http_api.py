"""What every list, change and refusal of the API has in common, through the application as it is served."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from tests.support.services import make_account
from tests.support.with_key import client, make_key, make_services

from trato.access.roles import SCOPES
from trato.app.web import create_app, protected
from trato.channel_sdk import Hook
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.flow import strays
from trato.settings import Settings


@pytest.fixture
def services(db: Database) -> Services:
    return make_services(db, Wake("postgresql://nowhere"))


@pytest.fixture
async def http(services: Services, db: Database, tmp_path: Any) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(data=tmp_path)
    app = protected(create_app(services, settings), settings)
    _, key = await make_key(db, *SCOPES)
    async with client(app, key) as opened:
        yield opened


async def every(http: httpx.AsyncClient, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Follow a list to its end; return its pages."""
    pages, cursor = [], ""
    while True:
        answer = await http.get(path, params={**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["items"])
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return pages


async def contact(http: httpx.AsyncClient, number: int) -> dict[str, Any]:
    body = {"kind": "email", "value": f"c{number}@example.org", "name": f"Ana {number}"}
    answer = await http.post("/contacts", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def brand(services: Services, http: httpx.AsyncClient) -> dict[str, Any]:
    await make_account(services, "webchat", origins=["https://shop.example"])
    found: dict[str, Any] = (await http.get("/brands")).json()["items"][0]
    return found


def problem(answer: httpx.Response, status: int, field: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told.get("field", "") == field, told
    return told


class TestLists:
    async def test_contacts_are_enumerated_to_the_last(self, http: httpx.AsyncClient) -> None:
        made = [(await contact(http, number))["id"] for number in range(25)]
        pages = await every(http, "/contacts", limit=10)
        assert [len(page) for page in pages] == [10, 10, 5]
        assert [one["id"] for page in pages for one in page] == made[::-1]
        (found,) = await every(http, "/contacts", q="ANA 7")
        assert [one["name"] for one in found] == ["Ana 7"]

    async def test_cases_too_of_one_contact_and_of_all(
        self, services: Services, http: httpx.AsyncClient
    ) -> None:
        face = (await brand(services, http))["id"]
        people = [(await contact(http, number))["id"] for number in range(2)]
        for number in range(6):
            body = {"contact_id": people[number % 2], "brand_id": face, "title": f"Caso {number}"}
            assert (await http.post("/cases", json=body)).status_code == 201
        titles = [[one["title"] for one in page] for page in await every(http, "/cases", limit=4)]
        assert titles == [["Caso 5", "Caso 4", "Caso 3", "Caso 2"], ["Caso 1", "Caso 0"]]
        (of_one,) = await every(http, "/cases", contact_id=people[0])
        assert [one["title"] for one in of_one] == ["Caso 4", "Caso 2", "Caso 0"]

    async def test_limits_and_cursors_are_checked(self, http: httpx.AsyncClient) -> None:
        for path in ("/contacts", "/cases", "/inbox", "/receipts", "/strays", "/audit"):
            for query, field in ("limit=0", "limit"), ("limit=201", "limit"), ("cursor=x", "cursor"):
                problem(await http.get(f"{path}?{query}"), 422, field)
        problem(await http.get("/contacts?limti=5"), 422, "limti")


class TestChangesOfTwoPeople:
    async def test_the_second_is_told_who_was_first(
        self, services: Services, http: httpx.AsyncClient
    ) -> None:
        face = await brand(services, http)
        person = await contact(http, 1)
        body = {"contact_id": person["id"], "brand_id": face["id"], "title": "Garantía"}
        case = (await http.post("/cases", json=body)).json()
        account = (await http.get("/accounts")).json()["items"][0]
        organisation = (await http.get("/organisation")).json()
        for path, before, change in (
            (f"/contacts/{person['id']}", person, {"name": "Ana María"}),
            (f"/cases/{case['id']}", case, {"title": "Garantía del horno"}),
            (f"/brands/{face['id']}", face, {"signature": "Saludos"}),
            (f"/accounts/{account['id']}", account, {"name": "Chat"}),
            ("/organisation", organisation, {"name": "La Tienda"}),
        ):
            match = {"If-Match": f'"{before["version"]}"'}
            first = await http.patch(path, json=change, headers=match)
            assert first.status_code == 200, first.text
            now = first.json()["version"]
            assert now > before["version"], path
            told = problem(await http.patch(path, json=change, headers=match), 409)
            assert (told["type"], told["version"], told["changed_by"]) == ("changed-meanwhile", now, "key"), (
                path
            )
            assert told["changed_at"]
            for header in ({"If-Match": str(now)}, {}, {"If-Match": "*"}):
                assert (await http.patch(path, json=change, headers=header)).status_code == 200
            problem(await http.patch(path, json=change, headers={"If-Match": "x"}), 422, "If-Match")
        steps = {"steps": [{"title": "Diagnóstico"}]}
        old = {"If-Match": f'"{case["version"]}"'}
        problem(await http.put(f"/cases/{case['id']}/steps", json=steps, headers=old), 409)

    async def test_what_comes_and_goes_by_itself_is_no_change_of_a_person(
        self, services: Services, http: httpx.AsyncClient, db: Database
    ) -> None:
        await brand(services, http)
        account = (await http.get("/accounts")).json()["items"][0]
        async with db.begin() as c:
            await c.execute(text("UPDATE account SET state = 'failing', last_error = 'away'"))
        match = {"If-Match": f'"{account["version"]}"'}
        answer = await http.patch(f"/accounts/{account['id']}", json={"enabled": False}, headers=match)
        assert answer.status_code == 200


class TestInput:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"time_zone": "Mars/X"}, "time_zone"),
            ({"language": "not a language"}, "language"),
            ({"preferred_channel": "nonsense"}, "preferred_channel"),
            ({"prefers": None}, "prefers"),
            ({"name": "Ana\nMaría"}, "name"),
            ({"name": "A\u0007"}, "name"),
        ],
    )
    async def test_a_contact_is_changed_to_what_exists(
        self, http: httpx.AsyncClient, change: dict[str, Any], field: str
    ) -> None:
        path = f"/contacts/{(await contact(http, 1))['id']}"
        problem(await http.patch(path, json=change), 422, field)
        good = {"time_zone": "America/Lima", "language": "pt-BR", "preferred_channel": "email", "name": ""}
        assert (await http.patch(path, json=good)).status_code == 200

    @pytest.mark.parametrize(
        ("kind", "value", "field"),
        [
            ("nonsense", "x", "kind"),
            ("email", "not an address", "value"),
            ("email", "   ", "value"),
            ("email", "a@b\u0000.org", "value"),
            ("phone", "call me", "value"),
        ],
    )
    async def test_an_address_is_one(
        self, http: httpx.AsyncClient, kind: str, value: str, field: str
    ) -> None:
        problem(await http.post("/contacts", json={"kind": kind, "value": value}), 422, field)

    async def test_what_is_named_must_be_there(self, services: Services, http: httpx.AsyncClient) -> None:
        face = (await brand(services, http))["id"]
        person = (await contact(http, 1))["id"]
        good = {"contact_id": person, "brand_id": face, "title": "Garantía"}
        for field in ("contact_id", "brand_id"):
            problem(await http.post("/cases", json=good | {field: str(uuid4())}), 422, field)
        for title in ("", "   ", "a\u0000"):
            problem(await http.post("/cases", json=good | {"title": title}), 422, "title")
        case = (await http.post("/cases", json=good)).json()["id"]
        problem(await http.patch(f"/cases/{case}", json={"owner_id": str(uuid4())}), 422, "owner_id")
        problem(await http.patch(f"/cases/{case}", json={"title": None}), 422, "title")
        settings = {"origins": ["https://shop.example"]}
        account = {"kind": "webchat", "name": "Chat", "brand_id": str(uuid4()), "settings": settings}
        problem(await http.post("/accounts", json=account), 422, "brand_id")
        problem(await http.patch("/organisation", json={"system_account_id": str(uuid4())}), 404)
        for change, field in (
            ({"time_zone": "Mars/X"}, "time_zone"),
            ({"name": None}, "name"),
            ({"name": " "}, "name"),
            ({"hours": None}, "hours"),
        ):
            problem(await http.patch("/organisation", json=change), 422, field)
        problem(await http.patch(f"/brands/{face}", json={"tone": None}), 422, "tone")
        assert (await http.get(f"/contacts/{uuid4()}/timeline")).status_code == 404
        assert (await http.get(f"/conversations/{uuid4()}/messages")).status_code == 404


class TestStrays:
    async def test_one_is_seen_read_again_and_put_aside(
        self, services: Services, http: httpx.AsyncClient
    ) -> None:
        body = b"<script>alert(1)</script>\x00" + b"x" * 100_000
        await strays.keep(
            services,
            Hook("email", "POST", {"content-type": "text/html"}, {}, body),
            "no account",
            network="here",
            vouched=True,
        )
        (stray,) = (await http.get("/strays")).json()["items"]
        path = f"/strays/{stray['id']}"
        look = (await http.get(path)).json()
        assert (look["method"], look["content_type"], look["size"]) == ("POST", "text/html", len(body))
        assert look["text"].startswith("<script>alert(1)</script>x")
        assert (look["cut"], len(look["text"])) == (True, 64_000 - 1)
        raw = await http.get(f"{path}/raw")
        assert raw.content == body
        assert raw.headers["content-type"] == "application/octet-stream"
        assert raw.headers["x-content-type-options"] == "nosniff"
        assert raw.headers["content-disposition"].startswith("attachment")
        again = (await http.post(f"{path}/retry")).json()
        assert (again["outcome"], again["events"]) == ("refused", 0)
        assert (await http.delete(path)).status_code == 204
        assert (await http.get("/strays")).json()["items"] == []
        for method, where in (
            ("GET", path),
            ("GET", f"{path}/raw"),
            ("POST", f"{path}/retry"),
            ("DELETE", path),
        ):
            problem(await http.request(method, where), 404)

    async def test_there_are_pages_of_them(self, services: Services, http: httpx.AsyncClient) -> None:
        for number in range(5):
            await strays.keep(
                services,
                Hook("email", "POST", {}, {}, b"%d" % number),
                f"reason {number}",
                network="here",
                vouched=True,
            )
        pages = await every(http, "/strays", limit=2)
        assert [len(page) for page in pages] == [2, 2, 1]
        assert {one["reason"] for page in pages for one in page} == {
            f"reason {number}" for number in range(5)
        }


@pytest.mark.parametrize("endpoint", ["email", "webchat", "nothing"])
async def test_a_hook_that_takes_nothing_says_so(
    services: Services, http: httpx.AsyncClient, endpoint: str
) -> None:
    await brand(services, http)
    answer = await http.post(
        f"http://localhost/hooks/{endpoint}", content=b"x", headers={"Accept-Language": "es"}
    )
    assert problem(answer, 404)["detail"] == "Aquí no hay nadie que reciba."
