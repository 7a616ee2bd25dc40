"""Understands a question: its language, the words that carry matter, what they may have meant."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from trato.decide.relevance import rarity
from trato.decide.small_words import SMALL
from trato.kit.text import clean
from trato.search.embedding import Encoder
from trato.search.language_of import detect
from trato.search.text import LANGUAGES, fold, stem, words
from trato.search.values import Synonyms
from trato.search.vocabulary import Vocabulary

MAX_CHARACTERS: Final = 600
MAX_WORDS: Final = 48
MAX_RELATED: Final = 40
SYNONYM: Final = 0.7
RELATED: Final = 0.6
ALIKE: Final = 0.7  # share of letters that two words of one family have in common at least
MENDED: Final = {0: 1.0, 1: 0.9, 2: 0.75}
DOUBTFUL: Final = 0.4  # a common word that no article has was hardly mistyped
_ROMAN: Final = re.compile(r"[mdclxvi]+")  # a number, not a misspelt word
_WORD: Final = re.compile(r"[^\W_]+")
_SMALL: Final = frozenset().union(*SMALL.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of the question: the terms that stand for it with their weights, and its rarity.

    `found` is how it is known: as written, mended, by relatives or not at all.
    """

    word: str
    terms: Mapping[int, float]
    rarity: float
    known: bool
    mended: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read; `text` is empty when there is nothing to find, `mended` has no slips."""

    text: str
    mended: str
    language: str
    wanted: tuple[Wanted, ...]


def bounded(text: str) -> str:
    """Return what is read of a question, however long and whatever is in it."""
    return " ".join(clean(text[: 4 * MAX_CHARACTERS]).split())[:MAX_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads questions against the words of all articles."""

    vocabulary: Vocabulary
    languages: Collection[str]
    articles: int
    synonyms: Mapping[str, "Table"]  # by language, under "" those that hold in all
    encoder: Encoder

    def read(self, text: str, given: str | None = None) -> Question:
        """Return the question; `given` is the first guess at its language."""
        text = bounded(text)
        written = words(text)[:MAX_WORDS]
        if not written:
            return Question("", "", given or "", ())
        language = detect(text, written, self.vocabulary, self.languages, given)
        small = SMALL.get(language, frozenset())
        synonyms = self.synonyms.get(language) or self.synonyms.get("", {})
        wanted: dict[str, Wanted] = {}
        mended: dict[str, str] = {}
        for word in written:
            if word in small or word in wanted or (len(word) == 1 and not word.isdigit()):
                continue
            wanted[word], better = self._wanted(word, language, synonyms)
            if better != word:
                mended[word] = better
        phrases = self._phrases(written, language, synonyms)
        return Question(text, _with(text, mended), language, (*wanted.values(), *phrases))

    def _wanted(self, word: str, language: str, synonyms: "Table") -> tuple[Wanted, str]:
        surface = fold(word)
        terms = self._terms(word, surface, language)
        alike = self._alike(synonyms.get(surface, ()), language)
        known, mended, better = bool(terms or alike), False, word
        if terms and word == surface:
            better = self.vocabulary.spellings.get(surface, word)
        if not known and language in self.languages and not _ROMAN.fullmatch(surface):
            doubt = DOUBTFUL if self.encoder.knows(word) else 1.0
            for meant, distance in self.vocabulary.repair(surface):
                if meant in SMALL.get(language, ()):
                    continue
                weight = MENDED[distance] * doubt
                terms.update(dict.fromkeys(self.vocabulary.surfaces[meant], weight))
                if better == word and doubt == 1.0:
                    better, mended = self.vocabulary.spellings.get(meant, meant), True
        frequency = max((self.vocabulary.frequencies[number] for number in terms), default=0)
        self._add_related(terms, surface, language)
        terms = alike | terms
        return Wanted(word, terms, rarity(frequency, self.articles), known, mended), better

    def _terms(self, word: str, surface: str, language: str) -> dict[int, float]:
        """Return the terms of the word as it stands, in all languages that have it, and of its stem."""
        found = dict.fromkeys(self.vocabulary.surfaces.get(surface, ()), 1.0)
        number = self.vocabulary.number(f"{language}:{stem(word, language)}")
        if number is not None:
            found[number] = 1.0
        return {number: weight for number, weight in found.items() if self.vocabulary.frequencies[number] > 0}

    def _add_related(self, terms: dict[int, float], surface: str, language: str) -> None:
        """Add words of the same family, `fundador` for `fundó`, also of another language."""
        own = stem(surface, language)
        for number in self.vocabulary.related(surface)[:MAX_RELATED]:
            if number in terms:
                continue
            other = self.vocabulary.terms[number][3:]
            share = _common(own, other) / max(len(own), len(other))
            if share >= ALIKE:
                terms[number] = RELATED * share

    def _alike(self, others: tuple[str, ...], language: str) -> dict[int, float]:
        """Return the terms of words that mean the same, as far as articles have them."""
        return {number: SYNONYM for other in others for number in self._terms(other, fold(other), language)}

    def _phrases(self, written: list[str], language: str, synonyms: "Table") -> list[Wanted]:
        """Return the synonyms that stand for several words of the question at once."""
        line = f" {' '.join(fold(word) for word in written)} "
        found = []
        for phrase, others in synonyms.items():
            if " " in phrase and f" {phrase} " in line:
                terms = self._alike(others, language)
                if terms:
                    frequency = max(self.vocabulary.frequencies[number] for number in terms)
                    found.append(Wanted(phrase, terms, rarity(frequency, self.articles), True, False))
        return found


Table = Mapping[str, tuple[str, ...]]


def synonym_tables(groups: Mapping[str, Synonyms]) -> dict[str, Table]:
    """Return the table of each language; groups under "" hold in all of them."""
    of_all = groups.get("", ())
    return {language: table([*of_all, *groups.get(language, ())]) for language in ("", *LANGUAGES)}


def table(groups: Synonyms) -> dict[str, tuple[str, ...]]:
    """Return for each word or phrase of the groups the words that mean the same."""
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        folded = [" ".join(fold(word) for word in words(entry)) for entry in group]
        for entry in folded:
            others = [part for other in folded if other != entry for part in _weighty(other)]
            found[entry] = (*found.get(entry, ()), *others)
    return found


def _weighty(phrase: str) -> list[str]:
    """Return the words of a phrase that carry matter; all of them where none does."""
    parts = phrase.split()
    return [part for part in parts if part not in _SMALL] or parts


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _with(text: str, mended: Mapping[str, str]) -> str:
    """Return the text with its words mended."""
    if not mended:
        return text
    return _WORD.sub(lambda found: mended.get(found.group().lower(), found.group()), text)
