"""Whether what somebody writes is about a known incident, and by which words one can tell."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from trato.kit.text import without_accents

MAX_SAID: Final = 4_000  # characters of a message; what it is about is said at its beginning
TITLE: Final = 2  # what a word of a title counts
NOTICED: Final = 1
ENOUGH_WORDS: Final = 2
ENOUGH: Final = 3
_LETTERS: Final = 3  # shorter words say nothing
_LONG: Final = 5  # from here on a word may be the beginning of another
_VERBS: Final = ("ar", "er", "ir", "an", "en")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class About:
    """What an incident is about: titles and names of what is affected, what is noticed, whole phrases."""

    titles: Sequence[str]
    noticed: Sequence[str] = ()
    phrases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """That a text is about an incident, with the words of the text that say so, in their order."""

    words: tuple[str, ...]
    phrase: str | None = None


def match(about: About, said: str, small: Collection[str]) -> Match | None:
    """Return the match of a text with an incident; None when too little of it speaks of that.

    A phrase counts when all its words are there. Otherwise two different words at least must be there, with a
    weight of `ENOUGH` together. Accents, capitals, order and common endings do not matter; `small` are folded
    words that carry no matter. A text that goes on never matches less, up to `MAX_SAID` characters.
    """
    found = _said(said[:MAX_SAID], small)
    if not found:
        return None
    here = {folded: stem(folded) for folded in found}
    for phrase in about.phrases:
        wanted = [_first(here, stem(word)) for word in words(phrase, small)]
        if wanted and all(wanted):
            return Match(tuple(dict.fromkeys(found[one] for one in wanted if one)), phrase)
    weights = _weights(about, small)
    counted = {
        word: max((weight for one, weight in weights.items() if alike(its, one)), default=0)
        for word, its in here.items()
    }
    # two forms of one word are one word
    distinct = {its: counted[word] for word, its in here.items() if counted[word]}
    apart = _apart(distinct)
    if len(apart) < ENOUGH_WORDS or sum(distinct[one] for one in apart) < ENOUGH:
        return None
    return Match(tuple(found[word] for word in here if counted[word]))


def _weights(about: About, small: Collection[str]) -> dict[str, int]:
    """Return what each word of an incident counts, by its stem."""
    weights: dict[str, int] = {}
    for texts, weight in ((about.titles, TITLE), (about.noticed, NOTICED)):
        for word in (word for one in texts for word in words(one, small)):
            weights[stem(word)] = max(weight, weights.get(stem(word), 0))
    return weights


def words(text: str, small: Collection[str]) -> list[str]:
    """Return the words and numbers of a text that carry matter, folded, each once, in their order."""
    return list(_said(text, small))


def _said(text: str, small: Collection[str]) -> dict[str, str]:
    """Return the same with each as it was written first."""
    found: dict[str, str] = {}
    for written in _WORD.findall(unicodedata.normalize("NFC", text)):
        word = _folded(written)
        if (len(word) >= _LETTERS or word.isdigit()) and word not in small:
            found.setdefault(word, written)
    return found


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """Return a word without its commonest endings, as far as Spanish and Portuguese share them.

    "pagar", "pagan", "pago" and "pagos" are one; so are "casa" and "caso", which two words together bear.
    """
    if len(word) > _LONG and word.endswith("es"):
        word = word[:-2]
    elif len(word) > _LETTERS and word.endswith("s"):
        word = word[:-1]
    if len(word) >= _LONG and word.endswith(_VERBS):
        return word[:-2]
    return word[:-1] if len(word) > _LETTERS and word[-1] in "aeo" else word


def alike(one: str, other: str) -> bool:
    """Say whether two stems are of one word: the same, one the beginning of the other, or one letter off."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < _LONG:
        return False
    return long.startswith(short) or (len(short) == len(long) > _LONG and short[:-1] == long[:-1])


def _first(here: dict[str, str], wanted: str) -> str | None:
    return next((word for word, its in here.items() if alike(its, wanted)), None)


def _apart(stems: Collection[str]) -> list[str]:
    found: list[str] = []
    for one in stems:
        if not any(alike(one, other) for other in found):
            found.append(one)
    return found


def _folded(text: str) -> str:
    return without_accents(unicodedata.normalize("NFKC", text).casefold())
