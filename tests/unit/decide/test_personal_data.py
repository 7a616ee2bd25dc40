"""What tells whom a text is about is taken out of it, in whatever words it stands, and the rest stays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trato.decide import personal_data
from trato.decide.personal_data import folded, without

NAMES = st.lists(
    st.sampled_from(("Pedro", "Gómez", "María José", "O'Brien", "João", "Nuñez", "Lucía", "Sánchez", "Ana")),
    min_size=1,
    max_size=3,
    unique=True,
)
PLAIN = st.sampled_from(
    (
        "La garantía cubre el motor",
        "Escríbanos cuando quiera",
        "hay que abrir la puerta",
        "the door is open",
        "",
    )
)
MAILS = st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,6})?@[a-z]{2,8}\.(com|org|ar)", fullmatch=True)
PHONES = st.from_regex(r"(\+\d{2} )?\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}", fullmatch=True)
ORDERS = st.from_regex(r"(pedido|order|caso|nota fiscal) (n[º°] )?[A-Z]{0,2}\d{3,9}", fullmatch=True)
STREETS = st.from_regex(r"(calle|av\.|rua|avenida) [A-Z][a-z]{3,8} \d{2,4}", fullmatch=True)


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


@given(PLAIN, NAMES, PLAIN, st.sampled_from(("es", "en", "pt", "fr")))
def test_no_part_of_a_known_name_is_left(before: str, names: list[str], after: str, language: str) -> None:
    said = f"{before} {names[0].upper()}, {' '.join(names)}: {after} {folded(names[-1])}."
    found = folded(without(said, language, names=[" ".join(names)]))
    for part in " ".join(names).replace("'", " ").split():
        if len(part) > 1:
            assert folded(part) not in found.replace("[", " ").replace("]", " ").split(), found
    assert folded(after) in found


@given(PLAIN, st.one_of(MAILS, PHONES, ORDERS, STREETS), PLAIN, st.sampled_from(("es", "en", "pt")))
def test_what_leads_to_somebody_is_found_by_its_form(
    before: str, personal: str, after: str, language: str
) -> None:
    found = without(f"{before} {personal}. {after}", language)
    assert "@" not in found
    assert digits(found) == ""
    assert personal.rsplit(maxsplit=1)[-1] not in found
    if after:
        assert after in found


@given(st.text(max_size=80), NAMES, st.lists(st.text(min_size=2, max_size=10), max_size=3))
def test_whatever_is_given_looking_twice_changes_nothing(
    text: str, names: list[str], values: list[str]
) -> None:
    once = without(text, "es", names=names, values=values)
    assert without(once, "es", names=names, values=values) == once
    assert len(once) < 40 * (len(text) + 1)


@given(PLAIN, st.from_regex(r"[A-Za-z0-9]{3,11}[0-9]", fullmatch=True))
def test_what_is_known_of_them_is_taken_out_as_it_is(before: str, value: str) -> None:
    assume(value.lower() not in before.lower())
    assert value.lower() not in without(f"{before} ({value.upper()})", "es", values=[value]).lower()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Hola Pedro, la garantía dura 24 meses.", "Hola [nombre], la garantía dura 24 meses."),
        ("Me llamo Lucía Fernández de Castro y compré ayer", "Me llamo [nombre] y compré ayer"),
        ("El caso 3322 es por la garantía", "El caso [número] es por la garantía"),
        ("Cuesta $ 12.500 o US$ 90", "Cuesta $ 12.500 o US$ 90"),
        ("Son 30 días desde la compra", "Son 30 días desde la compra"),
        ("Vivo en Av. Corrientes 1234, piso 3", "Vivo en [dirección], piso 3"),
        ("Mire https://tienda.example/ayuda y listo", "Mire https://tienda.example/ayuda y listo"),
        ("Mire https://tienda.example/pedido/88123?t=x ya", "Mire [enlace] ya"),
        ("La serie es RT38K5932S8", "La serie es [número]"),
        ("Soy de Chile y no funciona", "Soy de Chile y no funciona"),
    ],
)
def test_examples(said: str, left: str) -> None:
    assert without(said, "es") == left


def test_what_was_taken_out_is_counted() -> None:
    assert personal_data.blanks(without("Escriba a ana@x.org o al 11 4444 5555", "es")) == 2
    assert personal_data.blanks("[otra cosa]") == 0
