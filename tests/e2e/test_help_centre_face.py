"""An administrator gives the help centre its title and colour, and customers see it."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow
TITLE = "¿Qué le pasa a su heladera?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_face_of_the_help_centre_is_set_in_a_form(
    tree: Tree, profiles: Profiles, administrator: Staff, scheme: str
) -> None:
    (brand, *_) = administrator.get("/brands")["items"]
    before = administrator.get(f"/help-centres/{brand['id']}")
    page = (
        Desk(profiles(color_scheme=scheme, allow="422"), tree.url)
        .sign_in(ADMINISTRATOR)
        .goto("/admin/organisation")
        .page
    )
    page.get_by_role("button", name=f"Centro de ayuda: {brand['name']}").press("Enter")
    form = page.get_by_role("dialog", name=f"Centro de ayuda de {brand['name']}")
    form.get_by_label("Título (Español)").fill(TITLE)
    form.get_by_label("Color").fill("verde")
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_label("Color")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Color").fill("#7a2e8e")
    look(page, f"help-centre-face-{scheme}")
    page.set_viewport_size({"width": 390, "height": 800})
    look(page, f"help-centre-face-{scheme}-390")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    reader = profiles(color_scheme=scheme).new_page()
    reader.goto(f"{tree.url}/help/es")
    expect(reader.get_by_role("heading", name=TITLE)).to_be_visible()
    administrator.patch(f"/help-centres/{brand['id']}", titles=before["titles"], accent=before["accent"])
