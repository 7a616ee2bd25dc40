"""One act on many: an answer for each, nothing twice, and the way back for what still stands."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from trato.access.roles import Role
from trato.db.engine import Database
from trato.kit.clock import now

from .conftest import House, Worker, open_house

ME = {"kind": "assign", "to": "me"}


async def act(worker: Worker, ids: list[UUID], **what: Any) -> Any:
    body = {"id": str(uuid4()), "act": what, "conversation_ids": [str(one) for one in ids]}
    return await worker.ask("POST", "/bulk-acts", **body)


def done(answer: Any) -> list[bool]:
    return [item["done"] for item in answer["items"]]


def reasons(answer: Any) -> list[str]:
    return [item["problem"]["detail"] for item in answer["items"] if item["problem"]]


@pytest.fixture
async def ana(house: House) -> Worker:
    return await house.worker("ana")


@pytest.fixture
async def three(house: House) -> list[UUID]:
    return [await house.arrives(ago_s=600 - n) for n in range(3)]


async def line(house: House) -> dict[UUID, Any]:
    rows = await house.run("SELECT conversation_id, queue_id, priority, since FROM waiting")
    return {row.conversation_id: row for row in rows}


async def test_what_is_assigned_comes_back_to_its_place_in_line(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    queue_id = await house.add("queue", name="Ventas")
    await house.run(
        "UPDATE waiting SET queue_id = :q, priority = 2 WHERE conversation_id = :id", q=queue_id, id=three[0]
    )
    before = await line(house)
    answer = await act(ana, [*three, uuid4()], **ME)
    assert done(answer) == [True, True, True, False]
    assert reasons(answer) == ["There is no such conversation."]
    assert {(await house.row(one)).assignee_id for one in three} == {ana.agent_id}
    assert await line(house) == {}
    back = await ana.ask("POST", f"/bulk-acts/{answer['id']}/undo")
    assert done(back) == [True] * 3
    assert await line(house) == before
    assert (await house.row(three[0])).assignee_id is None
    again = await ana.ask("POST", f"/bulk-acts/{answer['id']}/undo")
    assert done(again) == [True] * 3
    assert await line(house) == before


async def test_what_has_no_room_is_said_and_the_rest_is_done(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    await house.run("UPDATE presence SET capacity = 2 WHERE agent_id = :id", id=ana.agent_id)
    answer = await act(ana, three, **ME)
    assert done(answer) == [True, True, False]
    assert reasons(answer) == ["There is no room for one more conversation."]


async def test_a_colleagues_is_left_alone_but_for_a_supervisor(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    bruno, sofia = await house.worker("bruno"), await house.worker("sofia", Role.SUPERVISOR)
    await bruno.ask("POST", f"/conversations/{three[0]}/take")
    answer = await act(ana, three[:1], **ME)
    assert reasons(answer) == ["A colleague has this conversation."]
    given = await act(sofia, three[:2], kind="assign", to="agent", to_id=str(ana.agent_id))
    assert done(given) == [True, True]
    back = await sofia.ask("POST", f"/bulk-acts/{given['id']}/undo")
    assert done(back) == [True, True]
    assert [(await house.row(one)).assignee_id for one in three[:2]] == [bruno.agent_id, None]


async def test_the_same_again_is_the_same_act_and_another_is_refused(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    body = {"id": str(uuid4()), "act": ME, "conversation_ids": [str(one) for one in three]}
    first = await ana.ask("POST", "/bulk-acts", **body)
    second = await ana.ask("POST", "/bulk-acts", **body)
    assert [item["changed"] for item in first["items"]] == [item["changed"] for item in second["items"]]
    (taken,) = [row.n for row in await house.run("SELECT count(*) AS n FROM interaction")]
    assert taken == 3
    await ana.ask("POST", "/bulk-acts", 422, **{**body, "act": {"kind": "spam"}})
    bruno = await house.worker("bruno")
    await bruno.ask("POST", f"/bulk-acts/{body['id']}/undo", 404)
    too_many = {**body, "id": str(uuid4()), "conversation_ids": [str(uuid4()) for _ in range(101)]}
    await ana.ask("POST", "/bulk-acts", 422, **too_many)


async def test_labels_are_undone_only_where_they_were_given(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    tag = str(await house.add("tag", name="Garantía"))
    await ana.ask("PUT", f"/conversations/{three[0]}/tags/{tag}")
    answer = await act(ana, three, kind="label", tag_id=tag)
    assert [item["changed"] for item in answer["items"]] == [False, True, True]
    await ana.ask("DELETE", f"/conversations/{three[1]}/tags/{tag}")  # somebody thought otherwise
    back = await ana.ask("POST", f"/bulk-acts/{answer['id']}/undo")
    assert reasons(back) == ["Somebody changed it meanwhile."]
    left = {row.conversation_id for row in await house.run("SELECT conversation_id FROM conversation_tag")}
    assert left == {three[0]}


@pytest.mark.parametrize("kind", ["snooze", "close", "spam"])
async def test_what_was_put_away_is_as_it_was_unless_somebody_touched_it(
    house: House, ana: Worker, three: list[UUID], kind: str
) -> None:
    await ana.ask("POST", f"/conversations/{three[0]}/take")
    before = [await house.row(one) for one in three]
    in_line = await line(house)
    more = {"until": (now() + timedelta(days=1)).isoformat()} if kind == "snooze" else {}
    answer = await act(ana, three, kind=kind, **more)
    assert done(answer) == [True] * 3
    assert await line(house) == {}
    bruno = await house.worker("bruno")
    if kind == "spam":
        await bruno.ask("DELETE", f"/conversations/{three[2]}/spam")
    else:
        await bruno.ask("PATCH", f"/conversations/{three[2]}", status="open")
    back = await ana.ask("POST", f"/bulk-acts/{answer['id']}/undo")
    assert done(back) == [True, True, False]
    told = ("status", "spam", "assignee_id", "waiting_since", "snoozed_until", "closed_at")
    for was in before[:2]:
        row = await house.row(was.id)
        assert [getattr(row, name) for name in told] == [getattr(was, name) for name in told]
    assert (await line(house))[three[1]].since == in_line[three[1]].since


async def test_what_is_closed_is_opened_again_and_closed_again(
    house: House, ana: Worker, three: list[UUID]
) -> None:
    await act(ana, three, kind="close")
    closed_at = (await house.row(three[0])).closed_at
    answer = await act(ana, three, kind="reopen")
    assert done(answer) == [True] * 3
    assert len(await line(house)) == 3
    assert done(await ana.ask("POST", f"/bulk-acts/{answer['id']}/undo")) == [True] * 3
    row = await house.row(three[0])
    assert (row.status, row.closed_at) == ("closed", closed_at)


@pytest.mark.slow
async def test_two_who_take_the_same_at_once_share_them_and_nobody_hangs(
    committing_db: Database, fresh_dsn: str
) -> None:
    async with AsyncExitStack() as doors:
        house = await open_house(committing_db, fresh_dsn, doors)
        ana, bruno = await house.worker("ana"), await house.worker("bruno")
        ids = [await house.arrives() for _ in range(16)]
        answers = await asyncio.gather(act(ana, ids, **ME), act(bruno, list(reversed(ids)), **ME))
        got = [{item["conversation_id"] for item in one["items"] if item["done"]} for one in answers]
        assert not got[0] & got[1]
        assert got[0] | got[1] == {str(one) for one in ids}
        assert {why for one in answers for why in reasons(one)} <= {"A colleague has this conversation."}
        backs = await asyncio.gather(
            *(
                worker.ask("POST", f"/bulk-acts/{answer['id']}/undo")
                for worker, answer in zip((ana, bruno), answers, strict=True)
            )
        )
        assert all(all(done(one)) for one in backs)
        assert len(await line(house)) == 16
        loads = [row.load for row in await house.run("SELECT load FROM presence")]
        assert loads == [0, 0]
