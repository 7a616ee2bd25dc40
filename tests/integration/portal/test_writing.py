"""The form that leads to a person: pressed twice it is one message, and what is refused stays as written."""

import asyncio
import re
from html import unescape

import httpx
import pytest
from tests.support.services import make_account

from .conftest import Centre

PERSON = "/help/es/person"
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}
PHONE = "+598 99 123 456"


@pytest.fixture
async def answering(centre: Centre) -> Centre:
    await make_account(centre.services, "email", address="hola@tienda.example")
    return centre


async def once(centre: Centre) -> str:
    found = re.search(r'name="once" value="([0-9a-f]{32})"', (await centre.http.get(PERSON)).text)
    assert found
    return found[1]


async def send(centre: Centre, **form: str) -> httpx.Response:
    return await centre.http.post(PERSON, data=form, headers=BROWSER)


def held(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, page
    return unescape(found[1])


async def texts(centre: Centre) -> list[str]:
    return [row[0] for row in await centre.rows("SELECT text FROM message ORDER BY created_at")]


async def test_the_same_press_twice_is_one_message(centre: Centre) -> None:
    form = {"text": "Mi heladera\r\nno enfría", "address": PHONE, "name": "Ana", "once": await once(centre)}
    answers = await asyncio.gather(*(send(centre, **form) for _ in range(3)))
    answers.append(await send(centre, **form))
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, f"{PERSON}?sent")}
    assert await texts(centre) == ["Mi heladera\nno enfría"]
    assert await centre.rows("SELECT count(*) FROM conversation") == [(1,)]
    assert await centre.rows("SELECT address FROM callback WHERE state = 'waiting'") == [(PHONE,)]
    assert await once(centre) != form["once"]


async def test_whoever_goes_back_and_adds_something_goes_on_with_the_same(centre: Centre) -> None:
    form = {"text": "Uno", "address": PHONE, "once": await once(centre)}
    for changed in ({}, {"text": "Dos"}, {"address": "+598 99 765 432"}):
        assert (await send(centre, **{**form, **changed})).status_code == 303
    assert await texts(centre) == ["Uno", "Dos"]
    assert await centre.rows("SELECT count(*) FROM conversation") == [(1,)]
    assert await centre.rows("SELECT address FROM callback WHERE state = 'waiting'") == [("+598 99 765 432",)]


async def test_a_text_with_as_many_characters_as_the_browser_lets_in_is_taken(centre: Centre) -> None:
    lines = "\r\n".join(["ñ" * 79] * 50)
    assert len(lines) > 4_000 > len(lines.replace("\r\n", "\n"))
    assert (await send(centre, text=lines, address=PHONE)).status_code == 303
    assert await texts(centre) == [lines.replace("\r\n", "\n")]


@pytest.mark.parametrize(
    ("text", "address", "field", "said"),
    [
        ("x" * 4_001, PHONE, "text", "caben 4000 caracteres y tiene 4001"),
        (" \r\n ", PHONE, "text", "Cuéntenos qué necesita."),
        ("Hola", "12", "address", "Revise el número"),
        ("Hola", "9" * 400, "address", "Revise el número"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_all_that_was_typed_stays(
    centre: Centre, text: str, address: str, field: str, said: str
) -> None:
    refused = await send(centre, text=text, address=address, name="Ana <b>", once="0" * 32)
    assert (refused.status_code, refused.headers["content-language"]) == (422, "es")
    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    page = refused.text
    assert (held(page, "address"), held(page, "name"), held(page, "once")) == (address, "Ana <b>", "0" * 32)
    assert f">{text.replace(chr(13), '')}</textarea>" in page
    assert re.search(
        rf'id="{field}"[^>]* aria-invalid="true" aria-describedby="{field}-wrong" autofocus', page
    )
    assert re.search(rf'id="{field}-wrong" class="problem" role="alert">[^<]*{said}', page)
    assert await texts(centre) == []


async def test_where_mails_are_answered_an_address_is_asked_for(answering: Centre) -> None:
    refused = await send(answering, text="Hola", address="ana@")
    assert refused.status_code == 422
    assert "Revise el correo" in refused.text


async def test_too_many_are_told_on_the_page_with_what_was_written(centre: Centre) -> None:
    for number in range(10):
        assert (await send(centre, text=f"Mensaje {number}", address=PHONE)).status_code == 303
    refused = await send(centre, text="Y esto", address=PHONE, name="Ana")
    assert refused.status_code == 429
    assert re.search(r'role="alert" tabindex="-1" autofocus>[^<]*dentro de 24 horas', refused.text)
    assert ">Y esto</textarea>" in refused.text
    assert (held(refused.text, "address"), held(refused.text, "name")) == (PHONE, "Ana")


async def test_where_nobody_can_be_written_to_any_more_the_page_says_it(centre: Centre) -> None:
    async with centre.services.db.begin() as c:
        await c.exec_driver_sql("UPDATE account SET enabled = false")
    refused = await send(centre, text="Hola", address=PHONE)
    assert refused.status_code == 503
    assert 'role="alert"' in refused.text
