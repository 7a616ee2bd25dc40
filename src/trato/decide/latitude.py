"""Whether what an agent wants to give needs somebody else's word."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


def needs_approval(wanted: Money, latitude: Money | None, *, supervises: bool) -> bool:
    """Say whether a supervisor decides first: for more than the latitude, and for any other currency.

    Who supervises decides themselves.
    """
    if supervises:
        return False
    return latitude is None or wanted.currency != latitude.currency or wanted.amount > latitude.amount
