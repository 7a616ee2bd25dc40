"""Queues, skills, teams, sites and profiles over HTTP, as supervisors set them up and agents read them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.routing.conftest import Desks, agent_id
from tests.support.access import Browser
from tests.support.contact_centre import arrive, open_centre

from trato.flow import callbacks
from trato.kit.ids import new_id
from trato.routing import profiles, waits

ES = {"Accept_Language": "es"}


async def made(desk: Browser, path: str, **body: Any) -> dict[str, Any]:
    answer = await desk("POST", path, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(db: Any, kind: str) -> list[dict[str, Any]]:
    rows = await db.connection.execute(
        text("SELECT data FROM event WHERE type = :kind ORDER BY id"), {"kind": kind}
    )
    return list(rows.scalars())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sites", {"name": "Bogotá", "time_zone": "America/Bogota"}),
        ("/teams", {"name": "Garantías"}),
        ("/skills", {"name": "garantías"}),
        ("/away-reasons", {"name": "Almuerzo"}),
        ("/queues", {"name": "Ventas"}),
    ],
)
async def test_supervisors_change_and_agents_read(desks: Desks, db, path, body):
    assert (await desks["ana"]("POST", path, body)).status_code == 403
    one = await made(desks["sara"], path, **body)
    again = await desks["sara"]("POST", path, {**body, "name": body["name"].upper()}, **ES)
    assert (again.status_code, again.json()["detail"]) == (409, "Ese nombre ya está en uso.")
    assert [found["id"] for found in (await desks["ana"]("GET", path)).json()["items"]] == [one["id"]]
    renamed = await desks["sara"]("PATCH", f"{path}/{one['id']}", {"name": "Otra"}, If_Match='"1"')
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["version"]) == (200, "Otra", 2)
    late = await desks["sara"]("PATCH", f"{path}/{one['id']}", {"name": "Tarde"}, If_Match='"1"')
    assert (late.status_code, late.json()["changed_by"], late.json()["version"]) == (409, "sara", 2)
    assert (await desks["ana"]("DELETE", f"{path}/{one['id']}")).status_code == 403
    assert (await desks["sara"]("DELETE", f"{path}/{one['id']}")).status_code == 204
    assert (await desks["sara"]("DELETE", f"{path}/{one['id']}")).status_code == 404
    assert (await desks["sara"]("PATCH", f"{path}/{new_id()}", {"name": "x"})).status_code == 404
    kind = path.strip("/").removesuffix("s").replace("-", "_")
    events = await told(db, f"{kind}.changed")
    assert [event[kind]["name"] for event in events] == [body["name"], "Otra", "Otra"]
    assert events[-1][kind]["removed"] is True
    actions = (await db.connection.execute(text("SELECT action FROM audit_log ORDER BY id"))).scalars()
    assert [one for one in actions if one.startswith(kind)] == [
        f"{kind}.created",
        f"{kind}.changed",
        f"{kind}.removed",
    ]


async def test_a_queue_is_set_up_whole(desks: Desks, db):
    sara = desks["sara"]
    centre = await open_centre(db.connection)
    skill, team = await made(sara, "/skills", name="garantías"), await made(sara, "/teams", name="Taller")
    body = {
        "name": "Garantías",
        "brand_id": str(centre.brand_id),
        "priority": 2,
        "target_s": 120,
        "target_percent": 90,
        "patience_s": 45,
        "language_needed": True,
        "relaxation": [
            {"after_s": 60, "allow": "level", "by": 1},
            {"after_s": 300, "allow": "anybody", "by": None},
        ],
        "push_to": 2,
        "offer_expires_s": 30,
        "auto_accept": True,
        "wrap_up_s": 60,
        "skills": [{"skill_id": skill["id"], "level": 3}],
        "team_ids": [team["id"]],
        "account_ids": [str(centre.account_id)],
        "waiting": {"offer_after_s": 300, "slot_s": 900, "slot_capacity": 2},
    }
    queue = await made(sara, "/queues", **body)
    assert {name: queue[name] for name in body} == body
    assert queue["active"] is True
    heard = await db.connection.scalar(text("SELECT queue_for_leader(:id)"), {"id": queue["id"]})
    assert (heard["skills"], heard["teams"]) == ({skill["id"]: 3}, [team["id"]])
    changed = await sara("PATCH", f"/queues/{queue['id']}", {"skills": [], "push_to": 1})
    assert (changed.json()["skills"], changed.json()["push_to"]) == ([], 1)
    assert changed.json()["account_ids"] == body["account_ids"]
    assert await db.connection.scalar(
        text("SELECT count(*) FROM routing_inbox WHERE kind = 'queue' AND queue_id = :id"),
        {"id": queue["id"]},
    )


async def test_what_a_queue_does_about_long_waits_counts_from_the_next_look_on(desks: Desks, db):
    sara = desks["sara"]
    usual = {"offer_after_s": 120, "slot_s": 1_800, "slot_capacity": 4}
    queue = await made(sara, "/queues", name="Ventas")
    assert queue["waiting"] == usual
    path, at = f"/queues/{queue['id']}", datetime.now(UTC)
    before = await callbacks.slots(db.connection, UUID(queue["id"]), at)
    assert {one.end - one.start for one in before} == {timedelta(minutes=30)}
    changed = await sara("PATCH", path, {"waiting": {"slot_s": 900, "offer_after_s": 0}})
    assert changed.json()["waiting"] == usual | {"slot_s": 900, "offer_after_s": 0}
    after = await callbacks.slots(db.connection, UUID(queue["id"]), at)
    assert {one.end - one.start for one in after} == {timedelta(minutes=15)}
    lines = await waits.read_lines(db.connection, at)
    assert (lines[UUID(queue["id"])].offer_after_s, lines[None].offer_after_s) == (0, 120)
    none = await sara("PATCH", path, {"waiting": {"slot_capacity": 0}})
    assert none.json()["waiting"] == {"offer_after_s": 0, "slot_s": 900, "slot_capacity": 0}
    assert await callbacks.slots(db.connection, UUID(queue["id"]), at) == []
    assert (await sara("PATCH", path, {"waiting": {}})).json()["waiting"] == none.json()["waiting"]
    for wrong in ({"slot_s": 60}, {"slot_capacity": -1}, {"offer_after_s": 86_401}, {"slots": 3}):
        assert (await sara("PATCH", path, {"waiting": wrong})).status_code == 422
    assert (await desks["ana"]("PATCH", path, {"waiting": usual})).status_code == 403
    assert (await desks["ana"]("GET", path)).json()["waiting"]["slot_s"] == 900


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (
            {"relaxation": [{"after_s": 60, "allow": "level"}, {"after_s": 30, "allow": "team"}]},
            "relaxation.1.after_s",
            "Cada paso debe llegar más tarde que el anterior.",
        ),
        (
            {"relaxation": [{"after_s": 60, "allow": "team", "by": 1}]},
            "relaxation.0.by",
            "Solo un paso que baja el nivel dice cuánto.",
        ),
        ({"skills": [{"level": 3}]}, "skills.0.skill_id", None),
        ({"skills": [{"skill_id": str(new_id())}]}, "skills.0.level", None),
        ({"skills": [{"skill_id": str(new_id()), "level": 6}]}, "skills.0.level", None),
        ({"skills": [{"skill_id": str(new_id()), "level": 3}]}, "skill_id", None),
        ({"team_ids": [str(new_id())]}, "team_id", None),
        ({"account_ids": [str(new_id())]}, "account_id", None),
        ({"calendar_id": str(new_id())}, "calendar_id", None),
        ({"priority": 11}, "priority", None),
        ({"target_s": 0}, "target_s", None),
        ({"push_to": 0}, "push_to", None),
        ({"name": "  "}, "name", None),
    ],
)
async def test_what_cannot_be_meant_is_told_with_its_field(desks: Desks, wrong, field, said):
    answer = await desks["sara"]("POST", "/queues", {"name": "Ventas", **wrong}, **ES)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert said is None or answer.json()["detail"] == said
    assert (await desks["sara"]("GET", "/queues")).json()["items"] == []


async def test_a_skill_named_twice_is_told(desks: Desks):
    skill = await made(desks["sara"], "/skills", name="garantías")
    twice = [{"skill_id": skill["id"], "level": level} for level in (1, 2)]
    answer = await desks["sara"]("POST", "/queues", {"name": "Ventas", "skills": twice}, **ES)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Una habilidad aparece dos veces.")


async def test_an_account_goes_to_the_queue_that_names_it_last(desks: Desks, db):
    centre = await open_centre(db.connection)
    first = await made(desks["sara"], "/queues", name="Ventas", account_ids=[str(centre.account_id)])
    second = await made(desks["sara"], "/queues", name="Ayuda", account_ids=[str(centre.account_id)])
    assert second["account_ids"] == [str(centre.account_id)]
    left = (await desks["sara"]("GET", f"/queues/{first['id']}")).json()
    assert (left["account_ids"], left["version"]) == ([], 2)
    assert {event["queue"]["name"] for event in await told(db, "queue.changed")} == {"Ventas", "Ayuda"}


async def test_a_queue_in_use_is_taken_out_of_use_and_nobody_is_lost(desks: Desks, db):
    c, sara = db.connection, desks["sara"]
    centre = await open_centre(c)
    queue = await made(sara, "/queues", name="Ventas", account_ids=[str(centre.account_id)])
    conversation = await arrive(c, centre, ago_s=90)
    before = (await c.execute(text("SELECT queue_id, since FROM waiting"))).one()
    assert str(before.queue_id) == queue["id"]
    refused = await sara("DELETE", f"/queues/{queue['id']}", **ES)
    assert refused.status_code == 409
    assert refused.json()["todo"] == "Sáquela de uso: quienes esperan pasan a la fila común."
    await c.execute(text("DELETE FROM routing_inbox"))
    closed = await sara("PATCH", f"/queues/{queue['id']}", {"active": False})
    assert (closed.json()["active"], closed.json()["account_ids"]) == (False, [])
    after = (await c.execute(text("SELECT conversation_id, queue_id, since FROM waiting"))).one()
    assert after == (conversation, None, before.since)
    assert await c.scalar(
        text("SELECT count(*) FROM routing_inbox WHERE kind = 'arrived' AND conversation_id = :id"),
        {"id": conversation},
    )
    later = await arrive(c, centre)
    queue_of = text("SELECT queue_id FROM waiting WHERE conversation_id = :id")
    assert await c.scalar(queue_of, {"id": later}) is None
    assert (await sara("PATCH", f"/queues/{queue['id']}", {"active": True})).json()["active"] is True


async def test_what_others_need_is_not_removed(desks: Desks):
    sara = desks["sara"]
    site = await made(sara, "/sites", name="Bogotá", time_zone="America/Bogota")
    team = await made(sara, "/teams", name="Taller", site_id=site["id"])
    skill = await made(sara, "/skills", name="garantías")
    queue = await made(
        sara, "/queues", name="Q", team_ids=[team["id"]], skills=[{"skill_id": skill["id"], "level": 1}]
    )
    for path in (f"/sites/{site['id']}", f"/teams/{team['id']}", f"/skills/{skill['id']}"):
        assert (await sara("DELETE", path)).status_code == 409, path
    assert (await sara("DELETE", f"/queues/{queue['id']}")).status_code == 204
    for path in (f"/teams/{team['id']}", f"/sites/{site['id']}", f"/skills/{skill['id']}"):
        assert (await sara("DELETE", path)).status_code == 204, path
    assert (await sara("POST", "/sites", {"name": "x", "time_zone": "Luna/Tranquilidad"})).status_code == 422


async def test_a_profile_says_what_an_agent_can_do(desks: Desks, db):
    sara, ana = desks["sara"], await agent_id(desks["ana"])
    skill, team = await made(sara, "/skills", name="garantías"), await made(sara, "/teams", name="Taller")
    path = f"/profiles/{ana}"
    first = (await desks["ana"]("GET", path)).json()
    assert first == {
        "agent_id": ana,
        "team_id": None,
        "languages": [],
        "limits": {},
        "skills": [],
        "version": 1,
    }
    change = {"team_id": team["id"], "languages": ["es", "pt"], "limits": {"webchat": 2}}
    assert (await desks["ana"]("PATCH", path, change)).status_code == 403
    changed = await sara("PATCH", path, change, If_Match='"1"')
    assert changed.json() == first | change | {"version": 2}
    late = await sara("PATCH", path, {"languages": []}, If_Match='"1"')
    assert (late.status_code, late.json()["changed_by"]) == (409, "sara")
    level = await sara("PUT", f"{path}/skills/{skill['id']}", {"level": 4})
    assert level.json()["skills"] == [{"skill_id": skill["id"], "level": 4, "until": None}]
    assert level.json()["version"] == 3
    known = await db.connection.scalar(text("SELECT profile_of(:id)"), {"id": ana})
    assert known == {
        "skills": {skill["id"]: 4},
        "languages": ["es", "pt"],
        "team": team["id"],
        "site": None,
        "limits": {"webchat": 2},
    }
    gone = await sara("DELETE", f"{path}/skills/{skill['id']}")
    assert gone.json()["skills"] == []
    assert (await sara("DELETE", f"/teams/{team['id']}")).status_code == 204
    assert (await sara("GET", path)).json()["team_id"] is None
    assert (await sara("PATCH", path, {"limits": {"fax": 1}}, **ES)).json()["field"] == "limits"
    assert (await sara("PATCH", path, {"languages": ["español"]})).status_code == 422
    assert (await sara("PUT", f"{path}/skills/{new_id()}", {"level": 1})).json()["field"] == "skill_id"
    assert (await sara("PUT", f"{path}/skills/{skill['id']}", {"level": 0})).status_code == 422
    assert (await sara("PATCH", f"/profiles/{new_id()}", {})).status_code == 404
    assert len((await desks["ana"]("GET", "/profiles")).json()["items"]) == 3


async def test_a_lent_skill_ends_by_itself(desks: Desks, db):
    sara, ana = desks["sara"], await agent_id(desks["ana"])
    skill = await made(sara, "/skills", name="garantías")
    path = f"/profiles/{ana}/skills/{skill['id']}"
    assert (await sara("PUT", path, {"level": 2, "until": "2020-01-01T00:00:00Z"})).status_code == 200
    await db.connection.execute(text("DELETE FROM routing_inbox"))
    await profiles.end_lent(db.connection)
    await profiles.end_lent(db.connection)
    assert (await sara("GET", f"/profiles/{ana}")).json()["skills"] == []
    assert (await told(db, "profile.changed"))[-1]["profile"]["skills"] == []
    heard = (await db.connection.execute(text("SELECT agent_id::text FROM routing_inbox"))).scalars()
    assert list(heard) == [ana, ana]  # the skill went, and the profile counted it


async def test_a_channel_takes_what_it_was_given(desks: Desks):
    sara = desks["sara"]
    items = (await desks["ana"]("GET", "/channel-weights")).json()["items"]
    assert {"channel": "webchat", "units": 1, "exclusive": False} in items
    assert (await desks["ana"]("PUT", "/channel-weights/webchat", {"units": 2})).status_code == 403
    changed = await sara("PUT", "/channel-weights/webchat", {"units": 2, "exclusive": True})
    assert changed.json() == {"channel": "webchat", "units": 2, "exclusive": True}
    assert changed.json() in (await desks["ana"]("GET", "/channel-weights")).json()["items"]
    assert (await sara("PUT", "/channel-weights/fax", {"units": 2})).status_code == 404
    assert (await sara("PUT", "/channel-weights/webchat", {"units": 0})).status_code == 422
