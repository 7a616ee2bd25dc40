"""Offers and presence as desks meet them: real requests through the real guards."""

from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.routing.conftest import agent_id
from tests.support.contact_centre import arrive, open_centre
from tests.support.postgres import ForgettingDatabase

from trato.decide.floor import Floor
from trato.flow.assign import Assigner
from trato.kit import clock
from trato.kit.ids import new_id
from trato.routing import lease
from trato.routing.leader import take_in


@pytest.fixture
async def conversation(db: ForgettingDatabase) -> UUID:
    async with db.begin() as c:
        return await arrive(c, await open_centre(c))


async def route(db: ForgettingDatabase) -> str:
    """Let a router make one round and return the offer it made."""
    held = await lease.elect(db, new_id())
    assert held is not None
    floor, assigner = Floor(), Assigner(db)
    seen = take_in(floor, await assigner.step(held, [], []))
    step = await assigner.step(held, seen, floor.offers(clock.now(), 10))
    assert not step.refused
    offer = await db.connection.scalar(text("SELECT id FROM interaction WHERE state = 'offered'"))
    return str(offer)


async def test_presence_is_set_by_oneself_and_seen_by_all(desks):
    changed = await desks["ana"]("PUT", "/presence", {"state": "away", "reason": "almuerzo"})
    assert changed.status_code == 200
    assert (changed.json()["state"], changed.json()["reason"]) == ("away", "almuerzo")
    listed = (await desks["beto"]("GET", "/presences")).json()
    assert {one["agent_id"]: one["state"] for one in listed["items"]} == {
        await agent_id(desks["ana"]): "away",
        await agent_id(desks["beto"]): "offline",
        await agent_id(desks["sara"]): "offline",
    }
    assert (await desks["ana"]("PUT", "/presence", {"state": "asleep"})).status_code == 422


async def test_an_offer_is_accepted_by_whom_it_was_made_to(desks, db, conversation):
    await desks["ana"]("PUT", "/presence", {"state": "available"})
    offer = await route(db)
    assert (await desks["beto"]("POST", f"/offers/{offer}/accept")).status_code == 404
    accepted = await desks["ana"]("POST", f"/offers/{offer}/accept")
    assert accepted.status_code == 200
    assert accepted.json()["state"] == "accepted"
    assert accepted.json()["decision"]["reasons"][0] == {"code": "only_free", "values": {}}
    again = await desks["ana"]("POST", f"/offers/{offer}/accept", Accept_Language="es")
    assert (again.status_code, again.json()["detail"]) == (409, "Este ofrecimiento ya fue aceptado.")


async def test_an_offer_is_declined_with_its_reason(desks, db, conversation):
    await desks["ana"]("PUT", "/presence", {"state": "available"})
    offer = await route(db)
    declined = await desks["ana"]("POST", f"/offers/{offer}/decline", {"reason": "no es lo mío"})
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")


async def test_a_conversation_is_taken_released_and_taken_over(desks, conversation):
    ana, beto, sara = desks["ana"], desks["beto"], desks["sara"]
    path = f"/conversations/{conversation}"
    taken = await ana("POST", f"{path}/take")
    assert (taken.status_code, taken.json()["assignee_id"]) == (200, await agent_id(ana))
    refused = await beto("POST", f"{path}/take", Accept_Language="es")
    assert (refused.status_code, refused.json()["detail"]) == (409, "Un colega tiene esta conversación.")
    assert refused.json()["todo"] == "Pida a un supervisor que se la pase."
    assert (await beto("POST", f"{path}/take", {"over": True})).status_code == 403
    late = await sara("POST", f"{path}/take", Accept_Language="es")
    how = "Si debe atenderla usted, elija «Tomarla de quien la tiene» en «Más acciones»."
    assert (late.status_code, late.json()["todo"]) == (409, how)
    over = await sara("POST", f"{path}/take", {"over": True})
    assert (over.status_code, over.json()["assignee_id"]) == (200, await agent_id(sara))
    released = await sara("POST", f"{path}/release")
    assert (released.status_code, released.json()["assignee_id"]) == (200, None)
    assert (await beto("POST", f"{path}/take")).status_code == 200
    assert (await beto("POST", f"/conversations/{new_id()}/take")).status_code == 404


async def test_a_draft_is_kept_whole_and_read_again(desks, conversation):
    place = f"/conversations/{conversation}/drafts"
    whole = {"text": "Le adjunto", "to": "", "cc": "luis@x.example", "bcc": "", "reply_all": True}
    kept = await desks["ana"]("PUT", f"{place}/reply", {**whole, "file_ids": [], "took": []})
    assert kept.status_code == 204
    found = await desks["ana"]("GET", place)
    assert found.status_code == 200
    [one] = found.json()["items"]
    assert {name: one[name] for name in whole} == whole
    assert (one["kind"], one["files"], one["came"], one["from_agent_id"]) == ("reply", [], [], None)
    await desks["ana"]("PUT", f"{place}/reply", {"text": ""})
    assert (await desks["ana"]("GET", place)).json()["items"] == []
