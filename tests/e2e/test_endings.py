"""How work ended: a queue may ask for it, a macro offers it, and tags are given while one wraps up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

Queue = Callable[..., Any]


@pytest.fixture
def queue(administrator: Staff) -> Iterator[Queue]:
    """Makes the queue in which the chat's contacts wait; afterwards it is out of use."""
    account = next(one["id"] for one in administrator.get("/accounts")["items"] if one["kind"] == "webchat")
    made: list[str] = []

    def make(**values: Any) -> Any:
        found = administrator.post("/queues", name=unique("Cola"), account_ids=[account], **values)
        made.append(found["id"])
        return found

    yield make
    for one in made:
        administrator.patch(f"/queues/{one}", active=False)


@pytest.fixture
def solved(administrator: Staff) -> Iterator[str]:
    """The code of a disposition in use; afterwards there is no list any more."""
    code = unique("solved").replace(" ", "_")
    made = administrator.post("/dispositions", code=code, names={"es": "Quedó resuelto"})
    yield code
    administrator.patch(f"/dispositions/{made['id']}", active=False)


def ends(page: Page) -> None:
    page.keyboard.press("e")
    page.get_by_role("dialog", name="Terminar la conversación").get_by_role("button", name="Terminar").click()


def test_a_supervisor_has_a_queue_ask_and_closing_insists(
    tree: Tree, profiles: Profiles, agent: Staff, queue: Queue, solved: str
) -> None:
    made = queue()
    chief = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/queues").page
    chief.get_by_role("listitem").filter(has_text=made["name"]).get_by_role("button", name="Editar").click()
    form = chief.get_by_role("dialog")
    form.locator("summary").click()
    form.get_by_label("Pedir cómo terminó").check()
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)

    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    page = desk.page
    with Visitor(tree.url) as visitor:
        desk.accept(visitor.says(unique("El horno no calienta")))
        page.keyboard.press("e")
        dialog = page.get_by_role("dialog", name="Terminar la conversación")
        expect(dialog.get_by_text("Esta cola pide que se diga cómo terminó.")).to_be_visible()
        ends_how = dialog.get_by_label("¿Cómo terminó?")
        dialog.get_by_role("button", name="Terminar").click()
        expect(ends_how).to_be_focused()
        expect(dialog).to_be_visible()
        look(page, "closing-insists")
        ends_how.select_option("Quedó resuelto")
        dialog.get_by_role("button", name="Terminar").click()
        expect(page.get_by_text("Conversación terminada.")).to_be_visible()
        work = agent.get(f"/conversations/{visitor.conversation_id}")
        assert work["conversation"]["status"] == "closed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_wrap_up_offers_what_the_macro_says_takes_tags_and_insists(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff, queue: Queue, solved: str, scheme: str
) -> None:
    queue(wrap_up_s=120, disposition_required=True)
    tag = administrator.post("/tags", name=unique("Garantía"))
    macro = administrator.post(
        "/macros", name=unique("Resistencia"), texts={"es": "Cambiamos {{case.step}}."}, disposition=solved
    )
    desk = Desk(profiles(color_scheme=scheme), tree.url).sign_in(agent.email, agent.password)
    desk.become("Disponible")
    page = desk.page
    bar = page.get_by_role("region", name="Cierre de la conversación")
    with Visitor(tree.url) as visitor:
        desk.accept(visitor.says(unique("El horno no calienta")))
        ends(page)
        expect(bar.get_by_label("¿Cómo terminó?")).to_have_value("")
        bar.get_by_role("button", name="Listo").click()
        expect(bar.get_by_role("alert")).to_have_text("Esta cola pide que se diga cómo terminó.")
        expect(bar.get_by_label("¿Cómo terminó?")).to_be_focused()
        look(page, f"wrap-up-insists-{scheme}")
        bar.get_by_label("¿Cómo terminó?").select_option("Quedó resuelto")
        expect(bar.get_by_role("alert")).to_have_count(0)
        bar.get_by_role("button", name="Listo").click()
        expect(bar).to_have_count(0)

        # Another matter, in which a macro was used: it stands there already.
        again = visitor.says(unique("Y ahora la luz"))
        desk.accept(again)
        agent.post(f"/conversations/{visitor.conversation_id}/macros/{macro['id']}")
        ends(page)
        expect(bar.get_by_label("¿Cómo terminó?")).to_have_value(solved)
        bar.get_by_role("combobox", name="Etiqueta").select_option(tag["name"])
        expect(bar.get_by_text(tag["name"]).first).to_be_visible()
        look(page, f"wrap-up-{scheme}")
        page.set_viewport_size({"width": 390, "height": 780})
        look(page, f"wrap-up-{scheme}-390")
        bar.get_by_role("button", name="Listo").click()
        expect(bar).to_have_count(0)
        tags = agent.get(f"/conversations/{visitor.conversation_id}/tags")["items"]
        assert [one["name"] for one in tags] == [tag["name"]]
    administrator.delete(f"/tags/{tag['id']}")
    administrator.delete(f"/macros/{macro['id']}")
