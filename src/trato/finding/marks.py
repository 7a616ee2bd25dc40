"""The numbers beside words that stand in an entry: its kind, its stretch of places, and who may see it.

Being words like any other to the index, they are asked in the same question: nothing that somebody may not
see is ever read, counted or ranked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

NEAR: Final = 16_384  # places of a stretch in which most questions end
FAR: Final = 262_144
_KIND: Final = -1_000
_FOR_ALL: Final = -2_000
_STRETCH: Final = -100_000_000
_OF_KIND: Final = 400_000_000
_FAR_FROM: Final = 200_000_000
_ZERO: Final = 100_000_000  # stretches of earlier times count down from here


class Kind(IntEnum):
    """What can be found."""

    CONTACT = 1
    CASE = 2
    ARTICLE = 3
    MESSAGE = 4

    @property
    def label(self) -> str:
        """Return the kind as the API spells it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: which kinds, and whether also what is internal, such as notes."""

    kinds: frozenset[Kind]
    internal: bool = True

    def marks(self, kind: Kind) -> list[int]:
        """Return what an entry of a kind must have to be seen."""
        return [kind_mark(kind), *([] if self.internal else [_FOR_ALL])]


def of_entry(kind: Kind, place: int, words: Collection[int], *, internal: bool) -> list[int]:
    """Return all marks of an entry."""
    own = [kind_mark(kind), stretch(kind, place, NEAR), stretch(kind, place, FAR)]
    return sorted({*words, *own, *([] if internal else [_FOR_ALL])})


def kind_mark(kind: Kind) -> int:
    """Return the mark of all entries of a kind."""
    return _KIND - kind


def stretch(kind: Kind, place: int, size: int) -> int:
    """Return the mark of the stretch of `size` places in which one lies."""
    far = _FAR_FROM if size == FAR else 0
    return _STRETCH - _OF_KIND * (kind - 1) - far - (_ZERO + place // size)
