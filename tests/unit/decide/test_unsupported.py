"""What a draft says and its source does not, found by its form."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trato.decide.unsupported import unsupported

SOURCE = """¿Cómo pido la garantía de mi heladera?
La garantía cubre el motor durante 24 meses. Cuesta $1.500,50 y la seña es del 5 %. Mire https://x.example/ayuda/garantia
1. Busque la factura.
2. Espere entre tres y cinco días hábiles, hasta el 3 de mayo de 2026, de lunes a viernes de 9 a 18:30."""

WRITTEN = st.text(
    st.sampled_from("0123456789 .,:;/-%$€@()[]#*_~`<>\n\\ abdeiklmnorstuxáñçº²٣\u200b"),
    max_size=80,
) | st.lists(
    st.sampled_from(
        [
            *(
                "24",
                "meses",
                "días",
                "veinticuatro",
                "dos",
                "mil",
                "cien",
                "pesos",
                "por",
                "ciento",
                "un",
                "año",
            ),
            *(
                "$",
                "%",
                "3",
                "de",
                "mayo",
                "2026",
                "lunes",
                "x.example",
                "http://x.example/a",
                "a@b.co",
                "9:30",
            ),
            *(
                "1.",
                "\n",
                "\n1. ",
                "\n2. ",
                "**",
                "0800",
                "222",
                "1234",
                "gratis",
                "U$S",
                "1.500,50",
                ",",
                ".",
            ),
        ]
    ),
    max_size=24,
).map(" ".join)


def strange(draft: str, source: str = SOURCE, language: str = "es") -> list[str]:
    return [one.text for one in unsupported(draft, source, language)]


@pytest.mark.parametrize(
    "draft",
    [
        "La garantía dura veinticuatro meses.",
        "Dura **24** meses, y cuesta $ 1,500.5; la seña es del cinco por ciento.",
        "Espere de 3 a 5 días hábiles, hasta el 3/5/2026 o el tres de mayo.",
        "El 3 de mayo, un lunes o un viernes, a las 18:30.",
        "Véalo en [la página](https://www.x.example/ayuda/garantia/) o en x.example.",
        "1. Busque la factura.\n2. Espere.\n3. Listo.",
    ],
)
def test_what_the_source_says_in_other_writing_is_supported(draft: str) -> None:
    assert strange(draft) == []


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("Dura 36 meses.", ["36 meses"]),
        ("Dura treinta y seis meses.", ["treinta y seis meses"]),
        ("Dura 24 días.", ["24 días"]),  # the same figure of another thing
        ("Espere 5 días.", ["5 días"]),  # working days are others
        ("Dura 2**4**0 meses.", ["2**4**0 meses"]),
        ("Dura 2\u200b40 meses.", ["2\u200b40 meses"]),
        ("Dura un año.", ["un año"]),
        ("Cuesta $24 o 24 pesos.", ["$24", "24 pesos"]),
        ("Es gratis.", ["gratis"]),
        ("Cuesta US$ 1.500,50.", ["US$ 1.500,50"]),
        ("La seña es del 24 %, o diez por ciento.", ["24 %", "diez por ciento"]),
        ("Hasta el 4 de mayo de 2026.", ["4 de mayo de 2026"]),
        ("Hasta el 3 de mayo de 2027.", ["3 de mayo de 2027"]),
        ("Hasta el 3/6/2026 o 2026-06-03.", ["3/6/2026", "2026-06-03"]),
        ("Los sábados a las 19:00.", ["sábados", "19:00"]),
        ("Vea www.otro.example/a.", ["www.otro.example/a"]),
        ("Vea otro.com, x.example/otra", ["otro.com", "x.example/otra"]),
        ("Vea [aquí](javascript:alert).", ["javascript:alert"]),
        ("Vea [aquí](/help/es/cosa).", ["/help/es/cosa"]),
        ("Vea x.exámple.", ["x.exámple"]),
        ("Escriba a ayuda@tienda.com o a @tienda.", ["ayuda@tienda.com", "@tienda"]),
        ("Llame al 0800-222-1234 o al +54 11 4444 5555.", ["0800-222-1234", "+54 11 4444 5555"]),
        ("90. Espere\n1. Uno", ["90"]),
        ("Son 2 mil.", ["2 mil"]),
    ],
)
def test_what_the_source_does_not_say_is_found(draft: str, found: list[str]) -> None:
    assert strange(draft) == found


@pytest.mark.parametrize(
    ("draft", "language", "found"),
    [
        (
            "It takes twenty-four hours or a day, ten percent, $20, at 9am on March 3rd, 2026. You may once.",
            "en",
            ["twenty-four hours", "a day", "ten percent", "$20", "9am", "March 3rd, 2026"],
        ),
        (
            "Leva vinte e quatro horas ou um dia; na segunda-feira custa R$ 30 ou trinta reais.",
            "pt",
            ["vinte e quatro horas", "um dia", "segunda-feira", "R$ 30", "trinta reais"],
        ),
    ],
)
def test_in_each_language(draft: str, language: str, found: list[str]) -> None:
    assert strange(draft, "", language) == found
    assert strange(draft, draft, language) == []


@given(WRITTEN)
def test_the_source_supports_itself_and_nothing_supports_what_is_new(text: str) -> None:
    assert unsupported(text, text, "es") == []
    assert unsupported("", text, "es") == []


@given(WRITTEN, WRITTEN, WRITTEN)
def test_places_are_in_order_and_more_source_never_finds_more(draft: str, source: str, more: str) -> None:
    found = unsupported(draft, source, "es")
    last = 0
    for one in found:
        assert last <= one.start < one.end <= len(draft)
        assert draft[one.start : one.end] == one.text
        last = one.end
    joined = unsupported(draft, f"{source}\n\n{more}", "es")
    # a list that goes on is a list again: only what is no number of a step is compared
    assert {one.start for one in joined} <= {one.start for one in found} or "\n" in source + more


@given(WRITTEN)
@example("0 $ 0")  # one sign, and a number on either side
@example("0 lunes mes")  # a day between a number and a unit
def test_no_digit_of_a_draft_is_overseen(draft: str) -> None:
    """Without a source each digit is in the list, but for the numbers of steps."""
    found = unsupported(draft, "", "es")
    covered = {at for one in found for at in range(one.start, one.end)}
    bare = {
        at for at, char in enumerate(draft) if unicodedata.normalize("NFKD", char)[:1].isdecimal()
    } - covered
    assert all(draft[at + 1 : at + 4].lstrip("*_~`\\0123456789\u200b")[:1] in {".", ")"} for at in bare)
