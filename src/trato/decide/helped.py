"""With which help an order is credited: what the customer was helped with in the days before it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Kind = Literal["search", "chat", "callback"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CLOCKS_APART: Final = timedelta(minutes=5)  # the browser's and ours


def credited(
    ordered_at: datetime, helped_at: Mapping[Kind, datetime | None], window: timedelta
) -> tuple[Kind, ...]:
    """Return the kinds of help that came before an order, by no more than `window`, in the usual order.

    `helped_at` says when each kind helped last. What is told to have happened after the order is not help.
    """

    def counts(at: datetime | None) -> bool:
        return at is not None and -CLOCKS_APART <= ordered_at - at <= window

    return tuple(kind for kind in KINDS if counts(helped_at.get(kind)))
