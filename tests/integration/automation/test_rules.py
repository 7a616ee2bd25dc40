"""Rules over the real event log: once for each event, never in a circle, and never a text without news."""

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent

from trato.automation.rules import engine
from trato.automation.rules.schemas import RULE_EVENTS
from trato.conversations import labels
from trato.conversations import service as conversations
from trato.flow import drafts
from trato.kit.ids import new_id

from .conftest import Place

ASKS = {"field": "message.text", "operator": "contains", "value": "garantia"}
FROM_CONTACT = {"field": "message.direction", "operator": "is", "value": "in"}


async def rule(http: httpx.AsyncClient, *actions: Mapping[str, object], **changes: object) -> dict[str, str]:
    body: dict[str, object] = {
        "name": "Garantías",
        "on_events": ["message.created"],
        "condition": {"all": [FROM_CONTACT, ASKS]},
        "actions": list(actions),
        "active": True,
    }
    answer = await http.post("/rules", json=body | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


async def tag(http: httpx.AsyncClient, name: str = "Garantía") -> str:
    return str((await http.post("/tags", json={"name": name})).json()["id"])


async def run(place: Place) -> list[dict[str, object]]:
    """Let the rules meet what happened, and return what they did about it."""
    events = [event for event in await place.news() if event.type in RULE_EVENTS]
    async with place.db.begin() as c:
        await engine.handling(place.services)(c, events)
    return await place.rows(
        "SELECT rule_id, outcome, steps, depth FROM rule_run WHERE position > :after ORDER BY position, id",
        after=events[0].position - 1 if events else 2**60,
    )


def said(runs: list[dict[str, object]]) -> list[tuple[object, list[tuple[str, str | None]]]]:
    return [
        (one["outcome"], [(step["outcome"], step.get("why")) for step in one["steps"]])  # type: ignore[attr-defined]
        for one in runs
    ]


async def test_a_rule_does_what_it_says_once(place: Place, http: httpx.AsyncClient) -> None:
    tag_id = await tag(http)
    await rule(
        http,
        {"do": "add_tag", "tag_id": tag_id},
        {"do": "add_note", "text": "Pregunta por {{case.title}}"},
        {"do": "add_task", "title": "Llamar al taller", "due_in_h": 24},
        {"do": "webhook"},
    )
    await place.news()
    await place.say("¿Dónde está mi pedido?")
    assert await run(place) == []
    await place.say("¿Y mi GARANTÍA?")
    assert said(await run(place)) == [("done", [("done", None)] * 4)]
    async with place.db.connect() as c:
        assert [one["name"] for one in await labels.tags_of(c, "conversation", place.conversation_id)] == [
            "Garantía"
        ]
    (note,) = await place.rows("SELECT text, author_name FROM message WHERE direction = 'internal'")
    assert note == {"text": "Pregunta por Garantía", "author_name": "Garantías"}
    (task,) = await place.rows("SELECT title, due_at > now() AS later FROM task")
    assert task == {"title": "Llamar al taller", "later": True}
    told = await place.rows("SELECT audience, data FROM event WHERE type = 'rule.matched'")
    assert [one["audience"] for one in told] == ["system"]
    await place.say("¡La garantía!")  # once for a conversation
    assert [one for one in await run(place) if one["outcome"] == "done"] == []


async def test_an_event_that_comes_again_changes_nothing(place: Place, http: httpx.AsyncClient) -> None:
    await rule(http, {"do": "add_note", "text": "Visto"}, once=False)
    await place.news()
    await place.say("garantía")
    events = [event for event in await place.news() if event.type == "message.created"]
    for _ in range(2):
        async with place.db.begin() as c:
            await engine.handling(place.services)(c, events)
    assert len(await place.rows("SELECT * FROM message WHERE direction = 'internal'")) == 1
    assert len(await place.rows("SELECT * FROM rule_run")) == 1


async def test_no_rule_answers_itself_and_two_do_not_answer_one_another_for_ever(
    place: Place, http: httpx.AsyncClient
) -> None:
    always: dict[str, object] = {"all": []}
    first = await rule(http, {"do": "add_note", "text": "uno"}, name="A", condition=always, once=False)
    second = await rule(http, {"do": "add_note", "text": "dos"}, name="B", condition=always, once=False)
    await place.news()
    await place.say("hola")
    runs = []
    for _ in range(8):
        runs += await run(place)
    by = [(str(one["rule_id"]), one["depth"], one["outcome"]) for one in runs]
    # A and B meet the message; each meets the other's note, and that one's note; then it is over.
    assert by.count((first["id"], 1, "done")) == by.count((second["id"], 1, "done")) == 1
    assert max(int(str(depth)) for _, depth, outcome in by if outcome == "done") <= 3
    assert {outcome for _, depth, outcome in by if int(str(depth)) > 3} == {"refused"}
    assert await run(place) == []
    assert len(await place.rows("SELECT * FROM message WHERE direction = 'internal'")) <= 2 + 2 + 2


async def test_a_rule_runs_so_often_in_an_hour_and_no_more(place: Place, http: httpx.AsyncClient) -> None:
    await rule(http, {"do": "add_note", "text": "x"}, condition={"all": [FROM_CONTACT]}, once=False)
    await place.news()
    outcomes: list[object] = []
    for _ in range(24):
        await place.say("hola")
        outcomes += [one["outcome"] for one in await run(place)]
    assert outcomes == ["done"] * 20 + ["refused"]  # told once


NEWS = {
    "do": "send_message",
    "texts": {"es": "{{contact.first_name}}, su heladera está en: {{case.step}}."},
}


async def step(place: Place, title: str) -> None:
    async with place.db.begin() as c:
        await conversations.set_steps(c, place.case_id, [{"title": title, "state": "now"}], actor="user:1")


async def test_only_what_the_contact_does_not_know_is_sent(place: Place, http: httpx.AsyncClient) -> None:
    await rule(http, NEWS, on_events=["case.changed"], condition={"all": []}, once=False)
    await place.news()
    await step(place, "Diagnóstico")
    assert said(await run(place)) == [("done", [("done", None)])]
    (sent,) = await place.rows("SELECT text, status, author_kind FROM message WHERE direction = 'out'")
    assert sent == {
        "text": "Pedro, su heladera está en: Diagnóstico.",
        "status": "queued",
        "author_kind": "system",
    }
    async with place.db.begin() as c:
        await conversations.change_case(c, place.case_id, {"title": "Heladera"}, actor="user:1")
    assert said(await run(place)) == [("refused", [("refused", "nothing_new")])]
    await step(place, "Reparación")
    assert said(await run(place))[-1] == ("done", [("done", None)])
    assert len(await place.rows("SELECT * FROM message WHERE direction = 'out'")) == 2


async def test_what_others_were_told_is_news_to_the_contact(place: Place, http: httpx.AsyncClient) -> None:
    await rule(http, NEWS, on_events=["case.changed"], condition={"all": []})
    told = await place.say("Pedro: su heladera va a Diagnóstico.", direction="out")
    await place.write(
        "UPDATE message SET payload = jsonb_build_object('apart', true) WHERE id = :id", id=told
    )
    await place.news()
    await step(place, "Diagnóstico")
    assert said(await run(place)) == [("done", [("done", None)])]


async def test_a_rule_does_not_answer_in_place_of_a_person(place: Place, http: httpx.AsyncClient) -> None:
    await rule(http, NEWS, on_events=["case.changed"], condition={"all": []}, once=False)
    await place.say("¿Hola?")
    await place.news()
    await step(place, "Diagnóstico")
    assert said(await run(place)) == [("refused", [("refused", "waits_for_a_person")])]
    (row,) = await place.rows("SELECT waiting_since IS NOT NULL AS waits FROM conversation")
    assert row["waits"]


async def test_what_is_not_known_is_not_sent(place: Place, http: httpx.AsyncClient) -> None:
    texts = {"es": "Ahora {{case.step}}, y antes del {{case.promise}} está lista."}
    await rule(http, {**NEWS, "texts": texts}, on_events=["case.changed"], condition={"all": []})
    await place.news()
    await step(place, "Diagnóstico")
    assert said(await run(place)) == [("refused", [("refused", "unfilled")])]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {
                "actions": [
                    {"do": "send_message", "texts": {"es": "Hola {{contact.name}}, recibimos su mensaje."}}
                ]
            },
            "nothing new",
        ),
        ({"actions": [{"do": "send_message", "texts": {"es": "{{case.stpe}}"}}]}, "case.stpe"),
        ({"actions": [{"do": "erase"}]}, "actions"),
        ({"condition": {"field": "case.salary", "operator": "is", "value": "1"}}, "case.salary"),
        ({"on_events": ["typing"]}, "on_events"),
    ],
)
async def test_a_rule_that_must_not_be_is_refused_when_it_is_saved(
    http: httpx.AsyncClient, change, sentence
) -> None:
    body = {"name": "x", "on_events": ["case.changed"], "actions": [{"do": "webhook"}]}
    answer = await http.post("/rules", json=body | change)
    assert (answer.status_code, sentence in answer.text) == (422, True), answer.text


async def test_a_macro_becomes_the_draft_of_who_has_it(place: Place, http: httpx.AsyncClient) -> None:
    macro = (
        await http.post("/macros", json={"name": "Avance", "texts": {"es": "Ahora: {{case.step}}"}})
    ).json()
    await rule(http, {"do": "draft", "macro_id": macro["id"]}, once=False)
    await place.news()
    await place.say("garantía")
    assert said(await run(place)) == [("refused", [("refused", "nobody_has_it")])]
    async with place.db.begin() as c:
        agent_id = await add_agent(c)
    await place.write("UPDATE conversation SET assignee_id = :agent", agent=agent_id)
    await place.news()
    await place.say("garantía")
    assert said(await run(place)) == [("done", [("done", None)])]
    async with place.db.connect() as c:
        (draft,) = await drafts.mine(c, place.conversation_id, agent_id)
    assert draft["text"] == "Ahora: {{case.step}}"  # to be seen, and not to be sent
    await place.say("garantía")
    assert said(await run(place)) == [("refused", [("refused", "writes_already")])]


async def test_who_waits_is_moved_in_line_and_a_case_gets_an_owner(
    place: Place, http: httpx.AsyncClient
) -> None:
    queue_id = new_id()
    await place.write("INSERT INTO queue (id, name) VALUES (:id, 'Garantías')", id=queue_id)
    async with place.db.begin() as c:
        agent_id = await add_agent(c)
        await c.execute(text("SELECT route_arrival(:id, now(), 0, '{}')"), {"id": place.conversation_id})
    await rule(
        http,
        {"do": "set_priority", "priority": 5},
        {"do": "set_queue", "queue_id": str(queue_id)},
        {"do": "set_owner", "agent_id": str(agent_id)},
    )
    await place.news()
    await place.say("garantía")
    assert said(await run(place)) == [("done", [("done", None)] * 3)]
    (row,) = await place.rows("SELECT priority, queue_id FROM waiting")
    assert row == {"priority": 5, "queue_id": queue_id}
    (case,) = await place.rows("SELECT owner_id FROM cases")
    assert case["owner_id"] == agent_id


async def test_one_action_that_cannot_be_does_not_stop_the_others(
    place: Place, http: httpx.AsyncClient
) -> None:
    tag_id = await tag(http)
    await rule(
        http,
        {"do": "set_priority", "priority": 5},
        {"do": "set_owner", "agent_id": str(new_id())},  # nobody
        {"do": "add_tag", "tag_id": tag_id},
    )
    await place.news()
    await place.say("garantía")
    ((outcome, steps),) = said(await run(place))
    assert (outcome, [one for one, _ in steps]) == ("partly", ["refused", "failed", "done"])
    listed = (await http.get("/rules/runs")).json()["items"]
    assert [one["rule"]["name"] for one in listed] == ["Garantías"]


async def test_a_trial_tells_what_would_have_been_and_writes_nothing(
    place: Place, http: httpx.AsyncClient
) -> None:
    tag_id = await tag(http)
    await place.say("¿Y mi garantía?")
    await place.say("La garantía, por favor")
    await place.say("Otra cosa")
    await step(place, "Diagnóstico")
    await place.news()
    before = await place.rows("SELECT count(*) AS n FROM event")
    tried = await http.post(
        "/rules/trial",
        json={
            "name": "x",
            "on_events": ["message.created"],
            "condition": {"all": [FROM_CONTACT, ASKS]},
            "actions": [{"do": "add_tag", "tag_id": tag_id}, NEWS],
            "days": 7,
        },
    )
    assert tried.status_code == 200, tried.text
    found = tried.json()
    assert (found["held"], found["complete"]) == (1, True)
    (hit,) = found["hits"]
    assert (hit["contact_name"], hit["conversation_id"]) == ("Pedro", str(place.conversation_id))
    assert [(one["outcome"], one["why"]) for one in hit["steps"]] == [
        ("would", None),
        ("refused", "waits_for_a_person"),
    ]
    assert await place.rows("SELECT count(*) AS n FROM event") == before
    assert await place.rows("SELECT * FROM rule_run") == []
    assert await place.rows("SELECT * FROM conversation_tag") == []


async def test_a_paused_rule_rests_and_every_change_is_in_the_audit_log(
    place: Place, http: httpx.AsyncClient
) -> None:
    made = await rule(http, {"do": "add_note", "text": "x"})
    paused = await http.patch(f"/rules/{made['id']}", json={"active": False}, headers={"If-Match": "1"})
    assert paused.json()["active"] is False
    await place.news()
    await place.say("garantía")
    assert await run(place) == []
    await http.delete(f"/rules/{made['id']}")
    assert (await http.get("/rules")).json()["items"] == []
    async with place.db.connect() as c:
        told = list(await c.scalars(text("SELECT action FROM audit_log ORDER BY id")))
    assert told == ["rule.created", "rule.changed", "rule.removed"]
    assert UUID(made["id"])
