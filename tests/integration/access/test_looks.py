"""Who may change how a brand looks, what is refused, and what its pages are told."""

import base64
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from tests.support.access import PUBLIC, Browser, People
from tests.support.png import png

from trato.brands import look_api
from trato.brands import service as brands
from trato.db.edge import Services
from trato.decide.colour import legible
from trato.portal import look_pages

GOLD, READABLE_GOLD = "#ffd54f", "#866b01"


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.include_router(look_api.router, prefix="/api/v1")
    app.include_router(look_pages.router)
    return app


@pytest.fixture
async def brand_id(shared: Services) -> UUID:
    async with shared.db.begin() as c:
        made = await brands.create_brand(c, name="Acme", language="es", tone="usted", signature="")
    found: UUID = made["id"]
    return found


def kept(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_agents_see_it_and_administrators_alone_change_it(
    admin: Browser, browsers: Any, people: People, brand_id: UUID
) -> None:
    alba = browsers()
    await alba.sign_in("alba@example.com")
    look = (await alba("GET", f"/brands/{brand_id}/look")).json()
    assert (look["accent"], look["side"], look["version"]) == (None, "end", 1)
    assert (await alba("PATCH", f"/brands/{brand_id}/look", {"side": "start"})).status_code == 403
    assert (await admin("PATCH", f"/brands/{brand_id}/look", {"side": "start"})).json()["version"] == 2
    late = await admin("PATCH", f"/brands/{brand_id}/look", {"side": "end"}, If_Match='"1"')
    assert late.status_code == 409
    assert (await admin("PATCH", f"/brands/{people.alba}/look", {"side": "end"})).status_code == 404
    audit = (await admin("GET", "/audit")).json()["items"]
    (entry,) = [one for one in audit if one["action"] == "look.changed"]
    assert entry["data"] == {"fields": ["side"]}


async def test_a_colour_that_cannot_be_read_is_answered_with_one_that_can(
    admin: Browser, brand_id: UUID
) -> None:
    refused = await admin("PATCH", f"/brands/{brand_id}/look", {"accent": GOLD})
    assert refused.status_code == 422
    assert refused.json()["field"] == "accent"
    assert READABLE_GOLD in refused.json()["todo"]
    taken = await admin("PATCH", f"/brands/{brand_id}/look", {"accent": READABLE_GOLD, "accent_dark": GOLD})
    assert (taken.json()["accent"], taken.json()["accent_dark"]) == (READABLE_GOLD, GOLD)


@pytest.mark.parametrize(
    "change",
    [
        {"accent": "gold"},
        {"accent": "#fff"},
        {"accent_dark": "url(https://evil.example)"},
        {"theme": "sepia"},
        {"corners": "12px"},
        {"labels": {"es": "x" * 25}},
        {"labels": {"fr": "Aide"}},
        {"greetings": {"es": "una\nlínea"}},
        {"phone": "javascript:alert(1)"},
        {"email": "nobody"},
        {"logo": "¿?"},
        {"logo": kept(b"<svg onload='alert(1)'/>")},
        {"css": "*{display:none}"},
    ],
)
async def test_what_is_not_as_it_should_be_is_refused(
    admin: Browser, brand_id: UUID, change: dict[str, Any]
) -> None:
    assert (await admin("PATCH", f"/brands/{brand_id}/look", change)).status_code == 422
    assert (await admin("GET", f"/brands/{brand_id}/look")).json()["version"] == 1


async def test_the_picture_is_cleaned_and_its_address_holds_for_ever(admin: Browser, brand_id: UUID) -> None:
    huge = await admin("PATCH", f"/brands/{brand_id}/look", {"logo": kept(png(1_025, 1))})
    assert huge.status_code == 413, huge.text
    changed = await admin("PATCH", f"/brands/{brand_id}/look", {"logo": kept(png() + b"<script>")})
    url = changed.json()["logo_url"]
    answer = await admin.http.get(PUBLIC + url)
    assert answer.content == png()
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert "sandbox" in answer.headers["content-security-policy"]
    gone = await admin("PATCH", f"/brands/{brand_id}/look", {"logo": None})
    assert gone.json()["logo_url"] is None
    assert (await admin.http.get(PUBLIC + url)).status_code == 404
    assert (await admin.http.get(PUBLIC + "/look/logos/x.png")).status_code == 404


async def test_any_page_is_told_how_it_looks_and_asks_again_each_time(
    admin: Browser, shared: Services, brand_id: UUID
) -> None:
    async with shared.db.begin() as c:
        values = {"origins": ["https://shop.example"]}
        account = await brands.create_account(
            c, shared.secrets, kind="webchat", name="Chat", brand_id=brand_id, values=values
        )
    address = f"/look/accounts/{account.public_key}"
    usual = await admin.http.get(PUBLIC + address)
    assert usual.json()["accent"] is None
    assert usual.headers["access-control-allow-origin"] == "*"
    assert "no-cache" in usual.headers["cache-control"]
    same = await admin.http.get(PUBLIC + address, headers={"If-None-Match": usual.headers["etag"]})
    assert same.status_code == 304
    change = {"accent": READABLE_GOLD, "phone": "+57 1 555 0100", "labels": {"es": "Escríbanos", "pt": " "}}
    await admin("PATCH", f"/brands/{brand_id}/look", change)
    told = (await admin.http.get(PUBLIC + address, headers={"If-None-Match": usual.headers["etag"]})).json()
    assert told["accent"] == [READABLE_GOLD, legible(READABLE_GOLD, "dark")]
    assert told["labels"] == {"es": "Escríbanos"}
    assert told["phone"] == "+57 1 555 0100"
    assert (await admin.http.get(PUBLIC + "/look/accounts/nothing")).status_code == 404


async def test_the_page_to_try_it_on_is_as_strict_as_a_shop_and_framed_by_the_desk_alone(
    browser: Browser,
) -> None:
    page = await browser.http.get(PUBLIC + "/look/preview?lang=pt-BR")
    policy = page.headers["content-security-policy"]
    assert 'lang="pt"' in page.text
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert (
        (await browser.http.get(PUBLIC + "/look/preview.js"))
        .headers["content-type"]
        .startswith("text/javascript")
    )
    assert (await browser.http.get(PUBLIC + "/look/errors.json")).status_code == 404
