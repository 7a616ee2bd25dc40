"""What a reader said so far goes along to a person: in their voice, without a script, typed once."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.services import make_account

from trato.portal.centre.carry import sentence

from .conftest import Centre

WRONG = "/help/es/articles/cuanto-dura-la-garantia"


@pytest.fixture
async def written(centre: Centre) -> Centre:
    await centre.publish({"es": "Cuánto dura la garantía", "pt": "Quanto dura a garantia"})
    return centre


def filled(page: str) -> str:
    found = re.search(r"<textarea id=\"text\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found, page
    return unescape(found[1])


async def test_a_no_with_its_reason_and_the_question_reach_a_person(written: Centre) -> None:
    await make_account(written.services, "email", address="hola@tienda.example")
    said = await written.http.post(f"{WRONG}/solved", data={"solved": "no", "asked": "¿y la  batería?"})
    assert said.status_code == 303
    page = (await written.http.get(said.headers["location"])).text
    assert 'value="¿y la batería?"' in page
    no = parse_qs(urlsplit(said.headers["location"]).query)["no"][0]
    form = {"said": no, "reason": "incomplete", "words": "No dice nada de <b>baterías</b>"}
    led = await written.http.post(
        f"{WRONG}/said", data=form | {"question": "¿y la batería?", "then": "person"}
    )
    assert led.status_code == 303
    page = (await written.http.get(led.headers["location"])).text
    text = filled(page)
    assert text == (
        "Busqué «¿y la batería?» y leí «Cuánto dura la garantía», pero no quedó resuelto:"
        " falta un paso o un dato.\nNo dice nada de <b>baterías</b>"
    )
    assert "<b>baterías" not in page
    assert "data-opens" in page
    sent = await written.http.post(
        "/help/es/person", data={"text": text, "address": "ana@example.com", "name": "Ana <i>Ruiz</i>"}
    )
    assert sent.headers["location"] == "/help/es/person?sent"
    assert "al correo que dejó" in (await written.http.get("/help/es/person?sent")).text
    assert await written.rows("SELECT text, author_name FROM message") == [(text, "Ana <i>Ruiz</i>")]
    assert await written.rows("SELECT how, address, state FROM callback") == [
        ("email", "ana@example.com", "waiting")
    ]
    assert await written.rows("SELECT count(*) FROM waiting") == [(1,)]
    facts = await written.rows("SELECT name, value FROM fact WHERE name = 'email'")
    assert facts == [("email", "ana@example.com")]


async def test_where_nobody_answers_mails_a_number_is_asked_for(written: Centre) -> None:
    page = (await written.http.get("/help/es/person")).text
    assert 'type="tel"' in page
    for wrong in ({"text": "Hola", "address": "ana@example.com"}, {"text": " ", "address": "099 123 456"}):
        refused = await written.http.post("/help/es/person", data=wrong)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert filled(refused.text).strip() in {"Hola", ""}
    assert await written.rows("SELECT 1 FROM conversation") == []
    sent = await written.http.post("/help/es/person", data={"text": "Hola", "address": "+598 99 123 456"})
    assert sent.status_code == 303
    assert await written.rows("SELECT how FROM callback") == [("phone",)]


async def test_a_question_without_an_answer_goes_along(written: Centre) -> None:
    page = (await written.http.get("/help/en/person?q=lost+parcel")).text
    assert filled(page) == "I searched “lost parcel” and did not find the answer."
    assert "data-opens" not in page


@pytest.mark.parametrize(
    "hostile",
    ["ñ" * 10_000, "<script>alert(1)</script>", "'; DROP TABLE case; --", "{{ 7*7 }}", "\x00\u202ea", "保証"],
)
async def test_whatever_is_carried_stays_text(written: Centre, hostile: str) -> None:
    for query in (
        {"q": hostile},
        {"article": hostile[:200]},
        {"q": hostile, "article": "cuanto-dura-la-garantia"},
    ):
        page = await written.http.get("/help/es/person", params=query)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert len(page.content) < 30_000
    said = await written.http.post(f"{WRONG}/solved", data={"solved": "no", "asked": hostile})
    assert said.status_code in (303, 422)
    sent = await written.http.post(
        "/help/es/person", data={"text": hostile, "address": "+59899123456", "name": hostile[:200]}
    )
    assert sent.status_code in (303, 422)


async def test_nobody_begins_conversations_without_end(written: Centre) -> None:
    answers = [
        (await written.http.post("/help/es/person", data={"text": "x", "address": f"+5989912345{n % 10}"}))
        for n in range(25)
    ]
    assert [one.status_code for one in answers].count(303) == 20
    assert answers[-1].status_code == 429


async def test_another_site_begins_none(written: Centre) -> None:
    form = {"text": "x", "address": "+59899123456"}
    refused = await written.http.post(
        "/help/es/person",
        data=form,
        headers={"Origin": "https://malo.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert refused.status_code == 403
    assert await written.rows("SELECT 1 FROM conversation") == []


def test_what_is_said_in_each_language() -> None:
    assert sentence("es") == ""
    assert sentence("es", "x") == "Busqué «x» y no encontré la respuesta."
    assert sentence("pt", "", "Garantia") == "Li “Garantia” e não ficou resolvido."
    assert sentence("en", "", "Warranty", "wrong") == (
        "I read “Warranty” and it is not solved: something in it is not right."
    )
    assert len(sentence("es", "ñ" * 600)) < 260
