"""Who would get it now, over HTTP: the same whom the router then asks, and nobody is asked by asking."""

from sqlalchemy import text
from tests.integration.routing.conftest import Desks, agent_id
from tests.support.contact_centre import open_centre

from trato.kit.ids import new_id


async def test_who_would_get_it_and_why_the_others_not(desks: Desks, db):
    sara = desks["sara"]
    ana, beto = await agent_id(desks["ana"]), await agent_id(desks["beto"])
    skill = (await sara("POST", "/skills", {"name": "garantías"})).json()["id"]
    needs = {"name": "Garantías", "skills": [{"skill_id": skill, "level": 3}]}
    queue = (await sara("POST", "/queues", needs)).json()["id"]
    await sara("PUT", f"/profiles/{ana}/skills/{skill}", {"level": 5})
    for name in ("ana", "beto"):
        await desks[name]("PUT", "/presence", {"state": "available"})
    answer = await sara("POST", "/routing/preview", {"queue_id": queue, "channel": "webchat"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["agent_id"] for one in found["would"]] == [ana]
    assert found["would"][0]["reason"] == "knows garantías (5), the only one free, 0 of 4 busy"
    assert found["would"][0]["decision"]["reasons"][0]["code"] == "knows"
    others = {one["agent_id"]: one for one in found["others"]}
    assert others[beto]["code"] == "skill"
    assert others[beto]["values"] == {"skill": "garantías", "level": 3, "has": 0}
    assert others[beto]["later_s"] == 600
    assert others[await agent_id(sara)]["code"] == "offline"
    assert await db.connection.scalar(text("SELECT count(*) FROM interaction")) == 0


async def test_a_contact_is_sought_by_whom_they_know(desks: Desks, db):
    c, sara = db.connection, desks["sara"]
    centre = await open_centre(c)
    beto = await agent_id(desks["beto"])
    for name in ("ana", "beto"):
        await desks[name]("PUT", "/presence", {"state": "available"})
    await c.execute(
        text(
            "INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,"
            " assignee_id, language) VALUES (:id, :account, 'k', 'webchat', :brand, :contact, :beto, 'pt')"
        ),
        {
            "id": new_id(),
            "account": centre.account_id,
            "brand": centre.brand_id,
            "contact": centre.contact_id,
            "beto": beto,
        },
    )
    body = {"contact_id": str(centre.contact_id)}
    found = (await sara("POST", "/routing/preview", body)).json()
    assert found["would"][0]["agent_id"] == beto
    assert found["waits_for"] is None
    await c.execute(text("UPDATE presence SET load = capacity WHERE agent_id = :id"), {"id": beto})
    busy = (await sara("POST", "/routing/preview", body)).json()
    assert (busy["waits_for"], busy["patience_s"]) == (beto, 5)
    assert [one["agent_id"] for one in busy["would"]] == [await agent_id(desks["ana"])]


async def test_agents_do_not_ask_and_what_is_not_there_is_told(desks: Desks):
    assert (await desks["ana"]("POST", "/routing/preview", {})).status_code == 403
    assert (await desks["sara"]("POST", "/routing/preview", {"queue_id": str(new_id())})).status_code == 404
    assert (await desks["sara"]("POST", "/routing/preview", {"contact_id": str(new_id())})).status_code == 404
    assert (await desks["sara"]("POST", "/routing/preview", {})).json()["would"] == []
