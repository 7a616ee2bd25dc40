"""What a reader says of the first hit of a question is kept for the gate; what is read is counted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.toy_encoder import ToyEncoder

from trato.decide.answer_gate import SIGNALS
from trato.knowledge import service, texts
from trato.knowledge.finder import EXTRA, Finder
from trato.knowledge.reads import EXTRA as READS
from trato.knowledge.reads import Reads

from .conftest import Centre

QUESTION = "cuanto dura la garantia de la heladera"


async def write(found: Centre, title: str, body: str) -> UUID:
    async with found.services.db.begin() as c:
        article_id = await service.create(c, {"source_language": "es"})
        await texts.write(c, article_id, "es", texts.Text(title, "", body), actor="import")
        await texts.publish(c, article_id, "es", actor="import")
    return article_id


@pytest.fixture
async def searching(centre: Centre, tmp_path: Path) -> AsyncIterator[Centre]:
    await write(centre, "Cuánto dura la garantía", "La garantía de la heladera dura dos años.")
    await write(centre, "Devolver un producto", "Usted tiene treinta días para devolver.")
    finder = Finder(centre.services.db, tmp_path, encoder=ToyEncoder())
    centre.services.extras[EXTRA] = finder
    centre.services.extras[READS] = Reads(centre.services.db)
    running = asyncio.create_task(finder.run())
    await asyncio.sleep(0)  # it begins
    yield centre
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def say(found: Centre, slug: str, solved: str, asked: str = "", **headers: str) -> None:
    form = {"solved": solved} | ({"asked": asked} if asked else {})
    origin = {"origin": "http://127.0.0.1:8000", **headers}
    answer = await found.http.post(f"/help/es/articles/{slug}/solved", data=form, headers=origin)
    assert answer.status_code == 303, answer.text


async def test_the_question_goes_with_the_answer(searching: Centre) -> None:
    page = (await searching.http.get("/help/es/search", params={"q": QUESTION})).text
    assert f'name="asked" value="{QUESTION}"' in page
    assert "cuanto-dura-la-garantia?asked=cuanto%20dura" in page
    await say(searching, "cuanto-dura-la-garantia", "yes", QUESTION)
    await say(searching, "cuanto-dura-la-garantia", "no", QUESTION + " 1133445566 ana@x.org")
    rows = await searching.rows(
        "SELECT language, question, judged_right, judge, array_length(signals, 1) FROM answer_sample "
        "ORDER BY created_at"
    )
    assert rows == [
        ("es", QUESTION, True, "reader", len(SIGNALS)),
        ("es", QUESTION + " # #", False, "reader", len(SIGNALS)),
    ]


async def test_what_tells_nothing_of_the_first_hit_is_not_kept(searching: Centre) -> None:
    await searching.http.get("/help/es/search", params={"q": QUESTION})
    await say(searching, "cuanto-dura-la-garantia", "yes")
    await say(searching, "devolver-un-producto", "no", QUESTION)
    await say(searching, "cuanto-dura-la-garantia", "yes", QUESTION, **await searching.signed_in())
    assert await searching.rows("SELECT 1 FROM answer_sample") == []
    assert len(await searching.rows("SELECT 1 FROM article_feedback")) == 3


async def test_an_article_reached_by_a_question_remembers_it(searching: Centre) -> None:
    path = "/help/es/articles/cuanto-dura-la-garantia"
    assert 'name="asked"' not in (await searching.http.get(path)).text
    page = (await searching.http.get(path, params={"asked": '"><script>x'})).text
    assert 'value="&#34;&gt;&lt;script&gt;x"' in page
    assert "<script>x" not in page


async def test_people_who_read_are_counted_and_machines_are_not(searching: Centre) -> None:
    path = "/help/es/articles/cuanto-dura-la-garantia"
    person = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    for headers in (
        person,
        person,
        {"user-agent": "Googlebot/2.1"},
        person | {"sec-purpose": "prefetch"},
        person | await searching.signed_in(),
    ):
        assert (await searching.http.get(path, headers=headers)).status_code == 200
    await searching.http.head(path, headers=person)
    await searching.services.extras[READS].write()
    assert await searching.rows("SELECT language, reads FROM article_read") == [("es", 2)]
