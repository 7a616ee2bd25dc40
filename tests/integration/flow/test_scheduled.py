"""A reply that waits for its moment goes out once, then and not before, or comes back to who wrote it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.loop import AT, mail
from tests.support.until import until

from trato.brands import service as brands
from trato.db.jobs import Worker
from trato.flow import replies, scheduled, tasks
from trato.flow.inbound import receive
from trato.flow.outbound import send
from trato.flow.replies import Author, Writing
from trato.flow.scheduled import Moment
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id

from .test_inbound import rows

ANA = Author(actor="system", name="Sofía")
TOMORROW = timedelta(days=1)


@pytest.fixture
async def conversation_id(services, account):
    return (await receive(services, account, mail())).conversation_id


def worker(services):
    handlers = {
        "send": lambda data, n: send(services, data, n),
        scheduled.KIND: scheduled.releasing(services),
    }
    return Worker(services.db, services.wake, handlers)


async def keep(services, conversation_id, *, after=TOMORROW, even=False, body="Ya está en camino", **changes):
    moment = Moment(None if after is None else now() + after, even_if_written=even)
    async with services.db.begin() as c:
        writing = Writing(text=body, client_id=changes.pop("client_id", str(uuid4())), **changes)
        return await scheduled.schedule(services, c, conversation_id, ANA, writing, moment)


async def uploaded(services, by="system"):
    file_id = new_id()
    async with services.db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO attachment (id, filename, content_type, size, sha256, store_key, uploaded_by,"
                " created_at) VALUES (:id, 'a.txt', 'text/plain', 1, 'x', 'k', :by, :at)"
            ),
            {"id": file_id, "by": by, "at": AT},
        )
    return file_id


async def comes_due(services):
    """Let a day pass for what waits."""
    async with services.db.begin() as c:
        await c.execute(text("UPDATE scheduled_message SET due_at = due_at - interval '2 days'"))
        await c.execute(text("UPDATE job SET run_at = run_at - interval '2 days' WHERE state = 'waiting'"))


async def state_of(services, view):
    (found,) = await rows(services, f"SELECT state FROM scheduled_message WHERE id = '{view['id']}'")
    return found["state"]


async def out(services):
    return await rows(services, "SELECT id, text, status, created_at FROM message WHERE direction = 'out'")


async def take_back(services, view):
    async with services.db.begin() as c:
        return await scheduled.take_back(c, UUID(view["id"]), actor="system")


async def plan(services, view, due_at=None, *, even=False):
    async with services.db.begin() as c:
        return await scheduled.plan(c, UUID(view["id"]), due_at, even_if_written=even, actor="system")


async def test_it_waits_and_nothing_that_reads_messages_knows_of_it(
    services, conversation_id, loop_connector
):
    view = await keep(services, conversation_id)
    await worker(services).drain()
    assert (view["state"], view["kind"], loop_connector.sent) == ("waiting", "later", [])
    assert await out(services) == []
    (conversation,) = await rows(services, "SELECT waiting_since, preview FROM conversation")
    assert conversation["waiting_since"] is not None  # nobody was answered yet
    events = await rows(services, "SELECT type, audience FROM event WHERE type LIKE 'message.%' ORDER BY at")
    assert [(e["type"], e["audience"]) for e in events][-1] == ("message.scheduled", "staff")
    async with services.db.connect() as c:
        assert [one["id"] for one in await scheduled.waiting(c, conversation_id)] == [view["id"]]


async def test_at_its_moment_it_is_a_message_of_then(services, conversation_id, loop_connector):
    view = await keep(services, conversation_id)
    await comes_due(services)
    before = now()
    await worker(services).drain()
    (message,) = await out(services)
    assert (str(message["id"]), message["status"]) == (view["id"], "sent")
    assert message["created_at"] >= before - timedelta(seconds=1)
    assert [one.text for one in loop_connector.sent] == ["Ya está en camino"]
    (kept,) = await rows(services, "SELECT state, queued FROM scheduled_message")
    assert kept == {"state": "sent", "queued": {}}
    (conversation,) = await rows(services, "SELECT waiting_since FROM conversation")
    assert conversation["waiting_since"] is None
    assert await rows(services, "SELECT * FROM job") == []


async def test_the_seconds_to_undo_are_those_of_the_account(services, account, conversation_id):
    async with services.db.begin() as c:
        await brands.change_account(c, services.secrets, account.id, undo_s=30)
    view = await keep(services, conversation_id, after=None)
    (row,) = await rows(services, "SELECT due_at - created_at AS waits FROM scheduled_message")
    assert (row["waits"], view["kind"]) == (timedelta(seconds=30), "undo")


async def test_a_channel_without_undo_sends_at_once(services, conversation_id, loop_connector):
    await keep(services, conversation_id, after=None)
    await worker(services).drain()
    assert len(loop_connector.sent) == 1


async def test_what_was_taken_back_never_goes_out_and_comes_back_whole(
    services, conversation_id, loop_connector
):
    view = await keep(services, conversation_id, subject="Garantía")
    back = await take_back(services, view)
    assert (back["text"], back["subject"], back["state"]) == ("Ya está en camino", "Garantía", "taken_back")
    await comes_due(services)
    await worker(services).drain()
    assert (loop_connector.sent, await out(services)) == ([], [])
    (kept,) = await rows(services, "SELECT queued FROM scheduled_message")
    assert kept["queued"] == {}  # what was never sent is kept nowhere


async def test_the_same_click_twice_is_one_and_does_not_bring_back_what_was_taken_back(
    services, conversation_id, loop_connector
):
    first = await keep(services, conversation_id, client_id="c1-again")
    again = await keep(services, conversation_id, client_id="c1-again")
    assert first["id"] == again["id"]
    await take_back(services, first)
    late = await keep(services, conversation_id, client_id="c1-again")
    assert (late["id"], late["state"]) == (first["id"], "taken_back")
    await comes_due(services)
    await worker(services).drain()
    assert loop_connector.sent == []


async def test_who_takes_back_too_late_is_told_and_nothing_is_lost(services, conversation_id, loop_connector):
    view = await keep(services, conversation_id)
    await comes_due(services)
    await worker(services).drain()
    with pytest.raises(Conflict, match="out already"):
        await take_back(services, view)
    with pytest.raises(Conflict, match="out already"):
        await plan(services, view, now() + TOMORROW)
    assert len(loop_connector.sent) == 1


async def test_taken_back_twice_is_taken_back_once(services, conversation_id):
    view = await keep(services, conversation_id)
    await take_back(services, view)
    with pytest.raises(Conflict, match="taken back"):
        await take_back(services, view)
    with pytest.raises(NotFound):
        async with services.db.begin() as c:
            await scheduled.take_back(c, new_id(), actor="system")


async def test_sender_and_taker_at_once_one_of_them_wins(services, conversation_id, loop_connector):
    """Twenty races: each message either comes back or goes out, never both and never neither."""
    views = [await keep(services, conversation_id, body=f"Mensaje {n}") for n in range(20)]
    await comes_due(services)

    async def back(view):
        try:
            await take_back(services, view)
        except Conflict:
            return None
        return view["id"]

    taken, _ = await asyncio.gather(asyncio.gather(*[back(view) for view in views]), worker(services).drain())
    await worker(services).drain()
    gone = {str(one.message_id) for one in loop_connector.sent}
    assert len(loop_connector.sent) == len(gone)
    assert gone | {one for one in taken if one} == {view["id"] for view in views}
    assert not gone & {one for one in taken if one}


async def test_held_back_when_the_contact_writes_in_between(
    services, account, conversation_id, loop_connector
):
    view = await keep(services, conversation_id)
    await receive(
        services, account, mail(1, provider_id="p9", external_id="<m9@example.org>", text="¡Ya llegó!")
    )
    await comes_due(services)
    async with services.db.begin() as c:
        await c.execute(text("UPDATE scheduled_message SET judged_at = judged_at - interval '1 hour'"))
    await worker(services).drain()
    assert (await state_of(services, view), loop_connector.sent) == ("held", [])
    async with services.db.connect() as c:
        assert [one["state"] for one in await scheduled.waiting(c, conversation_id)] == ["held"]
    await plan(services, view, even=True)  # an agent looked, and says so
    await worker(services).drain()
    assert (await state_of(services, view), len(loop_connector.sent)) == ("sent", 1)


async def test_planned_anew_it_is_held_only_by_what_is_written_since(
    services, account, conversation_id, loop_connector
):
    view = await keep(services, conversation_id)
    await receive(services, account, mail(1, provider_id="p9", external_id="<m9@example.org>"))
    await comes_due(services)
    await worker(services).drain()
    assert await state_of(services, view) == "held"
    planned = await plan(services, view, now() + TOMORROW)  # an agent read it: it fits still
    assert planned["judged_at"] > view["judged_at"]
    await comes_due(services)
    await worker(services).drain()
    assert (await state_of(services, view), len(loop_connector.sent)) == ("sent", 1)


async def test_what_goes_whatever_they_write_goes(services, account, conversation_id, loop_connector):
    await keep(services, conversation_id, even=True)
    await receive(services, account, mail(1, provider_id="p9", external_id="<m9@example.org>"))
    await comes_due(services)
    await worker(services).drain()
    assert len(loop_connector.sent) == 1


async def test_put_off_it_goes_at_the_new_moment_and_now_means_now(services, conversation_id, loop_connector):
    view = await keep(services, conversation_id)
    await comes_due(services)
    await plan(services, view, now() + TOMORROW)
    await worker(services).drain()
    assert loop_connector.sent == []
    await plan(services, view)
    await worker(services).drain()
    assert len(loop_connector.sent) == 1
    with pytest.raises(Invalid, match="passed"):
        await keep(services, conversation_id, after=timedelta(days=-1))


async def test_a_worker_that_dies_in_between_loses_nothing_and_sends_nothing_twice(
    services, conversation_id, loop_connector
):
    await keep(services, conversation_id)
    await comes_due(services)
    async with services.db.begin() as c:  # it had the job in hand, and was killed
        await c.execute(
            text("UPDATE job SET state = 'running', owner = :owner, lease_until = now() - interval '1 s'"),
            {"owner": new_id()},
        )
    busy = asyncio.create_task(worker(services).run())
    await until(lambda: bool(loop_connector.sent), "the message was not sent")
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)
    await worker(services).drain()
    assert len(loop_connector.sent) == 1
    release = scheduled.releasing(services)
    (kept,) = await rows(services, "SELECT id FROM scheduled_message")
    await release({"id": str(kept["id"])}, 2)  # the same job once more: it was done, but not crossed off
    await worker(services).drain()
    assert len(loop_connector.sent) == 1


async def test_its_files_wait_with_it_and_come_back_with_it(services, conversation_id, tmp_path):
    file_id = await uploaded(services)
    view = await keep(services, conversation_id, file_ids=[file_id])
    assert [one["filename"] for one in view["attachments"]] == ["a.txt"]
    await tasks.housekeeping(services)({}, 1)
    assert len(await rows(services, "SELECT id FROM attachment")) == 1
    back = await take_back(services, view)
    assert [one["id"] for one in back["attachments"]] == [str(file_id)]
    await tasks.housekeeping(services)({}, 1)  # its day begins again
    assert len(await rows(services, "SELECT id FROM attachment")) == 1
    with pytest.raises(Invalid, match="not yours"):
        await keep(services, conversation_id, file_ids=[new_id()])


async def test_a_file_that_is_anothers_or_waits_elsewhere_is_refused(services, conversation_id):
    file_id, anothers = await uploaded(services), await uploaded(services, by="user:9")
    first = await keep(services, conversation_id, file_ids=[file_id], client_id="the-first")
    again = await keep(services, conversation_id, file_ids=[file_id], client_id="the-first")
    assert again["id"] == first["id"]
    for taken in (file_id, anothers):
        with pytest.raises(Invalid, match="not yours"):
            await keep(services, conversation_id, file_ids=[taken])
    await take_back(services, first)
    await keep(services, conversation_id, file_ids=[file_id])
    assert len(await rows(services, "SELECT id FROM scheduled_message")) == 2


@pytest.mark.parametrize("after", [TOMORROW, None])
async def test_without_a_file_of_its_own_it_is_held_until_somebody_says_so(
    services, conversation_id, loop_connector, after
):
    file_id, other = await uploaded(services), await uploaded(services)
    view = await keep(services, conversation_id, after=after, file_ids=[file_id, other])
    async with services.db.begin() as c:
        await replies.write(
            services, c, conversation_id, ANA, Writing("Aquí va", "now-at-once", file_ids=[file_id])
        )
    await comes_due(services)
    await worker(services).drain()
    assert [one.text for one in loop_connector.sent] == ["Aquí va"]
    async with services.db.connect() as c:
        (held,) = await scheduled.waiting(c, conversation_id)
    assert (held["state"], held["kind"], held["files_missing"]) == ("held", "later", 1)
    assert [one["id"] for one in held["attachments"]] == [str(other)]
    planned = await plan(services, view)
    assert (planned["state"], planned["files_missing"]) == ("waiting", 0)
    await worker(services).drain()
    assert (await state_of(services, view), len(loop_connector.sent)) == ("sent", 2)
    (late,) = await rows(services, f"SELECT id FROM attachment WHERE message_id = '{view['id']}'")
    assert late["id"] == other


async def test_over_http_it_is_kept_shown_planned_and_taken_back(desk):
    (case,) = (await desk.ask("GET", "/cases"))["items"]
    (one,) = (await desk.ask("GET", f"/contacts/{case['contact_id']}/timeline"))["items"]
    place = f"/conversations/{one['conversation_id']}/scheduled"
    at = (now() + TOMORROW).isoformat()
    view = await desk.ask("POST", place, 201, text="Mañana le cuento", client_id="one-two-three", send_at=at)
    assert [x["id"] for x in (await desk.ask("GET", place))["items"]] == [view["id"]]
    other = (now() + 2 * TOMORROW).isoformat()
    path = f"/scheduled-messages/{view['id']}"
    planned = await desk.ask("POST", f"{path}/plan", send_at=other, even_if_written=True)
    assert (planned["version"], planned["even_if_written"]) == (2, True)
    back = await desk.ask("POST", f"{path}/take-back")
    assert back["text"] == "Mañana le cuento"
    assert (await desk.ask("GET", place))["items"] == []
