"""A promise is remembered before it breaks, and what is to do is nobody's secret."""

import asyncio
from datetime import timedelta

import pytest
from tests.support.loop import mail

from trato.conversations.reminders import reminding
from trato.flow.inbound import receive
from trato.kit.clock import now


@pytest.fixture
def remind(services):
    async def run():
        await reminding(services)({}, 1)

    return run


def in_(**span) -> str:
    return (now() + timedelta(**span)).isoformat()


async def tasks(desk, **query):
    return (await desk.ask("GET", "/tasks", **query))["items"]


async def test_who_promised_what_is_known(desk, case):
    kept = await desk.ask(
        "PATCH",
        f"/cases/{case['id']}",
        version=case["version"],
        promised_at=in_(days=2),
        promise="Diagnóstico",
    )
    assert (kept["promise"], kept["promised_by"]) == ("Diagnóstico", desk.agent_id)
    (move,) = (await desk.ask("GET", f"/cases/{case['id']}/moves"))["items"]
    assert (move["kind"], move["agent_id"], move["data"]["what"]) == ("promise", desk.agent_id, "Diagnóstico")
    await desk.ask("PATCH", f"/cases/{case['id']}", 409, version=case["version"], promised_at=None)


async def test_the_owner_is_reminded_before_the_date_and_told_when_it_broke(desk, case, remind):
    path = f"/cases/{case['id']}"
    await desk.ask("PATCH", path, promised_at=in_(days=10), promise="Diagnóstico", owner_id=desk.agent_id)
    await remind()
    assert await tasks(desk) == []
    await desk.run("UPDATE cases SET remind_at = now()")
    await asyncio.gather(remind(), remind())  # rounds may overlap
    (task,) = await tasks(desk)
    assert (task["kind"], task["title"], task["broken_at"]) == ("promise", "Diagnóstico", None)
    await desk.run("UPDATE task SET due_at = now()")
    await remind()
    await remind()
    (task,) = await tasks(desk)
    assert task["broken_at"] is not None
    assert [data["task"]["broken_at"] is not None for data in await desk.events("task.changed")] == [
        False,
        True,
    ]
    moves = (await desk.ask("GET", f"{path}/moves"))["items"]
    assert [move["kind"] for move in moves].count("promise_broken") == 1


async def test_nobodys_promise_is_seen_by_whoever_looks_after_the_team(desk, case, remind):
    await desk.ask("PATCH", f"/cases/{case['id']}", promised_at=in_(minutes=10))
    await remind()
    assert await tasks(desk) == []
    (task,) = await tasks(desk, whose="nobodys")
    taken = await desk.ask("PATCH", f"/tasks/{task['id']}", version=task["version"], owner_id=desk.agent_id)
    await desk.ask("PATCH", f"/tasks/{task['id']}", 409, version=task["version"], owner_id=None)
    assert await tasks(desk) == [taken]


async def test_a_finished_reminder_keeps_the_promise_and_another_date_begins_anew(desk, case, remind):
    path = f"/cases/{case['id']}"
    await desk.ask("PATCH", path, promised_at=in_(minutes=10), owner_id=desk.agent_id)
    await remind()
    await desk.ask("PATCH", path, promised_at=in_(minutes=20))
    assert await tasks(desk) == []
    await remind()
    (task,) = await tasks(desk)
    await desk.ask("PATCH", f"/tasks/{task['id']}", 422, title="otra cosa")
    await desk.ask("PATCH", f"/tasks/{task['id']}", state="done")
    assert (await desk.ask("GET", path))["promised_at"] is None
    (done, dropped) = await tasks(desk, which="finished")
    assert (done["state"], done["done_by"], dropped["state"]) == ("done", desk.agent_id, "dropped")
    await desk.ask("PATCH", f"/tasks/{task['id']}", 409, state="open")


async def test_a_step_with_a_date_is_reminded_of_and_done_with_its_task(desk, case, remind):
    path = f"/cases/{case['id']}"
    steps = [{"title": "Diagnóstico", "state": "now", "due_at": in_(minutes=5)}, {"title": "Entrega"}]
    kept = await desk.ask("PUT", f"{path}/steps", version=case["version"], steps=steps)
    await desk.ask("PATCH", path, owner_id=desk.agent_id)
    await remind()
    (task,) = await tasks(desk)
    assert (task["kind"], task["step_id"]) == ("step", kept["steps"][0]["id"])
    renamed = [{**kept["steps"][0], "title": "Diagnóstico en taller"}, kept["steps"][1]]
    fields = ("id", "title", "state", "due_at")
    await desk.ask("PUT", f"{path}/steps", steps=[{name: step[name] for name in fields} for step in renamed])
    await remind()
    assert len(await tasks(desk)) == 1  # another name is no other date
    await desk.ask("PATCH", f"/tasks/{task['id']}", state="done")
    assert [step["state"] for step in (await desk.ask("GET", path))["steps"]] == ["done", "later"]


async def test_what_is_to_do_is_noted_put_off_and_finished(desk, case, remind):
    path = f"/cases/{case['id']}/tasks"
    task = await desk.ask(
        "POST", path, 201, title="Llamar al taller", owner_id=desk.agent_id, due_at=in_(days=1)
    )
    await desk.ask("POST", path, 422, title="Llamar", owner_id=case["id"])
    late = await desk.ask("POST", path, 201, title="Sin fecha", owner_id=desk.agent_id)
    assert [one["id"] for one in await tasks(desk)] == [task["id"], late["id"]]
    await desk.ask("PATCH", f"/tasks/{task['id']}", 422, snoozed_until=in_(hours=-1))
    await desk.ask("PATCH", f"/tasks/{task['id']}", snoozed_until=in_(hours=1))
    assert [one["id"] for one in await tasks(desk, which="later")] == [task["id"]]
    await desk.run("UPDATE task SET snoozed_until = now() WHERE snoozed_until IS NOT NULL")
    await remind()
    assert [one["snoozed_until"] for one in await tasks(desk)] == [None, None]
    await desk.ask("PATCH", f"/tasks/{task['id']}", state="done")
    back = await desk.ask("PATCH", f"/tasks/{task['id']}", state="open")
    assert (back["done_at"], back["done_by"]) == (None, None)
    motion = await desk.ask("GET", f"/cases/{case['id']}/motion")
    assert [one["id"] for one in motion["tasks"]] == [task["id"], late["id"]]
    assert [move["kind"] for move in motion["moves"]] == ["task_done", "task", "task"]


async def test_a_task_waits_until_the_contact_writes(desk, case, remind, services, account):
    task = await desk.ask("POST", f"/cases/{case['id']}/tasks", 201, title="x", owner_id=desk.agent_id)
    await desk.ask("PATCH", f"/tasks/{task['id']}", until_reply=True)
    await remind()
    assert await tasks(desk) == []
    await receive(services, account, mail(2, conversation_key="k1"))
    await remind()
    assert [one["until_reply"] for one in await tasks(desk)] == [False]


async def test_a_case_waits_until_a_date_or_until_the_contact_writes(desk, case, remind, services, account):
    path = f"/cases/{case['id']}"
    await desk.ask("PATCH", path, 422, status="waiting", snoozed_until=in_(hours=-1))
    await desk.ask("PATCH", path, status="waiting", snoozed_until=in_(days=3))
    await desk.run("UPDATE cases SET snoozed_until = now()")
    await remind()
    back = await desk.ask("GET", path)
    assert (back["status"], back["snoozed_until"]) == ("open", None)
    await desk.ask("PATCH", path, status="waiting", snoozed_until=in_(days=3))
    await receive(services, account, mail(2, conversation_key="k1"))
    back = await desk.ask("GET", path)
    assert (back["status"], back["snoozed_until"]) == ("open", None)


async def test_tasks_come_in_pages_to_the_last(desk, case):
    for number in range(5):
        due = {"due_at": in_(hours=number)} if number < 3 else {}
        await desk.ask("POST", f"/cases/{case['id']}/tasks", 201, title=str(number), **due)
    seen, cursor = [], None
    while True:
        page = await desk.ask(
            "GET", "/tasks", whose="everybodys", limit=2, **({"cursor": cursor} if cursor else {})
        )
        seen += [one["title"] for one in page["items"]]
        assert page["cases"][0]["id"] == case["id"]
        assert page["contacts"][0]["id"] == case["contact_id"]
        assert [place["case_id"] for place in page["places"]] == [case["id"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["0", "1", "2", "3", "4"]
