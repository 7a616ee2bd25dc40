"""How somebody likes to be helped: said once on any channel, seen and changed by them, obeyed on all."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.portal import SECRET
from tests.support.services import make_account

from trato.kit.clock import now
from trato.portal import preference, transcript
from trato.portal.identity import Identity, sign


def identity(account, email="pedro@example.org", name="Pedro Gómez") -> dict[str, object]:
    bare = Identity("u1", name, email, int(time.time()) + 600, "")
    return {
        "user_id": bare.user_id,
        "name": bare.name,
        "email": bare.email,
        "exp": bare.exp,
        "signature": sign(SECRET, account.public_key, bare),
    }


async def facts(portal) -> dict[str, tuple[str, str, str]]:
    found = await portal.rows("SELECT name, value, said_by, source FROM fact")
    return {row["name"]: (row["value"], row["said_by"], row["source"]) for row in found}


@pytest.fixture
async def contact_id(portal, page) -> UUID:
    await page.open()
    await page.say("hola")
    (contact,) = await portal.rows("SELECT id FROM contact")
    return UUID(str(contact["id"]))


@pytest.fixture
def link(portal, contact_id) -> str:
    return preference.url(portal.services, contact_id, now()).removeprefix(portal.services.public.url)


async def test_who_signed_in_at_the_shop_need_not_say_who_they_are(portal, page, account):
    await page.open(identity=identity(account))
    assert await facts(portal) == {
        "name": ("Pedro Gómez", "site", "webchat"),
        "email": ("pedro@example.org", "site", "webchat"),
    }
    await page.open(identity=identity(account))
    assert page.view["email"] == "pedro@example.org"
    assert len(await portal.rows("SELECT * FROM fact")) == 2


async def test_an_address_given_once_is_offered_to_whoever_gave_it(portal, page):
    await make_account(portal.services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")
    await page.open()
    assert page.view.get("email") is None
    await page.say("hola")
    assert (await page.ask("POST", "transcript", json={"email": "ana@example.org"})).status_code == 202
    assert await facts(portal) == {"email": ("ana@example.org", "contact", "webchat")}
    await page.open()
    assert page.view["email"] == "ana@example.org"
    async with portal.page() as other:  # another browser of the same contact, which proves nothing
        await other.open()
        visitor = other.view["visitor_id"]
        async with portal.services.db.begin() as c:
            await c.execute(
                text(
                    "INSERT INTO address (id, contact_id, kind, value, key)"
                    " SELECT gen_random_uuid(), id, 'visitor', v, v FROM contact, CAST(:v AS text) v"
                ),
                {"v": visitor},
            )
        await other.open()
        assert other.view["email"] is None


async def test_the_menu_says_and_keeps_all_of_the_preference(portal, page, contact_id):
    await make_account(portal.services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")
    await page.open()
    assert page.view["channels"] == [
        {"kind": "email", "name": "Correo"},
        {"kind": "webchat", "name": "Chat web"},
    ]
    said = {"prefers": "person", "channel": "email", "tone": "vos"}
    assert (await page.ask("PATCH", "preference", json=said)).json() == said
    assert (await page.ask("PATCH", "preference", json={"tone": None})).json() == said | {"tone": None}
    refused = await page.ask("PATCH", "preference", json={"channel": "carrier_pigeon"})
    assert refused.status_code == 422
    await page.open()
    assert page.view["preference"] == said | {"tone": None}


async def test_a_tone_alone_is_not_lost(page, contact_id):
    await page.ask("PATCH", "preference", json={"tone": "tu"})
    await page.open()
    assert page.view["preference"] == {"prefers": "unknown", "channel": None, "tone": "tu"}


async def test_the_link_shows_and_changes_the_preference_without_signing_in(portal, page, contact_id, link):
    shown = await page.http.get(link, headers={"Accept-Language": "es"})
    assert shown.status_code == 200
    assert "Cómo prefiere que le atendamos" in shown.text
    assert "<script" not in shown.text
    assert "unsafe" not in shown.headers["content-security-policy"]
    saved = await page.http.post(
        link,
        data={"prefers": "person", "channel": "webchat", "tone": "vos"},
        headers={"Accept-Language": "es"},
    )
    assert saved.status_code == 200
    assert "Cómo preferís que te atendamos" in saved.text
    (contact,) = await portal.rows("SELECT prefers, preferred_channel, tone, preference_source FROM contact")
    assert list(contact.values()) == ["person", "webchat", "vos", "contact"]
    assert (await facts(portal))["tone"] == ("vos", "contact", "page")
    events = await portal.rows(
        "SELECT actor FROM event WHERE type = 'contact.changed' ORDER BY id DESC LIMIT 1"
    )
    assert events == [{"actor": "contact"}]
    for language, words in (("en", "How you would like"), ("pt-BR", "Como você prefere")):
        assert words in (await page.http.get(link, headers={"Accept-Language": language})).text


async def test_no_other_page_and_no_forged_or_old_link_changes_it(portal, page, contact_id, link):
    body = {"prefers": "alone"}
    foreign = await page.http.post(link, data=body, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old = preference.token(portal.services, contact_id, long_ago)
    forged = link[:20] + ("A" if link[20] != "A" else "B") + link[21:]
    bad = [forged, "/preference/x", "/preference/%C3%A9", f"/preference/{old}", link[:-6]]
    for one in bad:
        assert (await page.http.post(one, data=body)).status_code == 404, one
        answer = await page.http.get(one, headers={"Accept-Language": "es"})
        assert (answer.status_code, "ya no sirve" in answer.text) == (404, True), one
    assert (await portal.rows("SELECT prefers FROM contact")) == [{"prefers": "unknown"}]
    assert (await page.http.post(link, data={"channel": "pigeon"})).status_code == 422


async def test_the_link_of_a_merged_contact_leads_to_who_is_left(portal, page, contact_id, link):
    async with portal.services.db.begin() as c:
        await c.execute(text("INSERT INTO contact (id, name) VALUES (gen_random_uuid(), 'Ana')"))
        await c.execute(text("UPDATE contact SET merged_into = (SELECT id FROM contact WHERE name = 'Ana')"
                             " WHERE id = :id"), {"id": contact_id})  # fmt: skip
    assert (await page.http.post(link, data={"tone": "tu"})).status_code == 200
    assert await portal.rows("SELECT tone FROM contact WHERE name = 'Ana'") == [{"tone": "tu"}]


async def test_the_copy_by_mail_speaks_as_the_contact_asked_and_leads_to_the_page(portal, page):
    mail = await make_account(portal.services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")
    await page.open()
    await page.say("hola")
    await page.ask("PATCH", "preference", json={"tone": "vos"})
    await page.ask("POST", "transcript", json={"email": "ana@example.org"})
    (copy,) = await portal.rows(
        "SELECT m.text FROM message m JOIN conversation v ON v.id = m.conversation_id"
        " WHERE v.account_id = :id",
        id=mail.id,
    )
    assert "Cómo preferís que te atendamos" in copy["text"]
    path = copy["text"].rsplit("/preference/", 1)[1].strip()
    shown = await page.http.get(f"/preference/{path}", headers={"Accept-Language": "es"})
    assert 'value="vos" checked' in shown.text


@pytest.mark.parametrize(
    ("language", "tone", "words"),
    [
        ("es", "usted", "Usted pidió"),
        ("es", "tu", "prefieres"),
        ("es", "vos", "preferís"),
        ("pt", "vos", "Você pediu"),
        ("en", "tu", "You asked"),
    ],
)
def test_tone_is_a_matter_of_spanish(language: str, tone: str, words: str) -> None:
    message = {"at": now().isoformat(), "mine": True, "text": "hola", "attachments": []}
    _, said = transcript.write(
        [message], brand="Aurora", language=language, time_zone="UTC", tone=tone, preference_url="x"
    )
    assert words in said


def test_a_link_is_good_for_a_year(portal, contact_id) -> None:
    given = preference.token(portal.services, contact_id, now())
    assert preference.contact_of(portal.services, given, now() + timedelta(days=364)) == contact_id
