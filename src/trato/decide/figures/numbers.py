"""Numbers in a text, in digits and in words, with what they count: time, money, a percentage."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from text_to_num import find_numbers

from trato.decide.figures.claim import Claim, Key
from trato.decide.figures.words import MONEY, UNITS, any_of

_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+|[^\w\s]")
_ONE: Final = re.compile(rf"\b(?:un|una|one|an?|uma?)(?=\s+(?:{any_of(UNITS)})\b)")
_FREE: Final = re.compile(
    r"\b(?:gratis|gratuit[oa]s?|gratuitamente|sin (?:costo|coste|cargo)|sem custo|free(?! to\b)|no charge)\b"
)
_PERCENT: Final = re.compile(r"\s*(?:%|(?:por ?ciento|por ?cento|per ?cent|pct)\b)")
_UNIT: Final = re.compile(rf"\s*-?({any_of(UNITS)})\b")
_MONEY_AFTER: Final = re.compile(rf"\s*(?:de\s+)?(?:({any_of(MONEY)})(?!\w))")
_MONEY_BEFORE: Final = re.compile(rf"(?<!\w)({any_of(MONEY)})\s*$")
_LOOK_BACK: Final = 12
_LANGUAGES: Final = frozenset({"es", "en", "pt"})


class _Word:
    """A word as text2num reads it; digits and signs are none of its numbers."""

    def __init__(self, found: re.Match[str]) -> None:
        self.start, self.end = found.span()
        self._text = found.group()

    def text(self) -> str:
        return self._text

    def nt_separated(self, _previous: object) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return not self._text[:1].isalpha()


def numbers(plain: str, small: str, language: str) -> Iterator[Claim]:
    """Yield each number and what it counts; `plain` is folded, `small` still has its accents."""
    last = 0
    for start, end, value in sorted({*_digits(plain), *_words(small, language), *_ones(plain)}):
        if start < last:
            continue  # "por ciento" holds a hundred
        claim = _counted(plain, start, end, value, last)
        last = claim.end
        yield claim
    for found in _FREE.finditer(plain):
        yield Claim("price", *found.span(), ("price", "0", ""))


def _counted(plain: str, start: int, end: int, value: str, last: int) -> Claim:
    """Return what is counted; a sign before `last` belongs to the number before."""
    bare: tuple[Key, ...] = (("figure", value, ""),)
    if found := _PERCENT.match(plain, end):
        return Claim("percent", start, found.end(), ("percent", value), bare)
    behind = plain[max(last, start - _LOOK_BACK) : start]
    if found := _MONEY_BEFORE.search(behind):
        begun = start - len(behind) + found.start()
        return Claim("price", begun, end, ("price", value, MONEY[found[1]]), bare)
    if found := _UNIT.match(plain, end):
        return Claim("figure", start, found.end(), ("figure", value, UNITS[found[1]]), bare)
    if found := _MONEY_AFTER.match(plain, end):
        return Claim("price", start, found.end(), ("price", value, MONEY[found[1]]), bare)
    return Claim("figure", start, end, bare[0])


def _digits(plain: str) -> Iterator[tuple[int, int, str]]:
    for found in _DIGITS.finditer(plain):
        yield (*found.span(), _value(found.group()))


def _words(small: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield numbers in words above one: "un" and "one" are articles and pronouns too."""
    words = [_Word(found) for found in _WORD.finditer(small)]
    spoken = language if language in _LANGUAGES else "en"
    for found in find_numbers(words, spoken, 1.0):
        if not found.is_ordinal and found.value > 1:
            value = _value(format(Decimal(repr(found.value)), "f"))
            yield words[found.start].start, words[found.end - 1].end, value


def _ones(plain: str) -> Iterator[tuple[int, int, str]]:
    for found in _ONE.finditer(plain):
        yield (*found.span(), "1")


def _value(digits: str) -> str:
    """Return a number as one writing: 1.500,50 and 1,500.5 are the same, and so are 2.0 and 2."""
    if _GROUPED.fullmatch(digits):
        return _bare(re.sub(r"[.,]", "", digits))
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return _bare(digits)
    whole, _, part = digits.rpartition(marks[-1])
    if len(set(marks)) == 1 and len(marks) > 1:
        return digits  # of a version or a part
    return _bare(f"{re.sub(r'[.,]', '', whole)}.{part}")


def _bare(digits: str) -> str:
    whole, _, part = "".join(str(int(one)) if one != "." else one for one in digits).partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")
