"""What an import does or would do: what changes, what is in the way, what is to be typed again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from trato.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field, as it was and as it is then; of something new there was nothing before."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one thing."""

    section: str
    key: str
    act: Literal["new", "changed", "removed"]
    fields: Sequence[FieldChange] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the way: nothing is brought in while there is one."""

    section: str
    key: str
    field: str
    line: int | None
    why: DomainError


@dataclass(frozen=True, slots=True)
class Awaited:
    """An account whose secrets are typed at the desk before it comes into use."""

    account: str
    secrets: Sequence[str]


@dataclass(slots=True)
class Plan:
    """What came of reading a file against what is here."""

    changes: list[Change] = field(default_factory=list)
    untouched: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # section and key of what is not here
    stay: list[tuple[str, str]] = field(default_factory=list)  # not in the file, and nothing takes them away
    awaited: list[Awaited] = field(default_factory=list)

    def note_untouched(self, section: str) -> None:
        """Count one more thing that stays as it is."""
        self.untouched[section] = self.untouched.get(section, 0) + 1

    @property
    def digest(self) -> str:
        """Return a mark of what changes and how: another one when something else would."""
        told = [
            [one.section, one.key, one.act, [[part.name, part.before, part.after] for part in one.fields]]
            for one in self.changes
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]

    def count(self, act: str) -> int:
        """Return how many things are new, changed or removed."""
        return sum(one.act == act for one in self.changes)
