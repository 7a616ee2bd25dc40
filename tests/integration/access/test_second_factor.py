"""Codes, recovery codes and passkeys, and what an attacker may try with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update
from tests.support.access import PUBLIC, Browser, People
from tests.support.authenticator import PRESENT, Authenticator
from tests.support.postgres import ForgettingDatabase

from trato.access import challenges, queries, second_factor, sign_in, tables
from trato.access.edge import RECENT
from trato.access.throttle import Limit
from trato.db.edge import Services
from trato.db.engine import Database
from trato.kit import clock
from trato.kit.secret_box import SecretBox

EMAIL = "ana@example.com"
STEP_S = 30


@pytest.fixture(autouse=True)
def _in_the_middle_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock stand: a code computed here is judged in the same step, however slow the machine."""
    standing = datetime.fromtimestamp(clock.now().timestamp() // STEP_S * STEP_S + STEP_S / 2, UTC)
    monkeypatch.setattr(clock, "now", lambda: standing)


def code_of(secret: str, at: datetime | None = None) -> str:
    return pyotp.TOTP(secret).at(at or clock.now())


async def set_up_totp(browser: Browser) -> tuple[str, list[str]]:
    secret = (await browser("POST", "/me/totp")).json()["secret"]
    before = clock.now() - timedelta(seconds=30)  # leaves the present code for the test
    response = await browser("POST", "/me/totp/confirm", {"code": code_of(secret, before)})
    assert response.status_code == 200, response.text
    return secret, response.json()["recovery_codes"]


async def asked(browser: Browser, email: str = EMAIL) -> str:
    response = await browser.sign_in(email)
    assert response.status_code == 200
    assert browser.token is None, "half a sign-in opens nothing"
    found: str = response.json()["challenge"]
    return found


class TestCodes:
    async def test_from_set_up_to_sign_in(self, admin: Browser, browsers: Any) -> None:
        made = (await admin("POST", "/me/totp")).json()
        assert made["uri"].startswith("otpauth://totp/Trato:ana%40example.com?")
        assert made["svg"].startswith("<svg")
        wrong = await admin("POST", "/me/totp/confirm", {"code": "000000"})
        assert (wrong.status_code, wrong.json()["type"]) == (422, "wrong-code")
        right = await admin("POST", "/me/totp/confirm", {"code": code_of(made["secret"])})
        assert len(right.json()["recovery_codes"]) == 10
        assert (await admin("GET", "/session")).json()["user"]["has_totp"] is True

        other = browsers()
        response = await other.sign_in(EMAIL)
        assert response.json()["second_factor"] == ["totp"]
        assert "set-cookie" not in response.headers
        later = code_of(made["secret"], clock.now() + timedelta(seconds=30))
        done = await other(
            "POST", "/session/totp", {"challenge": response.json()["challenge"], "code": later}
        )
        assert done.status_code == 200
        assert (await other("GET", "/session")).status_code == 200

    async def test_the_code_that_confirmed_it_does_not_sign_in(self, admin: Browser, browsers: Any) -> None:
        secret = (await admin("POST", "/me/totp")).json()["secret"]
        code = code_of(secret)
        await admin("POST", "/me/totp/confirm", {"code": code})
        other = browsers()
        replay = await other("POST", "/session/totp", {"challenge": await asked(other), "code": code})
        assert (replay.status_code, replay.json()["type"]) == (401, "wrong-code")

    async def test_a_code_seen_over_the_shoulder_is_spent(self, admin: Browser, browsers: Any) -> None:
        secret, _ = await set_up_totp(admin)
        code = code_of(secret)
        owner, thief = browsers(), browsers()
        first = {"challenge": await asked(owner), "code": code}
        second = {"challenge": await asked(thief), "code": code}
        assert (await owner("POST", "/session/totp", first)).status_code == 200
        assert (await thief("POST", "/session/totp", second)).status_code == 401
        assert (await thief("POST", "/session/totp", first)).status_code == 401, "the challenge is spent too"

    async def test_codes_cannot_be_guessed(self, admin: Browser, browsers: Any) -> None:
        secret, _ = await set_up_totp(admin)
        other = browsers()
        challenge = await asked(other)
        for _ in range(challenges.MAX_ATTEMPTS):
            await other("POST", "/session/totp", {"challenge": challenge, "code": "000000"})
        late = await other("POST", "/session/totp", {"challenge": challenge, "code": code_of(secret)})
        assert late.status_code == 401, "too many attempts on this challenge"

    async def test_nor_with_many_challenges(
        self, admin: Browser, browsers: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret, _ = await set_up_totp(admin)
        few = Limit("sign-in-codes", 3, timedelta(hours=1))
        monkeypatch.setattr(sign_in, "CODES", few)
        other = browsers()
        for _ in range(3):
            await other("POST", "/session/totp", {"challenge": await asked(other), "code": "000000"})
        late = await other(
            "POST", "/session/totp", {"challenge": await asked(other), "code": code_of(secret)}
        )
        assert late.status_code == 429

    async def test_a_challenge_of_another_kind_is_none(self, admin: Browser, browsers: Any) -> None:
        secret, _ = await set_up_totp(admin)
        other = browsers()
        passkey = (await other("POST", "/session/passkey/options", {})).json()["challenge"]
        for token in (passkey, "made-up"):
            sent = {"challenge": token, "code": code_of(secret)}
            assert (await other("POST", "/session/totp", sent)).status_code == 401

    async def test_a_recovery_code_works_once(self, admin: Browser, browsers: Any) -> None:
        _, codes = await set_up_totp(admin)
        other = browsers()
        sent = {"challenge": await asked(other), "code": codes[0].upper()}
        assert (await other("POST", "/session/totp", sent)).status_code == 200
        again = {"challenge": await asked(browsers()), "code": codes[0]}
        assert (await browsers()("POST", "/session/totp", again)).status_code == 401

    async def test_it_is_taken_away_with_a_recent_proof_only(
        self, admin: Browser, browsers: Any, db: ForgettingDatabase
    ) -> None:
        await set_up_totp(admin)
        async with db.begin() as c:
            await c.execute(update(tables.session).values(proved_at=clock.now() - RECENT))
        refused = await admin("DELETE", "/me/totp")
        assert (refused.status_code, refused.json()["type"]) == (403, "confirm-identity")
        wrong = await admin("POST", "/session/confirm", {"password": "a wrong guess"})
        assert wrong.status_code == 401
        from tests.support.access import PASSWORD

        assert (await admin("POST", "/session/confirm", {"password": PASSWORD})).status_code == 204
        assert (await admin("DELETE", "/me/totp")).status_code == 204
        assert (await browsers().sign_in(EMAIL)).json()["user"]["has_totp"] is False

    async def test_secret_and_codes_are_not_readable_in_the_database(
        self, admin: Browser, db: ForgettingDatabase
    ) -> None:
        secret, codes = await set_up_totp(admin)
        async with db.connect() as c:
            stored = repr([(await c.execute(select(one))).all() for one in (tables.user, tables.challenge)])
        assert secret not in stored
        assert all(code not in stored for code in codes)

    async def test_it_is_not_replaced_silently(self, admin: Browser) -> None:
        await set_up_totp(admin)
        assert (await admin("POST", "/me/totp")).status_code == 409


async def test_of_two_requests_with_one_code_one_wins(committing_db: Database, password_hash: str) -> None:
    """Both have read the user before either has written."""
    from trato.access import users
    from trato.access.roles import Role

    box = SecretBox(bytes(32))
    now = clock.now()
    async with committing_db.begin() as c:
        user_id = await users.create(
            c, email="a@b.c", name="A", role=Role.AGENT, language="es", password_hash=password_hash
        )
        made = await second_factor.begin(c, box, user_id, issuer="Trato", now=now)
        earlier = code_of(made["secret"], now - timedelta(seconds=30))
        codes = await second_factor.confirm(c, box, users.SYSTEM, user_id, earlier, now=now)
    async with committing_db.connect() as c:
        row = await queries.user_row(c, user_id)
    for code in (code_of(made["secret"], now), codes[0]):
        won = []
        for _ in range(2):
            async with committing_db.begin() as c:
                won.append(await second_factor.prove(c, box, row, code, ip=None, now=now))
        assert won == [True, False]


class TestPasskeys:
    @pytest.fixture
    async def key(self, admin: Browser) -> Authenticator:
        made = Authenticator(PUBLIC)
        started = (await admin("POST", "/me/passkeys/options")).json()
        response = await admin(
            "POST",
            "/me/passkeys",
            {
                "challenge": started["challenge"],
                "credential": made.create(started["options"]),
                "name": "Portátil",
            },
        )
        assert response.status_code == 201, response.text
        return made

    async def proof(self, browser: Browser, key: Authenticator) -> dict[str, Any]:
        started = (await browser("POST", "/session/passkey/options", {})).json()
        return {"challenge": started["challenge"], "credential": key.get(started["options"])}

    async def test_it_signs_in_without_a_name_or_a_password(
        self, key: Authenticator, browsers: Any, people: People
    ) -> None:
        browser = browsers()
        response = await browser("POST", "/session/passkey", await self.proof(browser, key))
        assert response.status_code == 200, response.text
        assert response.json()["user"]["id"] == str(people.ana)
        assert response.json()["user"]["passkeys"] == 1

    async def test_it_is_offered_as_second_factor(
        self, admin: Browser, key: Authenticator, browsers: Any
    ) -> None:
        await set_up_totp(admin)
        browser = browsers()
        assert (await browser.sign_in(EMAIL)).json()["second_factor"] == ["totp", "passkey"]
        done = await browser("POST", "/session/passkey", await self.proof(browser, key))
        assert done.status_code == 200

    async def test_the_options_ask_for_what_we_rely_on(self, admin: Browser, browser: Browser) -> None:
        creation = (await admin("POST", "/me/passkeys/options")).json()["options"]
        assert creation["rp"]["id"] == "desk.example"
        assert creation["authenticatorSelection"]["residentKey"] == "required"
        assert creation["authenticatorSelection"]["userVerification"] == "required"
        request = (await browser("POST", "/session/passkey/options", {})).json()["options"]
        assert request["userVerification"] == "required"
        assert request.get("allowCredentials", []) == [], "nothing about any user"

    async def test_a_recorded_proof_does_not_work_again(self, key: Authenticator, browsers: Any) -> None:
        browser, thief = browsers(), browsers()
        proof = await self.proof(browser, key)
        assert (await browser("POST", "/session/passkey", proof)).status_code == 200
        assert (await thief("POST", "/session/passkey", proof)).status_code == 401
        fresh = (await thief("POST", "/session/passkey/options", {})).json()["challenge"]
        mixed = {"challenge": fresh, "credential": proof["credential"]}
        assert (await thief("POST", "/session/passkey", mixed)).status_code == 401

    async def test_a_failed_proof_spends_its_challenge(self, key: Authenticator, browsers: Any) -> None:
        browser = browsers()
        proof = await self.proof(browser, key)
        broken = {**proof, "credential": {**proof["credential"], "response": {}}}
        assert (await browser("POST", "/session/passkey", broken)).status_code == 401
        assert (await browser("POST", "/session/passkey", proof)).status_code == 401

    async def test_a_proof_for_another_site_is_refused(self, key: Authenticator, browsers: Any) -> None:
        key.origin = "https://desk.example.evil.example"
        browser = browsers()
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    async def test_the_person_has_to_be_verified(self, key: Authenticator, browsers: Any) -> None:
        key.flags = PRESENT
        browser = browsers()
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    async def test_a_cloned_authenticator_is_noticed(self, key: Authenticator, browsers: Any) -> None:
        browser = browsers()
        await browser("POST", "/session/passkey", await self.proof(browser, key))
        key.counter = 0
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    async def test_the_handle_of_somebody_else_is_refused(
        self, key: Authenticator, browsers: Any, people: People
    ) -> None:
        key.user_handle = people.alba.bytes
        browser = browsers()
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    @pytest.mark.parametrize(
        "credential",
        [{}, {"id": 7}, {"id": "%%%", "response": []}, {"id": "AA", "response": {"userHandle": 1}}],
    )
    async def test_nonsense_is_refused(self, browser: Browser, people: People, credential: Any) -> None:
        challenge = (await browser("POST", "/session/passkey/options", {})).json()["challenge"]
        sent = {"challenge": challenge, "credential": credential}
        assert (await browser("POST", "/session/passkey", sent)).status_code == 401

    async def test_a_deactivated_users_passkey_is_nothing(
        self, key: Authenticator, browsers: Any, people: People, db: ForgettingDatabase
    ) -> None:
        async with db.begin() as c:
            await c.execute(update(tables.user).where(tables.user.c.id == people.ana).values(active=False))
        browser = browsers()
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    async def test_a_challenge_of_somebody_else_creates_nothing(self, admin: Browser, browsers: Any) -> None:
        other = browsers()
        await other.sign_in("alba@example.com")
        started = (await admin("POST", "/me/passkeys/options")).json()
        sent = {
            "challenge": started["challenge"],
            "credential": Authenticator(PUBLIC).create(started["options"]),
        }
        assert (await other("POST", "/me/passkeys", sent)).status_code == 422
        assert (await other("GET", "/me/passkeys")).json()["items"] == []

    async def test_the_same_passkey_twice_is_refused(self, admin: Browser, key: Authenticator) -> None:
        started = (await admin("POST", "/me/passkeys/options")).json()
        assert started["options"]["excludeCredentials"]
        sent = {"challenge": started["challenge"], "credential": key.create(started["options"])}
        assert (await admin("POST", "/me/passkeys", sent)).status_code == 409

    async def test_it_is_listed_and_forgotten(
        self, admin: Browser, key: Authenticator, browsers: Any
    ) -> None:
        (listed,) = (await admin("GET", "/me/passkeys")).json()["items"]
        assert listed["name"] == "Portátil"
        other = browsers()
        await other.sign_in("alba@example.com")
        assert (await other("DELETE", f"/me/passkeys/{listed['id']}")).status_code == 404
        assert (await admin("DELETE", f"/me/passkeys/{listed['id']}")).status_code == 204
        browser = browsers()
        assert (await browser("POST", "/session/passkey", await self.proof(browser, key))).status_code == 401

    async def test_on_this_machine_by_name_and_not_by_number(
        self, browsers: Any, shared: Services, people: People
    ) -> None:
        local = browsers(origin="http://localhost:8000")
        options = (await local("POST", "/session/passkey/options", {})).json()["options"]
        assert options["rpId"] == "localhost"
        numeric = browsers(origin="http://127.0.0.1:8000")
        refused = await numeric("POST", "/session/passkey/options", {})
        assert refused.status_code == 409
        assert "localhost" in refused.json()["todo"]
