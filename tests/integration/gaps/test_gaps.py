"""What is asked in vain comes together, with its volume; what is done about it is kept."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from trato.access.roles import Role
from trato.gaps import grouping
from trato.kit.ids import new_id
from trato.search.apart import read_apart

from .conftest import Shelf


async def listed(http: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await http.get("/gaps", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def one_gap(
    shelf: Shelf, http: httpx.AsyncClient, question: str = "venden pasajes de avion"
) -> dict[str, Any]:
    await shelf.ask(question)
    await shelf.group()
    (found,) = [gap for gap in await listed(http) if gap["title"] == question]
    return found


async def test_what_is_asked_alike_is_one_gap_with_its_volume(shelf: Shelf, http) -> None:
    await shelf.ask("¿Venden pasajes de avión?", 3)
    await shelf.ask("venden pasajes avión")
    await shelf.ask("pasajes de avion")
    await shelf.ask("como cambio la clave", 2)
    await shelf.group()
    first, second = await listed(http)
    assert (first["title"], first["volume"], first["questions"]) == ("venden pasajes de avión", 5, 3)
    assert sorted(first["examples"]) == ["pasajes de avion", "venden pasajes avión"]
    assert (first["sources"], first["before"], first["weeks"][-1]) == (
        {"search": 5, "article": 0, "contact": 0, "bot": 0},
        0,
        5,
    )
    assert (second["title"], second["volume"], second["languages"]) == ("como cambio la clave", 2, ["es"])

    # what was seen is not counted again, what is asked again is, and what is new finds its place
    await shelf.group()
    await shelf.ask("¿venden pasajes de avión?", 2)
    await shelf.ask("comprar pasajes de avión")
    await shelf.group()
    again = await listed(http)
    assert [(gap["id"], gap["volume"]) for gap in again] == [(first["id"], 8), (second["id"], 2)]
    asked = (await http.get(f"/gaps/{first['id']}/questions", params={"limit": 1})).json()
    assert (asked["items"][0]["question"], asked["items"][0]["times"]) == ("venden pasajes de avión", 5)
    rest = (await http.get(f"/gaps/{first['id']}/questions", params={"cursor": asked["next_cursor"]})).json()
    assert len(rest["items"]) == 3


async def test_a_no_is_a_gap_of_its_article(shelf: Shelf, http) -> None:
    article_id = await shelf.publish("Pedir la garantía", "Escríbanos.")
    await shelf.say_no(article_id, "incomplete")
    await shelf.say_no(article_id, "incomplete")
    await shelf.say_no(article_id, "wrong", "¿y si compré con dos tarjetas de crédito?")
    await shelf.group()
    gaps = {gap["title"]: gap for gap in await listed(http)}
    assert gaps["pedir la garantía"]["sources"]["article"] == 2
    assert gaps["y si compré con dos tarjetas de crédito"]["volume"] == 1
    asked = (await http.get(f"/gaps/{gaps['pedir la garantía']['id']}/questions")).json()["items"]
    assert [(one["reason"], one["times"], one["article_title"]) for one in asked] == [
        ("incomplete", 2, "Pedir la garantía")
    ]


async def test_pages_trend_and_languages(shelf: Shelf, http) -> None:
    for number, question in enumerate(("uno dos tres", "cuatro cinco seis", "siete ocho nueve"), start=1):
        await shelf.ask(question, number)
    await shelf.ask("onze doze treze", 5, "pt")
    await shelf.group()
    async with shelf.db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO gap_day (gap_id, day, times) SELECT id, current_date - 30, 4 FROM gap "
                "WHERE title = 'uno dos tres'"
            )
        )
    found, cursor = [], None
    while True:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/gaps", params=query)).json()
        found += [(gap["title"], gap["volume"], gap["before"]) for gap in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == [
        ("onze doze treze", 5, 0),
        ("siete ocho nueve", 3, 0),
        ("cuatro cinco seis", 2, 0),
        ("uno dos tres", 1, 4),
    ]
    assert [gap["title"] for gap in await listed(http, language="pt")] == ["onze doze treze"]
    assert (await http.get("/gaps", params={"cursor": "abc"})).status_code == 422


async def test_two_that_turn_out_to_be_one_are_put_together(shelf: Shelf, http) -> None:
    await shelf.ask("garantia heladera", 4)
    await shelf.ask("plazo cobertura", 3)
    await shelf.group()
    assert len(await listed(http)) == 2
    async with shelf.db.begin() as c:  # their centres have come together, as new questions move them
        await c.execute(text("UPDATE gap SET meaning = (SELECT meaning FROM gap ORDER BY size, id LIMIT 1)"))
    await shelf.ask("otra cosa completamente distinta")
    await shelf.group()
    merged, other = await listed(http)
    assert (merged["title"], merged["volume"], merged["questions"]) == ("garantia heladera", 7, 2)
    assert other["volume"] == 1


async def test_answered_by_an_article(shelf: Shelf, http) -> None:
    article_id = await shelf.publish("Cuánto dura la garantía", "Dos años.")
    gap = await one_gap(shelf, http)
    path = f"/gaps/{gap['id']}"
    said = await http.post(f"{path}/answered", json={"article_id": str(article_id), "language": "es"})
    assert said.status_code == 200, said.text
    told = said.json()
    assert (told["state"], told["article"]["title"]) == ("answered", "Cuánto dura la garantía")
    assert await listed(http) == []
    assert [one["id"] for one in await listed(http, state="answered")] == [gap["id"]]
    assert await shelf.rows("SELECT language, question FROM article_question") == [
        ("es", "venden pasajes de avion")
    ]
    kept = (await http.get(f"/articles/{article_id}/questions")).json()["items"]
    assert [one["question"] for one in kept] == ["venden pasajes de avion"]
    assert (await http.delete(f"/articles/{article_id}/questions/{kept[0]['id']}")).status_code == 204
    assert (await http.delete(f"/articles/{article_id}/questions/{kept[0]['id']}")).status_code == 404
    # it is asked again: it stays where it is, and is seen
    await shelf.ask("pasajes de avión", 2)
    await shelf.group()
    assert (await http.get(path)).json()["volume"] == 3
    assert (await http.post(f"{path}/reopen")).json()["state"] == "open"
    missing = {"article_id": str(article_id), "language": "pt", "questions": ["vendem passagens"]}
    assert (await http.post(f"{path}/answered", json=missing)).status_code == 404
    nowhere = {"article_id": str(new_id()), "language": "es"}
    assert (await http.post(f"{path}/answered", json=nowhere)).status_code == 404


async def test_left_with_a_reason(shelf: Shelf, http) -> None:
    gap = await one_gap(shelf, http)
    assert (await http.post(f"/gaps/{gap['id']}/ignore", json={"reason": " "})).status_code == 422
    told = (await http.post(f"/gaps/{gap['id']}/ignore", json={"reason": "No vendemos pasajes"})).json()
    assert (told["state"], told["reason"], told["decided_by"]) == ("ignored", "No vendemos pasajes", "key")
    await shelf.ask("venden pasajes", 3)
    await shelf.group()
    assert await listed(http) == []


async def test_a_task_for_whoever_owns_it(shelf: Shelf, http) -> None:
    gap = await one_gap(shelf, http)
    async with await shelf.caller(Role.AGENT) as agent:
        ((owner,),) = await shelf.rows(
            "SELECT a.id FROM agent a JOIN users u ON u.id = a.user_id WHERE u.role = 'agent'"
        )
        given = {"owner_id": str(owner), "due_at": "2030-01-01T12:00:00Z"}
        told = (await http.post(f"/gaps/{gap['id']}/task", json=given)).json()
        assert (told["task"]["owner_name"], told["task"]["state"]) == ("Ana", "open")
        again = await http.post(f"/gaps/{gap['id']}/task", json={})
        assert (again.status_code, again.json()["type"]) == (409, "conflict")
        page = (await agent.get("/tasks")).json()
        (task,) = page["items"]
        assert (task["title"], task["kind"], task["case_id"], task["place"]) == (
            "venden pasajes de avion",
            "elsewhere",
            None,
            f"/articles/gaps/{gap['id']}",
        )
        assert page["cases"] == []
        later = await agent.patch(f"/tasks/{task['id']}", json={"due_at": "2031-01-01T12:00:00Z"})
        assert later.status_code == 200, later.text
        done = await agent.patch(f"/tasks/{task['id']}", json={"state": "done"})
        assert done.json()["state"] == "done"
        assert (await http.get(f"/gaps/{gap['id']}")).json()["task"]["state"] == "done"
        back = await agent.patch(f"/tasks/{task['id']}", json={"state": "open"})
        assert back.json()["state"] == "open"


async def test_an_article_is_begun_and_answers_once_it_is_published(shelf: Shelf, http) -> None:
    gap = await one_gap(shelf, http)
    told = (await http.post(f"/gaps/{gap['id']}/article", json={"language": "es"})).json()
    assert (told["state"], told["article"]["published"]) == ("writing", False)
    article_id = told["article"]["id"]
    article = (await http.get(f"/articles/{article_id}")).json()
    assert (article["translations"][0]["title"], article["translations"][0]["published"]) == (
        "Venden pasajes de avion",
        None,
    )
    assert article["owner_name"] == "Ana"
    text_path = f"/articles/{article_id}/texts/es"
    await http.put(text_path, json={"title": "Pasajes", "body": "No vendemos pasajes."})
    await shelf.group()
    assert (await http.get(f"/gaps/{gap['id']}")).json()["state"] == "writing"
    await http.post(f"{text_path}/publish", json={})
    await shelf.group()
    assert (await http.get(f"/gaps/{gap['id']}")).json()["state"] == "answered"
    # found from now on by what people asked
    assert await shelf.rows("SELECT question FROM article_question") == [("venden pasajes de avion",)]


async def test_whoever_owns_no_article_is_refused(shelf: Shelf, http) -> None:
    gap = await one_gap(shelf, http)
    article_id = await shelf.publish("Pedir la garantía", "Escríbanos.")
    async with await shelf.caller(Role.AGENT) as agent:
        for refused in (
            await agent.get("/gaps"),
            await agent.get(f"/gaps/{gap['id']}"),
            await agent.get(f"/gaps/{gap['id']}/questions"),
            await agent.post(f"/gaps/{gap['id']}/ignore", json={"reason": "x"}),
            await agent.post(f"/gaps/{gap['id']}/task", json={}),
            await agent.post("/gaps/look"),
        ):
            assert refused.status_code == 403, refused.text
        async with shelf.db.begin() as c:
            await c.execute(
                text(
                    "UPDATE article SET owner_id = (SELECT a.id FROM agent a JOIN users u "
                    "ON u.id = a.user_id WHERE u.role = 'agent') WHERE id = :id"
                ),
                {"id": article_id},
            )
        assert len(await listed(agent)) == 1
        other = await shelf.publish("Otro", "Otro.")
        foreign = {"article_id": str(other), "language": "es"}
        assert (await agent.post(f"/gaps/{gap['id']}/answered", json=foreign)).status_code == 403
        own = {"article_id": str(article_id), "language": "es"}
        assert (await agent.post(f"/gaps/{gap['id']}/answered", json=own)).status_code == 200
    assert (await http.get(f"/gaps/{UUID(int=1)}")).status_code == 404


async def test_the_look_is_asked_for(shelf: Shelf, http) -> None:
    assert (await http.post("/gaps/look")).status_code == 202
    assert await shelf.rows("SELECT kind FROM job") == [(grouping.KIND,)]


@pytest.mark.slow
async def test_the_process_beside_reads_and_goes() -> None:
    asked = [
        ("es", "¿Cuánto dura la garantía?"),
        ("en", "How long is the warranty?"),
        ("es", "pagar en cuotas"),
    ]
    one, other, third = await read_apart(asked)  # it has a limit of its own
    assert one.words == {"dur", "garant"}
    assert float(one.vector @ other.vector) > float(one.vector @ third.vector)
