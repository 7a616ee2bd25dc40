"""The part of a file that somebody asks for by HTTP (RFC 9110, section 14): read, and told apart. Pure."""

import re
from dataclasses import dataclass

MOST_DIGITS = 18  # of a position; a longer one lies beyond any file
_ONE = re.compile(r"bytes\s*=\s*(?P<first>\d*)-(?P<last>\d*)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from `first` up to and without `end`."""

    first: int
    end: int

    @property
    def length(self) -> int:
        """Return how many bytes it has."""
        return self.end - self.first

    def of(self, size: int) -> str:
        """Return it as `Content-Range` says it (section 14.4)."""
        return f"bytes {self.first}-{self.end - 1}/{size}"


class OutsideError(Exception):
    """What was asked for begins behind the end of the file: 416 (section 15.5.17)."""


def part_of(header: str | None, size: int) -> Part | None:
    """Return the part that a `Range` asks for, cut to what there is; None where the whole is to be sent.

    A header that is not understood, of another unit, or with several ranges is passed over, as section 14.2
    allows. Raises `OutsideError` for a range that has nothing of the file.
    """
    asked = _ONE.fullmatch((header or "").strip())
    if asked is None or not (asked["first"] or asked["last"]):
        return None
    first, last = _number(asked["first"]), _number(asked["last"])
    if first is None:  # the last so many bytes
        start = size - min(last or 0, size)
        end = size
    else:
        start = first
        end = size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None  # invalid, hence passed over (section 14.1.1)
    if start >= size:
        raise OutsideError
    return Part(start, end)


def still_holds(if_range: str | None, etag: str) -> bool:
    """Say whether a part may be sent: the asker holds this very file, or does not care (section 13.1.5).

    Only the strong entity tag counts; a date is no match, since no file is sent with one.
    """
    return if_range is None or if_range.strip() == etag


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Say whether the asker has this file already (section 13.1.2)."""
    held = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    return etag in held or held == ["*"]


def _number(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) <= MOST_DIGITS else int("9" * MOST_DIGITS)
