"""Sign-in, the session's life, and what an attacker may try with them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.support.access import PASSWORD, Browser, People, World
from tests.support.postgres import ForgettingDatabase

from trato.access import sessions, sign_in, tables
from trato.access.throttle import Limit
from trato.db.edge import Services
from trato.kit import clock


async def age(db: ForgettingDatabase, by: timedelta, *columns: str) -> None:
    """Let all sessions have happened earlier."""
    async with db.begin() as c:
        table = tables.session
        await c.execute(update(table).values({name: table.c[name] - by for name in columns}))


async def session_ids(db: ForgettingDatabase) -> set[UUID]:
    async with db.connect() as c:
        return set(await c.scalars(select(tables.session.c.id)))


async def test_nobody_is_told_whether_it_is_set_up(browser: Browser) -> None:
    response = await browser("GET", "/session")
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["type"], body["set_up"]) == ("not-signed-in", False)


async def test_sign_in_opens_a_session(browser: Browser, people: People) -> None:
    response = await browser.sign_in("  ANA@Example.com ")
    assert response.status_code == 200
    body = response.json()
    assert body["user"]["id"] == str(people.ana)
    assert body["user"]["role"] == "administrator"
    assert body["agent"]["user_id"] == str(people.ana)
    assert body["organisation"]["name"] == "La Tienda"
    assert body["set_up"] is True
    again = await browser("GET", "/session")
    assert again.status_code == 200
    assert again.json()["csrf"] == body["csrf"]


async def test_the_cookie_is_out_of_reach(browser: Browser, people: People) -> None:
    response = await browser.sign_in("ana@example.com")
    cookie = next(
        value for value in response.headers.get_list("set-cookie") if value.startswith("__Host-trato_desk=")
    )
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)


async def test_only_a_hash_of_the_token_is_stored(admin: Browser, db: ForgettingDatabase) -> None:
    async with db.connect() as c:
        row = (await c.execute(select(tables.session))).mappings().one()
    assert admin.token is not None
    assert all(admin.token.encode() not in repr(value).encode() for value in row.values())


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@example.com", "the wrong password"),
        ("nobody@example.com", PASSWORD),
        ("not-an-address", PASSWORD),
    ],
)
async def test_every_wrong_sign_in_looks_the_same(
    browser: Browser, people: People, email: str, password: str
) -> None:
    response = await browser.sign_in(email, password)
    body = response.json()
    assert (response.status_code, body["type"]) == (401, "wrong-credentials")
    assert body["detail"] == "The e-mail address or the password is not right."
    assert "set-cookie" not in response.headers


async def test_unknown_users_cost_the_same_work(
    browser: Browser, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trato.access import passwords

    done: list[str] = []
    real = passwords._hasher.verify

    def counted(password: Any, stored: Any, **more: Any) -> bool:
        done.append("verified")
        return bool(real(password, stored, **more))

    monkeypatch.setattr(passwords._hasher, "verify", counted)
    monkeypatch.setattr(
        passwords._hasher, "verify_and_update", lambda password, stored: (counted(password, stored), None)
    )
    await browser.sign_in("ana@example.com", "the wrong password")
    await browser.sign_in("nobody@example.com", "the wrong password")
    assert done == ["verified", "verified"]


async def test_a_planted_session_is_not_taken_over(
    browsers: Any, people: People, db: ForgettingDatabase
) -> None:
    attacker, victim = browsers(), browsers()
    await attacker.sign_in("alba@example.com")
    planted = attacker.token
    victim.replace_cookie(planted)
    await victim.sign_in("ana@example.com")
    assert victim.token not in (None, planted)
    assert (await attacker("GET", "/session")).status_code == 401


async def test_two_cookies_of_the_name_are_none(browsers: Any, admin: Browser) -> None:
    tossed = browsers()
    both = f"__Host-trato_desk=other; __Host-trato_desk={admin.token}"
    assert (await tossed("GET", "/session", Cookie=both)).status_code == 401


async def test_sign_out_ends_the_session(admin: Browser) -> None:
    kept = admin.token
    assert (await admin("DELETE", "/session")).status_code == 204
    assert admin.token is None
    admin.replace_cookie(str(kept))
    assert (await admin("GET", "/session")).status_code == 401


@pytest.mark.parametrize(
    ("by", "columns"),
    [(sessions.IDLE, ["last_seen_at"]), (sessions.ABSOLUTE, ["expires_at"])],
)
async def test_a_session_ends_by_itself(
    admin: Browser, db: ForgettingDatabase, by: timedelta, columns: list[str]
) -> None:
    await age(db, by - timedelta(minutes=5), *columns)
    assert (await admin("GET", "/session")).status_code == 200
    await age(db, by, *columns)
    assert (await admin("GET", "/session")).status_code == 401


async def test_the_token_changes_as_the_session_lives(admin: Browser, db: ForgettingDatabase) -> None:
    first = admin.token
    await age(db, sessions.ROTATION, "rotated_at")
    assert (await admin("GET", "/users")).status_code == 200
    second = admin.token
    assert second not in (None, first)
    assert (await admin("GET", "/users")).status_code == 200, "the new token works"
    assert admin.token == second, "and stays for now"
    admin.replace_cookie(str(first))
    assert (await admin("GET", "/users")).status_code == 200, "requests under way still pass"


async def test_a_lost_rotation_is_repeated(admin: Browser, db: ForgettingDatabase) -> None:
    first = str(admin.token)
    await age(db, sessions.ROTATION, "rotated_at")
    await admin("GET", "/users")
    admin.replace_cookie(first)  # the answer with the new cookie never arrived
    await age(db, sessions.GRACE, "rotated_at")
    assert (await admin("GET", "/users")).status_code == 200
    third = str(admin.token)
    assert third != first
    assert (await admin("GET", "/users")).status_code == 200


async def test_a_copied_token_ends_the_session_for_both(
    admin: Browser, browsers: Any, db: ForgettingDatabase
) -> None:
    thief = browsers()
    thief.replace_cookie(str(admin.token))
    await age(db, sessions.ROTATION, "rotated_at")
    await admin("GET", "/users")
    await admin("GET", "/users")
    await age(db, sessions.GRACE, "rotated_at", "confirmed_at")
    assert (await thief("GET", "/users")).status_code == 401
    assert (await admin("GET", "/users")).status_code == 401
    async with db.connect() as c:
        assert "session.copied" in set(await c.scalars(select(tables.audit_log.c.action)))


async def test_rotation_under_many_requests_gives_one_new_token(
    admin: Browser, db: ForgettingDatabase
) -> None:
    await age(db, sessions.ROTATION, "rotated_at")
    token, now = str(admin.token), clock.now()
    async with db.begin() as c:
        found = [await sessions.find(c, token, now=now) for _ in range(5)]
    assert all(one is not None for one in found)
    assert [one.new_token is not None for one in found if one].count(True) == 1


async def test_sessions_are_listed_and_ended(browsers: Any, people: People, db: ForgettingDatabase) -> None:
    here, there, other = browsers(), browsers(), browsers()
    await here.sign_in("ana@example.com")
    await there.sign_in("ana@example.com")
    await other.sign_in("alba@example.com")
    listed = (await here("GET", "/sessions")).json()["items"]
    assert [one["current"] for one in listed].count(True) == 1
    assert {one["ip"] for one in listed} == {"203.0.113.7"}
    theirs = next(one["id"] for one in listed if not one["current"])
    assert (await other("DELETE", f"/sessions/{theirs}")).status_code == 404, "not one's own"
    assert (await here("DELETE", f"/sessions/{theirs}")).status_code == 204
    assert (await there("GET", "/session")).status_code == 401
    await there.sign_in("ana@example.com")
    assert (await here("DELETE", "/sessions")).status_code == 204
    assert (await there("GET", "/session")).status_code == 401
    assert (await here("GET", "/session")).status_code == 200
    assert (await other("GET", "/session")).status_code == 200


class TestForeignPages:
    """A page of another site, in the browser of somebody who is signed in."""

    async def test_without_the_token_nothing_is_changed(self, admin: Browser) -> None:
        admin.csrf = ""
        response = await admin("PATCH", "/me", {"name": "Mallory"})
        assert (response.status_code, response.json()["type"]) == (403, "foreign-origin")

    async def test_the_token_of_another_session_does_not_serve(self, admin: Browser, browsers: Any) -> None:
        other = browsers()
        await other.sign_in("alba@example.com")
        admin.csrf = other.csrf
        assert (await admin("PATCH", "/me", {"name": "Mallory"})).status_code == 403

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://desk.example.evil.example"])
    async def test_a_foreign_origin_is_refused_even_with_the_token(self, admin: Browser, origin: str) -> None:
        assert (await admin("PATCH", "/me", {"name": "M"}, Origin=origin)).status_code == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    async def test_the_browser_itself_says_it_is_foreign(self, admin: Browser, site: str) -> None:
        response = await admin("PATCH", "/me", {"name": "M"}, Sec_Fetch_Site=site)
        assert response.status_code == 403

    async def test_signing_somebody_in_as_the_attacker_is_refused(
        self, browser: Browser, people: People
    ) -> None:
        response = await browser(
            "POST",
            "/session",
            {"email": "alba@example.com", "password": PASSWORD},
            Origin="https://evil.example",
        )
        assert response.status_code == 403
        assert browser.token is None

    async def test_a_form_cannot_pass_for_json(self, browser: Browser, people: People) -> None:
        response = await browser.http.post(
            "/session",
            content='{"email": "alba@example.com", "password": "' + PASSWORD + '"}',
            headers={"Content-Type": "text/plain"},
        )
        assert response.status_code == 422
        assert browser.token is None


class TestThrottling:
    async def test_guesses_from_one_place_are_slowed_down(self, browser: Browser, people: People) -> None:
        for _ in range(sign_in.PAIR.hits):
            assert (await browser.sign_in("ana@example.com", "a wrong guess")).status_code == 401
        response = await browser.sign_in("ana@example.com")
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0
        assert response.json()["type"] == "too-many"

    async def test_strangers_cannot_lock_the_owner_out(
        self, browsers: Any, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        owner = browsers()
        await owner.sign_in("ana@example.com")
        await owner("DELETE", "/session")
        few = Limit("sign-in-account", 2, timedelta(hours=1))
        monkeypatch.setattr(sign_in, "ACCOUNT", few)
        for network in range(3):
            stranger = browsers(ip=f"198.51.100.{network}")
            await stranger.sign_in("ana@example.com", "a wrong guess")
        stranger = browsers(ip="198.51.100.99")
        assert (await stranger.sign_in("ana@example.com")).status_code == 429
        assert (await owner.sign_in("ana@example.com")).status_code == 200, "a known device"
        assert (await stranger.sign_in("alba@example.com")).status_code == 200, "another account"

    async def test_a_known_device_is_not_a_licence_to_guess(self, browsers: Any, people: People) -> None:
        device = browsers()
        await device.sign_in("alba@example.com")
        await device("DELETE", "/session")
        codes = [
            (await device.sign_in("alba@example.com", "a wrong guess")).status_code
            for _ in range(sign_in.DEVICE.hits + 1)
        ]
        assert codes[-1] == 429
        await device.sign_in("ana@example.com", "a wrong guess")
        assert (await device.sign_in("ana@example.com")).status_code == 200, "its cookie is Alba's alone"

    async def test_ones_own_account_buys_no_guesses(
        self, browser: Browser, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sign_in, "NETWORK", Limit("sign-in-network", 6, timedelta(hours=1)))
        codes = []
        for guess in range(8):
            codes.append((await browser.sign_in(f"victim{guess}@example.com", "guess")).status_code)
            await browser.sign_in("alba@example.com")
        assert codes[-1] == 429

    async def test_addresses_of_one_ipv6_line_count_together(self, browsers: Any, people: People) -> None:
        for place in range(sign_in.PAIR.hits):
            await browsers(ip=f"2001:db8:1:2::{place + 1:x}").sign_in("ana@example.com", "guess")
        assert (await browsers(ip="2001:db8:1:2:ffff::1").sign_in("ana@example.com")).status_code == 429
        assert (await browsers(ip="2001:db8:1:3::1").sign_in("ana@example.com")).status_code == 200

    async def test_nothing_personal_is_stored_for_it(
        self, browser: Browser, people: People, db: ForgettingDatabase
    ) -> None:
        await browser.sign_in("ana@example.com", "a wrong guess")
        async with db.connect() as c:
            keys = list(await c.scalars(select(tables.throttle.c.key)))
        assert keys
        assert not [key for key in keys if "ana" in key or "203.0" in key]


async def test_the_audit_log_knows_failures_without_what_was_typed(
    browser: Browser, people: People, db: ForgettingDatabase
) -> None:
    await browser.sign_in("my password typed in the wrong field", "hunter2 hunter2")
    async with db.connect() as c:
        rows = list((await c.execute(select(tables.audit_log))).mappings())
    failed = [row for row in rows if row["action"] == "sign_in.failed"]
    assert len(failed) == 1
    assert "hunter2" not in repr(rows)
    assert "typed" not in repr(rows)


async def test_open_streams_are_asked_when_power_ends(
    admin: Browser, browsers: Any, people: People, world: World
) -> None:
    """The hub asks all streams again at each `user.changed`."""
    other = browsers()
    await other.sign_in("ana@example.com")
    key = (await admin("POST", "/api-keys", {"name": "k", "scopes": ["events:read"]})).json()
    theirs = next(one for one in (await admin("GET", "/sessions")).json()["items"] if not one["current"])
    for method, path, body in (
        ("DELETE", f"/sessions/{theirs['id']}", None),
        ("DELETE", "/sessions", None),
        ("DELETE", f"/api-keys/{key['id']}", None),
        ("POST", "/me/password", {"current_password": PASSWORD, "password": "otra frase bien larga 9"}),
        ("PATCH", f"/users/{people.alba}", {"role": "supervisor"}),
        ("POST", f"/users/{people.sara}/deactivate", None),
    ):
        world.events.clear()
        assert (await admin(method, path, body)).status_code in (200, 204), path
        assert "user.changed" in [name for name, _ in world.events], path


async def test_streams_learn_that_their_session_ended(
    admin: Browser, shared: Services, people: People, world: World
) -> None:
    from fastapi import Request

    from trato.access import edge

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"cookie", f"__Host-trato_desk={admin.token}".encode())],
        "client": ("203.0.113.7", 1),
        "state": {},
    }
    caller = await edge.identify(Request(scope), shared)
    assert caller is not None
    assert await edge.still_allowed(caller, shared)
    await admin("DELETE", "/session")
    assert not await edge.still_allowed(caller, shared)
