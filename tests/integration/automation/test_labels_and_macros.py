"""Tags hang where people put them; macros fill what is known and what stands as it was is not sent."""

import json

import httpx
import pytest
from sqlalchemy import text

from trato.conversations import labels
from trato.conversations import service as conversations
from trato.kit.errors import Invalid
from trato.kit.ids import new_id
from trato.macros import service as macros

from .conftest import Place


async def made(http: httpx.AsyncClient, path: str, body: dict[str, object]) -> dict[str, str]:
    answer = await http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


@pytest.mark.parametrize("about", ["conversation", "case"])
async def test_a_tag_hangs_until_it_is_taken_off(place: Place, http: httpx.AsyncClient, about: str) -> None:
    tag = await made(http, "/tags", {"name": "Garantía"})
    await place.news()
    row_id = place.conversation_id if about == "conversation" else place.case_id
    path = f"/{about}s/{row_id}/tags"
    assert (await http.put(f"{path}/{tag['id']}")).json()["tags"] == [{"id": tag["id"], "name": "Garantía"}]
    assert (await http.put(f"{path}/{tag['id']}")).status_code == 200
    (told,) = await place.news()  # once
    assert (told.type, told.audience) == ("tags.changed", "staff")
    assert told.data["tagged"]["tags"] == [{"id": tag["id"], "name": "Garantía"}]
    await http.patch(f"/tags/{tag['id']}", json={"name": "Garantías"})
    assert [one["name"] for one in (await http.get(path)).json()["items"]] == ["Garantías"]
    assert (await http.delete(f"/tags/{tag['id']}")).status_code == 204
    assert len((await http.get(path)).json()["items"]) == 1
    assert (await http.put(f"{path}/{tag['id']}")).status_code == 404
    assert (await http.delete(f"{path}/{tag['id']}")).json()["tags"] == []
    assert (await http.put(f"/{about}s/{new_id()}/tags/{new_id()}")).status_code == 404


async def test_two_tags_are_not_called_the_same(http: httpx.AsyncClient) -> None:
    await made(http, "/tags", {"name": "Garantía"})
    assert (await http.post("/tags", json={"name": "GARANTÍA"})).status_code == 409


async def test_work_ends_with_a_disposition_of_the_list(place: Place, http: httpx.AsyncClient) -> None:
    async with place.db.connect() as c:
        await labels.check_disposition(c, "any word")  # there is no list yet
    solved = await made(http, "/dispositions", {"code": "solved", "names": {"es": "Resuelto"}})
    async with place.db.connect() as c:
        await labels.check_disposition(c, "solved")
        await labels.check_disposition(c, None)
        with pytest.raises(Invalid):
            await labels.check_disposition(c, "any word")
    assert (
        await http.post("/dispositions", json={"code": "solved", "names": {"es": "X"}})
    ).status_code == 409
    changed = await http.patch(f"/dispositions/{solved['id']}", json={"active": False})
    assert changed.json()["active"] is False


async def test_a_macro_fills_what_is_known_in_the_contacts_language(
    place: Place, http: httpx.AsyncClient
) -> None:
    tag = await made(http, "/tags", {"name": "Garantía"})
    await made(http, "/dispositions", {"code": "solved", "names": {"es": "Resuelto"}})
    macro = await made(
        http,
        "/macros",
        {
            "name": "Avance",
            "texts": {
                "es": "{{contact.first_name}}, ahora: {{case.step}}; a cargo de {{case.owner}}."
                " {{agent.name}}",
                "en": "Now: {{case.step}}",
            },
            "tag_ids": [tag["id"]],
            "disposition": "solved",
        },
    )
    async with place.db.begin() as c:
        await conversations.set_steps(
            c, place.case_id, [{"title": "Diagnóstico", "state": "now"}], actor="user:1"
        )
    filled = (await http.post(f"/conversations/{place.conversation_id}/macros/{macro['id']}")).json()
    assert filled == {
        "text": "Pedro, ahora: Diagnóstico; a cargo de {{case.owner}}. key",
        "language": "es",
        "unfilled": ["case.owner"],
        "disposition": "solved",
    }
    async with place.db.connect() as c:
        given = await labels.tags_of(c, "conversation", place.conversation_id)
        assert [one["name"] for one in given] == ["Garantía"]
        with pytest.raises(Invalid, match=r"case\.owner"):
            await macros.check_adapted(c, filled["text"])
        await macros.check_adapted(c, "Pedro, ahora: Diagnóstico; a cargo de Ana.")
    assert await place.rows("SELECT * FROM message") == []


async def test_a_text_that_is_nobodys_is_not_sent_as_it_stands(place: Place, http: httpx.AsyncClient) -> None:
    await made(http, "/macros", {"name": "Acuse", "texts": {"es": "Hemos recibido su mensaje."}})
    async with place.db.connect() as c:
        with pytest.raises(Invalid, match="Acuse"):
            await macros.check_adapted(c, "hemos recibido\n su mensaje. ")
        await macros.check_adapted(c, "Hemos recibido su mensaje sobre la heladera.")


async def test_a_macro_with_a_place_that_does_not_exist_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/macros", json={"name": "Mal", "texts": {"es": "{{case.nubmer}}"}})
    assert (answer.status_code, "case.nubmer" in answer.text) == (422, True)
    answer = await http.post(
        "/macros", json={"name": "Mal", "texts": {"es": "x"}, "tag_ids": [str(new_id())]}
    )
    assert answer.status_code == 404


async def test_every_change_stands_in_the_audit_log(place: Place, http: httpx.AsyncClient) -> None:
    macro = await made(http, "/macros", {"name": "A", "texts": {"es": "x {{case.step}}"}})
    listed = (await http.get("/macros")).json()
    assert [one["name"] for one in listed["items"]] == ["A"]
    assert {"name": "case.step", "news": True} in listed["places"]
    await http.patch(f"/macros/{macro['id']}", json={"name": "B"}, headers={"If-Match": "1"})
    assert (
        await http.patch(f"/macros/{macro['id']}", json={"name": "C"}, headers={"If-Match": "1"})
    ).status_code == 409
    await http.delete(f"/macros/{macro['id']}")
    assert (await http.get("/macros")).json()["items"] == []
    async with place.db.connect() as c:
        told = list(await c.scalars(text("SELECT action FROM audit_log ORDER BY id")))
    assert told == ["macro.created", "macro.changed", "macro.removed"]


async def test_what_is_known_of_a_promise_is_said_as_people_say_it(place: Place) -> None:
    await place.write(
        "UPDATE cases SET promised_at = '2026-11-28T02:00:00Z' WHERE id = :id", id=place.case_id
    )
    await place.write("UPDATE contact SET time_zone = 'America/Bogota'")
    from trato.macros import known

    async with place.db.connect() as c:
        found = await known.of_conversation(c, place.conversation_id)
    assert found.values["case.promise"] == "viernes 27 de noviembre"
    assert json.dumps(dict(found.values))
