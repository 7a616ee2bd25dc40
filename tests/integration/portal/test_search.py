"""A question finds the passage that answers, or hears plainly that nobody wrote it; nobody sees too much."""

import asyncio
import contextlib
import dataclasses
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.toy_encoder import ToyEncoder
from tests.support.with_key import client, make_app, make_key

from trato.access.roles import Role
from trato.knowledge import api, service, texts, unanswered
from trato.knowledge.finder import EXTRA, Finder
from trato.portal.centre import search
from trato.portal.centre.search import SEARCHES
from trato.search.embedding import Vectors

from .conftest import Centre

WARRANTY = "La garantía de la heladera dura dos años. Guarde la factura de compra."
RETURNS = "Usted tiene treinta días para devolver un producto. El flete lo pagamos nosotros."


async def write(found: Centre, title: str, body: str, language: str = "es", **values: object) -> UUID:
    async with found.services.db.begin() as c:
        article_id = await service.create(c, {"source_language": language, **values})
        await texts.write(c, article_id, language, texts.Text(title, "", body), actor="import")
        await texts.publish(c, article_id, language, actor="import")
    return article_id


@pytest.fixture
async def searching(centre: Centre, tmp_path: Path) -> AsyncIterator[Centre]:
    await write(centre, "Cuánto dura la garantía", WARRANTY)
    await write(centre, "Devolver un producto", RETURNS)
    finder = Finder(centre.services.db, tmp_path, encoder=ToyEncoder())
    centre.services.extras[EXTRA] = finder
    running = asyncio.create_task(finder.run())
    await asyncio.sleep(0)  # it begins
    yield centre
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def asked(found: Centre, question: str, language: str = "es") -> str:
    page = await found.http.get(f"/help/{language}/search", params={"q": question})
    assert page.status_code == 200, page.text
    return page.text


async def soon(found: Centre, question: str, holds: Callable[[str], bool]) -> float:
    """Ask until it holds; return how long that took."""
    began = time.monotonic()
    while not holds(await asked(found, question)):
        assert time.monotonic() - began < 30, question
        found.services.extras.pop("portal", None)  # the limits are another test's matter
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def shows(slug: str) -> Callable[[str], bool]:
    return lambda page: slug in page


async def test_the_passage_that_answers_comes_first(searching: Centre) -> None:
    page = await searching.http.get("/help/es/search", params={"q": "cuanto dura la garantia de la heladera"})
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    for expected in (
        "Esto lo responde",
        "La garantía de la heladera dura dos años.",
        'href="/help/es/articles/cuanto-dura-la-garantia"',
        'action="/help/es/articles/cuanto-dura-la-garantia/solved"',
        'href="/help/pt/search?q=cuanto+dura+la+garantia+de+la+heladera"',
        'value="cuanto dura la garantia de la heladera"',
        'href="/help/es/person"',
    ):
        assert expected in page.text, expected
    assert len(page.content) < 100_000
    assert await searching.rows("SELECT question FROM unanswered_question") == []


async def test_what_is_not_known_is_said_and_counted(searching: Centre) -> None:
    for question in ("¿Venden pasajes de avión?", "venden pasajes  de avión"):
        page = await asked(searching, question)
        assert "No sabemos la respuesta" in page
        assert 'href="/help/es/person?q=' in page  # with the question
        assert "Esto lo responde" not in page
    rows = await searching.rows("SELECT language, question, asked FROM unanswered_question")
    assert rows == [("es", "venden pasajes de avión", 2)]
    ahead = {"sec-purpose": "prefetch;prerender"}
    await searching.http.get("/help/es/search", params={"q": "otra cosa"}, headers=ahead)
    assert len(await searching.rows("SELECT 1 FROM unanswered_question")) == 1


async def test_a_flood_of_questions_is_not_kept(searching: Centre) -> None:
    async with searching.services.db.begin() as c:
        for question in ("uno", "dos", "tres", "uno"):
            await unanswered.count(c, "es", question, most=2)
        await c.execute(
            text(
                "UPDATE unanswered_question SET last_at = now() - interval '181 days' WHERE question = 'dos'"
            )
        )
    await unanswered.retention(searching.services.db).work()
    assert await searching.rows("SELECT question, asked FROM unanswered_question") == [("uno", 2)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "No sabemos la respuesta"),
        ("en", "We do not know the answer"),
        ("pt", "Não sabemos a resposta"),
    ],
)
async def test_it_speaks_the_readers_language(searching: Centre, language: str, said: str) -> None:
    assert said in await asked(searching, "zzz qqq", language)
    led = await searching.http.get("/help/search?q=a%26b", headers={"accept-language": language})
    assert (led.status_code, led.headers["location"]) == (303, f"/help/{language}/search?q=a%26b")


async def test_what_is_published_is_found_and_what_is_withdrawn_is_not(searching: Centre) -> None:
    await asked(searching, "cupones")
    began = time.monotonic()
    article_id = await write(searching, "Usar un cupón", "Los cupones de descuento se escriben al pagar.")
    await soon(searching, "cupones de descuento", lambda page: "/articles/usar-un-cupon" in page)
    async with searching.services.db.begin() as c:
        await service.change(c, article_id, {"visibility": "agents"}, actor="import")
    page = await asked(searching, "cupones de descuento")  # at once: the database has the last word
    assert "usar-un-cupon" not in page
    async with searching.services.db.begin() as c:
        await service.change(c, article_id, {"visibility": "public"}, actor="import")
    await soon(searching, "cupones de descuento", lambda page: "/articles/usar-un-cupon" in page)
    async with searching.services.db.begin() as c:
        await texts.withdraw(c, article_id, "es", actor="import")
    assert "usar-un-cupon" not in await asked(searching, "cupones de descuento")
    assert time.monotonic() - began < 30


@pytest.mark.slow
@pytest.mark.alone
async def test_what_is_published_is_found_within_a_second(searching: Centre) -> None:
    await asked(searching, "cupones")
    took_s = []
    for number in range(5):
        name = ("cupones", "medidores", "repuestos", "mudanzas", "alquileres")[number]
        await write(searching, f"Todo sobre {name}", f"Los {name} se piden por el chat.")
        took_s.append(await soon(searching, f"pedir {name}", shows(f"todo-sobre-{name}")))
    assert max(took_s) < 1


async def test_only_the_team_finds_what_is_the_teams(searching: Centre) -> None:
    await write(
        searching, "Límite de reintegros", "Reintegros mayores los aprueba gerencia.", visibility="agents"
    )
    headers = await searching.signed_in()
    seen = ""
    for _ in range(200):
        seen = (await searching.http.get("/help/es/search?q=reintegros+gerencia", headers=headers)).text
        if "limite-de-reintegros" in seen:
            break
        await asyncio.sleep(0.05)
        searching.services.extras.pop("portal", None)
    assert "limite-de-reintegros" in seen
    assert "Solo lo ve el equipo" in seen
    page = await asked(searching, "reintegros gerencia")
    assert "limite-de-reintegros" not in page
    assert "aprueba" not in page


async def test_the_desk_finds_everything_that_is_published(searching: Centre) -> None:
    await write(searching, "Límite de reintegros", "Los aprueba gerencia.", visibility="agents")
    _, key = await make_key(searching.services.db, "articles:read", role=Role.AGENT)
    async with client(make_app(searching.services, [api.router]), key) as http:
        query = {"q": "limite de reintegros gerencia", "language": "pt"}
        found: dict[str, Any] = {"items": []}
        began = time.monotonic()
        while not found["items"] or found["items"][0]["slug"] != "limite-de-reintegros":
            assert time.monotonic() - began < 30, found
            found = (await http.get("/articles/search", params=query)).json()
        first = found["items"][0]
        assert (first["language"], first["visibility"], found["next_cursor"]) == ("es", "agents", None)
        assert "gerencia" in first["passage"]
        assert (await http.get("/articles/search?q=")).status_code == 422
    assert await searching.rows("SELECT 1 FROM unanswered_question") == []


@pytest.mark.parametrize(
    "question",
    [
        "a",
        "ñ" * 10_000,
        "😀" * 50,
        "'; DROP TABLE article; --",
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }} {% for x in y %}",
        "\x00\x07\u202eabc",
        "保証はどのくらいですか",
        "كم مدة الضمان",
        "title:* AND (garantía OR [a TO z]) ^9 ~",
        "%",
        " \t\n ",
    ],
)
async def test_whatever_is_asked_is_answered_and_stays_text(searching: Centre, question: str) -> None:
    page = await searching.http.get("/help/es/search", params={"q": question})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "{{ 7" in page.text or "{{" not in page.text
    assert len(page.content) < 30_000


async def test_nobody_asks_without_end(searching: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SEARCHES", dataclasses.replace(SEARCHES, per_s=0.001))
    for _ in range(int(SEARCHES.burst)):
        last = await searching.http.get("/help/es/search?q=garantia")
    assert last.status_code == 200
    refused = [(await searching.http.get("/help/es/search?q=garantia")).status_code for _ in range(30)]
    assert 429 in refused


async def test_an_index_that_is_lost_is_built_again(searching: Centre, tmp_path: Path) -> None:
    folder = tmp_path / "search" / "index"
    await soon(searching, "garantia de la heladera", lambda _: (folder / "CURRENT").is_file())
    lost = folder.rename(tmp_path / "lost")  # at once, whoever is reading or writing in it
    shutil.rmtree(lost, ignore_errors=True)
    await soon(
        searching,
        "garantia de la heladera",
        lambda page: "cuanto-dura-la-garantia" in page and (folder / "CURRENT").is_file(),
    )


class SlowEncoder(ToyEncoder):
    """Reads until it meets a text about instalments; goes on when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if any("cuotas" in text for text in texts):
            self.may.wait(30)
        return super().encode(texts)


async def test_what_has_been_read_is_found_while_the_others_are_still_being_read(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trato.knowledge.finder.PATIENCE_S", 0.3)
    for _ in range(3):  # the order of reading is that of their ids, by time
        await write(centre, "Cuánto dura la garantía", WARRANTY)
    await write(centre, "Pagar a plazos", "Puede pagar en doce cuotas.")
    encoder = SlowEncoder()
    finder = Finder(centre.services.db, tmp_path, encoder=encoder)
    centre.services.extras[EXTRA] = finder
    running = asyncio.create_task(finder.run())
    try:
        await soon(centre, "garantia de la heladera", shows("cuanto-dura-la-garantia"))
        page = await asked(centre, "a plazos por favor")
        assert "Todavía leemos los artículos" in page
        assert "No sabemos la respuesta" not in page
        async with centre.services.db.connect() as c:
            assert (await c.execute(text("SELECT count(*) FROM unanswered_question"))).scalar_one() == 0
        encoder.may.set()
        await soon(centre, "pagar a plazos", shows("pagar-a-plazos"))
        await soon(centre, "garantia", lambda _: (tmp_path / "search" / "index" / "CURRENT").is_file())
        assert "Todavía leemos los artículos" not in await asked(centre, "pasajes a Marte")
    finally:
        encoder.may.set()
        running.cancel()


async def test_what_changed_while_nobody_served_is_known_when_it_is_opened(
    searching: Centre, tmp_path: Path
) -> None:
    await asked(searching, "garantia")
    article_id = await write(searching, "Pagar en cuotas", "Puede pagar en doce cuotas.")
    await soon(searching, "doce cuotas", lambda page: "pagar-en-cuotas" in page)
    later = Finder(searching.services.db, tmp_path, encoder=ToyEncoder())
    async with searching.services.db.begin() as c:
        await service.remove(c, article_id, actor="import")
    searching.services.extras[EXTRA] = later
    running = asyncio.create_task(later.run())
    await asyncio.sleep(0)  # it begins
    await soon(searching, "doce cuotas", lambda page: "pagar-en-cuotas" not in page)
    assert "cuanto-dura-la-garantia" in await asked(searching, "garantia de la heladera")
    running.cancel()


async def test_without_articles_nothing_is_loaded(centre: Centre, tmp_path: Path) -> None:
    finder = Finder(centre.services.db, tmp_path)  # with the real encoder: it would take seconds
    centre.services.extras[EXTRA] = finder
    running = asyncio.create_task(finder.run())
    await asyncio.sleep(0)  # it begins
    assert "No sabemos la respuesta" in await asked(centre, "garantía")
    assert not finder.is_open
    assert not (tmp_path / "search").exists()
    running.cancel()


async def test_a_process_without_a_search_offers_the_person(centre: Centre) -> None:
    page = await centre.http.get("/help/es/search?q=garantia")
    assert page.status_code == 503
    assert "La búsqueda no está disponible" in page.text
    assert 'href="/help/es/person"' in page.text
