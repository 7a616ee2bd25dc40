"""A second brand gets its help centre at the desk: its readers see its face and its articles alone."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_second_brand_has_its_own_help_centre(
    tree: Tree, profiles: Profiles, administrator: Staff, scheme: str
) -> None:
    name, slug = unique("Frío Sur"), f"frio-sur-{scheme}"
    brand = administrator.post("/brands", name=name, language="es", tone="usted")
    title = unique("Cuándo llega el técnico")
    text = {"title": title, "body": "Entre las 9 y las 13."}
    article = administrator.post("/articles", language="es", text=text)
    administrator.post(f"/articles/{article['id']}/texts/es/publish", note="", minor=False)
    page = (
        Desk(profiles(color_scheme=scheme, allow="422"), tree.url)
        .sign_in(ADMINISTRATOR)
        .goto("/admin/organisation")
        .page
    )
    page.get_by_role("button", name=f"Centro de ayuda: {name}").press("Enter")
    form = page.get_by_role("dialog", name=f"Centro de ayuda de {name}")
    expect(form).to_contain_text("Todavía no se ve en ninguna parte")
    form.get_by_label("Dirección").fill("és")
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_label("Dirección")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Dirección").fill(slug)
    form.get_by_label("Título (Español)").fill("El frío de siempre")
    form.get_by_label("Color").fill("#7a2e8e")
    look(page, f"brand-help-form-{scheme}")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, f"brand-help-form-{scheme}-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)

    # the article is given to that brand alone
    page.goto(f"{tree.url}/articles/{article['id']}")
    page.get_by_text("Sección, responsable y revisión").click()
    brands = page.get_by_role("group", name="Marcas que lo muestran")
    brands.get_by_label(name).check()
    look(page, f"brand-article-{scheme}")
    page.locator("details").get_by_role("button", name="Guardar").click()
    wait_until(
        lambda: administrator.get(f"/articles/{article['id']}")["brand_ids"] == [brand["id"]],
        what="the article is that brand's alone",
    )

    reader = profiles(color_scheme=scheme, java_script_enabled=True).new_page()
    reader.goto(f"{tree.url}/help/{slug}/es")
    expect(reader.get_by_role("heading", level=1, name="El frío de siempre")).to_be_visible()
    look(reader, f"brand-home-{scheme}")
    reader.get_by_role("link", name=title).first.click()
    expect(reader).to_have_url(re.compile(f"/help/{slug}/es/articles/"))
    expect(reader.get_by_role("heading", level=1, name=title)).to_be_visible()
    reader.set_viewport_size({"width": 390, "height": 844})
    look(reader, f"brand-article-page-{scheme}-390")
    reader.get_by_role("link", name="Estado del servicio").click()
    expect(reader).to_have_url(f"{tree.url}/help/{slug}/es/status")
    reader.get_by_role("link", name="Mis casos").click()
    expect(reader).to_have_url(f"{tree.url}/help/{slug}/es/cases")
    look(reader, f"brand-cases-{scheme}-390")
    # and nobody sees it at the first brand's
    slug_of_it = administrator.get(f"/articles/{article['id']}")["translations"][0]["slug"]
    assert reader.request.get(f"{tree.url}/help/es/articles/{slug_of_it}").status == 404
    assert reader.request.get(f"{tree.url}/help/{slug}/es/articles/{slug_of_it}").status == 200
    administrator.patch(f"/help-centres/{brand['id']}", slug=None)
