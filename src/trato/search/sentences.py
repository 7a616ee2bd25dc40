"""Cuts a text into sentences that can stand as an answer, with their places."""

import re
from collections.abc import Iterator
from typing import Final

MAX_SENTENCES: Final = 400
MAX_LENGTH: Final = 400
_END: Final = re.compile(r"[.!?…]+[\"'»”\u2019)\]]*(?=\s+[^a-zà-öø-ÿ\s])|\n+")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:sra?|srt?a|dra?|ing|lic|prof|st|mr|mrs|ms|dr|av|avda|núm|no|nº|art|pág|págs|vol|cap|ej|etc|vs|"
    r"aprox|tel|ext|ee|uu|a|c|d|jr|gral|fig)|\b[^\W\d_])\.$",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[;:,]\s|\s")


def split(text: str) -> list[tuple[int, int]]:
    """Return where each sentence begins and ends: trimmed, none empty, none longer than 400 characters."""
    found: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        found.extend(_bounded(text, first, max(first, start + len(piece.rstrip()))))
        if len(found) >= MAX_SENTENCES:
            return found[:MAX_SENTENCES]
    return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(text):
        if mark.group()[0] == "." and _ABBREVIATION.search(text, max(start, mark.end() - 8), mark.end()):
            continue
        yield start, mark.end()
        start = mark.end()
    yield start, len(text)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_LENGTH:
        breaks = [found.end() for found in _BREAK.finditer(text, start + MAX_LENGTH // 2, start + MAX_LENGTH)]
        cut = breaks[-1] if breaks else start + MAX_LENGTH
        yield start, cut
        start = cut
    if end > start:
        yield start, end
