"""Notices at the desk: supervisors see at once what is wrong with routing, and put it away for everybody."""

import os

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.e2e.test_presence import in_database
from tests.support.pictures import look
from tests.support.screens import Desk
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow
LABEL = "Avisos del reparto"
LOOKED_MS = 180_000  # the checker rests fifty times as long as it looks


def test_a_skill_that_nobody_has_is_seen_at_once_put_away_for_all_and_solved_by_learning_it(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    with administrator.colleague(f"sara-{os.getpid()}@demo.invalid", "Sara Vega", "supervisor") as sara:
        sara_email = sara.email
    desks = [
        Desk(profiles(), tree.url).sign_in(ADMINISTRATOR),
        Desk(profiles(color_scheme="dark"), tree.url).sign_in(sara_email, PASSWORD),
        Desk(profiles(), tree.url).sign_in(agent.email, PASSWORD),
    ]
    notices = [desk.page.get_by_role("region", name=LABEL).get_by_role("listitem") for desk in desks]
    skills = [administrator.post("/skills", name=unique("alquimia")) for _ in range(2)]
    lines = [
        administrator.post(
            "/queues", name=unique("Laboratorio"), skills=[{"skill_id": skill["id"], "level": 1}]
        )
        for skill in skills
    ]
    for line in lines:
        with Visitor(tree.url) as visitor:
            visitor.says(unique("Necesito oro"))
            administrator.patch(f"/waiting/{visitor.conversation_id}", queue_id=line["id"])
    first, second = (
        f"Alguien espera en {line['name']} y nadie sabe {skill['name']}."
        for line, skill in zip(lines, skills, strict=True)
    )
    for rows in notices[:2]:
        expect(rows.filter(has_text=first)).to_be_visible()
        expect(rows.filter(has_text=second)).to_be_visible()
    look(desks[0].page, "notices")
    look(desks[1].page, "notices-dark")
    desks[1].page.set_viewport_size({"width": 390, "height": 844})
    look(desks[1].page, "notices-390")
    expect(notices[2]).to_have_count(0)

    desks[0].page.get_by_role("button", name=f"Quitar el aviso: {first}").press("Enter")
    for rows in notices[:2]:
        expect(rows.filter(has_text=first)).to_have_count(0)
    desks[0].page.reload()
    expect(notices[0].filter(has_text=second)).to_be_visible()
    expect(notices[0].filter(has_text=first)).to_have_count(0)
    kept = administrator.get("/routing/notices", put_away=True)["items"]
    assert [one["about"][1]["name"] for one in kept] == [skills[0]["name"]]

    notices[0].filter(has_text=second).get_by_role("link", name="Ver las habilidades").click()
    expect(desks[0].page.get_by_role("grid", name="Habilidades por agente")).to_be_visible()
    administrator.put(f"/profiles/{agent.agent_id}/skills/{skills[1]['id']}", level=1)
    for rows in notices[:2]:
        expect(rows.filter(has_text=second)).to_have_count(0)


def test_what_the_checker_found_leads_to_the_conversation_and_goes_when_it_is_mended(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR)
    with Visitor(tree.url) as visitor:
        words = visitor.says(unique("Sigo esperando"))
        # What must never be: somebody waits for an answer, and is in no line.
        in_database(
            tree, "DELETE FROM waiting WHERE conversation_id = CAST(:id AS uuid)", id=visitor.conversation_id
        )
        notices = desk.page.get_by_role("region", name=LABEL).get_by_role("listitem")
        notice = notices.filter(has_text="sin estar en la fila ni a cargo de nadie")
        expect(notice).to_be_visible(timeout=LOOKED_MS)
        look(desk.page, "notices-alarm")
        notice.get_by_role("link").click()
        expect(desk.message(words)).to_be_visible()
        agent.post(f"/conversations/{visitor.conversation_id}/take")
        expect(notice).to_have_count(0, timeout=LOOKED_MS)
