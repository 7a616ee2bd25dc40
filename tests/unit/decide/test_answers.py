"""A yes in words is one only when it is nothing else."""

import pytest

from trato.decide.answers import means_solved


@pytest.mark.parametrize(
    "said", ["Sí", "si!", "  SÍ, gracias. ", "Yes, thank you", "sim", "¡Listo!", "Sí — todo bien"]
)
def test_a_plain_yes_is_one(said):
    assert means_solved(said)


@pytest.mark.parametrize(
    "said", ["", "no", "sí pero falta la factura", "yes?? no", "quizás", "si no me llaman, no"]
)
def test_whatever_says_more_is_for_a_person(said):
    assert not means_solved(said)
