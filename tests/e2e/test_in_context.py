"""Beside a conversation stand the policies that hold for it and the articles that may answer."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_policy_is_read_beside_the_question_and_goes_into_the_answer(
    tree: Tree, profiles: Profiles, agent: Staff, scheme: str
) -> None:
    with Visitor(tree.url) as visitor:
        visitor.says("Hola, buenas tardes")
        nothing = agent.get(f"/conversations/{visitor.conversation_id}/articles")
        assert (nothing["items"], nothing["question"]) == ([], "")
        desk = Desk(profiles(color_scheme=scheme), tree.url).sign_in(agent.email, agent.password)
        desk.open(visitor.conversation_id)
        heading = desk.side.get_by_role("heading", name="Condiciones y artículos")
        expect(heading).to_have_count(0)

        visitor.says(unique("Quiero devolver un producto que compré la semana pasada"))
        expect(heading).to_be_visible()
        panel = desk.side.locator("section").filter(
            has=desk.page.get_by_role("heading", name="Condiciones y artículos")
        )
        policy = panel.get_by_role("listitem").filter(has_text="Condiciones").first
        expect(policy).to_contain_text("30 días")
        look(desk.page, f"in-context-{scheme}")
        desk.composer.fill("Con gusto.")
        policy.get_by_role("button", name="Usar en la respuesta").press("Enter")
        expect(desk.composer).to_be_focused()
        written = desk.composer.input_value()
        assert written.startswith("Con gusto.\n\n")
        assert "30 días" in written
        assert f"{tree.url}/help/es/articles/devolver-un-producto" in written
        desk.page.set_viewport_size({"width": 390, "height": 800})
        desk.page.get_by_role("button", name="Persona y caso").click()
        policy.scroll_into_view_if_needed()
        look(desk.page, f"in-context-{scheme}-390")
