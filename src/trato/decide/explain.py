"""Says why an agent is asked, or why a contact waits: reasons as codes with values, and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from trato.decide.waiting import Allow

ReasonCode = Literal[
    "knows",
    "owner",
    "spoke_last",
    "language",
    "only_free",
    "least_busy",
    "longest_idle",
    "busy",
    "relaxed",
    "asked_again",
]
WaitCode = Literal["nobody_here", "nobody_fits", "all_busy", "declined", "patience"]

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the things that made the choice; `values` are what its sentence is made of."""

    code: ReasonCode
    values: Mapping[str, Value] = field(default_factory=dict)


def sentence(reasons: Sequence[Reason]) -> str:
    """Say why this agent, in English; the desk says the same from codes and values in its language."""
    return ", ".join(_say(reason) for reason in reasons)


_ALLOWED: Final[Mapping[Allow, str]] = {
    "level": "a lower level",
    "language": "another language",
    "team": "another team",
    "site": "another site",
    "anybody": "anybody",
}
_SAYS: Final[Mapping[ReasonCode, str]] = {
    "knows": "knows {skill} ({level})",
    "owner": "owns this case",
    "language": "speaks {language}",
    "only_free": "the only one free",
    "least_busy": "the least busy of {free} free",
    "longest_idle": "the longest idle of {free} free",
    "busy": "{load} of {capacity} busy",
    "relaxed": "after {minutes} min also {allow}",
    "asked_again": "asked again since nobody else is free",
}
_WAITS: Final[Mapping[WaitCode, str]] = {
    "nobody_here": "nobody is available",
    "nobody_fits": "nobody who is here has what is needed",
    "all_busy": "all who can help are busy",
    "declined": "all who are free have just declined it",
    "patience": "waits a moment for somebody they know",
}


def why_waiting(code: WaitCode) -> str:
    """Say in English why nobody is asked."""
    return _WAITS[code]


def _say(reason: Reason) -> str:
    values = dict(reason.values)
    if reason.code == "spoke_last":
        return _handled(values.get("days"))
    if reason.code == "relaxed":
        values["allow"] = _allowed(values["allow"])
    return _SAYS[reason.code].format_map(values)


def _allowed(allow: Value) -> str:
    for known, said in _ALLOWED.items():
        if known == allow:
            return said
    return str(allow)


def _handled(days: Value) -> str:
    if days is None:
        return "spoke last with this contact"
    when = {0: "today", 1: "yesterday"}.get(int(days), f"{days} days ago")
    return f"handled this case {when}"
