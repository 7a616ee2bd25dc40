"""An administrator takes the settings out, looks at what a file changes, brings it in, sees why not."""

import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

HEAD = "format: trato-settings\nversion: 1\n"


def choose(page: Page, text: str) -> None:
    file: FilePayload = {"name": "ajustes.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    page.get_by_label("Elegir archivo…").set_input_files(file)


def test_settings_go_out_and_come_in_as_one_file(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    desk = Desk(profiles(allow="409|422"), tree.url).sign_in(ADMINISTRATOR).goto("/admin/settings")
    page = desk.page
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar los ajustes").press("Enter")
    taken_out = download.value.path().read_text("utf-8")
    assert taken_out.startswith("# The settings")
    queue, tag = unique("Garantías del sur"), unique("De archivo")
    more = f"{HEAD}queues:\n- name: {queue}\n  priority: 3\ntags:\n- name: {tag}\n"

    choose(page, more.replace("priority: 3", "prioridad: 3"))
    expect(page.get_by_role("alert")).to_contain_text("Línea 5")
    expect(page.get_by_role("button", name="Aplicar")).to_have_count(0)
    look(page, "settings-in-the-way")

    choose(page, more)
    expect(page.get_by_role("status").filter(has_text="Nuevos: 2")).to_be_visible()
    expect(page.get_by_role("list", name="Cambios")).to_contain_text(queue)
    look(page, "settings-plan")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "settings-plan-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert queue not in [one["name"] for one in administrator.get("/queues")["items"]]
    page.get_by_role("button", name="Aplicar 2 cambios").press("Enter")
    expect(page.get_by_text("Listo. Nuevos: 2")).to_be_visible()
    assert queue in [one["name"] for one in administrator.get("/queues")["items"]]

    # the second time nothing changes; what somebody changed meanwhile is seen before it is done
    choose(page, more)
    expect(page.get_by_role("status").filter(has_text="Quedan igual: 2")).to_be_visible()
    choose(page, more.replace("priority: 3", "priority: 4"))
    expect(page.get_by_role("list", name="Cambios")).to_contain_text("priority")
    (found,) = (one for one in administrator.get("/queues")["items"] if one["name"] == queue)
    administrator.patch(f"/queues/{found['id']}", priority=4)
    page.get_by_role("button", name="Aplicar 1 cambio").click()
    expect(page.get_by_text("Los ajustes cambiaron desde que los miró")).to_be_visible()

    desk.goto("/admin/audit")
    table = page.get_by_role("table")
    for said in ("Importó los ajustes de un archivo", "Descargó los ajustes en un archivo"):
        expect(table.get_by_role("cell", name=said).first).to_be_visible()

    dark = Desk(profiles(color_scheme="dark"), tree.url).sign_in(ADMINISTRATOR).goto("/admin/settings").page
    choose(dark, f"{HEAD}queues:\n- name: {queue}\n  priority: 1\n")
    expect(dark.get_by_role("list", name="Cambios")).to_be_visible()
    look(dark, "settings-plan-dark")
    colleague = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).goto("/admin/settings").page
    expect(colleague.get_by_role("link", name="Ajustes en archivo")).to_have_count(0)
