"""The first administrator, invitations and forgotten passwords: links that work once."""

import asyncio
import re
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select, update
from tests.support.access import PASSWORD, PUBLIC, Browser, People, World
from tests.support.postgres import ForgettingDatabase

from trato.access import links, queries, service, tables
from trato.access.errors import LinkSpent, WeakPassword
from trato.access.texts import LANGUAGES, invitation, reset
from trato.db.engine import Database
from trato.kit import clock
from trato.kit.errors import Conflict, DomainError, NotFound

NEW = "otra frase bien larga 9"


def token_of(link: str) -> str:
    assert link.startswith(f"{PUBLIC}/link#"), "made from the public URL, token after #"
    return link.partition("#")[2]


def mailed(world: World) -> str:
    found = re.search(r"https://\S+", world.mails[-1][2])
    assert found is not None
    return token_of(found.group())


async def expire(db: ForgettingDatabase) -> None:
    async with db.begin() as c:
        await c.execute(update(tables.one_time_link).values(expires_at=clock.now() - timedelta(seconds=1)))


class TestFirstAdministrator:
    async def test_the_link_makes_the_first_and_only_the_first(
        self, db: ForgettingDatabase, browser: Browser
    ) -> None:
        async with db.begin() as c:
            link = await service.first_administrator_link(c, PUBLIC)
        assert link is not None
        look = await browser("GET", f"/links/{token_of(link)}")
        assert look.json() == {"purpose": "set-up", "email": None, "name": None}
        async with db.begin() as c:
            await service.create_first_administrator(c, token_of(link), "Ana", "ana@example.com", NEW, "pt")
            assert await service.first_administrator_link(c, PUBLIC) is None
        assert (await browser("GET", "/session")).json()["set_up"] is True
        response = await browser.sign_in("ana@example.com", NEW)
        assert (response.json()["user"]["role"], response.json()["language"]) == ("administrator", "pt")

    async def test_a_later_start_prints_another_link_and_the_former_stops(
        self, db: ForgettingDatabase
    ) -> None:
        async with db.begin() as c:
            former = await service.first_administrator_link(c, PUBLIC)
            latter = await service.first_administrator_link(c, PUBLIC)
            assert former
            assert latter
            with pytest.raises(LinkSpent):
                await service.create_first_administrator(
                    c, token_of(former), "Ana", "ana@example.com", NEW, "es"
                )
            assert await service.create_first_administrator(
                c, token_of(latter), "Ana", "ana@example.com", NEW, "es"
            )

    async def test_a_weak_password_does_not_spend_it(self, db: ForgettingDatabase) -> None:
        async with db.begin() as c:
            token = token_of(await service.first_administrator_link(c, PUBLIC) or "")
            with pytest.raises(WeakPassword):
                await service.create_first_administrator(c, token, "Ana", "a@b.example", "short", "es")
            assert await service.create_first_administrator(c, token, "Ana", "a@b.example", NEW, "es")

    async def test_an_invitation_is_not_a_set_up(self, db: ForgettingDatabase, people: People) -> None:
        async with db.begin() as c:
            token = await links.create(c, "reset", people.alba, now=clock.now())
            with pytest.raises(Conflict):
                await service.create_first_administrator(c, token, "M", "m@b.example", NEW, "es")
            await c.execute(update(tables.user).values(active=False))
            with pytest.raises(LinkSpent):
                await service.create_first_administrator(c, token, "M", "m@b.example", NEW, "es")

    async def test_two_at_the_same_moment_make_one(self, committing_db: Database) -> None:
        async with committing_db.begin() as c:
            token = token_of(await service.first_administrator_link(c, PUBLIC) or "")

        async def attempt(number: int) -> bool:
            try:
                async with committing_db.begin() as c:
                    await service.create_first_administrator(
                        c, token, "Ana", f"ana{number}@example.com", NEW, "es"
                    )
            except DomainError:
                return False
            return True

        assert sorted(await asyncio.gather(*map(attempt, range(3)))) == [False, False, True]
        async with committing_db.connect() as c:
            assert await c.scalar(select(func.count()).select_from(tables.user)) == 1


class TestInvitations:
    BODY: ClassVar = {"email": "Nuevo@Example.com", "name": "Nuevo", "role": "agent", "capacity": 3}

    async def test_from_invitation_to_work(self, admin: Browser, browsers: Any, world: World) -> None:
        response = await admin("POST", "/invitations", self.BODY)
        assert response.status_code == 201
        body = response.json()
        assert (body["user"]["invited"], body["user"]["capacity"]) == (True, 3)
        to, subject, text, language = world.mails[-1]
        assert (to, language) == ("Nuevo@Example.com", "es")
        assert "La Tienda" in subject
        assert body["link"] in text

        guest = browsers()
        token = token_of(body["link"])
        assert (await guest.sign_in("nuevo@example.com", PASSWORD)).status_code == 401, "not yet"
        look = (await guest("GET", f"/links/{token}")).json()
        assert look == {"purpose": "invitation", "email": "Nuevo@Example.com", "name": "Nuevo"}
        weak = await guest(
            "POST", "/invitations/accept", {"token": token, "name": "Noa", "password": "nuevo@example.com"}
        )
        assert (weak.status_code, weak.json()["field"]) == (422, "password")
        accepted = await guest(
            "POST",
            "/invitations/accept",
            {"token": token, "name": "Noa", "password": NEW, "language": "pt"},
        )
        assert accepted.status_code == 200, accepted.text
        assert accepted.json()["user"]["name"] == "Noa"
        assert accepted.json()["agent"]["name"] == "Noa"
        assert (await guest("GET", "/session")).status_code == 200, "and is signed in"
        again = await guest("POST", "/invitations/accept", {"token": token, "name": "M", "password": NEW})
        assert (again.status_code, again.json()["type"]) == (403, "link-spent")
        assert {name for name, _ in world.events} == {"user.changed", "agent.changed"}

    async def test_inviting_again_renews_the_link(self, admin: Browser, browser: Browser) -> None:
        first = (await admin("POST", "/invitations", self.BODY)).json()
        second = (await admin("POST", "/invitations", {**self.BODY, "role": "supervisor"})).json()
        assert second["user"]["id"] == first["user"]["id"]
        assert second["user"]["role"] == "supervisor"
        assert (await browser("GET", f"/links/{token_of(first['link'])}")).status_code == 403
        assert (await browser("GET", f"/links/{token_of(second['link'])}")).status_code == 200

    async def test_somebody_who_is_here_is_not_invited(self, admin: Browser) -> None:
        response = await admin("POST", "/invitations", {**self.BODY, "email": "ALBA@example.com"})
        assert response.status_code == 409

    async def test_it_ends_after_a_week_and_with_deactivation(
        self, admin: Browser, browser: Browser, db: ForgettingDatabase
    ) -> None:
        made = (await admin("POST", "/invitations", self.BODY)).json()
        await admin("POST", f"/users/{made['user']['id']}/deactivate")
        accept = {"token": token_of(made["link"]), "name": "N", "password": NEW}
        assert (await browser("POST", "/invitations/accept", accept)).status_code == 403
        other = (await admin("POST", "/invitations", {**self.BODY, "email": "otra@example.com"})).json()
        await expire(db)
        accept["token"] = token_of(other["link"])
        assert (await browser("POST", "/invitations/accept", accept)).status_code == 403

    async def test_a_name_cannot_write_the_mail(self, admin: Browser, world: World) -> None:
        name = "N\r\nBcc: all@example.com\n\nhttps://evil.example {link}"
        refused = await admin("POST", "/invitations", {**self.BODY, "name": name})
        assert (refused.status_code, world.mails) == (422, [])
        await admin("POST", "/invitations", {**self.BODY, "name": name.replace("\r", "").replace("\n", " ")})
        _, subject, text, _ = world.mails[-1]
        assert "\n" not in subject
        assert "\nBcc" not in text
        assert "{link}" in text, "what stands in a name is not filled in"


class TestForgottenPassword:
    async def ask(self, browser: Browser, email: str, **headers: str) -> None:
        response = await browser("POST", "/password/forgot", {"email": email}, **headers)
        assert (response.status_code, response.json()) == (202, {})

    async def test_from_link_to_sign_in(self, browsers: Any, admin: Browser, world: World) -> None:
        browser = browsers()
        await self.ask(browser, "ANA@example.com")
        assert world.mails[-1][0] == "ana@example.com", "to the address on record"
        token = mailed(world)
        assert (await browser("GET", f"/links/{token}")).json()["purpose"] == "reset"
        sent = {"token": token, "password": NEW}
        assert (await browser("POST", "/password/reset", sent)).status_code == 204
        assert browser.token is None, "a link alone opens no session"
        assert (await admin("GET", "/session")).status_code == 401, "all sessions ended"
        assert (await browser.sign_in("ana@example.com", PASSWORD)).status_code == 401
        assert (await browser.sign_in("ana@example.com", NEW)).status_code == 200
        assert (await browser("POST", "/password/reset", sent)).status_code == 403

    async def test_a_second_factor_is_still_asked_for(
        self, admin: Browser, browser: Browser, world: World
    ) -> None:
        import pyotp

        secret = (await admin("POST", "/me/totp")).json()["secret"]
        await admin("POST", "/me/totp/confirm", {"code": pyotp.TOTP(secret).at(clock.now())})
        await self.ask(browser, "ana@example.com")
        await browser("POST", "/password/reset", {"token": mailed(world), "password": NEW})
        assert (await browser.sign_in("ana@example.com", NEW)).json()["second_factor"] == ["totp"]

    async def test_nobody_learns_who_is_here(
        self, browser: Browser, people: People, world: World, db: ForgettingDatabase
    ) -> None:
        await self.ask(browser, "nobody@example.com")
        await self.ask(browser, "rubbish rubbish")
        async with db.begin() as c:
            await c.execute(update(tables.user).where(tables.user.c.id == people.alba).values(active=False))
        await self.ask(browser, "alba@example.com")
        assert world.mails == []

    async def test_no_mail_is_promised_where_none_can_be_sent(
        self, browser: Browser, people: People, world: World
    ) -> None:
        world.can_mail = False
        answers = [
            await browser("POST", "/password/forgot", {"email": email}, Accept_Language="es")
            for email in ("ana@example.com", "nobody@example.com")
        ]
        assert [one.status_code for one in answers] == [409, 409]
        assert answers[0].json()["detail"] == answers[1].json()["detail"], "the same, whoever asks"
        assert "trato users link" in answers[0].text
        assert world.mails == []

    async def test_the_owner_of_the_machine_makes_a_link(
        self, browser: Browser, people: People, db: ForgettingDatabase
    ) -> None:
        async with db.begin() as c:
            link = await service.link_for(c, PUBLIC, "ANA@example.com")
            with pytest.raises(NotFound) as nobody:
                await service.link_for(c, PUBLIC, "nobody@example.com")
        assert nobody.value.values == {"addresses": "ana@example.com"}
        sent = {"token": token_of(link), "password": NEW}
        assert (await browser("POST", "/password/reset", sent)).status_code == 204
        assert (await browser.sign_in("ana@example.com", NEW)).status_code == 200

    async def test_the_host_header_does_not_make_the_link(
        self, browser: Browser, people: People, world: World
    ) -> None:
        await self.ask(browser, "ana@example.com", Host="evil.example", X_Forwarded_Host="evil.example")
        assert "evil" not in world.mails[-1][2]
        assert f"{PUBLIC}/link#" in world.mails[-1][2]

    async def test_nobody_is_flooded(self, browser: Browser, people: People, world: World) -> None:
        for _ in range(service.FORGOTTEN.hits + 2):
            await self.ask(browser, "ana@example.com")
        assert len(world.mails) == service.FORGOTTEN.hits

    async def test_only_the_last_link_works_and_not_after_a_change(
        self, browser: Browser, admin: Browser, world: World
    ) -> None:
        await self.ask(browser, "ana@example.com")
        first = mailed(world)
        await self.ask(browser, "ana@example.com")
        second = mailed(world)
        refused = await browser("POST", "/password/reset", {"token": first, "password": NEW})
        assert refused.status_code == 403
        changed = await admin("POST", "/me/password", {"current_password": PASSWORD, "password": NEW})
        assert changed.status_code == 204
        refused = await browser("POST", "/password/reset", {"token": second, "password": NEW + "!"})
        assert refused.status_code == 403

    async def test_an_invitation_is_not_a_reset(self, admin: Browser, browser: Browser) -> None:
        made = (await admin("POST", "/invitations", TestInvitations.BODY)).json()
        sent = {"token": token_of(made["link"]), "password": NEW}
        assert (await browser("POST", "/password/reset", sent)).status_code == 403


class TestOwnPassword:
    async def test_the_present_one_is_asked_for(self, admin: Browser) -> None:
        wrong = await admin("POST", "/me/password", {"current_password": "a guess", "password": NEW})
        assert wrong.status_code == 401
        weak = await admin("POST", "/me/password", {"current_password": PASSWORD, "password": "x" * 20})
        assert weak.status_code == 422

    async def test_other_sessions_end_and_this_one_stays(self, admin: Browser, browsers: Any) -> None:
        other = browsers()
        await other.sign_in("ana@example.com")
        changed = await admin("POST", "/me/password", {"current_password": PASSWORD, "password": NEW})
        assert changed.status_code == 204
        assert (await admin("GET", "/session")).status_code == 200
        assert (await other("GET", "/session")).status_code == 401


async def test_links_are_stored_as_hashes(admin: Browser, db: ForgettingDatabase) -> None:
    made = (await admin("POST", "/invitations", TestInvitations.BODY)).json()
    async with db.connect() as c:
        rows = (await c.execute(select(tables.one_time_link))).all()
        users = await queries.users(c)
    assert rows
    assert token_of(made["link"]) not in repr(rows)
    assert len(users) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_exist_in_every_language(language: str) -> None:
    words = {"organisation": "La Tienda", "name": "Ana", "link": "https://desk.example/link#x"}
    for mail in (invitation(language, inviter="Luz", **words), reset(language, **words)):
        assert words["link"] in mail.text
        assert "La Tienda" in mail.subject
        assert "{" not in mail.subject + mail.text
