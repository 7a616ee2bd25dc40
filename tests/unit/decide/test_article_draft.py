"""A draft takes the answer's own sentences of fact, in order, and nothing that was said to one person."""

from hypothesis import given
from hypothesis import strategies as st

from trato.decide import article_draft
from trato.decide.article_draft import Said, draft
from trato.decide.personal_data import without

CASE = (
    Said(by_contact=True, text="Hola, soy Pedro Gómez. ¿Cómo pido la garantía de mi heladera? Pedido 88123."),
    Said(by_contact=False, text="Hola Pedro, gracias por escribir. ¿Tiene la factura?"),
    Said(by_contact=True, text="Sí, la tengo."),
    Said(
        by_contact=False,
        text="La garantía cubre el motor durante 24 meses. Ya lo derivé al taller.\n"
        "1. Busque la factura de compra.\n2. Saque una foto de la placa.\n"
        "- Envíe las dos a ayuda@tienda.example\n"
        "Quedo atenta a su respuesta.",
    ),
    Said(by_contact=False, text="La garantía cubre el motor durante 24 meses."),
)


def clean(text: str) -> str:
    return without(text, "es", names=["Pedro Gómez", "Sofía"])


def test_the_question_the_facts_and_the_steps() -> None:
    found = draft(CASE, "es", clean)
    assert found.title == "¿Cómo pido la garantía de mi heladera?"
    assert found.body == (
        "La garantía cubre el motor durante 24 meses.\n\n## Pasos\n\n"
        "1. Busque la factura de compra.\n2. Saque una foto de la placa.\n3. Envíe las dos a [correo]"
    )
    assert found.sentences == 4


def test_a_fact_behind_a_greeting_stays() -> None:
    found = draft(
        [Said(by_contact=False, text="Hola Pedro, puede cambiarlo dentro de 30 días.")], "es", clean
    )
    assert found.body == "Puede cambiarlo dentro de 30 días."


def test_who_asks_nothing_and_answers_nothing_gives_nothing() -> None:
    found = draft([Said(by_contact=True, text="ok"), Said(by_contact=False, text="Gracias.")], "es", clean)
    assert (found.title, found.body, found.sentences) == ("", "", 0)


texts = st.lists(
    st.builds(Said, st.booleans(), st.text("abc Pedro.?!\n1-* ¿áé@<>", max_size=120)), max_size=8
)


@given(texts, st.sampled_from(("es", "en", "pt")))
def test_whatever_was_said_the_draft_is_bounded_and_nobodys(said: list[Said], language: str) -> None:
    found = draft(said, language, clean)
    assert len(found.title) <= article_draft.MAX_TITLE + 1
    assert found.sentences <= article_draft.MOST
    words = f"{found.title} {found.body}".replace(".", " ").split()
    assert "Pedro" not in words


@given(texts)
def test_every_sentence_was_said_by_somebody_who_answers(said: list[Said]) -> None:
    body = draft(said, "es", lambda line: line).body.replace("\\", "")
    told = " ".join(one.text for one in said if not one.by_contact).lower()
    for line in body.splitlines():
        if line and not line.startswith("##"):
            shown = line.split(". ", 1)[1] if line[0].isdigit() and ". " in line else line
            for sentence in article_draft.sentences(shown):
                assert sentence.lower()[1:] in told
