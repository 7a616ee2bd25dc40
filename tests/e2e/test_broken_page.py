"""A page of a shop that is broken says that it is not the visitor; several make a suspected incident."""

import re
import uuid

import httpx
import pytest
from playwright.sync_api import Page, Route, expect
from tests.e2e.conftest import Profiles
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

SHOP = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Pagar</title>
<meta name="viewport" content="width=device-width">
<script src="/widget.js" data-account="{account}"{watch} async></script></head>
<body><main><h1>Pagar</h1><button id="pay">Pagar ahora</button> <button id="dead">Cupón</button></main>
<script>document.getElementById("pay").onclick = () => fetch("/demo/pagar?tarjeta=4111");</script>
</body></html>"""


def account_of(tree: Tree) -> str:
    found = re.search(r'data-account="([^"]+)"', httpx.get(f"{tree.url}/demo").text)
    assert found
    return found[1]


def shop(page: Page, tree: Tree, path: str, *, watch: str = " data-watch") -> Page:
    """Open a page of a shop whose server fails when somebody pays."""
    body = SHOP.format(account=account_of(tree), watch=watch)

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(re.compile(re.escape(path)), answer)
    page.route(re.compile("/demo/pagar"), lambda route: route.fulfill(status=503, body="no"))
    page.goto(f"{tree.url}{path}?sesion=secreta")
    expect(page.get_by_role("button", name=re.compile("^Ayuda"))).to_be_visible()
    return page


def watching(page: Page) -> None:
    page.wait_for_function("!globalThis.fetch.toString().includes('native code')")


def others_meet_it(tree: Tree, path: str, count: int) -> None:
    body = {
        "account": account_of(tree),
        "page": f"{tree.url}{path}",
        "kind": "request",
        "what": f"{tree.url}/demo/pagar",
        "detail": 503,
    }
    for _ in range(count):
        told = httpx.post(
            f"{tree.url}/api/v1/visitor/failures",
            json=body | {"visitor": str(uuid.uuid4())},
            headers={"Origin": tree.url},
        )
        assert told.status_code == 204, told.text


def test_the_widget_says_so_and_the_desk_suspects_an_incident(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    path = f"/demo/pago-{uuid.uuid4().hex[:4]}"
    others_meet_it(tree, path, 4)
    desk = Desk(profiles(), tree.url).sign_in(administrator.email)
    visitor = shop(profiles(allow="503").new_page(), tree, path)
    watching(visitor)
    visitor.get_by_role("button", name="Pagar ahora").click()
    told = visitor.get_by_role("heading", name="Esta página está fallando. No es usted.")
    expect(told).to_be_visible()
    look(visitor, "watch-failing")
    visitor.set_viewport_size({"width": 390, "height": 844})
    visitor.emulate_media(color_scheme="dark")
    look(visitor, "watch-failing-dark-390")
    notice = (
        desk.page.get_by_role("region", name="Páginas que fallan")
        .get_by_role("listitem")
        .filter(has_text=path)
    )
    expect(notice).to_contain_text("Posible incidente")
    expect(notice).to_contain_text("5 visitantes distintos")
    expect(notice).to_contain_text("/demo/pagar contesta 503")
    expect(notice).not_to_contain_text("secreta")
    look(desk.page, "watch-desk")
    # a person, who knows at once what it is about
    visitor.get_by_role("button", name="Hablar con una persona").click()
    box = visitor.get_by_role("textbox", name="Escriba aquí")
    expect(box).to_have_value(f"La página {tree.url}{path} está fallando.")
    expect(told).to_have_count(0)
    notice.get_by_role("button", name="Quitar el aviso").click()
    expect(notice).to_have_count(0)


def test_who_wants_to_be_told_is_told_when_it_works(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    path = f"/demo/cupon-{uuid.uuid4().hex[:4]}"
    visitor = shop(profiles(allow="503").new_page(), tree, path)
    watching(visitor)
    visitor.get_by_role("button", name="Cupón").click(click_count=5)  # at once: they count within two seconds
    visitor.get_by_role("button", name="Avíseme cuando funcione").click()
    visitor.get_by_label("Su correo (opcional)").fill("ana@example.com")
    look(visitor, "watch-report")
    visitor.get_by_role("button", name="Enviar el aviso").click()
    expect(visitor.get_by_text("ya está en manos de quien responde")).to_be_visible()
    (report,) = [one for one in administrator.get("/page-reports")["items"] if one["page"] == path]
    assert report["count"] == 1
    desk = Desk(profiles(), tree.url).sign_in(administrator.email)
    desk.page.get_by_role("link", name="Pendientes").click()
    desk.page.get_by_role("button", name="De nadie").click()
    desk.page.get_by_role("link", name=path).first.click()
    expect(desk.page.get_by_text("La página no responde como debería.")).to_be_visible()
    expect(desk.page.get_by_text("se le avisa cuando funcione")).to_be_visible()
    look(desk.page, "broken-page")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.emulate_media(color_scheme="dark")
    look(desk.page, "broken-page-dark-390")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    desk.page.get_by_role("button", name="Ya está arreglada").click()
    desk.page.get_by_label("Qué se arregló (opcional)").fill("El cupón se aplica de nuevo.")
    desk.page.get_by_role("button", name="Avisar que funciona").click()
    expect(desk.page.get_by_text("Quienes avisaron ya lo saben")).to_be_visible()
    expect(desk.page.get_by_text("ya lo sabe").first).to_be_visible()


def test_a_site_that_did_not_opt_in_is_not_watched(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    visitor = shop(profiles(allow="503").new_page(), tree, "/demo/sin-aviso", watch="")
    visitor.wait_for_function("'Trato' in window")
    visitor.get_by_role("button", name="Pagar ahora").click()
    visitor.get_by_role("button", name=re.compile("^Ayuda")).click()
    expect(visitor.get_by_role("dialog")).to_be_visible()
    assert "native code" in visitor.evaluate("globalThis.fetch.toString()")
    expect(visitor.get_by_text("Esta página está fallando")).to_have_count(0)
    assert [one for one in agent.get("/page-failures")["items"] if "sin-aviso" in one["page"]] == []
