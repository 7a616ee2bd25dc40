"""The help centre's other forms: refused, they are the same page with what was typed and why."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.support.services import make_account

from trato.access.throttle import Limit
from trato.incidents import service
from trato.portal import reporting
from trato.portal.centre import tell_me

from .conftest import Centre

BROWSER = {"accept": "text/html"}


@pytest.fixture
async def incident(centre: Centre) -> str:
    values: dict[str, Any] = {"brand_id": centre.account.brand_id, "titles": {"es": "Los pagos fallan"}}
    async with centre.services.db.begin() as c:
        return str((await service.declare(c, values, actor="test"))["id"])


async def mailbox(centre: Centre) -> None:
    await make_account(centre.services, "email", address="hola@t.example", smtp_host="127.0.0.1", smtp_port=1)


async def follow(centre: Centre, incident_id: str, email: str) -> httpx.Response:
    path = f"/help/es/status/{incident_id}/follow"
    return await centre.http.post(path, data={"email": email}, headers=BROWSER)


async def test_an_address_that_is_none_stays_in_its_field(centre: Centre, incident: str) -> None:
    await mailbox(centre)
    for email in ("ana@", "", "a" * 500):
        refused = await follow(centre, incident, email)
        assert (refused.status_code, refused.headers["content-language"]) == (422, "es")
        assert f'value="{email}" required aria-invalid="true" aria-describedby="email-wrong"' in refused.text
        assert 'role="alert">Revise el correo' in refused.text
    assert (await follow(centre, incident, "ana@example.com")).headers["location"] == "/help/es/status/asked"


async def test_too_many_mails_to_one_address_are_told(
    centre: Centre, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mailbox(centre)
    monkeypatch.setattr(tell_me, "_MAILED", Limit("few", 0, timedelta(days=1)))
    refused = await follow(centre, incident, "ana@example.com")
    assert refused.status_code == 429
    assert "Ya enviamos varios correos a esta dirección" in refused.text
    assert 'value="ana@example.com"' in refused.text


async def test_without_mail_nobody_is_asked_for_an_address(centre: Centre, incident: str) -> None:
    page = (await centre.http.get("/help/es/status")).text
    assert "Avíseme cuando funcione" in page
    assert 'name="email"' not in page
    refused = await follow(centre, incident, "ana@example.com")  # from a page that is old
    assert refused.status_code == 409
    assert "Ahora no podemos avisar por correo" in refused.text
    assert 'name="email"' not in refused.text
    async with centre.services.db.begin() as c:
        await service.resolve(c, UUID(incident), {"es": "Listo"}, actor="test")
    await mailbox(centre)
    assert "Esto ya no está pasando" in (await follow(centre, incident, "ana@example.com")).text


async def test_a_report_keeps_all_that_was_typed(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"page": "/help/es/articles/uno", "expected": "Que\r\nande", "email": "ana@"}
    refused = await centre.http.post("/help/es/report", data=form, headers=BROWSER)
    assert refused.status_code == 422
    assert re.search(
        r'value="ana@" aria-invalid="true" aria-describedby="email-wrong" autofocus', refused.text
    )
    assert "Que\r\nande</textarea>" in refused.text
    monkeypatch.setattr(reporting, "REPORTED", Limit("none", 0, timedelta(hours=1)))
    form["email"] = "ana@example.com"
    refused = await centre.http.post("/help/es/report", data=form, headers=BROWSER)
    assert (refused.status_code, 'role="alert" tabindex="-1" autofocus>' in refused.text) == (429, True)
    assert 'value="ana@example.com"' in refused.text


async def test_what_was_missing_may_have_as_many_characters_as_its_field_takes(centre: Centre) -> None:
    await centre.publish({"es": "Uno"})
    path = "/help/es/articles/uno"
    said = await centre.http.post(f"{path}/solved", data={"solved": "no"})
    words = "\r\n".join(["x" * 99] * 10)
    form = {"said": said.headers["location"].partition("no=")[2], "words": words}
    assert (await centre.http.post(f"{path}/said", data=form)).status_code == 303
    kept = await centre.rows("SELECT words FROM article_feedback")
    assert kept == [(words.replace("\r\n", "\n"),)]
