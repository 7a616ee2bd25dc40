"""Whoever left an address gets the agent's answer by mail: once, in the agent's words, never a receipt."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.portal.test_waiting import agree
from tests.support.portal import Page, Portal
from tests.support.services import make_account

from trato.portal import callback_mail

AT_ONCE = timedelta()


@pytest.fixture
async def mailbox(portal: Portal) -> None:
    await make_account(
        portal.services, "email", address="hola@tienda.example", smtp_host="127.0.0.1", smtp_port=1
    )


async def mails(portal: Portal) -> list[dict[str, Any]]:
    return await portal.rows("""
        SELECT m.text, m.subject, m.author_name, m.payload->'to'->0->>'address' AS receiver, v.status,
               v.case_id, v.id AS conversation_id
        FROM message m JOIN conversation v ON v.id = m.conversation_id
        WHERE v.channel = 'email' ORDER BY m.created_at
    """)


async def mail_what_is_due(portal: Portal, seen_within: timedelta = AT_ONCE) -> int:
    count = 0
    while True:
        async with portal.services.db.begin() as c:
            if not await callback_mail.mail_next(portal.services, c, seen_within=seen_within):
                return count
        count += 1


async def left(page: Page) -> str:
    await page.open()
    said = await page.say("mi pedido no llegó")
    await agree(page, how="email", address="ana@example.com")
    found: str = said["conversation"]["id"]
    return found


async def test_nothing_goes_out_before_somebody_has_written(portal, page, mailbox) -> None:
    await left(page)
    assert await mail_what_is_due(portal) == 0
    assert await mails(portal) == []


async def test_the_answer_comes_by_mail_once_and_what_follows_in_the_same_thread(
    portal, page, mailbox
) -> None:
    conversation_id = await left(page)
    await portal.answer(conversation_id, "Sale mañana por la mañana.")
    assert await mail_what_is_due(portal) == 1
    assert await mail_what_is_due(portal) == 0
    (mail,) = await mails(portal)
    assert (mail["text"], mail["receiver"], mail["author_name"]) == (
        "Sale mañana por la mañana.",
        "ana@example.com",
        "Sofía",
    )
    assert mail["subject"] == "Tienda: respuesta a su consulta"
    assert mail["status"] == "closed"  # nobody has to attend to it before she answers
    (chat,) = await portal.rows("SELECT case_id FROM conversation WHERE id = :id", id=UUID(conversation_id))
    assert mail["case_id"] == chat["case_id"]
    await portal.answer(conversation_id, "Ya salió: guía 77.")
    assert await mail_what_is_due(portal) == 1
    both = await mails(portal)
    assert [one["text"] for one in both] == ["Sale mañana por la mañana.", "Ya salió: guía 77."]
    assert len({one["conversation_id"] for one in both}) == 1


async def test_what_was_seen_on_the_page_is_not_mailed(portal, page, mailbox) -> None:
    conversation_id = await left(page)
    message = await portal.answer(conversation_id, "¿Sigue ahí?")
    assert await mail_what_is_due(portal, timedelta(minutes=1)) == 0  # she may be about to see it
    seen = await page.ask("POST", "read", json={"message_id": message["id"], "state": "read"})
    assert seen.status_code == 204
    assert await mail_what_is_due(portal) == 0
    assert await mails(portal) == []


async def test_without_a_mail_account_the_answer_waits_in_the_chat(portal, page) -> None:
    conversation_id = await left(page)
    await portal.answer(conversation_id, "Sale mañana.")
    assert await mail_what_is_due(portal) == 0
    async with portal.services.db.begin() as c:
        assert await c.scalar(text("SELECT count(*) FROM message WHERE direction = 'out'")) == 1
