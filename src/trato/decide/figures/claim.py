"""One thing that a text claims by form, where it stands, and what it says however it is written."""

from dataclasses import dataclass

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """`key` is what it says; `gives` is what else is true where this is said."""

    kind: str
    start: int
    end: int
    key: Key
    gives: tuple[Key, ...] = ()
