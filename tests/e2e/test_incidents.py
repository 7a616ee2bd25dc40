"""An incident from its declaration to the last who is told: desk, help centre, widget, their matter named."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk, Shopper
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


@pytest.fixture
def tidy(administrator: Staff) -> Iterator[None]:
    """Leave no banner behind: other journeys share this installation."""
    yield
    for one in administrator.get("/incidents")["items"]:
        done = "resolve" if one["state"] == "open" else "dismiss"
        administrator.post(f"/incidents/{one['id']}/{done}")


def declare(page: Page, title: str, noticed: str) -> None:
    page.get_by_role("button", name="Declarar un incidente").click()
    form = page.get_by_role("dialog", name="Declarar un incidente")
    form.get_by_label("Qué falla, en pocas palabras", exact=True).fill(title)
    form.get_by_label("Qué notan los clientes", exact=True).fill(noticed)
    form.get_by_label("Gravedad").select_option("major")
    form.get_by_label("Cómo lo cuentan los clientes").fill("error 31\nno puedo pagar")
    look(page, "incident-form")
    form.get_by_role("button", name="Declarar un incidente").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


@pytest.mark.usefixtures("tidy")
def test_what_is_declared_is_seen_everywhere_and_whoever_waits_is_told_when_it_is_over(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    title = unique("Los pagos con tarjeta fallan")
    desk = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR)
    colleague = Desk(profiles(color_scheme="dark"), tree.url).sign_in(agent.email, PASSWORD)
    desk.goto("/incidents")
    expect(desk.page.get_by_text("Todo funciona")).to_be_visible()
    look(desk.page, "incidents-empty")
    declare(desk.page, title, "Al pagar aparece el error 31.")

    # every desk says so, at once
    strip = colleague.page.get_by_role("region", name="Problemas conocidos")
    expect(strip.get_by_role("listitem").filter(has_text=title)).to_be_visible()
    look(colleague.page, "incidents-strip-dark")

    # the help centre, on every page, without a script
    reader = profiles(java_script_enabled=False).new_page()
    for place in ("/help/es", "/help/es/articles/pedir-la-garantia", "/help/es/status"):
        reader.goto(tree.url + place)
        expect(reader.get_by_role("region", name="Problemas conocidos")).to_contain_text(title)
    expect(reader.get_by_role("main")).to_contain_text("Al pagar aparece el error 31.")
    feed = reader.request.get(f"{tree.url}/help/es/status.atom").text()
    assert title in feed

    # the widget, before the visitor explains it; what they say is linked, and one click is enough
    shop = Shopper(profiles(), tree.url)
    shop.open()
    expect(shop.panel).to_contain_text(f"Problema conocido: {title}")
    said = unique("Hola, no puedo pagar con la tarjeta")
    shop.say(said)
    page = desk.page
    row = page.get_by_role("list", name="Conversaciones vinculadas").get_by_role("listitem")
    row = row.filter(has_text=said)
    expect(row).to_contain_text("Porque dice:")
    shop.panel.get_by_role("button", name="Avíseme cuando funcione").click()
    expect(shop.panel).to_contain_text("Anotado: le avisamos.")
    look(shop.page, "incident-widget")
    expect(row).to_contain_text("Pidió que le avisemos")
    look(page, "incident-page")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "incident-page-390")
    page.set_viewport_size({"width": 1440, "height": 900})

    # what is new, then the end
    page.get_by_role("button", name="Contar una novedad").click()
    page.get_by_label("Qué hay de nuevo", exact=True).fill("El banco ya trabaja en ello.")
    page.get_by_role("button", name="Publicar").click()
    expect(strip).to_contain_text("El banco ya trabaja en ello.")
    page.get_by_role("button", name="Resolver y avisar").first.click()
    over = page.get_by_role("dialog", name="Resolver y avisar")
    over.get_by_label("Qué se hizo", exact=True).fill("El banco cambió su certificado.")
    over.get_by_role("button", name="Resolver y avisar").click()
    expect(shop.panel).to_contain_text(f"Ya quedó resuelto: {title}.")
    expect(shop.panel).to_contain_text("El banco cambió su certificado.")
    expect(shop.panel).not_to_contain_text("Problema conocido")
    expect(page.get_by_text(re.compile(r"^\d+ avisados?$"))).to_be_visible()
    expect(strip.get_by_role("listitem").filter(has_text=title)).to_have_count(0)
    reader.goto(f"{tree.url}/help/es")
    expect(reader.get_by_role("region", name="Problemas conocidos")).to_have_count(0)
    reader.goto(f"{tree.url}/help/es/status")
    expect(reader.get_by_role("main")).to_contain_text("El banco cambió su certificado.")


@pytest.mark.usefixtures("tidy")
def test_a_wrong_link_is_undone_and_one_is_made_by_hand(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    brand = administrator.get("/brands")["items"][0]["id"]
    title = unique("Los envíos se atrasan")
    made = administrator.post("/incidents", brand_id=brand, titles={"es": title}, words=["mi envío no llega"])
    shop = Shopper(profiles(), tree.url)
    shop.open()
    said = unique("mi envío no llega y quiero saber por qué")
    shop.say(said)
    desk = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR)
    desk.goto(f"/incidents/{made['id']}")
    linked = desk.page.get_by_role("list", name="Conversaciones vinculadas").get_by_role("link")
    linked.filter(has_text=said).click()  # others may speak of it too
    link = desk.page.get_by_role("link", name=title)
    side = desk.page.locator("section").filter(has=desk.page.get_by_role("heading", name="Problema conocido"))
    expect(side).to_contain_text(re.compile("Porque dice: .*envío"))
    look(desk.page, "incident-touching")
    side.get_by_role("button", name="No es por esto").click()
    expect(side.get_by_role("link", name=title)).to_have_count(0)
    side.get_by_label("Vincular a un problema conocido").select_option(label=title)
    expect(side).to_contain_text("Vinculada a mano")
    side.get_by_role("button", name="Avisarle cuando funcione").click()
    expect(side).to_contain_text("Pidió que le avisemos")
    expect(link.first).to_be_visible()


@pytest.mark.usefixtures("tidy")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_planned_work_and_what_it_affects_are_shown_well_to_everybody(
    tree: Tree, profiles: Profiles, administrator: Staff, scheme: str
) -> None:
    brand = administrator.get("/brands")["items"][0]["id"]
    name = unique("Tienda web")
    administrator.post("/services", brand_id=brand, kind="site", names={"es": name})
    desk = Desk(profiles(color_scheme=scheme), tree.url).sign_in(ADMINISTRATOR)
    desk.goto("/incidents/services")
    expect(desk.page.get_by_text(name)).to_be_visible()
    look(desk.page, f"incident-services-{scheme}")
    desk.goto("/incidents")
    desk.page.get_by_role("button", name="Programar un mantenimiento").click()
    form = desk.page.get_by_role("dialog", name="Programar un mantenimiento")
    title = unique("Cambio de servidores")
    form.get_by_label("Qué se va a hacer", exact=True).fill(title)
    form.get_by_label("Zona horaria").select_option("America/Bogota")
    form.get_by_label("Empieza").fill("2030-01-15T22:00")
    form.get_by_label("Termina", exact=True).fill("2030-01-15T23:30")
    form.get_by_label(name).check()
    look(desk.page, f"incident-maintenance-{scheme}")
    form.get_by_role("button", name="Programar un mantenimiento").click()
    expect(desk.page.get_by_text("2030-01-15 22:00")).to_be_visible()
    settings = {"address": "hola@demo.invalid", "smtp_host": "127.0.0.1", "smtp_port": 1}
    account = administrator.post(
        "/accounts", kind="email", name=unique("Correo"), brand_id=brand, settings=settings
    )
    page = profiles(color_scheme=scheme).new_page()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{tree.url}/help/es/status")
        expect(page.get_by_role("main")).to_contain_text("22:00 – 23:30 (hora de Bogota)")
        expect(page.get_by_role("main")).to_contain_text(f"Afecta a: {name}")
        page.get_by_role("main").get_by_text("Avíseme cuando termine").first.click()
        look(page, f"status-{scheme}-{width}")
    administrator.post("/incidents", brand_id=brand, titles={"es": "Los pagos fallan"}, severity="critical")
    page.goto(f"{tree.url}/help/es")
    known = page.get_by_role("region", name="Problemas conocidos")
    known.get_by_text("Avíseme cuando funcione").press("Enter")
    expect(known.get_by_label("Su correo")).to_be_visible()
    look(page, f"banner-{scheme}-390")
    page.set_viewport_size({"width": 1280, "height": 900})
    look(page, f"banner-{scheme}-1280")
    known.get_by_label("Su correo").fill("eva@example.org")
    known.get_by_role("button", name="Avíseme").click()
    expect(page.get_by_role("heading", level=1, name="Mire su correo")).to_be_visible()
    look(page, f"asked-{scheme}")
    administrator.delete(f"/accounts/{account['id']}")
    desk.page.get_by_role("button", name="Cancelar el mantenimiento").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Cancelar el mantenimiento").click()
    expect(desk.page.get_by_text("descartado")).to_be_visible()
