"""Only listed sites may ask, errors included; the script itself may be loaded anywhere."""

import re

import pytest
from sqlalchemy import text
from tests.support.portal import SITE

FOREIGN = "https://malo.example"


async def preflight(page, origin, path="messages"):
    return await page.http.options(
        f"/api/v1/visitor/{path}",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


async def test_a_listed_site_may_ask_and_read_what_it_gets(page):
    allowed = await preflight(page, SITE)
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == SITE
    assert "authorization" in allowed.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    await page.open()
    answer = await page.ask("PATCH", "preference", json={"prefers": "alone"})
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer.headers["Vary"]


async def test_an_error_can_be_read_too(page):
    page.token = "x"
    answer = await page.ask("POST", "typing")
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert answer.json()["type"] == "not-signed-in"


@pytest.mark.parametrize(
    "origin",
    [FOREIGN, "null", "https://tienda.example.malo.example", "http://tienda.example", f"{SITE}:8443"],
)
async def test_a_foreign_site_may_neither_ask_nor_read(portal, page, origin):
    assert "Access-Control-Allow-Origin" not in (await preflight(page, origin)).headers
    page.origin = origin
    answer = await page.ask("POST", "session", json={"account": portal.account.public_key})
    assert (answer.status_code, answer.json()["type"]) == (403, "origin-not-allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert await portal.rows("SELECT * FROM visitor") == []


async def test_a_token_does_not_work_from_a_foreign_site(page):
    await page.open()
    page.origin = FOREIGN
    assert (await page.ask("POST", "end")).status_code == 403


async def test_a_site_of_another_account_does_not_open_this_one(portal, page):
    from tests.support.services import make_account

    await make_account(portal.services, "webchat", origins=[FOREIGN])
    page.origin = FOREIGN
    assert (await preflight(page, FOREIGN)).headers["Access-Control-Allow-Origin"] == FOREIGN
    answer = await page.ask("POST", "session", json={"account": portal.account.public_key})
    assert answer.status_code == 403


async def test_a_site_taken_off_the_list_is_out_at_once(portal, page):
    await page.open()
    async with portal.services.db.begin() as c:
        await c.execute(text("""UPDATE account SET settings = '{"origins": []}'"""))
    assert (await page.ask("POST", "typing")).status_code == 403


async def test_our_own_pages_may_ask(portal, page):
    page.origin = portal.url
    await page.open()
    assert page.view["token"]


async def test_the_script_and_its_parts_load_on_any_site_and_are_cached_rightly(page):
    script = await page.http.get("/widget.js", headers={"Origin": FOREIGN})
    if script.status_code == 404:
        pytest.fail("the widget is not built: run python tools/build_web.py")
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=300" in script.headers["Cache-Control"]
    again = await page.http.get("/widget.js", headers={"If-None-Match": script.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    launcher = await page.http.get("/widget/launcher.js")
    assert "max-age=300" in launcher.headers["Cache-Control"]
    name = re.findall(r"panel-[\w-]{8}\.js", launcher.text)[0]
    part = await page.http.get(f"/widget/{name}")
    assert "immutable" in part.headers["Cache-Control"]
    assert part.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["..%2fwidget.js", "nothing-abc.js", "x.js.map", "%2e%2e"])
async def test_no_other_file_comes_out(page, name):
    assert (await page.http.get(f"/widget/{name}")).status_code == 404


async def test_the_script_can_be_loaded_as_a_classic_one(page):
    script = (await page.http.get("/widget.js")).text
    assert not re.search(r"\bexport\b|import\.meta|^import\b", script)
    assert script.startswith("(()=>{")


async def test_the_demo_shop_has_a_strict_policy_and_nothing_inline(page):
    shop = await page.http.get("/demo", params={"lang": "pt", "theme": "dark"})
    assert shop.status_code == 200
    policy = shop.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style=" not in shop.text
    assert not re.search(r"<script(?![^>]*src=)", shop.text)
    assert 'lang="pt"' in shop.text


async def test_the_demo_shop_vouches_for_nobody_unless_told_to(page):
    shop = await page.http.get("/demo", params={"signed_in": "true"})
    assert "signature" not in shop.text
