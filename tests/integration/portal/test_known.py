"""The widget says what is known first, and notes with one click who wants to be told."""

from typing import Any
from uuid import UUID

import pytest
from tests.integration.portal.test_sessions import proof
from tests.support.portal import Page, Portal
from tests.support.services import make_account

from trato.incidents import service


@pytest.fixture
async def mailbox(portal: Portal) -> None:
    await make_account(
        portal.services, "email", address="hola@tienda.example", smtp_host="127.0.0.1", smtp_port=1
    )


@pytest.fixture
async def incident(portal: Portal) -> str:
    values: dict[str, Any] = {
        "brand_id": portal.account.brand_id,
        "titles": {"es": "Los pagos fallan", "pt": "Os pagamentos falham"},
    }
    async with portal.services.db.begin() as c:
        return str((await service.declare(c, values, actor="test"))["id"])


async def follow(page: Page, incident_id: str, email: str = "") -> Any:
    return await page.ask("POST", f"incidents/{incident_id}/follow", json={"email": email})


async def followers(portal: Portal) -> list[dict[str, Any]]:
    return await portal.rows(
        "SELECT channel, address, conversation_id, asked_at_place FROM incident_follower"
    )


async def test_it_stands_in_the_session_in_the_visitors_language(portal, page, incident) -> None:
    await page.open()
    (known,) = page.view["incidents"]
    assert (known["title"], known["kind"], known["follows"], known["reachable"]) == (
        "Los pagos fallan",
        "incident",
        False,
        False,
    )
    async with portal.page() as other:
        await other.open(language="pt-BR")
        assert other.view["incidents"][0]["title"] == "Os pagamentos falham"


async def test_whoever_has_written_needs_one_click_and_one_is_enough(portal, page, incident) -> None:
    await page.open()
    said = await page.say("no puedo pagar")
    for _ in range(2):
        assert (await follow(page, incident)).json() == {"state": "noted"}
    (follower,) = await followers(portal)
    assert follower["conversation_id"] == UUID(said["conversation"]["id"])
    await page.open()
    assert page.view["incidents"][0]["follows"] is True


async def test_who_is_not_known_says_where_and_confirms_it(portal, page, mailbox, incident) -> None:
    await page.open()
    asked = await follow(page, incident)
    assert (asked.status_code, asked.json()["field"]) == (422, "email")
    assert (await follow(page, incident, "ana@example.com")).json() == {"state": "confirm"}
    assert await followers(portal) == []
    assert (await follow(page, incident, "nobody")).status_code == 422


async def test_whom_the_shop_vouches_for_is_told_by_their_mail(portal, page, mailbox, incident) -> None:
    await page.open(identity=proof(portal.account, email="pedro@example.org"))
    assert page.view["incidents"][0]["reachable"] is True
    assert (await follow(page, incident)).json() == {"state": "noted"}
    (follower,) = await followers(portal)
    assert follower["address"] is not None
    assert follower["conversation_id"] is None


async def test_nobody_follows_what_is_over(portal, page, incident) -> None:
    await page.open()
    await page.say("no puedo pagar")
    async with portal.services.db.begin() as c:
        await service.resolve(c, UUID(incident), {}, actor="test")
    assert (await follow(page, incident)).status_code == 409
    assert (await follow(page, str(portal.account.id))).status_code == 404
    await page.open()
    assert page.view["incidents"] == []


async def test_an_open_chat_sees_what_stops_working_and_what_works_again(portal, page) -> None:
    await page.open()
    assert (await page.ask("GET", "incidents")).json()["items"] == []
    values = {"brand_id": portal.account.brand_id, "titles": {"es": "Los pagos fallan"}}
    async with portal.services.db.begin() as c:
        made = await service.declare(c, values, actor="test")
    (known,) = (await page.ask("GET", "incidents")).json()["items"]
    assert known["title"] == "Los pagos fallan"
    async with portal.services.db.begin() as c:
        await service.resolve(c, made["id"], {}, actor="test")
    assert (await page.ask("GET", "incidents")).json()["items"] == []


async def test_an_address_is_offered_where_mail_can_be_sent(portal, page, incident) -> None:
    await page.open()
    assert page.view["incidents"][0]["by_mail"] is False
    await make_account(
        portal.services, "email", address="hola@tienda.example", smtp_host="127.0.0.1", smtp_port=1
    )
    await page.open()
    assert page.view["incidents"][0]["by_mail"] is True
