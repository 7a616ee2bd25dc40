"""The daily mail: what waits to be read, at one's own hour, once; one touch ends it."""

import base64
import json
import re
from datetime import UTC, datetime, time, timedelta
from unittest.mock import AsyncMock

import httpx
import pytest

from trato.decide.notify import digest_is_due
from trato.flow import system_mail
from trato.notifications import digest

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "at", "sent", "due"),
    [
        ("daily", MONDAY, None, True),
        ("daily", MONDAY - timedelta(minutes=1), None, False),
        ("daily", MONDAY + timedelta(hours=5), MONDAY, False),
        ("daily", MONDAY, MONDAY - timedelta(days=1), True),
        ("weekdays", MONDAY - timedelta(days=1), None, False),
        ("weekdays", MONDAY, MONDAY - timedelta(days=3), True),
        ("off", MONDAY, None, False),
    ],
)
def test_it_goes_once_a_day_from_its_hour_on(chosen, at, sent, due) -> None:
    assert digest_is_due(chosen, time(8), at, sent) is due


async def one_click(ana, link: str) -> httpx.Response:
    """Do what a mail program does when its button is pressed (RFC 8058, section 3.2)."""
    async with httpx.AsyncClient(transport=ana.browser.http._transport) as program:
        return await program.post(link, data={"List-Unsubscribe": "One-Click"})


async def mails(place) -> list[dict[str, str]]:
    rows = await place.rows("SELECT data FROM job WHERE kind = :kind", kind=system_mail.KIND)
    await place.run("DELETE FROM job WHERE kind = :kind", kind=system_mail.KIND)
    return [json.loads(place.services.secrets.open(base64.b64decode(row["data"]["sealed"]))) for row in rows]


async def test_what_waits_comes_in_one_mail_and_one_touch_ends_it(place) -> None:
    ana = await place.person("Ana")
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, ana)
    await place.tell()
    await place.write("pedro@example.org", "¿Ya salió mi pedido?")
    await place.tell()
    await digest.mailing(place.services).work()
    assert await mails(place) == []
    await ana.ask("PATCH", "/notification-wishes", body={"digest": "daily", "digest_at": "00:00"})
    with pytest.MonkeyPatch.context() as without:  # as long as no account can send mails, nothing is told
        without.setattr(system_mail, "account_for", AsyncMock(return_value=None))
        await digest.mailing(place.services).work()
    assert await mails(place) == []
    await digest.mailing(place.services).work()
    await digest.mailing(place.services).work()
    (mail,) = await mails(place)
    assert (mail["to"], mail["subject"]) == ("ana@tienda.example", "2 por ver en Trato")
    assert "Pedro respondió" in mail["text"]
    assert "¿Ya salió mi pedido?" in mail["text"]
    await place.run("UPDATE notification_wishes SET digest_sent_at = now() - interval '2 days'")
    await digest.mailing(place.services).work()
    assert await mails(place) == []  # they were told of these
    found = re.search(r"https?://[^/]+(/stop-summary/\S+)", mail["text"])
    assert found is not None
    assert mail["leave_url"] == found[0]  # a mail program ends it in one step
    site = ana.browser.http
    link = "https://127.0.0.1:8000" + found[1]
    asked = await site.get(link)
    assert asked.status_code == 200
    assert (await ana.ask("GET", "/notification-wishes"))["digest"] == "daily"
    # a page of somebody else's cannot have a browser do it, and another link ends nothing
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await site.post(link, headers=foreign)).status_code == 403
    forged = (
        link[:-2] + ("A" if link[-2] != "A" else "B") + link[-1]
    )  # the last letter has bits that say nothing
    assert (await site.post(forged)).status_code == 404
    assert (await ana.ask("GET", "/notification-wishes"))["digest"] == "daily"
    # as a mail program does it: no cookie, no origin, the words of RFC 8058, and twice does no harm
    for _ in range(2):
        done = await one_click(ana, link)
        assert (done.status_code, done.has_redirect_location) == (200, False)
    assert (await ana.ask("GET", "/notification-wishes"))["digest"] == "off"
    assert (await site.get(forged)).status_code == 404
