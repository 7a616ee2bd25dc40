"""What becomes of a written message when its moment comes, and for how long one may think better of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

LONGEST_UNDO_S: Final = 60
LONGEST_AHEAD: Final = timedelta(days=366)


class AtDue(StrEnum):
    """What to do with it now."""

    SEND = "send"
    HOLD = "hold"  # the contact wrote in between: what was written may not fit any more
    WAIT = "wait"  # not yet: it was put off, or the clock was set back
    GONE = "gone"  # it is out, or was taken back, or waits for a person


@dataclass(frozen=True, slots=True)
class Planned:
    """A message before its moment."""

    kind: Literal["undo", "later"]
    state: str
    due_at: datetime
    even_if_written: bool


def at_due(planned: Planned, now: datetime, *, written_since: bool) -> AtDue:
    """Say what becomes of a message now.

    One that was planned for later is held back when the contact has written since, unless its author wants
    it out whatever comes. Within the seconds to undo nobody is asked again.
    """
    if planned.state != "waiting":
        return AtDue.GONE
    if planned.due_at > now:
        return AtDue.WAIT
    if planned.kind == "later" and written_since and not planned.even_if_written:
        return AtDue.HOLD
    return AtDue.SEND


def undo_s(of_account: int | None, of_channel: int) -> int:
    """Return for how many seconds a message can be taken back: as the account says, else the channel."""
    chosen = of_channel if of_account is None else of_account
    return max(0, min(chosen, LONGEST_UNDO_S))


def may_plan(due_at: datetime, now: datetime) -> bool:
    """Say whether a moment can be planned for: it lies ahead, by a year at most."""
    return now < due_at <= now + LONGEST_AHEAD
