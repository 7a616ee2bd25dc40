"""The search as its callers see it: found at once, gone at once, mended by itself, never hung."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.shop import PAGES
from tests.support.toy_encoder import ToyEncoder
from tests.support.until import wait_until

from trato.decide.answer_gate import Gate
from trato.search import Article, Search
from trato.search.calibration import gate_file, own_gate, store
from trato.search.engine import shipped
from trato.search.generation import CURRENT


@pytest.fixture(scope="module")
def shop() -> Search:
    made = Search(encoder=ToyEncoder())
    made.rebuild(PAGES)
    return made


def first(search: Search, text: str) -> str | None:
    hits = search.find(text).hits
    return hits[0].id if hits else None


@pytest.mark.parametrize(
    ("text", "article", "passage"),
    [
        ("¿Cuánto dura la garantía de la heladera?", "warranty", "La garantía de la heladera dura dos años."),
        ("garantia heladrea", "warranty", "La garantía de la heladera dura dos años."),
        ("olvide mi contraseña", "password", "Escriba la contraseña nueva dos veces."),
        (
            "cuanto tardan las entregas en las provincias",
            "delivery",
            "Las entregas en la capital tardan dos días",
        ),
        (
            "when does the refund reach my card",
            "returns",
            "The refund reaches your card within five working days.",
        ),
    ],
)
def test_the_article_and_the_passage_that_answers(
    shop: Search, text: str, article: str, passage: str
) -> None:
    hit = shop.find(text).hits[0]
    assert hit.id == article
    assert passage in hit.passage


def test_a_passage_stands_in_the_text_where_it_says(shop: Search) -> None:
    for hit in shop.find("pedir la factura de la heladera").hits:
        page = next(page for page in PAGES if (page.id, page.language) == (hit.id, hit.language))
        if hit.end:
            assert page.text[hit.start : hit.end] == hit.passage


def test_an_article_in_several_languages_is_found_once_and_in_the_readers(shop: Search) -> None:
    for language in ("es", "en", "pt"):
        hits = shop.find("devolver producto return product", language=language).hits
        assert [hit.language for hit in hits if hit.id == "returns"] == [language]


def test_only_what_the_reader_may_see_is_found(shop: Search) -> None:
    found = shop.find("garantía de la heladera", allowed="warranty".__ne__)
    assert "warranty" not in {hit.id for hit in found.hits}
    assert shop.find("garantía", allowed=lambda _: False).hits == ()


def test_a_synonym_finds_what_the_articles_call_otherwise() -> None:
    search = Search(encoder=ToyEncoder(), synonyms=[("heladera", "frigorífico", "nevera")])
    search.rebuild(PAGES)
    assert first(search, "nevera") == "warranty"
    assert first(search, "mi frigorifico") == "warranty"


def test_freshness_and_readers_decide_between_equals_only() -> None:
    old = Article("old", "Cambiar la clave", "Pulse Seguridad y escriba la clave.", "es", date(2020, 1, 1))
    new = Article("new", "Cambiar la clave", "Pulse Seguridad y escriba la clave.", "es", date(2026, 1, 1))
    search = Search(encoder=ToyEncoder())
    search.rebuild([old, new, *PAGES])
    assert [hit.id for hit in search.find("cambiar la clave", today=date(2026, 2, 1)).hits[:2]] == [
        "new",
        "old",
    ]
    liked = Article("old", old.title, old.text, "es", old.updated, helpful=40)
    search.put(liked)
    assert first(search, "cambiar la clave") == "old"
    assert search.find("garantía heladera", today=date(2026, 2, 1)).hits[0].id == "warranty"


def test_what_is_put_is_found_at_once_and_what_is_removed_is_not(tmp_path: Path) -> None:
    search = Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    before = time.process_time()
    search.put(Article("store", "Horario de la tienda", "Abrimos de lunes a viernes a las nueve.", "es"))
    assert first(search, "horario tienda") == "store"
    search.put(Article("store", "Horario de la tienda", "Abrimos también los domingos.", "es"))
    assert "domingos" in search.find("abren los domingos").hits[0].passage
    search.remove("store")
    assert first(search, "horario tienda domingos") != "store"
    assert time.process_time() - before < 1
    search.remove("returns", "en")
    assert {hit.language for hit in search.find("return a product refund").hits if hit.id == "returns"} <= {
        "es",
        "pt",
    }


def test_an_index_on_disk_is_opened_again_without_encoding(tmp_path: Path) -> None:
    Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    encoder = ToyEncoder()
    again = Search(tmp_path, encoder=encoder)
    assert len(again) == len(PAGES)
    assert encoder.encoded == 0
    assert first(again, "garantía heladera") == "warranty"


def test_a_rebuild_encodes_only_what_changed_and_serves_meanwhile(tmp_path: Path) -> None:
    encoder = ToyEncoder()
    search = Search(tmp_path, encoder=encoder)
    search.rebuild(PAGES)
    encoder.encoded = 0
    seen = []

    def pages() -> Iterable[Article]:
        seen.append(first(search, "garantía heladera"))
        search.put(Article("meanwhile", "Tarjetas de regalo", "Las tarjetas de regalo no vencen.", "es"))
        search.remove("delivery")
        encoder.encoded = 0
        yield from PAGES

    search.rebuild(pages())
    assert seen == ["warranty"]
    assert first(search, "tarjetas de regalo") == "meanwhile"
    assert first(search, "plazos de entrega") != "delivery"
    assert encoder.encoded == 2 + 5  # the two questions, and the page that the index had forgotten


def test_another_process_serves_what_was_built(tmp_path: Path) -> None:
    reader = Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    writer = Search(tmp_path, encoder=ToyEncoder())
    writer.rebuild([*PAGES, Article("gift", "Tarjetas de regalo", "No vencen.", "es")])
    wait_until(lambda: looked(reader, "tarjetas de regalo") == "gift", what="the index serves")


def looked(search: Search, text: str) -> str | None:
    """Ask as if the last look at the folder were long ago."""
    search._looked = float("-inf")
    return first(search, text)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * (path.stat().st_size // 8 + 1))


@pytest.mark.parametrize("harm", [Path.unlink, cut, scribble])
@pytest.mark.parametrize(
    "what", ["all", "blocks", "words", "vocabulary.json", "rows.json", "manifest.json", CURRENT]
)
def test_a_damaged_index_goes_on_answering_and_is_built_anew(
    tmp_path: Path, harm: Callable[[Path], None], what: str
) -> None:
    search = Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    harmed = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and (what in ("all", path.name, path.parent.name))
    ]
    assert harmed
    for path in harmed:
        harm(path)
    wait_until(lambda: looked(search, "garantía heladera") == "warranty", what="the index serves")
    again = Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    assert first(again, "garantía heladera") == "warranty"


def test_a_folder_removed_while_serving_is_made_again(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "index"
    search = Search(folder, lambda: PAGES, encoder=ToyEncoder())
    shutil.rmtree(folder)
    assert looked(search, "garantía heladera") == "warranty"
    wait_until((folder / CURRENT).exists, what="the index serves")
    assert len(Search(folder, encoder=ToyEncoder())) == len(PAGES)


def test_whoever_builds_leaves_alone_what_another_is_opening(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    search = Search(folder, lambda: PAGES, encoder=ToyEncoder())
    opening, left = folder / "reading-now", folder / "reading-of-a-killed-one"
    opening.mkdir()
    left.mkdir()
    os.utime(left, (0, 0))
    search.rebuild(PAGES)
    assert (opening.exists(), left.exists()) == (True, False)


def test_without_a_source_a_missing_index_is_empty_and_answers_nothing(tmp_path: Path) -> None:
    found = Search(tmp_path / "index", encoder=ToyEncoder()).find("garantía")
    assert (found.hits, found.probability, found.answers) == ((), 0.0, False)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a", "ñ", "?", "¿¡!?", "😀", "😀" * 500, "\x00\x01", "\ud800", "1", "0" * 10_000),
        *("a" * 10_000, "garantía " * 2_000, " ".join(f"palabra{number}" for number in range(3_000))),
        *(
            "'; DROP TABLE article; --",
            '" OR 1=1',
            "<script>alert(1)</script>",
            "<b>garantía</b>",
            "body:garantía^9",
        ),
        *(
            "AND OR NOT (",
            "保証はどのくらいですか",
            "Сколько длится гарантия",
            "كم مدة الضمان",
            "हेलो",
            "\u202egarantía",
        ),
        *("title:*", "[a TO z]", "{}", "../../etc/passwd", "%s%s%n", "a\u0301" * 3_000),
    ],
)
def test_whatever_is_asked_is_answered_soon(shop: Search, text: str) -> None:
    begun = time.process_time()
    found = shop.find(text)
    assert time.process_time() - begun < 1
    assert 0 <= found.probability <= 1
    assert len(found.understood) <= 2_000


def test_nothing_to_look_for_is_told_as_such(shop: Search) -> None:
    for text in ("", "  ", "¿?", "😀"):
        found = shop.find(text)
        assert (found.understood, found.hits, found.answers) == ("", (), False)


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    search = Search(encoder=ToyEncoder())
    search.rebuild(PAGES[:2])
    search.find(text)


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text_can_be_an_article(title: str, text: str) -> None:
    search = Search(encoder=ToyEncoder())
    search.rebuild([Article("any", title, text), *PAGES])
    assert len(search) == len(PAGES) + 1
    assert search.find("garantía heladera").hits[0].id == "warranty"


def test_many_ask_while_one_publishes(tmp_path: Path) -> None:
    search = Search(tmp_path, lambda: PAGES, encoder=ToyEncoder())
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                if first(search, "garantía heladera") != "warranty":
                    wrong.append("not found")
            except Exception as error:  # noqa: BLE001 whatever goes wrong in a thread is what is looked for
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        search.put(Article(f"news{number % 3}", f"Novedad {number}", "Hay novedades en la tienda.", "es"))
        search.remove(f"news{(number + 1) % 3}")
    search.rebuild(PAGES)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_installations_gate_is_kept_and_a_broken_one_is_not_used(tmp_path: Path) -> None:
    path = gate_file(tmp_path)
    assert own_gate(path) is None
    gate = Gate.of(shipped()["gate"])
    store(gate, path)
    found = own_gate(path)
    assert found is not None
    assert found.values() == gate.values()
    path.write_text(json.dumps({"signals": []}))
    assert own_gate(path) is None
