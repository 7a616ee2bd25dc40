"""What agents are writing goes with the conversation, whole; two drafts that meet are both kept."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre

from trato.flow import assign, drafts, transfers
from trato.flow.drafts import Draft
from trato.flow.tasks import housekeeping
from trato.flow.transfer_schemas import DraftView
from trato.flow.transfers import Giver, Giving
from trato.kit.ids import new_id

from .test_inbound import rows


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


async def person(c: AsyncConnection, name: str) -> UUID:
    """Add an agent who can sign in, and so upload files."""
    agent_id, user_id = await add_agent(c, name), new_id()
    await c.execute(
        text(
            "INSERT INTO users (id, email, email_key, name, role)"
            " VALUES (:id, :email, :email, :name, 'agent')"
        ),
        {"id": user_id, "email": f"{user_id}@example.com", "name": name},
    )
    await c.execute(
        text("UPDATE agent SET user_id = :user WHERE id = :id"), {"user": user_id, "id": agent_id}
    )
    return agent_id


async def upload(c: AsyncConnection, agent_id: UUID, name: str) -> UUID:
    file_id = new_id()
    await c.execute(
        text(
            "INSERT INTO attachment (id, filename, content_type, size, sha256, store_key, uploaded_by)"
            " VALUES (:id, :name, 'text/plain', 3, '0', :key,"
            " 'user:' || (SELECT user_id FROM agent WHERE id = :agent))"
        ),
        {"id": file_id, "name": name, "key": f"files/{file_id}", "agent": agent_id},
    )
    return file_id


async def owner(c: AsyncConnection, file_id: UUID) -> UUID | None:
    """Return the agent whose messages may carry a file."""
    query = text(
        "SELECT g.id FROM attachment a JOIN agent g ON a.uploaded_by = 'user:' || g.user_id WHERE a.id = :id"
    )
    found: UUID | None = await c.scalar(query, {"id": file_id})
    return found


async def give(c: AsyncConnection, conversation: UUID, from_: UUID, to: UUID) -> None:
    await c.execute(
        text("SELECT set_presence(:id, 'available', NULL, 'system', NULL)"), {"id": to}
    )  # whoever gives is in their wrap-up for a moment
    await transfers.transfer(c, conversation, Giver(from_, "user:1"), Giving("blind", "agent", to))


async def test_files_and_recipients_are_kept_and_go_along_to_who_may_send_them(connection, centre):
    ana, beto = await person(connection, "Ana"), await person(connection, "Beto")
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    plan, bill = await upload(connection, ana, "plano.pdf"), await upload(connection, ana, "factura.pdf")
    written = Draft("Le adjunto", cc="luis@x.example", bcc="eva@x.example", file_ids=[bill, plan])
    await drafts.keep(connection, conversation, ana, "reply", written)
    [kept] = await drafts.mine(connection, conversation, ana)
    assert [one["filename"] for one in kept["files"]] == ["factura.pdf", "plano.pdf"]
    await drafts.keep(connection, conversation, ana, "reply", "Le adjunto todo")  # the rest stays

    await give(connection, conversation, ana, beto)
    [got] = await drafts.mine(connection, conversation, beto)
    assert (got["text"], got["cc"], got["bcc"]) == ("Le adjunto todo", "luis@x.example", "eva@x.example")
    assert [one["id"] for one in got["files"]] == [str(bill), str(plan)]
    assert (await owner(connection, plan), await owner(connection, bill)) == (beto, beto)
    assert await drafts.mine(connection, conversation, ana) == []


async def test_nobody_keeps_a_file_of_somebody_else(connection, centre):
    ana, beto = await person(connection, "Ana"), await person(connection, "Beto")
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    hers = await upload(connection, beto, "de-beto.pdf")
    await drafts.keep(connection, conversation, ana, "reply", Draft("Hola", file_ids=[hers, new_id()]))
    [kept] = await drafts.mine(connection, conversation, ana)
    assert kept["files"] == []
    await give(connection, conversation, ana, await person(connection, "Carla"))
    assert await owner(connection, hers) == beto


async def test_what_comes_to_somebody_who_has_begun_stands_beside_it_until_they_took_it_in(
    connection, centre
):
    ana, beto = await person(connection, "Ana"), await person(connection, "Beto")
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    plan = await upload(connection, ana, "plano.pdf")
    await drafts.keep(connection, conversation, ana, "reply", Draft("De Ana", cc="a@b.co", file_ids=[plan]))
    await drafts.keep(connection, conversation, beto, "reply", "De Beto")
    await give(connection, conversation, ana, beto)
    await drafts.keep(connection, conversation, beto, "reply", "De Beto, que sigue")  # does not know of it
    [got] = await drafts.mine(connection, conversation, beto)
    assert DraftView.model_validate(got)
    [came] = got["came"]
    assert (got["text"], came["text"], came["cc"]) == ("De Beto, que sigue", "De Ana", "a@b.co")
    assert (came["from_agent_id"], came["files"][0]["id"]) == (str(ana), str(plan))
    await drafts.keep(connection, conversation, beto, "reply", "")  # sent meanwhile
    [got] = await drafts.mine(connection, conversation, beto)
    assert (got["text"], len(got["came"])) == ("", 1)

    took = Draft("De Ana", cc="a@b.co", file_ids=[plan], took=[UUID(came["id"])])
    await drafts.keep(connection, conversation, beto, "reply", took)
    [got] = await drafts.mine(connection, conversation, beto)
    assert (got["text"], got["came"]) == ("De Ana", [])


async def test_what_nobody_took_in_goes_on_and_comes_back_once(connection, centre):
    ana, beto = await person(connection, "Ana"), await person(connection, "Beto")
    conversation = await arrive(connection, centre)
    await assign.take(connection, conversation, ana, actor="user:1")
    await drafts.keep(connection, conversation, ana, "reply", "De Ana")
    await drafts.keep(connection, conversation, beto, "reply", "De Beto")
    await give(connection, conversation, ana, beto)
    await drafts.keep(connection, conversation, ana, "reply", "De Beto y de Ana")
    await give(connection, conversation, beto, ana)
    [back] = await drafts.mine(connection, conversation, ana)
    assert back["text"] == "De Beto y de Ana"  # his words stand in it: they do not come twice
    assert [one["text"] for one in back["came"]] == ["De Ana"]
    assert await drafts.mine(connection, conversation, beto) == []


async def test_a_file_stays_as_long_as_its_draft(services, account):
    async with services.db.begin() as c:
        centre = await open_centre(c)
        ana = await person(c, "Ana")
        conversation = await arrive(c, centre)
        kept, lone = await upload(c, ana, "plano.pdf"), await upload(c, ana, "suelta.pdf")
        await drafts.keep(c, conversation, ana, "reply", Draft("", file_ids=[kept]))
        await c.execute(text("UPDATE attachment SET created_at = now() - interval '2 days'"))
    await housekeeping(services)({}, 1)
    assert [one["id"] for one in await rows(services, "SELECT id FROM attachment")] == [kept]
    assert lone != kept
