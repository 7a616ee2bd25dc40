"""A question to a colleague beside a conversation: asked of who knows, and never seen by the contact."""

import asyncio
import json
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.loop import mail

from trato.flow import assign, consults, transfers
from trato.flow.consults import Question
from trato.flow.inbound import receive
from trato.flow.transfers import Giver, Giving
from trato.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from trato.kit.ids import new_id
from trato.live import queries as live
from trato.live import service as log
from trato.live.audience import Visitor
from trato.portal import views

from .test_inbound import rows

SECRET = "el-secreto-de-la-consulta"


class Stage:
    """Ana has a conversation; Beto and Carla know payments, Carla better."""

    def __init__(self, services, conversation: UUID, agents: dict[str, UUID], skill: UUID) -> None:
        self.services, self.conversation, self.agents, self.skill = services, conversation, agents, skill

    def __getattr__(self, name: str) -> UUID:
        return self.agents[name]

    async def ask(
        self, kind: consults.ConsultedKind, to: UUID, level: int | None = None, words: str = SECRET
    ):
        async with self.services.db.begin() as c:
            question = Question(words, kind, to, level)
            return await consults.ask(c, self.conversation, self.ana, question, actor="user:1")

    async def do(self, act, *args, **named):
        async with self.services.db.begin() as c:
            return await act(c, *args, **named)

    async def mine(self, agent: UUID) -> list[str]:
        async with self.services.db.connect() as c:
            return [one["consult"]["id"] for one in await consults.mine(c, agent)]


@pytest.fixture
async def stage(services, account):
    conversation = (await receive(services, account, mail())).conversation_id
    assert conversation is not None
    async with services.db.begin() as c:
        agents = {name: await add_agent(c, name.title(), capacity=2) for name in ("ana", "beto", "carla")}
        skill = new_id()
        await c.execute(text("INSERT INTO skill (id, name) VALUES (:id, 'pagos')"), {"id": skill})
        for name, level in (("beto", 3), ("carla", 5)):
            await c.execute(
                text("INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (:agent, :skill, :level)"),
                {"agent": agents[name], "skill": skill, "level": level},
            )
        await assign.take(c, conversation, agents["ana"], actor="user:1")
    return Stage(services, conversation, agents, skill)


async def test_a_skill_is_asked_of_who_knows_most_and_takes_no_capacity(stage):
    asked = await stage.ask("skill", stage.skill)
    assert (asked["expert_id"], asked["decision"]["code"]) == (str(stage.carla), "knows")
    loads = await rows(stage.services, "SELECT load FROM presence ORDER BY load")
    assert [row["load"] for row in loads] == [0, 0, 1]
    declined = await stage.do(consults.decline, UUID(asked["id"]), stage.carla, actor="user:3")
    assert declined["expert_id"] == str(stage.beto)
    open_to_all = await stage.do(consults.decline, UUID(asked["id"]), stage.beto, actor="user:2")
    assert open_to_all["expert_id"] is None
    assert await stage.mine(stage.beto) == await stage.mine(stage.carla) == []
    assert await stage.mine(stage.ana) == [asked["id"]]


async def test_when_nobody_has_room_whoever_knows_may_take_it_once(stage):
    async with stage.services.db.begin() as c:
        for agent in (stage.beto, stage.carla):
            await c.execute(text("UPDATE agent SET capacity = 0 WHERE id = :id"), {"id": agent})
    asked = await stage.ask("skill", stage.skill, level=3)
    assert asked["expert_id"] is None
    assert await stage.mine(stage.beto) == await stage.mine(stage.carla) == [asked["id"]]
    consult_id = UUID(asked["id"])

    async def take(agent: UUID) -> object:
        try:
            return await stage.do(consults.accept, consult_id, agent, actor="user:2")
        except (Conflict, NotFound) as refused:
            return refused

    said = await asyncio.gather(take(stage.beto), take(stage.carla))
    assert sum(isinstance(one, dict) for one in said) == 1
    with pytest.raises(NotFound):
        await stage.do(consults.accept, consult_id, stage.ana, actor="user:1")


async def test_asked_answered_and_closed(stage):
    asked = UUID((await stage.ask("agent", stage.beto))["id"])
    said = {"client_id": "respuesta-1", "actor": "user:2"}
    answer = await stage.do(consults.say, asked, stage.beto, f"Sí, {SECRET}", **said)
    again = await stage.do(consults.say, asked, stage.beto, f"Sí, {SECRET}", **said)
    assert answer["id"] == again["id"]
    with pytest.raises(NotAllowed):
        await stage.do(consults.say, asked, stage.carla, "yo", client_id="intrusa-1", actor="user:3")
    closed = await stage.do(
        consults.close, asked, stage.ana, over=False, outcome="cable nuevo", actor="user:1"
    )
    assert (closed["state"], closed["outcome"], closed["messages"]) == ("closed", "cable nuevo", 1)
    with pytest.raises(Conflict, match="closed"):
        await stage.do(consults.say, asked, stage.beto, "tarde", client_id="tarde-001", actor="user:2")
    async with stage.services.db.connect() as c:
        [whole] = await consults.of_conversation(c, stage.conversation)
    assert [one["text"] for one in whole["messages"]] == [f"Sí, {SECRET}"]


async def test_what_cannot_be_asked(stage):
    with pytest.raises(Invalid):
        await stage.ask("agent", stage.beto, words=" \n ")
    with pytest.raises(Invalid):
        await stage.ask("agent", stage.ana)
    with pytest.raises(Conflict):
        await stage.ask("team", new_id())


async def test_it_goes_on_with_who_has_the_conversation(stage):
    first = await stage.ask("agent", stage.beto)
    second = await stage.ask("agent", stage.carla)
    giving = Giving("blind", "agent", stage.beto)
    await stage.do(transfers.transfer, stage.conversation, Giver(stage.ana, "user:1"), giving)
    async with stage.services.db.connect() as c:
        found = {
            one["consult"]["id"]: one["consult"]
            for one in await consults.of_conversation(c, stage.conversation)
        }
    assert found[first["id"]]["state"] == "closed"  # asked of who has it now
    assert found[second["id"]]["asker_id"] == str(stage.beto)


async def test_the_contact_never_hears_of_it(stage, loop_connector):
    asked = UUID((await stage.ask("agent", stage.beto))["id"])
    await stage.do(consults.say, asked, stage.beto, SECRET, client_id="respuesta-1", actor="user:2")
    await stage.do(
        transfers.transfer,
        stage.conversation,
        Giver(stage.ana, "user:1"),
        Giving("warm", "agent", stage.beto, note=SECRET, draft=SECRET),
    )
    await stage.do(consults.close, asked, stage.ana, over=False, outcome=SECRET, actor="user:1")
    events = await rows(stage.services, "SELECT * FROM event")
    carrying = [one for one in events if SECRET in json.dumps(one["data"])]
    assert {one["type"] for one in carrying} == {"consult.changed", "consult.said", "transfer.changed"}
    assert {one["audience"] for one in carrying} == {"staff"}  # no webhook and no stream that is for all
    await log.sequence(stage.services.db)
    async with stage.services.db.connect() as c:
        everything = await live.for_staff(c, 0, 10_000, 10_000)
        for_visitor = await live.for_visitor(c, stage.conversation, 0, 10_000, 10_000)
    visitor = Visitor(stage.conversation, views.project)
    assert any(SECRET.encode() in one.frame for one in everything)
    shown = [frame for one in [*everything, *for_visitor] if (frame := visitor.render(one)) is not None]
    assert shown
    assert not [frame for frame in shown if SECRET.encode() in frame]
    assert await rows(stage.services, "SELECT id FROM message WHERE text LIKE '%secreto%'") == []
    jobs = await rows(stage.services, "SELECT data FROM job")
    assert SECRET not in json.dumps([one["data"] for one in jobs])
    assert loop_connector.sent == []  # no mail, no message
