"""Reads words out of a text: folded, and stemmed by the language's rules."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import tantivy

from trato.kit.text import without_accents

_STEMMERS: Final = {"es": "spanish", "pt": "portuguese", "en": "english"}
LANGUAGES: Final = tuple(_STEMMERS)
MAX_WORD: Final = 40
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_THOUSANDS: Final = re.compile(r"[.,](?=\d{3}(?:\D|$))")


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, numbers without the marks of thousands."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return [_number(word) if word[0].isdigit() else word[:MAX_WORD] for word in _WORD.findall(lowered)]


def _number(word: str) -> str:
    return _THOUSANDS.sub("", word)[:MAX_WORD].replace(",", ".")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return the word without accents."""
    return without_accents(word)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return what the forms of a word have in common in a language, without accents."""
    if not word or word[0].isdigit() or language not in _STEMMERS:
        return fold(word)
    found: list[str] = _analyzer(language).analyze(word)
    return fold(found[0]) if found else fold(word)


@lru_cache
def _analyzer(language: str) -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        .filter(tantivy.Filter.stemmer(_STEMMERS[language]))
        .build()
    )
