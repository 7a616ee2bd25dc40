"""What stands in a draft and not in the source it was written from, by form: figures, dates, links, prices.

A word that changes what is meant is not seen: it takes a person who reads both.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from trato.decide.figures.claim import Claim
from trato.decide.figures.dates import dates, names, phones
from trato.decide.figures.links import links
from trato.decide.figures.numbers import numbers
from trato.decide.personal_data import folded

_MARK: Final = re.compile(r"^[ \t]*(?:>[ \t]*)*(\d{1,3})[.)][ \t]", re.MULTILINE)
_TAKEN: Final = "\x00"  # no letter, figure, sign or space that a number goes on over
_MARKUP: Final = frozenset("*_~`\\")  # of Markdown: "2**4**" reads as 24


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that the source does not say; `start` and `end` are its place in the draft, in characters."""

    kind: str
    start: int
    end: int
    text: str


def unsupported(draft: str, source: str, language: str) -> list[Unsupported]:
    """Return what the source does not say, in the order it stands; nothing twice, no two of them overlapping.

    Numbers in words are read as `language` writes them. The number of a step in a list is no figure.
    """
    known = {key for claim in claims(source, language)[0] for key in (claim.key, *claim.gives)}
    found, where = claims(draft, language)
    strange = []
    for claim in found:
        if claim.key not in known:
            start, end = where[claim.start], where[claim.end - 1] + 1
            strange.append(Unsupported(claim.kind, start, end, draft[start:end]))
    return strange


def claims(text: str, language: str) -> tuple[list[Claim], Sequence[int]]:
    """Return what a text claims, in order and without overlaps, and where each shown character stands."""
    where = [at for at, char in enumerate(text) if char not in _MARKUP and unicodedata.category(char) != "Cf"]
    shown = "".join(text[at] for at in where)
    small = "".join(char.lower() if len(char.lower()) == 1 else char for char in shown)
    plain = folded(shown)
    taken: list[Claim] = []
    covered = bytearray(len(shown))
    for kinds in (_marks(plain), links(small), dates(plain), phones(plain), names(plain)):
        taken += _free(kinds, covered)
    # what was read already is hidden from what reads numbers, so that none of them joins over it
    plain, small = (_hidden(one, covered) for one in (plain, small))
    taken += _free(numbers(plain, small, language), covered)
    ordered = sorted((one for one in taken if one.kind), key=lambda claim: claim.start)
    return ordered, where


def _free(found: Iterable[Claim], covered: bytearray) -> Iterator[Claim]:
    """Yield those that share no character with what was taken before, and take them."""
    for claim in found:
        if not any(covered[claim.start : claim.end]):
            covered[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
            yield claim


def _hidden(text: str, covered: bytearray) -> str:
    return "".join(_TAKEN if taken else char for char, taken in zip(text, covered, strict=True))


def _marks(plain: str) -> Iterator[Claim]:
    """Yield the numbers of steps: those that begin with one and go on by one."""
    last = 0
    for found in _MARK.finditer(plain):
        number = int(found[1])
        if number in {1, last + 1}:
            yield Claim("", found.start(1), found.end(1), ())
            last = number
