"""A stretch of work that moved no step and added no fact is marked, counted and shown."""

from trato.conversations.reminders import reminding


async def work(desk, services, *deeds):
    """Take the conversation, do something, end it; return what the desk said before the end."""
    (conversation,) = await desk.rows("SELECT id, case_id, contact_id FROM conversation")
    path = f"/conversations/{conversation['id']}"
    await desk.ask("PATCH", path, status="open")
    await desk.ask("POST", f"{path}/take")
    for deed in deeds:
        await deed(conversation)
    so_far = await desk.ask("GET", f"{path}/progress")
    await desk.ask("PATCH", path, status="closed")
    await reminding(services)({}, 1)
    return so_far


async def test_a_touch_that_moves_nothing_is_counted(desk, services):
    so_far = await work(desk, services)
    assert so_far == {"moves": [], "facts": 0, "progress": False}

    async def owner(conversation):
        await desk.ask("PATCH", f"/cases/{conversation['case_id']}", owner_id=desk.agent_id)

    so_far = await work(desk, services, owner)
    assert (so_far["moves"], so_far["progress"]) == (["owner"], False)

    async def step(conversation):
        await desk.ask("PUT", f"/cases/{conversation['case_id']}/steps", steps=[{"title": "Diagnóstico"}])

    assert (await work(desk, services, step))["progress"]

    async def fact(conversation):
        body = {"name": "modelo", "value": "XR-20"}
        await desk.ask("POST", f"/contacts/{conversation['contact_id']}/facts", 201, **body)

    assert (await work(desk, services, fact))["facts"] == 1
    marked = await desk.rows("SELECT progress FROM interaction WHERE state = 'ended' ORDER BY ended_at")
    assert [row["progress"] for row in marked] == [False, False, True, True]
    (case,) = (await desk.ask("GET", "/cases"))["items"]
    motion = await desk.ask("GET", f"/cases/{case['id']}/motion")
    assert motion["touches"] == {"all": 4, "without_progress": 2}
    told = [data["interaction"]["progress"] for data in await desk.events("interaction.changed")]
    assert told.count(False) == 2


async def test_what_was_done_before_or_after_is_not_of_this_touch(desk, services):
    (case,) = (await desk.ask("GET", "/cases"))["items"]
    await desk.ask("POST", f"/cases/{case['id']}/tasks", 201, title="antes")
    await work(desk, services)
    await desk.ask("POST", f"/cases/{case['id']}/tasks", 201, title="después")
    await reminding(services)({}, 1)
    motion = await desk.ask("GET", f"/cases/{case['id']}/motion")
    assert motion["touches"] == {"all": 1, "without_progress": 1}
