"""Whether a rule's condition holds: a small tree of tests over plain values.

A condition is JSON: `{"all": […]}`, `{"any": […]}`, `{"not": …}` or `{"field", "operator", "value"}`. Nothing
in `all` holds always, nothing in `any` never. A field that nothing is known of is empty and equals nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from trato.kit.text import without_accents

MAX_DEPTH: Final = 6
MAX_TESTS: Final = 60
MAX_VALUE: Final = 500

Kind = Literal["text", "choice", "flag", "number", "set"]

FIELDS: Final[Mapping[str, Kind]] = {
    "message.direction": "choice",
    "message.author": "choice",
    "message.text": "text",
    "conversation.channel": "choice",
    "conversation.brand": "choice",
    "conversation.status": "choice",
    "conversation.language": "choice",
    "conversation.subject": "text",
    "conversation.assignee": "choice",
    "conversation.waiting": "flag",
    "conversation.spam": "flag",
    "conversation.trouble": "choice",
    "case.status": "choice",
    "case.title": "text",
    "case.waiting_for": "text",
    "case.owner": "choice",
    "case.promised": "flag",
    "case.promise_broken": "flag",
    "case.door": "choice",
    "contact.name": "text",
    "contact.language": "choice",
    "contact.prefers": "choice",
    "tags": "set",
    "queue": "choice",
    "priority": "number",
    "sla.target": "choice",
    "sla.state": "choice",
    "open": "flag",
}
OWN: Final = "field."  # and the key of a field of the installation's own: its value as text, or `yes`, `no`
OPERATORS: Final[Mapping[Kind, Sequence[str]]] = {
    "text": ("contains", "not_contains", "is", "is_not", "is_set", "is_empty"),
    "choice": ("is", "is_not", "in", "is_set", "is_empty"),
    "flag": ("is",),
    "number": ("is", "at_least", "at_most"),
    "set": ("has", "has_not", "is_set", "is_empty"),
}
WITHOUT_VALUE: Final = frozenset({"is_set", "is_empty"})

Values = Mapping[str, Any]


class WrongCondition(Exception):
    """A condition that cannot be: `code` says why, `about` which part of it."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code = code
        self.about = about


def check(condition: Mapping[str, Any]) -> None:
    """Raise `WrongCondition` for a condition that is none of ours."""
    if sum(1 for _ in _walk(condition, 1)) > MAX_TESTS:
        raise WrongCondition("too-large")


def _walk(node: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield each test of a condition that is well formed."""
    if not isinstance(node, Mapping):
        raise WrongCondition("form")
    if depth > MAX_DEPTH:
        raise WrongCondition("too-large")
    keys = set(node)
    if keys in ({"all"}, {"any"}):
        (parts,) = node.values()
        if not isinstance(parts, Sequence) or isinstance(parts, str):
            raise WrongCondition("form")
        for part in parts:
            yield from _walk(part, depth + 1)
    elif keys == {"not"}:
        yield from _walk(node["not"], depth + 1)
    elif {"field", "operator"} <= keys <= {"field", "operator", "value"}:
        _check_test(node)
        yield node
    else:
        raise WrongCondition("form")


def _check_test(test: Mapping[str, Any]) -> None:
    kind = kind_of(str(test["field"]))
    if kind is None:
        raise WrongCondition("field", str(test["field"])[:60])
    operator, value = str(test["operator"]), test.get("value")
    if operator not in OPERATORS[kind]:
        raise WrongCondition("operator", operator[:60])
    if operator in WITHOUT_VALUE:
        return
    if not _fits(kind, operator, value):
        raise WrongCondition("value", str(test["field"]))


def kind_of(field: str) -> Kind | None:
    """Return of which kind what a condition tests is; None when there is no such thing."""
    if field.startswith(OWN) and len(field) > len(OWN):
        return "text"
    return FIELDS.get(field)


def _fits(kind: Kind, operator: str, value: Any) -> bool:
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if operator == "in":
        return isinstance(value, list) and bool(value) and all(_is_word(one) for one in value)
    return _is_word(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MAX_VALUE


def holds(condition: Mapping[str, Any], values: Values) -> bool:
    """Say whether a condition that was checked holds for what is known."""
    if "all" in condition:
        return all(holds(part, values) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, values) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], values)
    return _test(condition["operator"], values.get(condition["field"]), condition.get("value"))


def _test(operator: str, known: Any, wanted: Any) -> bool:
    if operator in _NEGATED:
        return not _test(_NEGATED[operator], known, wanted)
    return _HOLDS[operator](known, wanted)


def _same(known: Any, wanted: Any) -> bool:
    if isinstance(known, str) and isinstance(wanted, str):
        return _plain(known) == _plain(wanted)
    return known is not None and known == wanted and isinstance(known, bool) == isinstance(wanted, bool)


def _plain(said: Any) -> str:
    """Return a text without capitals, accents and double blanks: people write it in all ways."""
    return " ".join(without_accents(str(said).casefold()).split())


def _is_set(known: Any, _: Any) -> bool:
    return bool(known) or isinstance(known, (bool, int))


_NEGATED: Final = {
    "is_empty": "is_set",
    "is_not": "is",
    "not_contains": "contains",
    "has_not": "has",
}
_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "is_set": _is_set,
    "is": _same,
    "in": lambda known, wanted: any(_same(known, one) for one in wanted),
    "contains": lambda known, wanted: bool(known) and _plain(wanted) in _plain(known),
    "has": lambda known, wanted: bool(known) and wanted in known,
    "at_least": lambda known, wanted: isinstance(known, int) and known >= wanted,
    "at_most": lambda known, wanted: isinstance(known, int) and known <= wanted,
}


@dataclass(frozen=True, slots=True)
class Guard:
    """What keeps rules from answering one another for ever."""

    max_depth: int = 3  # rules that one event causes one after the other
    per_hour: int = 20  # runs about one conversation

    def refusal(self, *, rule: str, actor: str, depth: int, recent: int) -> str | None:
        """Return why a rule does not run, None when it may; `own`: the event is its own doing."""
        if actor == f"rule:{rule}":
            return "own"
        if depth > self.max_depth:
            return "too_deep"
        if recent >= self.per_hour:
            return "too_many"
        return None
