"""A text is found by how people ask for it, and what they ask is never shown as its passage."""

import pytest
from tests.support.toy_encoder import ToyEncoder

from trato.search import Article, Search

WARRANTY = Article(
    "warranty", "Garantía", "La cobertura dura dos años. Guarde la factura. Llame al taller.", "es"
)
OTHERS = [
    Article("returns", "Devolver un producto", "Usted tiene treinta días para devolver.", "es"),
    Article("shipping", "Envíos", "El envío tarda tres días hábiles.", "es"),
]
ASKED = "se me rompio el lavarropas que hago"


def searching(*articles: Article) -> Search:
    search = Search(encoder=ToyEncoder())
    search.rebuild(articles)
    return search


def asking(*questions: str) -> Article:
    return Article("warranty", WARRANTY.title, WARRANTY.text, "es", questions=questions)


def test_it_is_found_by_a_question_that_shares_no_word_with_it() -> None:
    before = searching(WARRANTY, *OTHERS).find(ASKED, language="es")
    assert not before.answers
    after = searching(asking(ASKED), *OTHERS).find(ASKED, language="es")
    assert after.hits[0].id == "warranty"
    assert after.answers
    assert after.probability > before.probability


@pytest.mark.parametrize("question", [ASKED, "rompio lavarropas", "garantia cobertura dura"])
def test_the_passage_is_of_the_text(question: str) -> None:
    hit = (
        searching(asking(ASKED, "otra pregunta del lavarropas"), *OTHERS)
        .find(question, language="es")
        .hits[0]
    )
    assert hit.id == "warranty"
    assert "lavarropas" not in hit.passage
    assert hit.passage in WARRANTY.text or hit.passage == WARRANTY.title


def test_it_is_put_again_when_only_its_questions_changed() -> None:
    search = searching(WARRANTY, *OTHERS)
    search.put(asking(ASKED))
    assert search.find(ASKED, language="es").hits[0].id == "warranty"
    search.put(WARRANTY)
    assert not search.find(ASKED, language="es").answers


def test_it_survives_the_disk(tmp_path) -> None:
    search = Search(tmp_path, encoder=ToyEncoder())
    search.rebuild([asking(ASKED), *OTHERS])
    again = Search(tmp_path, encoder=ToyEncoder())
    assert again.find(ASKED, language="es").hits[0].id == "warranty"


def test_a_text_without_sentences_is_found_too() -> None:
    empty = Article("empty", "Sin texto", "", "es", questions=(ASKED,))
    hit = searching(empty, *OTHERS).find(ASKED, language="es").hits[0]
    assert (hit.id, hit.passage) == ("empty", "Sin texto")
