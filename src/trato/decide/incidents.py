"""What of an incident is shown when, in which words, and by which way somebody is told that it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

Phase = Literal["suspected", "planned", "ongoing", "resolved", "dismissed"]

AHEAD: Final = timedelta(days=3)  # how long before it begins planned work is announced on every page


def phase(state: str, starts_at: datetime | None, now: datetime) -> Phase:
    """Say where an incident stands; only planned work has a beginning that can lie ahead."""
    if state == "open":
        return "planned" if starts_at is not None and now < starts_at else "ongoing"
    return "suspected" if state == "suspected" else "dismissed" if state == "dismissed" else "resolved"


def is_announced(state: str, starts_at: datetime | None, now: datetime) -> bool:
    """Say whether every page tells of it: while it goes on, and planned work a few days ahead."""
    where = phase(state, starts_at, now)
    return where == "ongoing" or (where == "planned" and starts_at is not None and starts_at - now <= AHEAD)


def text_in(texts: Mapping[str, str], *languages: str | None) -> str:
    """Return the text in the first of these languages that it was written in, else in any; "" without one."""
    written = {language: said for language, said in texts.items() if said}
    for tag in languages:
        primary = (tag or "").replace("_", "-").split("-")[0].lower()
        if primary in written:
            return written[primary]
    return next(iter(written.values()), "")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a person: a conversation that goes on, or an address to which we may write first."""

    channel: str
    account_id: UUID
    conversation_id: UUID | None = None
    address: str | None = None
    touched: bool = False  # the conversation that the incident touches, or in which they asked
    last_at: datetime | None = None


def choose_way(ways: Sequence[Way], *, chosen: str | None, preferred: str | None) -> Way | None:
    """Choose how somebody is told: where they chose for this, as they prefer, where it came up, where last.

    `chosen` and `preferred` are kinds of channels. None when nobody can be reached. The order of `ways` does
    not matter.
    """

    def rank(way: Way) -> tuple[object, ...]:
        last = way.last_at.timestamp() if way.last_at else float("-inf")
        return (
            way.channel != chosen,
            way.channel != preferred,
            not way.touched,
            way.conversation_id is None,
            -last,
            way.channel,
            str(way.account_id),
            str(way.conversation_id),
            way.address or "",
        )

    return min(ways, key=rank, default=None)
