"""A yes in words is one only when it is nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.answers import MOST, may_mean_solved, means_solved

NAMES = ("Pedro Gómez", "Elena Ruiz")
YES = [
    # es
    *("Sí", "si!", "  SÍ, gracias. ", "¡Listo!", "Sí — todo bien", "Si, ya quedó. Muchas gracias!!"),
    "Hola Elena, buenos días.\n\nSí, quedó resuelto. Muchas gracias por todo.\n\nSaludos,\nPedro Gómez",
    *("Sí 👍", "Ya funciona perfecto, gracias", "Sí, sí.", "Todo resuelto, muy amable", "Quedó solucionado"),
    # en
    *(
        "Yes",
        "Yes, thank you",
        "yes it is, thanks!",
        "Yep, all good now",
        "It’s fixed, cheers",
        "It's working now",
    ),
    "Hi Elena,\n\nYes, everything works. Thank you so much for your help!\n\nBest regards,\nPedro",
    # pt
    *("sim", "Sim, ficou resolvido. Obrigada!", "Tudo certo, valeu", "Já está resolvido", "Deu certo! 🙏"),
    "Olá Elena, bom dia.\nSim, já foi resolvido, muito obrigado pela ajuda.\nAbraços,\nPedro Gómez",
]
MORE = [
    *("", "👍", "gracias", "ok, gracias", "Pedro", "perfecto", "no", "No, gracias", "quizás", "todavía no"),
    *("sí pero falta la factura", "Sí, ¿y la factura?", "Sí?", "¿Quedó resuelto?", "si no me llaman, no"),
    *("Sí, cuando me devuelvan el dinero", "Quedó mal", "ya quedo en la nada", "Todo bien salvo la puerta"),
    *("Sí, gracias por nada", "Sí 😡", "Sí, el 50%", "Sí. Además quería preguntar por el envío", "Sí, 3322"),
    *("Sí, mañana", "Ahora no funciona", "Sí, Juan", "no quedó resuelto", "Sí, ver https://x.example"),
    *("yes?? no", "Yes and no", "yes, but the door", "yes please call me", "not yet", "It's not fixed"),
    *("It doesn't work", "yes, until it broke again", "Is it solved", "Yes, 2 of them"),
    *("Sim, mas falta a nota", "não", "Sim e não", "Ainda não ficou resolvido", "Sim, amanhã eu confirmo"),
]


@pytest.mark.parametrize("said", YES)
def test_a_plain_yes_is_one(said):
    assert means_solved(said, NAMES)
    assert may_mean_solved(said)


@pytest.mark.parametrize("said", MORE)
def test_whatever_says_more_is_for_a_person(said):
    assert not means_solved(said, NAMES)


def test_a_name_that_nobody_has_is_a_word_more():
    assert not means_solved("Sí, gracias. Pedro")
    assert means_solved("Sí, gracias. Pedro", ("PEDRO",))


@given(st.text(max_size=MOST + 40))
def test_what_means_it_may_mean_it(said):
    assert may_mean_solved(said) or not means_solved(said)


@given(st.sampled_from(YES), st.sampled_from(["no", "pero", "but", "mas", "falta", "not", "não", "7", "?"]))
def test_one_word_more_anywhere_is_for_a_person(said, more):
    for at in range(len(said.split()) + 1):
        words = said.split()
        assert not means_solved(" ".join([*words[:at], more, *words[at:]]), NAMES)


@pytest.mark.parametrize("said", ["gracias " * 60 + "sí", "x" * (MOST + 1)])
def test_what_is_long_says_more(said):
    assert not may_mean_solved(said)
