"""Of a question nothing is kept that tells who asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.unanswered import MAX_CHARACTERS, kept


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("¿Tienen  repuestos\tusados?", "tienen repuestos usados"),
        ("mi correo es ana@tienda.example y no entra", "mi correo es # y no entra"),
        ("pedido 4500-1234 no llega", "pedido # no llega"),
        ("llámenme al +54 9 11 5555-4444 por favor", "llámenme al +# por favor"),
        ("tarjeta 4111 1111 1111 1111", "tarjeta #"),
        ("factura A0001-00001234", "factura #"),
        ("se rompió en https://tienda.example/pago?t=1", "se rompió en #"),
        ("garantía de 24 meses", "garantía de 24 meses"),
        ("a", ""),
        ("12345678", ""),
        ("😀😀", ""),
        ("", ""),
    ],
)
def test_what_is_left_of_a_question(asked: str, left: str) -> None:
    assert kept(asked) == left


@given(st.text(max_size=2_000))
def test_it_is_short_and_the_same_again(asked: str) -> None:
    once = kept(asked)
    assert len(once) <= MAX_CHARACTERS
    assert "@" not in once.strip("@") or " @" in f" {once}" or "@ " in f"{once} "
