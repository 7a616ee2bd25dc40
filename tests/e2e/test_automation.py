"""What happens by itself, as supervisors set it up and agents meet it, in a real browser."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

# What a colleague forbids answers 409 or 422, and a browser writes that to its console.
REFUSED = r"Failed to load resource: .*(409|422)"


def test_a_supervisor_sets_hours_and_sees_what_they_mean(tree: Tree, profiles: Profiles) -> None:
    name = unique("Turno noche")
    desk = Desk(profiles(allow=REFUSED), tree.url).sign_in(ADMINISTRATOR).goto("/admin/hours")
    page = desk.page
    page.get_by_role("button", name="Nuevo horario").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Nombre").fill(name)
    form.get_by_label("lunes").fill("09:00-13:00, 12:00-18:00")
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_text("se superpone con")).to_be_visible()
    for day in ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"):
        form.get_by_label(day, exact=True).fill("0:00-24:00")
    expect(form.get_by_text("Abierto ahora; no cierra.")).to_be_visible()
    look(page, "hours-form")
    form.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text("Abierto ahora")
    look(page, "hours")
    page.get_by_role("button", name=f"Quitar: {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Quitar", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_have_count(0)


def test_a_rule_is_tried_on_what_happened_before_it_runs(
    tree: Tree, profiles: Profiles, visitor: Visitor, administrator: Staff
) -> None:
    word, tag = unique("palabra"), unique("Urgente")
    administrator.post("/tags", name=tag)
    visitor.says(f"Una {word} por favor")
    desk = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/rules")
    page = desk.page
    page.get_by_role("button", name="Nueva regla").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Nombre").fill(unique("Regla"))
    form.get_by_role("button", name="Agregar una condición").click()
    form.get_by_label("Valor").fill(word)
    form.get_by_label("Entonces").select_option("add_tag")
    form.get_by_label("Etiqueta", exact=True).select_option(label=tag)
    form.get_by_role("button", name="Probar", exact=True).click()
    expect(form.get_by_text("Se habría cumplido 1 vez")).to_be_visible()
    expect(form.get_by_text("se haría")).to_be_visible()
    look(page, "rule-form")
    form.get_by_label("Activa").check()
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    visitor.says(f"¿Y la {word}?")
    expect(page.get_by_role("heading", name="Lo que hicieron las reglas")).to_be_visible()
    desk.open(visitor.conversation_id)
    expect(page.get_by_role("button", name=f"Quitar la etiqueta {tag}")).to_be_visible()
    desk.goto("/admin/rules")
    expect(page.get_by_text("Poner la etiqueta: hecho")).to_be_visible()
    look(page, "rules")
    for rule in administrator.get("/rules")["items"]:
        administrator.delete(f"/rules/{rule['id']}")


def test_a_macro_fills_the_reply_and_waits_for_what_is_missing(
    tree: Tree, profiles: Profiles, visitor: Visitor, agent: Staff, administrator: Staff
) -> None:
    name = unique("Avance")
    macro = administrator.post(
        "/macros", name=name, texts={"es": "Vamos por el paso siguiente; a cargo de {{case.owner}}."}
    )
    policy = administrator.post("/sla-policies", name=unique("Todos"), first_reply_s=1800)
    visitor.says(unique("¿Cómo va mi pedido?"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    page = desk.page
    expect(page.get_by_text(re.compile("^quedan ")).or_(page.get_by_text("responder en"))).not_to_have_count(
        0
    )
    page.locator("body").press("m")
    picker = page.get_by_role("combobox", name="Buscar una macro")
    picker.fill(name.lower())
    expect(page.get_by_role("option", name=name)).to_have_attribute("aria-selected", "true")
    look(page, "macro-picker")
    picker.press("Enter")
    expect(desk.composer).to_have_value("Vamos por el paso siguiente; a cargo de {{case.owner}}.")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_text("Falta completar {{case.owner}}")).not_to_have_count(0)
    look(page, "macro-unfilled")
    desk.reply("Vamos por el paso siguiente; a cargo de Elena.")
    expect(page.get_by_text(re.compile("^quedan "))).to_have_count(0)
    administrator.delete(f"/macros/{macro['id']}")
    administrator.delete(f"/sla-policies/{policy['id']}")


@pytest.mark.parametrize("section", ["hours", "sla", "rules", "macros", "labels"])
@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_every_screen_stands_on_a_phone_and_in_the_dark(
    tree: Tree, profiles: Profiles, section: str, theme: str, width: int
) -> None:
    context = profiles(viewport={"width": width, "height": 844}, color_scheme=theme, reduced_motion="reduce")
    page = Desk(context, tree.url).sign_in(ADMINISTRATOR).goto(f"/admin/{section}").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page, f"{section}-{theme}")
    add = page.get_by_role("button", name=re.compile("^(Nuev[oa])")).first
    add.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, f"{section}-form-{theme}")
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wider
