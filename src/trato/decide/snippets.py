"""Shows where in a text the words stand that it was found by."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from trato.decide.find_words import RUN, WRITTEN_RUN, plain

WIDTH: Final = 160  # letters of a snippet
BEFORE: Final = 50  # of these, before the first mark
READ: Final = 20_000
_PIECE: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a snippet; `marked` when it is what was looked for."""

    text: str
    marked: bool = False


def snippet(text: str, words: Collection[str], begins: Sequence[str], width: int = WIDTH) -> list[Part]:
    """Return a stretch of a text on one line, around the first word that was looked for, with all marked.

    `words` are folded, as `find_words` reads them; a word that begins with one of `begins` counts too.
    The parts put together are the stretch, cut at words, with an ellipsis where something is left out.
    """
    line = " ".join(text[:READ].split())
    places = _places(line, frozenset(words), tuple(begins))
    start, end = _stretch(line, places[0][0] if places else 0, width)
    parts, at = [], start
    if start:
        parts.append(Part("…"))
    for begin, stop in places:
        if begin < at or stop > end:
            continue
        parts += [Part(line[at:begin]), Part(line[begin:stop], marked=True)]
        at = stop
    parts += [Part(line[at:end]), Part("…" if end < len(line) else "")]
    return [part for part in parts if part.text]


def _places(line: str, words: frozenset[str], begins: tuple[str, ...]) -> list[tuple[int, int]]:
    found = [match.span() for match in _PIECE.finditer(line) if _is_meant(plain(match[0]), words, begins)]
    numbers = [
        match.span()
        for match in WRITTEN_RUN.finditer(line)
        if _is_meant(RUN + "".join(filter(str.isdecimal, plain(match[0]))), words, begins)
    ]
    apart = [one for one in found if not any(begin <= one[0] < end for begin, end in numbers)]
    return sorted(numbers + apart)


def _is_meant(word: str, words: frozenset[str], begins: tuple[str, ...]) -> bool:
    return word in words or word.startswith(begins) or (not word.isascii() and any(w in word for w in words))


def _stretch(line: str, first: int, width: int) -> tuple[int, int]:
    """Return where a stretch begins and ends: at words where there are any."""
    if len(line) <= width:
        return 0, len(line)
    start = min(max(first - BEFORE, 0), len(line) - width)
    if start and (space := line.find(" ", start, first)) >= 0:
        start = space + 1
    end = min(start + width, len(line))
    if end < len(line) and (space := line.rfind(" ", max(first + 1, start), end)) > first:
        end = space
    return start, end
