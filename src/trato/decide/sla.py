"""How long somebody may wait by what was promised: counted in open time, paused while it is their turn."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from trato.decide.hours import Calendar, Spell, add_open_time, open_time_between, openings

Target = Literal["first_reply", "next_reply", "resolution"]
State = Literal["ok", "near", "broken", "paused"]

MOST_CLOSED: Final = 30  # stretches that are told: a month of nights
TARGETS: Final[tuple[Target, ...]] = ("first_reply", "next_reply", "resolution")


@dataclass(frozen=True, slots=True)
class Clock:
    """One target running: `spent` is the open time before it ran as it does now.

    Exactly one of these holds: it runs since `running_since`, or it is paused. `near_at` and `due_at` are
    when it becomes near and breaks if nothing happens; None when paused, or when it is never open again.
    """

    within: timedelta
    near_share: float  # of `within`: from there on it is near
    spent: timedelta = timedelta()
    running_since: datetime | None = None
    near_at: datetime | None = None
    due_at: datetime | None = None


def start(calendar: Calendar, at: datetime, within: timedelta, near_share: float) -> Clock:
    """Return a clock that runs from an instant on."""
    return resume(calendar, Clock(within, near_share), at)


def resume(calendar: Calendar, clock: Clock, at: datetime) -> Clock:
    """Return the clock running from an instant on; one that runs already goes on as it is."""
    if clock.running_since is not None:
        return clock
    near = max(timedelta(), clock.near_share * clock.within - clock.spent)
    left = max(timedelta(), clock.within - clock.spent)
    return replace(
        clock,
        running_since=at,
        near_at=add_open_time(calendar, at, near),
        due_at=add_open_time(calendar, at, left),
    )


def pause(calendar: Calendar, clock: Clock, at: datetime) -> Clock:
    """Return the clock standing still from an instant on; what was open until then is spent."""
    if clock.running_since is None:
        return clock
    spent = clock.spent + open_time_between(calendar, clock.running_since, at)
    return replace(clock, spent=spent, running_since=None, near_at=None, due_at=None)


def closed_before_due(calendar: Calendar, clock: Clock) -> list[Spell]:
    """Return when a clock that runs stands still before it breaks, since it is closed; of many the latest.

    So much of the time until `due_at` is not open time: whoever looks at the clock takes what lies ahead off.
    """
    if clock.running_since is None or clock.due_at is None:
        return []
    edges = [clock.running_since]
    for spell in openings(calendar, clock.running_since, clock.due_at):
        edges += [spell.start, spell.end]
    edges.append(clock.due_at)
    gaps = [Spell(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return gaps[-MOST_CLOSED:]


def state(clock: Clock, now: datetime) -> State:
    """Say how a clock stands. One that was broken when it was paused stays broken."""
    if clock.running_since is None:
        return "broken" if clock.spent > clock.within else "paused"
    if clock.due_at is not None and now > clock.due_at:
        return "broken"
    if clock.near_at is not None and now >= clock.near_at:
        return "near"
    return "ok"


def met(clock: Clock, at: datetime) -> bool:
    """Say whether what was promised was kept by what happened at an instant."""
    return state(clock, at) != "broken"


def changes_at(clock: Clock, now: datetime) -> datetime | None:
    """Return when a running clock's state changes next by itself, None if it does not."""
    later = [at for at in (clock.near_at, clock.due_at) if at is not None and at >= now]
    return min(later, default=None)


@dataclass(frozen=True, slots=True)
class Policy:
    """For whom a policy holds; what is None does not matter."""

    id: UUID
    position: int
    brand_id: UUID | None = None
    queue_id: UUID | None = None
    channel: str | None = None
    priority_from: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What a policy is chosen for."""

    brand_id: UUID | None
    queue_id: UUID | None
    channel: str | None
    priority: int


def choose(policies: Iterable[Policy], matter: Matter) -> Policy | None:
    """Return the first policy, in the order that people gave them, that holds for a matter."""
    return min((one for one in policies if holds(one, matter)), key=lambda one: one.position, default=None)


def holds(policy: Policy, matter: Matter) -> bool:
    """Say whether a policy is for a matter."""
    return (
        policy.brand_id in (None, matter.brand_id)
        and policy.queue_id in (None, matter.queue_id)
        and policy.channel in (None, matter.channel)
        and (policy.priority_from is None or matter.priority >= policy.priority_from)
    )
