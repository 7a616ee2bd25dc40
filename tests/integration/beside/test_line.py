"""Earlier conversations stand on a contact's line with what happened around them, each page with its own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from tests.support.case_room import Room
from tests.support.customer import writes

from .conftest import PEDRO


@pytest.fixture
async def years(services, mail, ana: Room, beto: Room, matter) -> Any:
    """An earlier conversation that was taken, given on, asked about and closed; and one of today."""
    conversation_id, _ = matter
    path = f"/conversations/{conversation_id}"
    await ana.ask("POST", f"{path}/take")
    body: Any = {
        "kind": "blind",
        "to": {"kind": "agent", "id": beto.agent_id},
        "note": "Falta la visita",
        "wait": True,
    }
    await ana.ask("POST", f"{path}/transfers", 201, **body)
    asked: Any = {"question": "¿Cubre el motor?", "to": {"kind": "agent", "id": ana.agent_id}}
    await beto.ask("POST", f"{path}/consults", 201, **asked)
    await ana.run(
        """
        WITH kept AS (INSERT INTO trail (id, holder) VALUES (:trail, 'visitor:1') RETURNING id)
        INSERT INTO trail_step (id, trail_id, client_id, conversation_id, kind, text, outcome, at)
        SELECT :id, id, :id, :conversation, 'search', 'garantía del motor', 'unknown', now() FROM kept
        """,
        trail=uuid4(),
        id=uuid4(),
        conversation=UUID(str(conversation_id)),
    )
    await beto.ask("PATCH", path, status="closed")
    second, _ = await writes(services, mail, PEDRO, "Otra cosa: mi factura", subject="Factura")
    await ana.run(
        """
        INSERT INTO message (id, conversation_id, contact_id, direction, author_kind, author_name, text,
                             status, created_at, occurred_at)
        SELECT gen_random_uuid(), v.id, v.contact_id, 'in', 'contact', 'Pedro', 'Mensaje ' || n, 'received',
               v.created_at + make_interval(secs => n), now()
        FROM conversation v, generate_series(1, 30) n WHERE v.id = :id
        """,
        id=UUID(str(second)),
    )
    (found,) = await ana.rows("SELECT contact_id FROM conversation WHERE id = :id", id=UUID(str(second)))
    return str(conversation_id), str(second), f"/contacts/{found['contact_id']}/timeline"


async def test_a_page_brings_what_happened_around_it_and_pages_leave_no_gap(ana, years) -> None:
    first, second, path = years
    newest = await ana.ask("GET", path, limit=20)
    assert [newest[kind] for kind in ("segments", "transfers", "consults", "trail")] == [[], [], [], []]
    pages = [newest]
    while pages[-1]["next_cursor"]:
        pages.append(await ana.ask("GET", path, limit=20, before=pages[-1]["items"][0]["id"]))
    assert [page["until"] for page in pages[1:]] == [page["since"] for page in pages[:-1]]
    assert pages[-1]["since"] is None
    segments = [one for page in pages for one in page["segments"]]
    assert sorted((one["id"], one["ended_at"] is not None) for one in segments) == sorted(
        [(first, True), (second, False)]
    )
    assert {one["channel"] for one in segments} == {"email"}
    (given,) = [one for page in pages for one in page["transfers"]]
    assert (given["conversation_id"], given["note"]) == (first, "Falta la visita")
    (asked,) = [one for page in pages for one in page["consults"]]
    assert asked["consult"]["question"] == "¿Cubre el motor?"
    (step,) = [one for page in pages for one in page["trail"]]
    assert (step["conversation_id"], step["text"]) == (first, "garantía del motor")


async def test_a_page_costs_one_reading_of_each_kind_however_much_happened(ana, years) -> None:
    first, _, path = years

    async def readings() -> int:
        said: list[str] = []

        def hear(*call: Any) -> None:
            said.append(call[2])

        engine = ana.services.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", hear)
        await ana.ask("GET", path)
        event.remove(engine, "before_cursor_execute", hear)
        return len(said)

    before = await readings()
    await ana.run(
        """
        INSERT INTO transfer (id, conversation_id, kind, to_kind, to_id, to_name, state)
        SELECT gen_random_uuid(), :id, 'blind', 'agent', :agent, 'Beto', 'done' FROM generate_series(1, 20)
        """,
        id=UUID(first),
        agent=UUID(ana.agent_id),
    )
    assert await readings() == before
    assert len((await ana.ask("GET", path))["transfers"]) == 21
