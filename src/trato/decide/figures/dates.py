"""Dates, hours, months and days of the week in a text, and telephones, which look like them."""

import re
from collections.abc import Iterator
from typing import Final

from trato.decide.figures.claim import Claim
from trato.decide.figures.words import MONTHS, NO_MONTH, WEEKDAYS, any_of

_MONTH: Final = any_of(MONTHS)
_DAY_FIRST: Final = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:º|°|st|nd|rd|th)?\s+(?:de\s+|of\s+)?({_MONTH})\b"
    r"(?:,?\s+(?:de\s+|del\s+|of\s+)?(\d{4})(?!\d))?"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?<!\w)({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\w.,]*\d)(?:,?\s+(\d{{4}})(?!\d))?"
)
_NUMERIC: Final = re.compile(r"(?<![\d/.-])(\d{1,4})([/.-])(\d{1,2})\2(\d{2,4})(?![\d/-])")
_SHORT: Final = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?![\d/])")
_CLOCK: Final = re.compile(
    r"(?<![\d:])(\d{1,2})(?:(?::|h)(\d{2}))(?::\d{2})?(?!\d)(?:[ ]?(a\.?m\b|p\.?m\b))?|"
    r"(?<![\d:.,])(\d{1,2})[ ]?(a\.?m\b|p\.?m\b)"
)
_NAMED: Final = re.compile(rf"(?<![\w-])(?:({any_of(WEEKDAYS)})|({_MONTH}))(?![\w-])")
_PHONE: Final = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ \t().+/-]{0,3}\d){6,}(?!\w)")
_NOON: Final = 12
_YEAR: Final = 4  # digits
_CENTURY: Final = 2_000


def dates(plain: str) -> Iterator[Claim]:
    """Yield dates and hours of the day, those of more parts first; `plain` is folded."""
    for found in _DAY_FIRST.finditer(plain):
        yield _date(found, int(found[1]), int(MONTHS[found[2]]), found[3])
    for found in _MONTH_FIRST.finditer(plain):
        yield _date(found, int(found[2]), int(MONTHS[found[1]]), found[3])
    for found in _NUMERIC.finditer(plain):
        first, month, last = found[1], int(found[3]), found[4]
        day, year = (last, first) if len(first) == _YEAR else (first, last)
        yield _date(found, int(day), month, year)
    for found in _SHORT.finditer(plain):
        yield _date(found, int(found[1]), int(found[2]), None)
    for found in _CLOCK.finditer(plain):
        hour, minute, half = int(found[1] or found[4]), int(found[2] or 0), found[3] or found[5] or ""
        if half:
            hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
        yield Claim("date", found.start(), found.end(), ("clock", hour, minute), _number(str(hour)))


def phones(plain: str) -> Iterator[Claim]:
    """Yield runs of seven digits and more, however they are parted."""
    for found in _PHONE.finditer(plain):
        digits = re.sub(r"\D", "", found.group())
        yield Claim("phone", found.start(), found.end(), ("phone", digits), _number(digits))


def names(plain: str) -> Iterator[Claim]:
    """Yield days of the week and months that stand alone."""
    for found in _NAMED.finditer(plain):
        if found[1]:
            yield Claim("date", *found.span(), ("weekday", WEEKDAYS[found[1]]))
        elif found[2] not in NO_MONTH:
            yield Claim("date", *found.span(), ("month", int(MONTHS[found[2]])))


def _date(found: re.Match[str], day: int, month: int, year: str | None) -> Claim:
    gives = [("date", day, month, None), ("month", month), *_number(str(day))]
    if year is None:
        return Claim("date", *found.span(), ("date", day, month, None), tuple(gives))
    whole = int(year) if len(year) == _YEAR else _CENTURY + int(year)
    gives += _number(str(whole))
    return Claim("date", *found.span(), ("date", day, month, whole), tuple(gives))


def _number(digits: str) -> tuple[tuple[object, ...], ...]:
    return (("figure", digits, ""),)
