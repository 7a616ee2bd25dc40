"""What `trato route explain` says of a conversation."""

import asyncio
import json

import pytest
from sqlalchemy import text
from tests.integration.routing.test_queues import add_queue, add_skill, knows, limited, serves
from tests.support.contact_centre import add_agent, arrive, open_centre
from tests.support.router import the_offer
from typer.testing import CliRunner

from trato.cli import compose
from trato.flow import assign
from trato.flow.explain import explain
from trato.kit.errors import NotFound
from trato.kit.ids import new_id


async def test_every_decision_is_told_with_what_came_of_it(connection, centre, router):
    skill = await add_skill(connection, "garantías")
    await serves(connection, centre.account_id, await add_queue(connection, {skill: 2}))
    ana, beto = await add_agent(connection, "Ana"), await add_agent(connection, "Beto")
    for agent, level in ((ana, 5), (beto, 3)):
        await knows(connection, agent, skill, level)
    conversation = await arrive(connection, centre, ago_s=30)
    await router.settle()
    first = await the_offer(connection, conversation)
    await assign.decline(connection, first["id"], ana, reason="lunch", actor="user:1")
    await router.settle()
    await assign.accept(connection, (await the_offer(connection, conversation))["id"], beto, actor="user:2")
    for wanted in (str(conversation), str(first["id"])):
        (told,) = await explain(connection, wanted)
        assert told["conversation_id"] == str(conversation)
        assert [
            (one["agent"], one["reason"], one["state"], one["end_reason"]) for one in told["decisions"]
        ] == [
            ("Ana", "knows garantías (5), 0 of 1 busy", "declined", "lunch"),
            ("Beto", "knows garantías (3), the only one free, 0 of 1 busy", "accepted", None),
        ]
        assert told["now"] is None
        assert 29 <= told["decisions"][0]["waited_s"] < 60


async def test_of_one_who_waits_it_says_why_and_why_not_each_agent(connection, centre, router):
    skill = await add_skill(connection, "garantías")
    await serves(connection, centre.account_id, await add_queue(connection, {skill: 3}))
    await add_agent(connection, "Ana")
    beto, carla = await add_agent(connection, "Beto"), await add_agent(connection, "Carla")
    await knows(connection, beto, skill, 2)
    await knows(connection, carla, skill, 4)
    await limited(connection, carla, '{"webchat": 0}')
    conversation = await arrive(connection, centre, ago_s=30)
    await router.settle()
    (told,) = await explain(connection, str(conversation))
    assert told["decisions"] == []
    assert told["now"]["sentence"] == "nobody who is here has what is needed"
    assert told["now"]["until"] is not None
    assert told["now"]["agents"] == {
        "Ana": ["does not know garantías"],
        "Beto": ["knows garantías (2 of 3)"],
        "Carla": ["takes no webchat"],
    }


async def test_a_case_is_named_by_its_number(connection, centre, router):
    case = new_id()
    number = await connection.scalar(
        text(
            "INSERT INTO cases (id, brand_id, contact_id, updated_at) VALUES (:id, :brand, :contact, now())"
            " RETURNING number"
        ),
        {"id": case, "brand": centre.brand_id, "contact": centre.contact_id},
    )
    conversation = await arrive(connection, centre, case_id=case)
    await add_agent(connection, "Ana", state="available")
    (told,) = await explain(connection, f"#{number}")
    assert (told["conversation_id"], told["case"]) == (str(conversation), number)
    assert told["now"]["sentence"] == "Ana is asked next: the only one free, 0 of 1 busy"
    for unknown in ("99999999", str(new_id()), "nonsense", "9" * 30):
        with pytest.raises(NotFound):
            await explain(connection, unknown)


async def test_the_command_prints_lines_and_one_line_of_json(fresh_dsn, committing_db, monkeypatch):
    async with committing_db.begin() as c:
        conversation = await arrive(c, await open_centre(c))
    monkeypatch.setenv("TRATO_DATABASE_URL", fresh_dsn)

    def run(*arguments: str):
        return CliRunner().invoke(compose(), ["route", "explain", str(conversation), *arguments])

    plain = await asyncio.to_thread(run)
    assert plain.exit_code == 0, plain.output
    assert "now: nobody is available" in plain.stdout
    found = await asyncio.to_thread(run, "--json")
    line = json.loads(found.stdout.splitlines()[-1])
    assert line["conversations"][0]["now"]["code"] == "nobody_here"
