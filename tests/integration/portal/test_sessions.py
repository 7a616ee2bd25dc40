"""Who a visitor is: nobody until they speak, the same after a reload, a person only with a proof."""

import asyncio
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.support.png import png
from tests.support.portal import SECRET, SITE

from trato.access.throttle import Limit
from trato.kit.clock import now
from trato.portal import api, sessions
from trato.portal.identity import Identity, sign


def proof(account, user_id="u-7", name="Pedro Gómez", email="", *, secret=SECRET, minutes=30):
    exp = int((now() + timedelta(minutes=minutes)).timestamp())
    bare = Identity(user_id, name, email, exp, "")
    return {
        "user_id": user_id,
        "name": name,
        "email": email,
        "exp": exp,
        "signature": sign(secret, account.public_key, bare),
    }


async def contacts(portal):
    return await portal.rows("SELECT * FROM contact WHERE merged_into IS NULL ORDER BY created_at")


async def test_opening_makes_a_visitor_and_no_contact(portal, page):
    await page.open()
    assert page.view["conversation"] is None
    assert page.view["identified"] is False
    assert page.view["people"] == "away"
    assert page.view["greeting"]["brand"] == "Tienda"
    assert page.view["limits"]["max_file_bytes"] == 1_000_000
    assert len(await portal.rows("SELECT * FROM visitor")) == 1
    assert await contacts(portal) == []


async def test_a_reload_finds_the_same_visitor_and_what_was_said(portal, page):
    await page.open()
    await page.say("Mi heladera no enfría")
    before = page.view
    await page.open()
    assert page.view["visitor_id"] == before["visitor_id"]
    assert page.token == before["token"]
    assert [m["text"] for m in page.view["conversation"]["messages"]] == ["Mi heladera no enfría"]
    assert len(await contacts(portal)) == 1


@pytest.mark.parametrize("forged", ["x" * 43, "{token}!", "x", "{token} {token}"])
async def test_a_token_that_is_not_ours_opens_nothing(page, forged):
    await page.open()
    await page.say("secreto")
    page.token = forged.format(token=page.token)
    assert (await page.ask("POST", "typing")).status_code == 401
    await page.open()
    assert page.view["conversation"] is None


async def test_an_expired_token_opens_nothing(portal, page):
    await page.open()
    await page.say("secreto")
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE visitor_session SET expires_at = now()"))
    answer = await page.ask("POST", "typing")
    assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in")
    await page.open()
    assert page.view["conversation"] is None


async def test_a_token_of_another_account_opens_nothing(portal, page):
    await page.open()
    await page.say("secreto")
    async with portal.services.db.begin() as c:
        await c.execute(
            text("UPDATE account SET public_key = 'old' WHERE id = :id"), {"id": portal.account.id}
        )
    from tests.support.services import make_account

    page.account = await make_account(portal.services, "webchat", origins=[SITE])
    await page.open()
    assert page.view["conversation"] is None


async def test_an_unknown_account_and_one_of_another_channel_are_not_found(portal, page):
    answer = await page.ask("POST", "session", json={"account": secrets.token_urlsafe(9)})
    assert answer.status_code == 404
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE account SET enabled = false"))
    answer = await page.ask("POST", "session", json={"account": portal.account.public_key})
    assert answer.status_code == 404


async def test_a_proof_makes_a_contact_that_is_greeted_by_name(portal, page):
    await page.open(identity=proof(portal.account, email="pedro@example.com"))
    assert page.view["identified"] is True
    assert page.view["identity_problem"] is None
    assert page.view["greeting"]["name"] == "Pedro"
    (contact,) = await contacts(portal)
    assert contact["name"] == "Pedro Gómez"
    addresses = await portal.rows("SELECT kind, verified_at FROM address ORDER BY kind")
    assert [a["kind"] for a in addresses] == ["email", "external", "visitor"]
    assert all(a["verified_at"] for a in addresses)
    told = await portal.rows(
        "SELECT data->'contact'->>'version' AS version, count(DISTINCT data->'contact') AS views "
        "FROM event WHERE type LIKE 'contact.%' GROUP BY 1"
    )
    assert {row["views"] for row in told} == {1}  # who hears them late can tell which is newer


@pytest.mark.parametrize(
    "forged",
    [{"secret": "z" * 40}, {"minutes": -1}, {"minutes": 60 * 48}, {"secret": ""}],
)
async def test_a_forged_or_expired_proof_leaves_the_visitor_anonymous(portal, page, forged):
    await page.open(identity=proof(portal.account, email="victima@example.com", **forged))
    assert page.view["identified"] is False
    assert page.view["identity_problem"]
    assert page.view["greeting"]["name"] == ""
    assert await contacts(portal) == []


async def test_two_users_whose_ids_differ_in_case_alone_stay_two(portal):
    for user_id in ("abc", "ABC", "Abc"):
        async with portal.page() as page:
            await page.open(identity=proof(portal.account, user_id, name=user_id))
    assert len(await contacts(portal)) == 3


async def test_a_mail_contact_who_signs_in_is_the_same_person_greeted_by_the_case(portal, page):
    from trato.contacts import service as contacts_service
    from trato.conversations import service as conversations

    async with portal.services.db.begin() as c:
        known = await contacts_service.create_contact(
            c, name="Pedro Gómez", kind="email", value="Pedro@Example.com", actor="system"
        )
        case = await conversations.create_case(
            c, brand_id=portal.account.brand_id, contact_id=known["id"], title="Garantía", expectation="",
            actor="system",
        )  # fmt: skip
        steps = [{"title": "Diagnóstico", "state": "now"}]
        await conversations.set_steps(c, case["id"], steps, actor="system")
    await page.open(identity=proof(portal.account, email="pedro@example.com"))
    told = page.view["greeting"]["case"]
    assert (told["number"], told["title"], told["step"]) == (case["number"], "Garantía", "Diagnóstico")
    assert len(await contacts(portal)) == 1
    await page.say("¿Ya se sabe qué tiene?")
    (row,) = await portal.rows("SELECT case_id FROM conversation")
    assert str(row["case_id"]) == str(case["id"])  # what they were greeted by is what they speak of


async def test_an_anonymous_visitor_is_told_no_name_and_no_case(portal, page):
    await page.open()
    await page.say("Soy Pedro Gómez")
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE contact SET name = 'Pedro Gómez'"))
    await page.open()
    assert page.view["greeting"]["name"] == ""
    assert page.view["greeting"]["case"] is None


async def test_what_was_said_before_the_proof_goes_on_after_it(portal):
    async with portal.page() as home, portal.page() as phone:
        await home.open(identity=proof(portal.account))
        await home.say("desde casa")
        await phone.open()
        await phone.say("desde el teléfono, sin ingresar")
        await phone.open(identity=proof(portal.account))
        texts = [m["text"] for m in phone.view["conversation"]["messages"]]
        assert texts == ["desde casa", "desde el teléfono, sin ingresar"]
        await phone.say("ya ingresé")
        await home.open()
        assert [m["text"] for m in home.view["conversation"]["messages"]][-1] == "ya ingresé"
    assert len(await contacts(portal)) == 1


async def test_whoever_knew_the_token_of_before_the_proof_knows_nothing_of_after_it(portal):
    async with portal.page() as page, portal.page() as other:
        for before in ("first", "known"):  # the first time they prove it, and when they are known already
            page.token = None
            await page.open()
            other.token = page.token  # as when somebody planted it
            await page.open(identity=proof(portal.account))
            assert page.view["identified"] is True
            assert page.token != other.token, before
            assert (await other.ask("POST", "typing")).status_code == 401
            await other.open()
            assert other.view["identified"] is False


async def test_who_proves_again_who_they_are_keeps_their_token(portal, page):
    await page.open(identity=proof(portal.account))
    token = page.token
    await page.open(identity=proof(portal.account))
    assert page.token == token
    assert len(await portal.rows("SELECT * FROM visitor_session")) == 1


async def test_two_proofs_at_once_with_one_session_are_both_of_the_one_who_proved(portal):
    async with portal.page() as page:
        await page.open()
        await page.say("antes de ingresar")
        token = page.token

    async def one():
        async with portal.page(token=token) as tab:
            await tab.open(identity=proof(portal.account))
            return tab.view["visitor_id"], tab.view["conversation"]["messages"][0]["text"]

    assert set(await asyncio.gather(*(one() for _ in range(4)))) == {
        (page.view["visitor_id"], "antes de ingresar")
    }
    assert await portal.rows("SELECT * FROM visitor WHERE known_as = id") == []


async def test_a_file_that_was_attached_before_the_proof_is_sent_after_it(portal):
    async with portal.page() as home, portal.page() as phone:
        await home.open(identity=proof(portal.account))
        await phone.open()
        uploaded = (await phone.upload("foto.png", png())).json()
        await phone.open(identity=proof(portal.account))
        sent = await phone.say("", attachment_ids=[uploaded["id"]])
    assert [one["filename"] for one in sent["message"]["attachments"]] == ["foto.png"]


async def test_the_next_person_at_the_computer_sees_nothing_of_the_one_before(portal, page):
    await page.open(identity=proof(portal.account, "u-7"))
    await page.say("de Pedro")
    await page.open(identity=proof(portal.account, "u-8", name="Lucía"))
    assert page.view["greeting"]["name"] == "Lucía"
    assert page.view["conversation"] is None
    assert len(await contacts(portal)) == 2


@pytest.mark.parametrize("forged", [{"secret": "z" * 40}, {"minutes": -1}])
async def test_a_refused_proof_of_somebody_else_does_not_leave_them_with_the_one_before(portal, page, forged):
    await page.open(identity=proof(portal.account, "u-7"))
    await page.say("de Pedro")
    before = page.view["visitor_id"]
    await page.open(identity=proof(portal.account, "u-8", name="Ana", **forged))
    assert page.view["identity_problem"]
    assert (page.view["identified"], page.view["conversation"]) == (False, None)
    assert page.view["greeting"]["name"] == ""
    await page.say("de Ana")
    assert len(await portal.rows("SELECT DISTINCT contact_id FROM conversation")) == 2
    assert page.view["visitor_id"] != before


async def test_who_was_proven_stays_so_when_a_proof_of_the_same_person_has_expired(portal, page):
    await page.open(identity=proof(portal.account))
    await page.open(identity=proof(portal.account, minutes=-1))
    assert page.view["identity_problem"]
    assert page.view["identified"] is True


async def test_two_known_users_are_never_made_one_by_a_shared_mail_address(portal):
    for user_id in ("u-7", "u-8"):
        async with portal.page() as page:
            await page.open(identity=proof(portal.account, user_id, email="familia@example.com"))
            assert page.view["identified"] is True
    assert len(await contacts(portal)) == 2


async def test_the_same_proof_in_many_tabs_at_once_makes_one_visitor(portal):
    async def one():
        async with portal.page() as page:
            await page.open(identity=proof(portal.account))
            return page.view["visitor_id"]

    assert len(set(await asyncio.gather(*(one() for _ in range(6))))) == 1
    assert len(await contacts(portal)) == 1


async def test_sessions_from_one_network_are_limited(portal, page, monkeypatch):
    monkeypatch.setattr(api, "_NEW_SESSIONS", Limit("visitor-sessions", 5, timedelta(hours=1)))
    statuses = []
    for _ in range(7):
        page.token = None
        answer = await page.ask("POST", "session", json={"account": portal.account.public_key})
        statuses.append(answer.status_code)
    assert statuses == [200] * 5 + [429] * 2
    assert answer.headers["Retry-After"]


async def test_the_sweep_forgets_who_never_spoke_and_keeps_who_did(portal):
    async with portal.page() as silent, portal.page() as spoke:
        await silent.open()
        await spoke.open()
        await spoke.say("hola")
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE visitor_session SET expires_at = now() - interval '1 s'"))
        assert await sessions.sweep(c, now() + timedelta(days=1)) == 2
    (left,) = await portal.rows("SELECT id FROM visitor")
    assert str(left["id"]) == spoke.view["visitor_id"]
