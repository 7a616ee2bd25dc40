"""Whom an event is news for, and by which ways it reaches them at that hour; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final, Literal, get_args
from uuid import UUID

Kind = Literal[
    "mentioned",
    "offered",
    "assigned",
    "answered",
    "noted",
    "talked",
    "promise",
    "task",
    "approval",
    "consult",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Way = Literal["in_page", "sound", "push", "mail"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)

# What each way is at first: what waits for this person alone rings and goes to the phone; what the desk
# shows anyway is not said twice; a mail only for what is still true tomorrow.
DEFAULT_WAYS: Final[Mapping[Kind, frozenset[Way]]] = {
    "mentioned": frozenset({"in_page", "sound", "push", "mail"}),
    "offered": frozenset({"sound", "push"}),
    "assigned": frozenset({"in_page", "sound", "push", "mail"}),
    "answered": frozenset({"sound", "push", "mail"}),
    "noted": frozenset({"in_page", "mail"}),
    "talked": frozenset({"in_page"}),
    "promise": frozenset({"in_page", "sound", "push", "mail"}),
    "task": frozenset({"in_page", "mail"}),
    "approval": frozenset({"in_page", "push", "mail"}),
    "consult": frozenset({"sound", "push", "mail"}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How people stand to what an event is about."""

    actor: UUID | None = None  # the agent whose act it was
    assignee: UUID | None = None  # of the conversation
    owner: UUID | None = None  # of the case
    followers: frozenset[UUID] = frozenset()
    supervisors: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that one agent is told. A second of the same kind and key is the same thing.

    `again`: it is told anew each time it happens, as one line with a count; else once, ever.
    """

    kind: Kind
    agent_id: UUID
    key: str
    again: bool = False
    expires_at: datetime | None = None
    message_id: UUID | None = None
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What needs nobody's attention any more, of everybody or of one agent."""

    kind: Kind
    key: str
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What follows from one event."""

    told: tuple[Told, ...] = ()
    settled: tuple[Settled, ...] = ()


NOTHING: Final = News()
SIDE: Final = "side"  # in the payload of what colleagues say to each other of a case: {"to": [agent id]}


def news(event_type: str, data: Mapping[str, Any], standing: Standing) -> News:
    """Return whom an event is news for and what it settles; nobody is told of their own act."""
    reader = _READERS.get(event_type)
    if reader is None:
        return NOTHING
    found = reader(data, standing)
    return News(tuple(one for one in found.told if one.agent_id != standing.actor), found.settled)


def _mentioned(data: Mapping[str, Any], standing: Standing) -> News:
    del standing
    message = UUID(data["message"]["id"])
    named = dict.fromkeys(UUID(one) for one in data["agent_ids"])
    return News(tuple(Told("mentioned", one, str(message), message_id=message) for one in named))


def _written(data: Mapping[str, Any], standing: Standing) -> News:
    said = data["message"]
    key, message = str(said["conversation_id"]), UUID(said["id"])
    concerned = sorted(standing.followers | ({standing.assignee} if standing.assignee else set()))
    if said["direction"] == "in" and said["author_kind"] == "contact":
        return News(tuple(Told("answered", one, key, again=True, message_id=message) for one in concerned))
    if said["author_kind"] != "agent":
        return NOTHING
    if said["direction"] == "out":
        # news of an incident, or what goes on to somebody else, answers nobody
        answers = not {"beside", "apart"} & said.get("payload", {}).keys()
        return News(settled=(Settled("answered", key),)) if answers else NOTHING
    if said["direction"] == "internal" and (side := said.get("payload", {}).get(SIDE)):
        about = str(said["case_id"])
        return News(
            tuple(Told("talked", UUID(one), about, again=True, message_id=message) for one in side["to"])
        )
    if said["direction"] == "internal" and said["kind"] == "text":
        return News(tuple(Told("noted", one, key, again=True, message_id=message) for one in concerned))
    return NOTHING


def _worked(data: Mapping[str, Any], standing: Standing) -> News:
    del standing
    work = data["interaction"]
    agent, key, about = UUID(work["agent_id"]), str(work["id"]), UUID(work["id"])
    if work["state"] == "offered":
        until = _instant(work.get("offer_expires_at"))
        return News((Told("offered", agent, key, expires_at=until, about_id=about),))
    over = Settled("offered", key)
    if work["state"] == "accepted" and work.get("first_reply_at") is None:
        return News((Told("assigned", agent, key, about_id=about),), (over,))
    return News(settled=(over, Settled("assigned", key)))


def _transferred(data: Mapping[str, Any], standing: Standing) -> News:
    del standing
    moved = data["transfer"]
    key = str(moved["id"])
    if moved["state"] == "asked" and moved["to_kind"] == "agent":
        return News((Told("offered", UUID(moved["to_id"]), key, about_id=UUID(moved["id"])),))
    return News(settled=(Settled("offered", key),))


def _promised(data: Mapping[str, Any], standing: Standing) -> News:
    clock = data["sla"]
    near, broken = f"{clock['id']}:near", f"{clock['id']}:broken"
    whose = standing.assignee or standing.owner
    if clock["settled_at"] is not None or clock["state"] not in ("near", "broken"):
        return News(settled=(Settled("promise", near), Settled("promise", broken)))
    if whose is None:
        return NOTHING
    key = near if clock["state"] == "near" else broken
    earlier = (Settled("promise", near),) if key == broken else ()
    return News((Told("promise", whose, key, about_id=UUID(clock["id"])),), earlier)


def _due(data: Mapping[str, Any], standing: Standing) -> News:
    del standing
    task = data["task"]
    stages = {stage: f"{task['id']}:{stage}" for stage in ("new", "broken")}
    kind: Kind = "promise" if task["kind"] in ("promise", "step") else "task"
    put_off = task["snoozed_until"] is not None or task["until_reply"]
    if task["state"] != "open" or put_off or task["owner_id"] is None:
        return News(settled=tuple(Settled(kind, key) for key in stages.values()))
    stage = "new" if task["broken_at"] is None else "broken"
    told = Told(kind, UUID(task["owner_id"]), stages[stage], about_id=UUID(task["id"]))
    return News((told,), (Settled(kind, stages["new"]),) if stage == "broken" else ())


def _approval(data: Mapping[str, Any], standing: Standing) -> News:
    gesture = data["gesture"]
    key, about = str(gesture["id"]), UUID(gesture["id"])
    if gesture["state"] != "asked":
        return News(settled=(Settled("approval", key),))
    asked = sorted(standing.supervisors - {UUID(gesture["given_by"])})
    return News(tuple(Told("approval", one, key, about_id=about) for one in asked))


def _consulted(data: Mapping[str, Any], standing: Standing) -> News:
    del standing
    consult = data["consult"]
    key, expert = str(consult["id"]), consult["expert_id"]
    if consult["state"] != "asked" or expert is None:
        return News(settled=(Settled("consult", key),))
    return News((Told("consult", UUID(expert), key, about_id=UUID(consult["id"])),))


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], Standing], News]]] = {
    "note.mentioned": _mentioned,
    "message.created": _written,
    "interaction.changed": _worked,
    "transfer.changed": _transferred,
    "sla.changed": _promised,
    "task.changed": _due,
    "gesture.changed": _approval,
    "consult.changed": _consulted,
}
TYPES: Final = tuple(_READERS)
_FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an agent wants to be told. Quiet hours may go over midnight; both ends equal: none."""

    ways: Mapping[Kind, frozenset[Way]] = field(default_factory=lambda: DEFAULT_WAYS)
    quiet_from: time = time(22)
    quiet_to: time = time(7)
    silent_until: datetime | None = None  # do not disturb


def is_quiet(wishes: Wishes, local: time) -> bool:
    """Say whether an hour of the agent's own clock is one of their quiet ones."""
    begin, end = wishes.quiet_from, wishes.quiet_to
    if begin <= end:
        return begin <= local < end
    return local >= begin or local < end


def ways_at(wishes: Wishes, kind: Kind, moment: datetime, local: time) -> frozenset[Way]:
    """Return how something of this kind reaches the agent now.

    Quiet hours take away what makes a noise, do-not-disturb also what moves on the screen; nothing takes it
    out of the list, and the mail waits for its own hour.
    """
    chosen = wishes.ways.get(kind, DEFAULT_WAYS[kind])
    if wishes.silent_until is not None and moment < wishes.silent_until:
        return chosen & {"mail"}
    return chosen - {"sound", "push"} if is_quiet(wishes, local) else chosen


def digest_is_due(digest: str, hour: time, local: datetime, sent: datetime | None) -> bool:
    """Say whether the daily mail is to go now, by the agent's own clock: once a day, from its hour on."""
    if digest == "off" or (digest == "weekdays" and local.weekday() > _FRIDAY):
        return False
    return local.time() >= hour and (sent is None or sent.date() < local.date())


def _instant(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
