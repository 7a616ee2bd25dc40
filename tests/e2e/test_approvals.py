"""Gestures beyond the latitude of who gives them: supervisors have a list, and say yes, or no and why."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


def asks(agent: Staff, case_id: str, what: str, amount: str = "120.00") -> None:
    given = agent.post(f"/cases/{case_id}/gestures", amount=amount, currency="USD", what=what)
    assert given["state"] == "asked"


def test_a_supervisor_approves_and_refuses_from_a_list_that_is_live_and_counted(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    chief = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR)
    page = chief.page
    page.get_by_role("link", name="Por aprobar").click()
    expect(page.get_by_text("No hay nada por aprobar.")).to_be_visible()

    with Visitor(tree.url) as visitor:
        visitor.says(unique("La heladera no enfría"))
        conversation = agent.get(f"/conversations/{visitor.conversation_id}")
        case_id = conversation["case"]["id"]
        desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
        expect(desk.page.get_by_role("link", name="Por aprobar")).to_have_count(0)
        first, second = unique("Envío sin cargo"), unique("Un mes de servicio")
        asks(agent, case_id, first)
        asks(agent, case_id, second, "80.50")
        rows = page.get_by_role("list", name="Por aprobar").get_by_role("listitem")
        expect(rows).to_have_count(2)
        expect(page.get_by_role("link", name="Por aprobar: 2")).to_be_visible()
        expect(rows.first).to_contain_text(first)
        expect(rows.first).to_contain_text(str(conversation["case"]["number"]))
        expect(rows.first).to_contain_text(agent.user["name"])

        # By keyboard alone: the reason is asked for where one is, and the next row is at hand after that.
        rows.first.get_by_role("button", name="Rechazar").press("Enter")
        reason = page.get_by_role("textbox", name="Por qué no")
        expect(reason).to_be_focused()
        reason.press("Escape")
        expect(reason).to_have_count(0)
        rows.first.get_by_role("button", name="Rechazar").press("Enter")
        reason.fill("Ya se le dio uno")
        reason.press("Enter")
        expect(desk.page.get_by_text(f"{first}. Ya se le dio uno")).to_be_visible()  # for five seconds
        expect(rows).to_have_count(1)
        expect(rows.first).to_be_focused()

        rows.first.get_by_role("button", name="Aprobar").press("Enter")
        expect(desk.page.get_by_text("Aprobado: ")).to_be_visible()
        expect(page.get_by_text("No hay nada por aprobar.")).to_be_visible()
        expect(page.get_by_role("link", name="Por aprobar", exact=True)).to_be_visible()
        given = agent.get(f"/cases/{case_id}/motion")["gestures"]
        assert {one["what"]: (one["state"], one["reason"]) for one in given} == {
            first: ("refused", "Ya se le dio uno"),
            second: ("given", ""),
        }
