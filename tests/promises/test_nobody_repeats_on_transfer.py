"""Promise 1 on the way to a colleague: what was told, tried, promised and begun is there for the next one."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent, open_centre

from trato.contacts import facts
from trato.conversations import queries, service
from trato.flow import assign, consults, drafts, transfers
from trato.flow.consults import Question
from trato.flow.transfers import Giver, Giving
from trato.kit.ids import new_id

NOTE = "Ya se cambió el cable y sigue sin andar; falta que venga el técnico."
DRAFT = "Pedro, le cuento que mañana"
"""What each way needs: how it is given, and how the next agent comes to have it."""
WAYS = ("blind", "warm", "queue", "skill", "team", "site", "released", "taken over")


async def place(c: Any, table: str, **columns: Any) -> UUID:
    row_id = new_id()
    columns = {"id": row_id, "name": table, **columns}
    names = ", ".join(columns)
    await c.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in columns)})"), columns
    )
    return row_id


async def give(c: Any, way: str, conversation: UUID, ana: UUID, beto: UUID) -> None:
    """Give the conversation on; when it returns, Beto has it."""
    giver = Giver(ana, "user:1")
    if way == "blind":
        await transfers.transfer(c, conversation, giver, Giving("blind", "agent", beto, note=NOTE))
        return
    if way == "warm":
        asked = await transfers.transfer(c, conversation, giver, Giving("warm", "agent", beto, note=NOTE))
        await transfers.accept(c, UUID(asked["id"]), beto, actor="user:2")
        return
    if way == "released":
        await assign.release(c, conversation, actor="user:1")
    elif way != "taken over":
        columns = {"time_zone": "America/Lima"} if way == "site" else {}
        to = await place(c, way, **columns)
        await transfers.transfer(c, conversation, giver, Giving("blind", way, to, note=NOTE))  # type: ignore[arg-type]
    await assign.take(c, conversation, beto, actor="user:2", over=True)


@pytest.mark.parametrize("way", WAYS)
async def test_the_next_agent_starts_where_the_first_stopped(connection, way):
    c = connection
    centre = await open_centre(c)
    ana, beto = await add_agent(c, "Ana"), await add_agent(c, "Beto")
    conversation = new_id()
    await c.execute(
        text(
            "INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,"
            " waiting_since, last_message_at) VALUES (:id, :account, 'k', 'webchat', :brand, :contact,"
            " now(), now())"
        ),
        {
            "id": conversation,
            "account": centre.account_id,
            "brand": centre.brand_id,
            "contact": centre.contact_id,
        },
    )
    matter = await service.attach_case(c, conversation, None, title="No enfría", actor="user:1")
    case_id = UUID(str(matter["case_id"]))
    tried = [
        {"title": "Cambiar el cable", "state": "done"},
        {"title": "Visita del técnico", "state": "now"},
    ]
    await service.set_steps(c, case_id, tried, actor="user:1")
    promised = {"promised_at": await c.scalar(text("SELECT date_trunc('day', now()) + interval '3 days'"))}
    await service.change_case(c, case_id, promised, actor="user:1")
    told = facts.Told("modelo", "HX-200", "contact", "webchat", "user:1")
    await facts.note(c, centre.contact_id, told)
    await assign.take(c, conversation, ana, actor="user:1")
    await drafts.keep(c, conversation, ana, "reply", DRAFT)
    question = Question("¿Hay repuestos?", "agent", beto)
    await consults.ask(c, conversation, ana, question, actor="user:1")

    await give(c, way, conversation, ana, beto)

    whole = await queries.whole_conversation(c, conversation)
    assert whole["conversation"]["assignee_id"] == str(beto)
    assert [step["state"] for step in whole["case"]["steps"]] == ["done", "now"]  # what has been tried
    assert whole["case"]["promised_at"] is not None
    assert {fact["name"]: fact["value"] for fact in whole["contact"]["facts"]}["modelo"] == "HX-200"
    [draft] = await drafts.mine(c, conversation, beto)
    assert (draft["kind"], draft["text"], draft["from_agent_id"]) == ("reply", DRAFT, ana)
    assert len(await consults.of_conversation(c, conversation)) == 1
    if way not in {"released", "taken over"}:
        [given] = await transfers.of_conversation(c, conversation)
        assert (given["note"], given["got_by"], given["state"]) == (NOTE, str(beto), "done")
