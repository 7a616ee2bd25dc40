"""A queue may ask how work ended: nothing is closed, and no wrap-up is done, without an answer."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.support.case_room import Room, room

from trato.access.roles import Role
from trato.brands.service import AccountRecord
from trato.flow import wrap_up
from trato.kit.errors import Invalid


@pytest.fixture
async def chief(services, account, tmp_path) -> AsyncIterator[Room]:
    async with room(services, tmp_path, role=Role.ADMINISTRATOR, name="Marta") as found:
        yield found


@pytest.fixture
async def path(desk: Room) -> str:
    (row,) = await desk.rows("SELECT id FROM conversation")
    return f"/conversations/{row['id']}"


async def queue(chief: Room, account: AccountRecord, **values: Any) -> Any:
    body: dict[str, Any] = {"name": "Ayuda", "account_ids": [str(account.id)], "disposition_required": True}
    return await chief.ask("POST", "/queues", 201, **(body | values))


async def test_without_wrap_up_closing_asks_how_it_ended(desk, chief, account, path):
    made = await queue(chief, account)
    await desk.ask("POST", f"{path}/take")
    assert await desk.ask("GET", f"{path}/ending") == {"required": True, "disposition": None}
    silent: tuple[dict[str, Any], ...] = ({}, {"disposition": "  "})
    for nothing in silent:
        said = await desk.ask("PATCH", path, 422, status="closed", **nothing)
        assert (said["field"], said["detail"]) == ("disposition", "How did it end?"), said
    assert (await desk.ask("GET", path))["conversation"]["status"] == "open", "nothing of it was done"
    await desk.ask("PATCH", path, status="closed", disposition="cambio acordado")
    (row,) = await desk.rows("SELECT state, disposition FROM interaction WHERE state = 'ended'")
    assert row["disposition"] == "cambio acordado"

    # What nobody has in hand ends without a word, and so does all of a queue that asks no more.
    await desk.ask("PATCH", path, status="open")
    await chief.ask("PATCH", path, status="closed")
    await chief.ask("PATCH", f"/queues/{made['id']}", disposition_required=False)
    await desk.ask("PATCH", path, status="open")
    await desk.ask("POST", f"{path}/take")
    assert await desk.ask("GET", f"{path}/ending") == {"required": False, "disposition": None}
    await desk.ask("PATCH", path, status="closed")


async def test_where_a_wrap_up_follows_it_is_said_there(desk, chief, account, path):
    await queue(chief, account, wrap_up_s=60)
    await desk.ask("POST", f"{path}/take")
    assert (await desk.ask("GET", f"{path}/ending"))["required"] is False
    await desk.ask("PATCH", path, status="closed")
    assert (await desk.ask("GET", f"{path}/ending"))["required"] is True
    await chief.ask("PATCH", path, status="closed")  # what is closed already asks nothing again
    (row,) = await desk.rows("SELECT id FROM interaction WHERE state = 'wrap_up'")

    async def change(**values: Any) -> Any:
        async with desk.services.db.begin() as c:
            return await wrap_up.change(c, row["id"], UUID(desk.agent_id), actor="test", **values)

    with pytest.raises(Invalid) as refused:
        await change(done=True)
    assert refused.value.field == "disposition"
    await change(disposition="resuelto")
    assert await desk.ask("GET", f"{path}/ending") == {"required": True, "disposition": "resuelto"}
    assert (await change(done=True))["state"] == "ended"


async def test_a_macro_offers_how_it_ends_and_says_nothing_itself(desk, chief, account, path):
    await queue(chief, account)
    body = {"code": "solved", "names": {"es": "Resuelto"}}
    await chief.ask("POST", "/dispositions", 201, **body)
    macro = await chief.ask(
        "POST", "/macros", 201, name="Listo", texts={"es": "{{case.step}}"}, disposition="solved"
    )
    await desk.ask("POST", f"{path}/macros/{macro['id']}")  # nobody works on it: nothing to offer it to
    await desk.ask("POST", f"{path}/take")
    assert (await desk.ask("GET", f"{path}/ending"))["disposition"] is None
    await desk.ask("POST", f"{path}/macros/{macro['id']}")
    assert await desk.ask("GET", f"{path}/ending") == {"required": True, "disposition": "solved"}
    await desk.ask("PATCH", path, 422, status="closed")
    await desk.ask("PATCH", path, status="closed", disposition="solved")
