"""What is within the written latitude needs nobody's word; all else does."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.latitude import Money, needs_approval

AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10_000), places=2)


@given(AMOUNTS, AMOUNTS, st.booleans())
def test_only_more_than_the_latitude_is_asked_for(wanted, latitude, supervises):
    asks = needs_approval(Money(wanted, "USD"), Money(latitude, "USD"), supervises=supervises)
    assert asks == (not supervises and wanted > latitude)


@given(AMOUNTS)
def test_another_currency_and_no_latitude_are_asked_for(wanted):
    assert needs_approval(Money(wanted, "USD"), None, supervises=False)
    assert needs_approval(Money(wanted, "ARS"), Money(Decimal(10_000), "USD"), supervises=False)
