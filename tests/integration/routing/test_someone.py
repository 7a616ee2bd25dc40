"""Of a queue, skill, team or site, whoever has room is asked first; who declined is left alone."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.integration.routing.test_transfers import NOTE, by, held_by, holder, named
from tests.support.contact_centre import Centre, add_agent, open_centre

from trato.flow import transfers
from trato.flow.transfers import Giving
from trato.kit.errors import Conflict


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


@pytest.mark.parametrize("kind", ["queue", "skill", "team", "site"])
async def test_of_a_group_whoever_knows_best_and_has_room_is_asked(connection, centre, kind):
    ana, beto, clara = [await add_agent(connection, name, capacity=4) for name in ("Ana", "Beto", "Clara")]
    await add_agent(connection, "Dora", capacity=4)  # belongs to none of it
    skill, queue = (
        await named(connection, "skill", "Garantías"),
        await named(connection, "queue", "Garantías"),
    )
    site = await named(connection, "site", "Salta", time_zone="America/Argentina/Salta")
    team = await named(connection, "team", "Taller", site_id=site)
    for sql in (
        "INSERT INTO queue_skill (queue_id, skill_id, level) VALUES (:queue, :skill, 2)",
        "INSERT INTO queue_team (queue_id, team_id) VALUES (:queue, :team)",
        (
            "INSERT INTO agent_skill (agent_id, skill_id, level)"
            " SELECT id, :skill, 3 FROM agent WHERE name <> 'Dora'"
        ),
        (
            "INSERT INTO agent_profile (agent_id, team_id) SELECT id, :team FROM agent WHERE name <> 'Dora'"
            " ON CONFLICT (agent_id) DO UPDATE SET team_id = EXCLUDED.team_id"
        ),
    ):
        values = {"skill": skill, "team": team, "queue": queue}
        asked_for = {name: one for name, one in values.items() if f":{name}" in sql}
        await connection.execute(text(sql), asked_for)
    await held_by(connection, centre, beto)
    conversation = await held_by(connection, centre, ana)
    group = {"queue": queue, "skill": skill, "team": team, "site": site}[kind]

    asked = await transfers.transfer(
        connection, conversation, by(ana), Giving("warm", kind, group, note=NOTE)
    )
    assert (asked["state"], asked["to_name"]) == ("asked", "Clara")  # Beto is busier
    await transfers.drop(connection, UUID(asked["id"]), by(clara), "declined", reason="almuerzo")
    again = await transfers.transfer(
        connection, conversation, by(ana), Giving("warm", kind, group, note=NOTE)
    )
    assert again["to_name"] == "Beto"  # who declined is not asked again at once
    await transfers.drop(connection, UUID(again["id"]), by(beto), "declined", reason="almuerzo")
    with pytest.raises(Conflict, match="Nobody of them is free"):
        await transfers.transfer(connection, conversation, by(ana), Giving("warm", kind, group, note=NOTE))
    assert await holder(connection, conversation) == ana
