"""Notices at the desk: supervisors see what is wrong until it is solved, or put it away for everybody."""

from typing import Any

import pytest
from sqlalchemy import text
from tests.integration.routing.conftest import Desks
from tests.integration.routing.test_alarms import told
from tests.integration.routing.test_queues import add_queue, add_skill, knows, serves
from tests.support.access import Browser
from tests.support.contact_centre import add_agent, arrive

from trato.routing import checks
from trato.routing.alarms import Checker, Lacking
from trato.routing.notices import ALARMS

SOMETHING = "/routing/notices/01890a5d-ac96-774b-bcce-b302099a8057/put-away"


async def shown(desk: Browser, query: str = "") -> list[dict[str, Any]]:
    answer = await desk("GET", f"/routing/notices{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture
async def stranded(connection, centre, router):
    """A contact who waits beside somebody free, as the checker saw twice, and the checker."""
    await add_agent(connection)
    conversation = await arrive(connection, centre, ago_s=10)
    checker = Checker(router.db)
    await checker.look(router.lease)
    await checker.look(router.lease)
    return conversation, checker


def test_each_thing_that_must_never_be_can_be_told_to_people() -> None:
    assert set(ALARMS) == {*checks.INVARIANTS, *checks.PASSING, checks.STRANDED}


async def test_a_stranded_contact_is_shown_by_name_until_somebody_helps(desks, stranded, router) -> None:
    conversation, checker = stranded
    (notice,) = await shown(desks["sara"])
    assert (notice["code"], notice["count"]) == ("stranded", 1)
    assert notice["about"] == [{"kind": "conversation", "id": str(conversation), "name": "Pedro"}]
    await router.settle()
    await checker.look(router.lease)
    assert await shown(desks["sara"]) == []
    (ended,) = await told(router.db.connection, "routing.notice_ended")
    assert ended == {"id": notice["id"], "why": "solved"}


async def test_what_was_put_away_stays_away_with_who_and_when_until_it_is_so_for_others(
    connection, centre, desks, stranded, router
) -> None:
    _, checker = stranded
    (notice,) = await shown(desks["sara"])
    away = f"/routing/notices/{notice['id']}/put-away"
    assert (await desks["sara"]("POST", away)).status_code == 204
    assert (await desks["sara"]("POST", away)).status_code == 404
    assert await shown(desks["sara"]) == []
    (kept,) = await shown(desks["sara"], "?put_away=true")
    assert kept["put_away_by"] == "sara"
    assert kept["put_away_at"] is not None
    assert [one["why"] for one in await told(connection, "routing.notice_ended")] == ["put_away"]
    actions = await connection.execute(text("SELECT action FROM audit_log WHERE target = :id"), notice)
    assert actions.scalars().all() == ["routing_notice.put_away"]
    await Checker(router.db).look(router.lease)  # another router leads
    await checker.look(router.lease)
    assert await shown(desks["sara"]) == []
    await connection.execute(
        text("UPDATE conversation SET channel = 'mail'")
    )  # those who need the same are one
    other = await arrive(connection, centre, ago_s=9)
    await connection.execute(
        text("UPDATE waiting SET channel = 'mail' WHERE conversation_id <> :id"), {"id": other}
    )
    await checker.look(router.lease)
    await checker.look(router.lease)
    (again,) = await shown(desks["sara"])
    assert str(other) in {one["id"] for one in again["about"]}
    assert await shown(desks["sara"], "?put_away=true") == []
    await router.settle()


@pytest.fixture
async def lack(connection, centre, router):
    """Somebody waits for a skill that nobody has; returns the skill and the queue."""
    skill = await add_skill(connection, "alquimia")
    queue = await add_queue(connection, {skill: 1})
    await serves(connection, centre.account_id, queue)
    await arrive(connection, centre)
    await router.settle()
    await Lacking(router.db).tell(router.lease, router.floor)
    return skill, queue


async def test_a_skill_that_nobody_has_is_shown_until_somebody_learns_it_also_when_nobody_waits_any_more(
    connection, desks, lack, router
) -> None:
    skill, queue = lack
    (notice,) = await shown(desks["sara"])
    assert notice["code"] == "nobody_knows"
    assert {(one["kind"], one["id"]) for one in notice["about"]} == {
        ("queue", str(queue)),
        ("skill", str(skill)),
    }
    await connection.execute(text("UPDATE conversation SET waiting_since = NULL, status = 'closed'"))
    await connection.execute(text("SELECT route_left(conversation_id) FROM waiting"))
    assert await shown(desks["sara"]) == [notice]
    await knows(connection, await add_agent(connection), skill, 1)
    assert await shown(desks["sara"]) == []
    await Checker(router.db).look(router.lease)
    assert [one["id"] for one in await told(connection, "routing.notice_ended")] == [notice["id"]]
    assert await connection.scalar(text("SELECT count(*) FROM routing_lack")) == 0
    await router.settle()


async def test_a_skill_that_is_asked_for_no_more_is_no_news(connection, desks, lack, router) -> None:
    await connection.execute(text("DELETE FROM queue_skill"))
    assert await shown(desks["sara"]) == []
    await router.settle()


async def test_agents_neither_see_notices_nor_put_them_away(desks: Desks) -> None:
    assert (await desks["ana"]("GET", "/routing/notices")).status_code == 403
    assert (await desks["ana"]("POST", SOMETHING)).status_code == 403
    assert (await desks["sara"]("POST", SOMETHING)).status_code == 404
