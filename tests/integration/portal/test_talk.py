"""A conversation both ways: once each, in order, seen by its own visitor alone."""

import asyncio
import dataclasses
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.png import png
from tests.support.services import make_account
from tests.support.sse import Received, SseClient
from tests.support.until import until

from trato import channels
from trato.access import portraits, throttle
from trato.channel_sdk import Capabilities, Connector, File, Inbound, Party
from trato.conversations import service as conversations
from trato.flow import assign
from trato.flow.inbound import receive
from trato.live import service as live
from trato.live.hub import EXTRA
from trato.portal import edge, service, sessions

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


class Stream(SseClient):
    """The visitor's stream, as the widget's fetch opens it."""

    def __init__(self, page, last_id=None):
        super().__init__(
            ports=[page.http.base_url.port],
            path=f"/api/v1/visitor/live HTTP/1.1\r\nAuthorization: Bearer {page.token}\r\nX:",
            last_id=last_id,
        )

    def of(self, kind) -> list[Received]:
        return [event for event in self.events if event.kind.startswith(kind)]

    def texts(self):
        told = [event.data["data"]["message"] for event in self.of("message")]
        return [message["text"] for message in told if not message["mine"]]


@pytest.fixture
async def following():
    tasks = []

    def follow(stream):
        tasks.append(asyncio.create_task(stream.follow()))
        return stream

    yield follow
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_same_message_sent_again_is_one(portal, page):
    await page.open()
    first = await page.say("hola", client_id="a" * 16)
    again = await asyncio.gather(*(page.say("hola", client_id="a" * 16) for _ in range(5)))
    assert {one["message"]["id"] for one in again} == {first["message"]["id"]}
    assert len(await portal.rows("SELECT * FROM message")) == 1


async def test_an_answer_reaches_the_stream_and_a_note_never_does(portal, page, following):
    await page.open()
    said = await page.say("¿hay alguien?")
    conversation_id = said["conversation"]["id"]
    await page.open()
    stream = following(Stream(page, last_id=page.view["position"]))
    await until(lambda: len(portal.services.extras[EXTRA]) == 1, "the stream is open: typing is not kept")
    await portal.answer(conversation_id, "NOTA INTERNA", note=True)
    await portal.answer(conversation_id, "Sí, aquí estoy")
    live.typing(portal.services.wake, said["conversation"]["id"], who="contact", name="NADIE")
    live.typing(portal.services.wake, said["conversation"]["id"], who="agent", name="Sofía")
    await until(lambda: stream.of("typing") != [] and stream.texts() != [], "answer and typing came")
    assert stream.texts() == ["Sí, aquí estoy"]
    answer = stream.of("message")[-1]
    assert answer.data["data"]["message"]["author"] == "Sofía"
    assert [event.data["data"]["typing"]["name"] for event in stream.of("typing")] == ["Sofía"]
    assert b"NOTA" not in stream.raw
    assert b"NADIE" not in stream.raw
    await page.open()
    assert "NOTA" not in str(page.view)


async def test_who_attends_and_what_the_agent_read_is_told(portal, page, following):
    await page.open()
    said = await page.say("hola")
    conversation_id = said["conversation"]["id"]
    await page.open()
    stream = following(Stream(page, last_id=page.view["position"]))
    agent_id = await portal.agent("Camila")
    async with portal.services.db.begin() as c:
        await conversations.change(c, conversation_id, {"assignee_id": agent_id}, actor="system")
        await conversations.mark_read(c, conversation_id, by="agent", actor="system")
    portal.services.wake.ring("events")

    def told():
        return [event.data["data"]["conversation"] for event in stream.of("conversation")][-1:]

    await until(lambda: any(one["agent_read_at"] for one in told()), "the agent read it")
    assert told()[0]["agent"] == {"name": "Camila", "picture": None}
    await page.open()
    assert page.view["conversation"]["agent"] == {"name": "Camila", "picture": None}


async def test_who_is_there_and_who_attends_is_seen_by_their_picture(portal, page):
    async with portal.services.db.begin() as c:
        agent_id = await add_agent(c, "Camila Rojas")
        await portraits.put(c, agent_id, png(8, 8))
    await page.open()
    (there,) = page.view["present"]
    assert there["name"] == "Camila"
    assert there["picture"].startswith("/look/people/")
    said = await page.say("hola")
    async with portal.services.db.begin() as c:
        await conversations.change(c, said["conversation"]["id"], {"assignee_id": agent_id}, actor="system")
    await page.open()
    attends = page.view["conversation"]["agent"]
    assert attends == {"name": "Camila Rojas", "picture": there["picture"]}


async def test_a_stream_cut_off_at_random_misses_nothing(portal, page, following):
    await page.open()
    conversation_id = (await page.say("hola"))["conversation"]["id"]
    await page.open()
    stream = following(Stream(page, last_id=page.view["position"]))
    for number in range(12):
        await portal.answer(conversation_id, f"respuesta {number}")
        if number % 3 == 0:
            stream.cut()
    await until(lambda: len(set(stream.texts())) == 12, "all answers came")
    assert stream.texts() == [f"respuesta {number}" for number in range(12)]


async def test_delivered_and_read_are_told_to_the_desk_and_never_go_back(portal, page):
    await page.open()
    conversation_id = (await page.say("hola"))["conversation"]["id"]
    for said in ("uno", "dos", "tres"):
        answer = await portal.answer(conversation_id, said)

    async def states():
        found = await portal.rows("SELECT status FROM message WHERE direction = 'out' ORDER BY created_at")
        return [row["status"] for row in found]

    assert await states() == ["sent"] * 3
    messages = await portal.rows("SELECT id FROM message WHERE direction = 'out' ORDER BY created_at")
    second = {"message_id": str(messages[1]["id"])}
    assert (await page.ask("POST", "read", json=second | {"state": "delivered"})).status_code == 204
    assert await states() == ["delivered", "delivered", "sent"]
    assert (await page.ask("POST", "read", json=second)).status_code == 204
    assert await states() == ["read", "read", "sent"]
    last = {"message_id": answer["id"], "state": "delivered"}
    await page.ask("POST", "read", json=last)
    await page.ask("POST", "read", json=second | {"state": "delivered"})
    assert await states() == ["read", "read", "delivered"]
    (conversation,) = await portal.rows("SELECT contact_read_at FROM conversation")
    assert conversation["contact_read_at"]


async def test_another_visitors_ids_open_nothing(portal):
    async with portal.page() as ana, portal.page() as luis:
        await ana.open()
        await luis.open()
        file = (await ana.upload("foto.png", PNG)).json()
        said = await ana.say("de Ana", attachment_ids=[file["id"]])
        await portal.answer(said["conversation"]["id"], "para Ana")
        (answer,) = await portal.rows("SELECT id FROM message WHERE direction = 'out'")
        await luis.say("de Luis")

        assert (await luis.ask("GET", f"attachments/{file['id']}")).status_code == 404
        await luis.ask("POST", "read", json={"message_id": str(answer["id"])})
        assert (await portal.rows("SELECT status FROM message WHERE direction = 'out'")) == [
            {"status": "sent"}
        ]
        other = (await ana.upload("otra.png", PNG)).json()
        stolen = {"client_id": uuid4().hex, "text": "x", "attachment_ids": [other["id"]]}
        assert (await luis.ask("POST", "messages", json=stolen)).status_code == 422
        await luis.open()
        assert "Ana" not in str(luis.view)


async def test_one_conversation_streams_to_its_own_visitor_alone(portal, following):
    async with portal.page() as ana, portal.page() as luis:
        for page in (ana, luis):
            await page.open()
            page.conversation = (await page.say("hola"))["conversation"]["id"]
            await page.open()
        streams = [following(Stream(page, last_id=page.view["position"])) for page in (ana, luis)]
        await portal.answer(ana.conversation, "para Ana")
        await portal.answer(luis.conversation, "para Luis")
        await until(lambda: all(stream.texts() for stream in streams), "both were answered")
        assert [stream.texts() for stream in streams] == [["para Ana"], ["para Luis"]]


async def test_files_go_both_ways_and_are_never_shown_inline(portal, page):
    await page.open()
    uploaded = await page.upload("factura.exe", PNG)
    assert uploaded.status_code == 201
    file = uploaded.json()
    assert (file["filename"], file["content_type"]) == ("factura.exe.png", "image/png")
    said = await page.say("", attachment_ids=[file["id"]])
    assert said["message"]["attachments"] == [file]
    got = await page.ask("GET", f"attachments/{file['id']}")
    assert got.content == PNG
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_files_stand_as_they_were_chosen_whichever_arrived_first(portal, page):
    await page.open()
    last, first = [(await page.upload(name, PNG)).json() for name in ("despues.png", "antes.png")]
    said = await page.say("dos fotos", attachment_ids=[first["id"], last["id"]])
    assert said["message"]["attachments"] == [first, last]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("dibujo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        ("pagina.png", b"<!doctype html><script>1</script>", 422),
        ("vacio.txt", b"", 422),
        ("grande.png", PNG + b"\0" * 1_000_000, 413),
    ],
)
async def test_files_that_may_not_be_sent_are_refused_and_leave_nothing(portal, page, name, data, status):
    await page.open()
    assert (await page.upload(name, data)).status_code == status
    assert await portal.rows("SELECT * FROM attachment") == []
    kept = portal.services.store.keys()
    assert [key async for key in kept] == []


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": uuid4().hex, "text": "  \n "},
        {"client_id": "short", "text": "x"},
        {"client_id": "../../" + "x" * 20, "text": "x"},
        {"client_id": uuid4().hex, "text": "x" * 20_001},
        {"client_id": uuid4().hex, "text": "x", "attachment_ids": [str(uuid4())]},
        {"client_id": uuid4().hex, "text": "x", "status": "sent"},
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(portal, page, body):
    await page.open()
    assert (await page.ask("POST", "messages", json=body)).status_code == 422
    assert await portal.rows("SELECT * FROM message") == []


async def test_hostile_characters_are_kept_harmless(portal, page):
    await page.open()
    said = await page.say("a\0b\x1b[31m \u202eevil\ud7ff <script>", client_id=uuid4().hex)
    assert said["message"]["text"] == "ab[31m evil\ud7ff <script>"


async def test_ended_and_gone_on(portal, page, following):
    await page.open()
    first = await page.say("uno")
    await page.open()
    stream = following(Stream(page, last_id=page.view["position"]))
    assert (await page.ask("POST", "end")).status_code == 204
    assert (await page.ask("POST", "end")).status_code == 204
    await until(lambda: stream.of("conversation") != [], "the end was told")
    await page.open()
    assert page.view["conversation"]["status"] == "closed"
    second = await page.say("otra cosa")
    assert second["conversation"]["id"] != first["conversation"]["id"]
    assert second["conversation"]["status"] == "open"
    rows = await portal.rows("SELECT DISTINCT case_id FROM conversation")
    assert len(rows) == 1
    await page.open()
    assert [m["text"] for m in page.view["conversation"]["messages"]] == ["uno", "otra cosa"]


async def test_what_a_third_party_wrote_is_the_desks_alone(portal, page):
    await page.open()
    first = await page.say("uno")
    other = Inbound(
        provider_id="other",
        conversation_key="other",
        conversation_id=UUID(first["conversation"]["id"]),
        sender=Party("visitor", "somebody else"),
        occurred_at=datetime.now(UTC),
        text="entre nosotros",
        files=[File("plan.png", "image/png", PNG)],
    )
    got = await receive(portal.services, page.account, other)
    (file,) = await portal.rows("SELECT id, message_id FROM attachment")
    assert file["message_id"] == got.message_id
    assert (await page.ask("GET", f"attachments/{file['id']}")).status_code == 404
    await page.open()
    assert [m["text"] for m in page.view["conversation"]["messages"]] == ["uno"]


async def test_who_ends_the_conversation_frees_its_agent(portal, page):
    await page.open()
    first = await page.say("uno")
    async with portal.services.db.begin() as c:
        agent_id = await add_agent(c)
        await assign.take(c, first["conversation"]["id"], agent_id, actor="user:1")
    await page.ask("POST", "end")
    assert await portal.rows("SELECT load FROM presence") == [{"load": 0}]
    (interaction,) = await portal.rows("SELECT state, end_reason FROM interaction")
    assert interaction == {"state": "ended", "end_reason": "ended_by_contact"}


async def test_the_preference_said_before_the_first_word_is_the_contacts(portal, page):
    await page.open()
    assert page.view["preference"]["prefers"] == "unknown"
    answer = await page.ask("PATCH", "preference", json={"prefers": "person", "tone": "vos"})
    assert answer.json()["prefers"] == "person"
    assert await portal.rows("SELECT * FROM contact") == []
    await page.say("hola")
    (contact,) = await portal.rows("SELECT prefers, tone, preference_source FROM contact")
    assert contact == {"prefers": "person", "tone": "vos", "preference_source": "contact"}
    await page.ask("PATCH", "preference", json={"prefers": "alone"})
    await page.open()
    assert page.view["preference"]["prefers"] == "alone"


async def test_a_preference_told_while_the_first_word_is_on_its_way_is_the_contacts(portal, page):
    await page.open()
    async with portal.services.db.begin() as c:
        guest = await sessions.recognised(c, page.token, datetime.now(UTC))
        await service.prefer(c, guest, {"prefers": "person"}, "webchat")  # told, and not yet kept
        saying = asyncio.create_task(page.say("hola"))
        waits = (
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        async with asyncio.timeout(20):
            while not await portal.rows(waits):  # noqa: ASYNC110  the condition is in the database
                await asyncio.sleep(0.01)
    await saying
    (contact,) = await portal.rows("SELECT prefers FROM contact")
    assert contact["prefers"] == "person"


async def test_messages_of_one_visitor_are_limited_and_others_go_on(portal, monkeypatch):
    monkeypatch.setattr(edge, "MESSAGES", dataclasses.replace(edge.MESSAGES, per_s=0.001))
    async with portal.page() as ana, portal.page() as luis:
        await ana.open()
        await luis.open()
        answers = [
            await ana.ask("POST", "messages", json={"client_id": uuid4().hex, "text": str(n)})
            for n in range(24)
        ]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert refused[0].headers["Retry-After"]
        await luis.say("yo puedo")
    assert len(await portal.rows("SELECT * FROM message")) == len(answers) - len(refused) + 1


async def test_streams_of_one_visitor_are_limited(portal, page, following):
    await page.open()
    await page.say("hola")
    streams = [following(Stream(page)) for _ in range(edge.MAX_STREAMS)]
    await until(lambda: len(portal.services.extras["hub"]) == edge.MAX_STREAMS, "all are open")
    async with page.http.stream(
        "GET", "/api/v1/visitor/live", headers={"Authorization": f"Bearer {page.token}"}
    ) as one_more:
        assert one_more.status_code == 429
    assert len(portal.services.extras["hub"]) == edge.MAX_STREAMS
    streams[0].cut()


class Post(Connector):
    """A channel that can write to mail addresses."""

    kind: ClassVar[str] = "post"
    capabilities: ClassVar[Capabilities] = Capabilities(address_kind="email", starts=True, copies=True)


@pytest.fixture
def post(monkeypatch):
    known = {**channels.load_connectors(), "post": Post()}
    for module in ("trato.channels", "trato.brands.service"):
        monkeypatch.setattr(f"{module}.load_connectors", lambda: known)


async def test_a_copy_goes_by_mail_to_the_address_that_was_typed(portal, page, post):
    mail = await make_account(portal.services, "post")
    await page.open()
    assert page.view["transcript"] is True
    assert (await page.ask("POST", "transcript", json={"email": "ana@example.org"})).status_code == 409
    conversation_id = (await page.say("¿Cuándo llega?"))["conversation"]["id"]
    await portal.answer(conversation_id, "NOTA", note=True)
    await portal.answer(conversation_id, "El viernes")
    assert (await page.ask("POST", "transcript", json={"email": "ana@example.org"})).status_code == 202
    (copy,) = await portal.rows(
        "SELECT m.text, m.payload, v.status FROM message m JOIN conversation v ON v.id = m.conversation_id"
        " WHERE v.account_id = :id", id=mail.id,
    )  # fmt: skip
    assert copy["payload"]["to"] == [{"address": "ana@example.org", "name": ""}]
    assert copy["status"] == "closed"
    assert "¿Cuándo llega?" in copy["text"]
    assert "Sofía" in copy["text"]
    assert "El viernes" in copy["text"]
    assert "NOTA" not in copy["text"]


async def test_copies_are_limited_and_need_a_real_address(portal, page):
    await page.open()
    await page.say("hola")
    for wrong in ("nadie", "a@b\r\nBcc: x@y.z", "a b@c.d", "a@b, c@d"):
        assert (await page.ask("POST", "transcript", json={"email": wrong})).status_code == 422
    async with portal.services.db.begin() as c:
        await c.execute(text("DELETE FROM throttle"))
    answers = [
        (await page.ask("POST", "transcript", json={"email": "ana@example.org"})).status_code
        for _ in range(4)
    ]
    assert answers == [409, 409, 409, 429]  # 409: no mail account


async def test_without_an_account_for_mail_no_copy_is_offered(page):
    await page.open()
    assert page.view["transcript"] is False


def test_the_network_of_a_client_is_what_its_subscriber_has():
    assert throttle.network("2001:db8:1:2:3::1") == "2001:db8:1:2::/64"
