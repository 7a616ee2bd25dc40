"""Which conversations stand in a view: conditions that all hold, each over what is known of one conversation.

A condition names a field and either values of which one must be there (`none`: none of them) or, of a time,
by how many minutes it must be exceeded. Its values are words and ids; `me`, `mine` and `nobody` stand for
whoever looks, their team, and that there is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Field = Literal[
    "status",
    "channel",
    "account",
    "brand",
    "queue",
    "team",
    "label",
    "assignee",
    "owner",
    "language",
    "promise",
    "trouble",
    "priority",
    "matter",
    "mention",
    "waiting",
    "quiet",
]
FIELDS: Final[Sequence[str]] = get_args(Field)
TIMES: Final = frozenset({"waiting", "quiet"})  # measured in minutes

MAX_CONDITIONS: Final = 12
MAX_VALUES: Final = 20
MAX_OVER_MIN: Final = 60 * 24 * 365

ME: Final = "me"
MINE: Final = "mine"
NOBODY: Final = "nobody"
# Fields whose values are ids of things that can be taken out of use.
NAMING: Final = frozenset({"account", "brand", "queue", "team", "label", "assignee", "owner"})
# Values that are words; a field that is not here has ids, names of channels or languages.
WORDS: Final[Mapping[str, frozenset[str]]] = {
    "status": frozenset({"open", "snoozed", "closed"}),
    "promise": frozenset({"broken", "near", "none"}),
    "trouble": frozenset({"failed", "uncertain", "none"}),
    "priority": frozenset({"raised", "usual", "lowered"}),
    "matter": frozenset({"none", "open", "waiting", "resolved", "closed"}),
    "mention": frozenset({ME}),
}
# Words that may stand among the ids of a field.
BESIDE: Final[Mapping[str, frozenset[str]]] = {
    "assignee": frozenset({ME, NOBODY}),
    "owner": frozenset({ME, NOBODY}),
    "team": frozenset({MINE, NOBODY}),
    "queue": frozenset({NOBODY}),
    "label": frozenset({NOBODY}),
}
USUAL: Final = frozenset({"open", "snoozed"})  # without a condition on it
SOON: Final = timedelta(hours=2)  # the promise of a case that is due within this is near, as the list says it
ENDED_WITHIN: Final = timedelta(days=30)  # what ended longer ago stands in no view


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so; of a time, `over_min` says by how much."""

    field: str
    values: tuple[str, ...] = ()
    none: bool = False
    over_min: int = 0


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks; neither an agent nor in a team is None."""

    agent: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a conversation."""

    status: str
    spam: bool = False
    channel: str = ""
    account: str = ""
    brand: str = ""
    queue: str | None = None
    teams: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()  # its own and those of its case
    assignee: str | None = None
    owner: str | None = None  # of its case
    language: str | None = None
    trouble: str | None = None
    priority: int = 0
    matter: str | None = None  # the state of its case
    mentions: frozenset[str] = frozenset()  # agents called by name in its notes
    promised_at: datetime | None = None  # by its case
    due_at: datetime | None = None  # a reply
    near_at: datetime | None = None
    waiting_since: datetime | None = None
    last_message_at: datetime | None = None
    closed_at: datetime | None = None


def wrong(condition: Condition) -> str | None:
    """Return what is wrong with a condition, in one word; None when it can be."""
    if condition.field not in FIELDS:
        return "field"
    if condition.field in TIMES:
        return None if 0 < condition.over_min <= MAX_OVER_MIN and not condition.values else "minutes"
    if not condition.values or condition.over_min:
        return "values"
    if len(condition.values) > MAX_VALUES:
        return "too-many"
    words = WORDS.get(condition.field)
    return "values" if words is not None and not words.issuperset(condition.values) else None


def seen_by(conditions: Sequence[Condition], viewer: Viewer) -> tuple[Condition, ...]:
    """Return the conditions with whoever looks in the place of `me` and `mine`; nobody matches nothing."""
    stands_for = {ME: viewer.agent or "", MINE: viewer.team or ""}
    return tuple(
        replace(one, values=tuple(stands_for.get(value, value) for value in one.values)) for one in conditions
    )


def statuses(conditions: Sequence[Condition]) -> frozenset[str]:
    """Return the states in which a conversation of a view can be at all."""
    asked = [one for one in conditions if one.field == "status"]
    if not asked:
        return USUAL
    left = WORDS["status"]
    for one in asked:
        left = left - set(one.values) if one.none else left & set(one.values)
    return left


def belongs(conditions: Sequence[Condition], known: Known, now: datetime) -> bool:
    """Say whether a conversation stands in a view at a moment; the conditions are those of `seen_by`."""
    if known.spam or known.status not in statuses(conditions):
        return False
    if known.status == "closed" and not _ended_lately(known, now):
        return False
    return all(_holds(one, known, now) for one in conditions)


def _ended_lately(known: Known, now: datetime) -> bool:
    return known.closed_at is not None and known.closed_at > now - ENDED_WITHIN


def _holds(condition: Condition, known: Known, now: datetime) -> bool:
    if condition.field in TIMES:
        since = known.waiting_since if condition.field == "waiting" else known.last_message_at
        return since is not None and since < now - timedelta(minutes=condition.over_min)
    has = _HAS[condition.field](known, now)
    return has.isdisjoint(condition.values) if condition.none else not has.isdisjoint(condition.values)


def promise(known: Known, now: datetime) -> str:
    """Say how it stands with what was promised, a reply or by the case: broken, near, or none of it."""
    promised = known.promised_at if known.matter in {"open", "waiting"} else None
    if any(at is not None and at < now for at in (known.due_at, promised)):
        return "broken"
    if known.due_at is not None and (known.near_at or known.due_at) <= now:
        return "near"
    return "near" if promised is not None and promised - now < SOON else "none"


def _rank(priority: int) -> str:
    if priority == 0:
        return "usual"
    return "raised" if priority > 0 else "lowered"


def _one(value: str | None, otherwise: str) -> frozenset[str]:
    return frozenset({otherwise if value is None else value})


_HAS: Final[Mapping[str, Callable[[Known, datetime], frozenset[str]]]] = {
    "status": lambda known, _: frozenset({known.status}),
    "channel": lambda known, _: frozenset({known.channel}),
    "account": lambda known, _: frozenset({known.account}),
    "brand": lambda known, _: frozenset({known.brand}),
    "queue": lambda known, _: _one(known.queue, NOBODY),
    "team": lambda known, _: known.teams or frozenset({NOBODY}),
    "label": lambda known, _: known.labels or frozenset({NOBODY}),
    "assignee": lambda known, _: _one(known.assignee, NOBODY),
    "owner": lambda known, _: _one(known.owner, NOBODY),
    "language": lambda known, _: _one(known.language, "none"),
    "promise": lambda known, now: frozenset({promise(known, now)}),
    "trouble": lambda known, _: _one(known.trouble, "none"),
    "priority": lambda known, _: frozenset({_rank(known.priority)}),
    "matter": lambda known, _: _one(known.matter, "none"),
    "mention": lambda known, _: known.mentions,
}
