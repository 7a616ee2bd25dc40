"""Users, roles, keys and the audit log, as administrators use them and as others may not."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from tests.support.access import PASSWORD, Browser, People, World
from tests.support.postgres import ForgettingDatabase

from trato.access import audit, queries, service, tables, users
from trato.access.errors import LastAdministrator
from trato.access.ports import Ports
from trato.access.roles import Role
from trato.db.engine import Database
from trato.kit import clock
from trato.kit.paging import PAGE_MAX


async def new_key(admin: Browser, *scopes: str, **more: Any) -> dict[str, Any]:
    response = await admin("POST", "/api-keys", {"name": "Integración", "scopes": list(scopes), **more})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def bearer(key: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['token']}"}


class TestUsers:
    async def test_another_role_ends_their_sessions(
        self, admin: Browser, browsers: Any, people: People, world: World
    ) -> None:
        alba = browsers()
        await alba.sign_in("alba@example.com")
        assert (await alba("GET", "/users")).status_code == 403
        changed = await admin("PATCH", f"/users/{people.alba}", {"role": "supervisor", "capacity": 7})
        assert (changed.json()["role"], changed.json()["capacity"]) == ("supervisor", 7)
        assert (await alba("GET", "/session")).status_code == 401
        await alba.sign_in("alba@example.com")
        assert (await alba("GET", "/users")).status_code == 200
        assert ("agent.changed", 7) in [
            (name, data.get("agent", {}).get("capacity")) for name, data in world.events
        ]

    async def test_the_same_role_ends_nothing(self, admin: Browser, browsers: Any, people: People) -> None:
        alba = browsers()
        await alba.sign_in("alba@example.com")
        await admin("PATCH", f"/users/{people.alba}", {"role": "agent", "name": "Alba Díaz"})
        session = (await alba("GET", "/session")).json()
        assert session["user"]["name"] == session["agent"]["name"] == "Alba Díaz"

    async def test_deactivation_ends_everything_and_hands_work_over(
        self, admin: Browser, browsers: Any, people: People, world: World
    ) -> None:
        await admin("PATCH", f"/users/{people.sara}", {"role": "administrator"})
        sara = browsers()
        await sara.sign_in("sara@example.com")
        key = await new_key(sara, "users:read")
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 200
        listed = {one["id"]: one for one in (await admin("GET", "/users")).json()["items"]}
        theirs, alba = listed[str(people.sara)]["agent_id"], listed[str(people.alba)]["agent_id"]

        gone = await admin("POST", f"/users/{people.sara}/deactivate", {"hand_over_to": alba})
        assert gone.status_code == 200
        assert gone.json()["active"] is False
        assert world.handed_over == [(UUID(theirs), UUID(alba))]
        assert (await sara("GET", "/session")).status_code == 401
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 401
        assert (await sara.sign_in("sara@example.com")).status_code == 401

        await admin("POST", f"/users/{people.sara}/activate")
        assert (await sara.sign_in("sara@example.com")).status_code == 200
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 401, "a key stays ended"

    async def test_without_a_receiver_work_goes_back_to_the_line(
        self, admin: Browser, people: People, world: World
    ) -> None:
        assert (await admin("POST", f"/users/{people.alba}/deactivate")).status_code == 200
        assert [to for _, to in world.handed_over] == [None]

    async def test_the_receiver_has_to_be_able_to_work(
        self, admin: Browser, people: People, world: World
    ) -> None:
        listed = {one["id"]: one for one in (await admin("GET", "/users")).json()["items"]}
        own = listed[str(people.alba)]["agent_id"]
        for receiver in (str(uuid4()), own):
            sent = {"hand_over_to": receiver}
            assert (await admin("POST", f"/users/{people.alba}/deactivate", sent)).status_code == 422
        await admin("POST", f"/users/{people.sara}/deactivate")
        sent = {"hand_over_to": listed[str(people.sara)]["agent_id"]}
        assert (await admin("POST", f"/users/{people.alba}/deactivate", sent)).status_code == 422

    async def test_the_last_administrator_stays(self, admin: Browser, people: People) -> None:
        demoted = await admin("PATCH", f"/users/{people.ana}", {"role": "agent"})
        assert (demoted.status_code, demoted.json()["type"]) == (409, "last-administrator")
        assert (await admin("POST", f"/users/{people.ana}/deactivate")).status_code == 422, "oneself"

    async def test_an_invited_administrator_does_not_count_yet(self, admin: Browser, people: People) -> None:
        body = {"email": "b@example.com", "name": "B", "role": "administrator"}
        assert (await admin("POST", "/invitations", body)).status_code == 201
        assert (await admin("PATCH", f"/users/{people.ana}", {"role": "agent"})).status_code == 409

    async def test_two_who_leave_at_once_leave_one(self, committing_db: Database) -> None:
        now = clock.now()
        async with committing_db.begin() as c:
            pair = [
                await users.create(
                    c,
                    email=f"{name}@example.com",
                    name=name,
                    role=Role.ADMINISTRATOR,
                    language="es",
                    password_hash="x",
                )
                for name in ("a", "b")
            ]

        async def leave(user_id: UUID) -> bool:
            try:
                async with committing_db.begin() as c:
                    await users.deactivate(c, Ports(), users.SYSTEM, user_id, hand_over_to=None, now=now)
            except LastAdministrator:
                return False
            return True

        assert sorted(await asyncio.gather(*map(leave, pair))) == [False, True]
        async with committing_db.connect() as c:
            assert await queries.is_set_up(c)

    async def test_a_link_to_hand_over_in_person(
        self, admin: Browser, browser: Browser, people: People
    ) -> None:
        link = (await admin("POST", f"/users/{people.alba}/link")).json()["link"]
        token = link.partition("#")[2]
        sent = {"token": token, "password": "otra frase bien larga 9"}
        assert (await browser("POST", "/password/reset", sent)).status_code == 204
        assert (await browser.sign_in("alba@example.com", sent["password"])).status_code == 200

    async def test_what_does_not_exist(self, admin: Browser) -> None:
        assert (await admin("PATCH", f"/users/{uuid4()}", {"role": "agent"})).status_code == 404
        assert (await admin("POST", f"/users/{uuid4()}/deactivate")).status_code == 404

    @pytest.mark.parametrize(
        "body",
        [
            {"role": "owner"},
            {"capacity": -1},
            {"name": "   "},
            {"active": False},
            {"email": "other@example.com"},
            {"totp_secret": None},
        ],
    )
    async def test_only_what_may_be_changed(self, admin: Browser, people: People, body: Any) -> None:
        assert (await admin("PATCH", f"/users/{people.alba}", body)).status_code == 422

    async def test_ones_own_role_is_not_ones_own_to_change(self, browser: Browser, people: People) -> None:
        await browser.sign_in("alba@example.com")
        assert (await browser("PATCH", "/me", {"role": "administrator"})).status_code == 422
        changed = await browser("PATCH", "/me", {"signature": "Saludos,\nAlba", "language": "pt"})
        assert changed.json()["language"] == "pt"
        assert (await browser("GET", "/session")).json()["agent"]["signature"] == "Saludos,\nAlba"

    @pytest.mark.parametrize("email", ["", "ana", "a b@example.com", "a@b@c", "a@b\r\nBcc: c@d", "<a@b.c>"])
    async def test_what_is_no_address(self, admin: Browser, email: str) -> None:
        body = {"email": email, "name": "N", "role": "agent"}
        response = await admin("POST", "/invitations", body)
        assert response.status_code == 422
        assert response.json()["field"] == "email"


class TestKeys:
    async def test_a_key_may_what_its_scopes_say(self, admin: Browser, browsers: Any) -> None:
        key = await new_key(admin, "users:read")
        assert key["token"].startswith(f"trato_{key['prefix']}_")
        program = browsers()
        assert (await program("GET", "/users", **bearer(key))).status_code == 200
        assert (await program("GET", "/audit", **bearer(key))).status_code == 403

    async def test_it_is_shown_once_and_stored_as_a_hash(
        self, admin: Browser, db: ForgettingDatabase
    ) -> None:
        key = await new_key(admin, "users:read")
        listed = await admin("GET", "/api-keys")
        assert key["token"] not in listed.text
        assert listed.json()["items"][0]["prefix"] == key["prefix"]
        async with db.connect() as c:
            everything = [(await c.execute(select(one))).all() for one in (tables.api_key, tables.audit_log)]
        assert key["token"].rpartition("_")[2] not in repr(everything)

    async def test_a_revoked_key_stops_at_once(self, admin: Browser, browsers: Any) -> None:
        key = await new_key(admin, "users:read")
        program = browsers()
        assert (await program("GET", "/users", **bearer(key))).status_code == 200
        assert (await admin("DELETE", f"/api-keys/{key['id']}")).status_code == 204
        assert (await program("GET", "/users", **bearer(key))).status_code == 401
        assert (await admin("DELETE", f"/api-keys/{key['id']}")).status_code == 404

    async def test_it_ends_at_its_end(self, admin: Browser, browsers: Any, db: ForgettingDatabase) -> None:
        end = clock.now() + timedelta(days=1)
        key = await new_key(admin, "users:read", expires_at=end.isoformat())
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 200
        async with db.begin() as c:
            await c.execute(update(tables.api_key).values(expires_at=clock.now()))
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 401

    async def test_it_may_no_more_than_its_maker_may_now(
        self, admin: Browser, browsers: Any, people: People
    ) -> None:
        await admin("PATCH", f"/users/{people.sara}", {"role": "administrator"})
        sara = browsers()
        await sara.sign_in("sara@example.com")
        key = await new_key(sara, "audit:read", "users:read")
        assert (await browsers()("GET", "/audit", **bearer(key))).status_code == 200
        await admin("PATCH", f"/users/{people.sara}", {"role": "supervisor"})
        assert (await browsers()("GET", "/audit", **bearer(key))).status_code == 403
        assert (await browsers()("GET", "/users", **bearer(key))).status_code == 200

    async def test_it_cannot_make_more_power(self, admin: Browser, browsers: Any, people: People) -> None:
        key = await new_key(admin, "users:write", "users:read")
        program = browsers()
        boss = {"email": "m@example.com", "name": "M", "role": "administrator"}
        assert (await program("POST", "/invitations", boss, **bearer(key))).status_code == 403
        raised = await program("PATCH", f"/users/{people.alba}", {"role": "administrator"}, **bearer(key))
        assert raised.status_code == 403
        more = {"name": "more", "scopes": ["audit:read"]}
        assert (await program("POST", "/api-keys", more, **bearer(key))).status_code == 403
        assert (await program("POST", f"/users/{people.ana}/link", **bearer(key))).status_code == 403
        agent = {"email": "n@example.com", "name": "N", "role": "agent"}
        assert (await program("POST", "/invitations", agent, **bearer(key))).status_code == 201

    @pytest.mark.parametrize("scopes", [[], ["everything"], ["users:read", "root"]])
    async def test_scopes_that_do_not_exist(self, admin: Browser, scopes: list[str]) -> None:
        response = await admin("POST", "/api-keys", {"name": "k", "scopes": scopes})
        assert response.status_code == 422

    async def test_use_is_noted_coarsely(self, admin: Browser, browsers: Any, db: ForgettingDatabase) -> None:
        key = await new_key(admin, "users:read")
        seen = []
        for _ in range(2):
            await browsers()("GET", "/users", **bearer(key))
            async with db.connect() as c:
                seen.append(await c.scalar(select(tables.api_key.c.last_used_at)))
        assert seen[0] is not None
        assert seen[0] == seen[1]


class TestAudit:
    async def test_it_tells_who_did_what(self, admin: Browser, people: People) -> None:
        await admin("PATCH", f"/users/{people.alba}", {"role": "supervisor"})
        page = (await admin("GET", "/audit", None)).json()
        latest = page["items"][0]
        assert latest["action"] == "user.role_changed"
        assert latest["actor"] == f"user:{people.ana}"
        assert latest["target"] == f"user:{people.alba}"
        assert latest["data"] == {"from": "agent", "to": "supervisor"}
        assert latest["ip"] == "203.0.113.7"

    async def test_it_is_read_page_by_page_and_filtered(self, admin: Browser, db: ForgettingDatabase) -> None:
        async with db.begin() as c:
            for number in range(PAGE_MAX + 20):
                await audit.record(c, "system", "test.happened", f"thing:{number}")
        first = (await admin("GET", "/audit?action=test.happened")).json()
        second = (await admin("GET", f"/audit?action=test.happened&cursor={first['next_cursor']}")).json()
        targets = [one["target"] for one in first["items"] + second["items"]]
        assert targets == [f"thing:{number}" for number in reversed(range(PAGE_MAX + 20))]
        assert second["next_cursor"] is None
        (one,) = (await admin("GET", "/audit?target=thing:7")).json()["items"]
        assert one["target"] == "thing:7"

    async def test_it_holds_no_secret(self, db: ForgettingDatabase) -> None:
        async with db.begin() as c:
            await audit.record(c, "system", "x", data={"settings": {"password": "hunter2", "port": 25}})
            stored = await c.scalar(select(tables.audit_log.c.data))
        assert stored == {"settings": {"password": "[hidden]", "port": 25}}

    @pytest.mark.parametrize(
        "statement", [update(tables.audit_log).values(actor="nobody"), delete(tables.audit_log)]
    )
    async def test_it_only_grows(self, db: ForgettingDatabase, statement: Any) -> None:
        async with db.begin() as c:
            await audit.record(c, "system", "x")
        with pytest.raises(DBAPIError, match="only grows"):
            async with db.begin() as c:
                await c.execute(statement)

    async def test_what_was_rolled_back_did_not_happen(self, db: ForgettingDatabase) -> None:
        async def fail() -> None:
            async with db.begin() as c:
                await audit.record(c, "system", "x")
                await c.execute(text("SELECT 1 / 0"))

        with pytest.raises(DBAPIError):
            await fail()
        async with db.connect() as c:
            assert (await c.execute(select(tables.audit_log))).all() == []


async def test_housekeeping_removes_what_is_over_and_nothing_else(
    admin: Browser, browsers: Any, db: ForgettingDatabase
) -> None:
    old = browsers()
    await old.sign_in("alba@example.com")
    await browsers(ip="198.51.100.3").sign_in("nobody@example.com", PASSWORD)
    async with db.begin() as c:
        hers = select(tables.user.c.id).where(tables.user.c.email == "alba@example.com").scalar_subquery()
        session = tables.session
        await c.execute(update(session).where(session.c.user_id == hers).values(expires_at=clock.now()))
        await c.execute(update(tables.throttle).values(window_ends_at=clock.now()))
        await service.sweep(c, now=clock.now())
        assert len((await c.execute(select(session))).all()) == 1
        assert (await c.execute(select(tables.throttle))).all() == []
    assert (await admin("GET", "/session")).status_code == 200
