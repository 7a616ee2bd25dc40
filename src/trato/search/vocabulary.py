"""The words of all articles: what each stands for, how common it is, which of them a misspelt one meant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from trato.search.text import fold, stem

MIN_REPAIRABLE: Final = 4
PREFIX: Final = 5
_LONG: Final = 8
_MAX_REPAIRS: Final = 3


class Vocabulary:
    """Terms are stems with their language, `es:organiz`; surfaces are folded words as they were written.

    Grows while others read: a term's number never changes.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        self.frequencies: list[int] = []
        self.surfaces: dict[str, tuple[int, ...]] = {}
        self.spellings: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._shapes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._prefixes: defaultdict[str, list[int]] = defaultdict(list)

    def learn(self, written: Iterable[str], language: str) -> list[int]:
        """Return the term of each word, numbered anew where it is new."""
        return [self._learn(word, language) for word in written]

    def _learn(self, word: str, language: str) -> int:
        surface = fold(word)
        term = f"{language}:{stem(word, language)}"
        if word == surface:  # written without accents too: not to be restored
            self.spellings.pop(surface, None)
        number = self._numbers.get(term)
        if number is None:
            number = self._add_term(term)
        known = self.surfaces.get(surface, ())
        if number not in known:
            self._add_surface(surface, word, (*known, number))
        return number

    def _add_term(self, term: str) -> int:
        number = len(self.terms)
        self.terms.append(term)
        self.frequencies.append(0)
        self._numbers[term] = number
        return number

    def _add_surface(self, surface: str, word: str, numbers: tuple[int, ...]) -> None:
        if surface not in self.surfaces:
            self._shapes[surface[0], len(surface)].append(surface)
            if word != surface:
                self.spellings[surface] = word
        self.surfaces[surface] = numbers
        if len(surface) > PREFIX:
            self._prefixes[surface[:PREFIX]].append(numbers[-1])

    def values(self) -> dict[str, Any]:
        """Return all of it as JSON keeps it."""
        return {
            "terms": self.terms,
            "frequencies": self.frequencies,
            "surfaces": self.surfaces,
            "spellings": self.spellings,
        }

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary that `values` told."""
        made = cls()
        for term in given["terms"]:
            made._add_term(term)
        made.frequencies = list(given["frequencies"])
        for surface, numbers in given["surfaces"].items():
            for count in range(1, len(numbers) + 1):
                made._add_surface(surface, surface, tuple(numbers[:count]))
        made.spellings = dict(given["spellings"])
        return made

    def count(self, numbers: Iterable[int], step: int) -> None:
        """Say that one article more (`step` 1) or less (-1) has these terms."""
        for number in set(numbers):
            self.frequencies[number] += step

    def number(self, term: str) -> int | None:
        """Return the number of a term that some article has or had."""
        return self._numbers.get(term)

    def related(self, surface: str) -> Sequence[int]:
        """Return the terms whose words begin alike, in any language: often of one family."""
        return self._prefixes.get(surface[:PREFIX], ())

    def repair(self, surface: str) -> list[tuple[str, int]]:
        """Return the words that a misspelt one may have meant, nearest first, with the distance.

        One slip (a letter more, less, wrong, or two exchanged) in words of four letters, two from eight on.
        The first letter is taken to be right, unless nothing is found so.
        """
        if len(surface) < MIN_REPAIRABLE or surface.isdigit():
            return []
        limit = 2 if len(surface) >= _LONG else 1
        for firsts in (surface[0], {shape[0] for shape in self._shapes} - {surface[0]}):
            found = self._nearest(surface, limit if firsts == surface[0] else 1, firsts)
            if found:
                nearest = found[0][1]
                return [entry for entry in found if entry[1] == nearest][:_MAX_REPAIRS]
        return []

    def _nearest(self, surface: str, limit: int, firsts: Iterable[str]) -> list[tuple[str, int]]:
        choices = [
            choice
            for first in firsts
            for length in range(len(surface) - limit, len(surface) + limit + 1)
            for choice in self._shapes.get((first, length), ())
        ]
        found = extract(surface, choices, scorer=OSA.distance, score_cutoff=limit, limit=20)
        return sorted(
            ((choice, int(distance)) for choice, distance, _ in found),
            key=lambda entry: (entry[1], -self._frequency(entry[0])),
        )

    def _frequency(self, surface: str) -> int:
        return max(self.frequencies[number] for number in self.surfaces[surface])
