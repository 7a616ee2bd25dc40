"""What a text is found by, and what somebody looks for: folded words, and numbers in any spelling.

A text and a question are read by the same rules, so whatever stands in one is found by the other.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trato.decide.small_words import SMALL
from trato.kit.text import without_accents

LONGEST_WORD: Final = 40
MOST_WORDS: Final = 400  # different ones of one text
MOST_LETTERS: Final = 20_000  # of one text that are read
MOST_ASKED: Final = 200  # letters of a question that are read
MOST_GROUPS: Final = 8  # words of a question that are looked for
RUN: Final = "#"  # stands before the digits of a number that was written in groups; no word begins so
SHORTEST_RUN: Final = 6
LONGEST_RUN: Final = 15  # ITU-T E.164
_LOCAL: Final = (10, 8, 7)  # digits of a telephone without the code of its country, of its area, of both

_WORD: Final = re.compile(r"[^\W_]+")
WRITTEN_RUN: Final = re.compile(r"(?<![^\W_])\+?\(?\d(?:[ ().\-\u2010-\u2013/]{0,2}\d){5,}(?![^\W_])")
# Scripts that set no spaces between words: found by each two signs that follow each other.
_UNSPACED: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SMALL: Final = frozenset(without_accents(word) for words in SMALL.values() for word in words)
# Letters of most texts here, folded one by one: a tenth of the time that taking each apart needs.
_LATIN: Final = {sign: without_accents(chr(sign).casefold()) for sign in range(0x80, 0x300)}
_BEYOND_LATIN: Final = "\u0300"
_SOME_DIGITS: Final = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
_PLURALS: Final = ("es", "s")
_STEM: Final = 4  # letters that must be left of a word without its plural


@dataclass(frozen=True, slots=True)
class Group:
    """What a text must have one of: the word as typed, its other forms, what begins like it."""

    typed: str
    words: frozenset[str]
    begins: tuple[str, ...] = ()  # words that begin so serve too


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: a text must have one of each group. Without groups nothing is found."""

    groups: tuple[Group, ...]
    number: int | None = None  # of a case, when it may be one and nothing else


def read(text: str) -> list[str]:
    """Return the words of a text in their order, folded; a script without spaces in pairs of signs."""
    return _read(plain(text[:MOST_LETTERS]))


def _read(folded: str) -> list[str]:
    found = _WORD.findall(folded)
    if folded.isascii():
        return [word[:LONGEST_WORD] for word in found]
    return [part for word in found for part in _apart(word)]


def plain(text: str) -> str:
    """Return a text as it is compared: NFKC, without case and accents."""
    if text.isascii():
        return text.lower()
    if max(text) < _BEYOND_LATIN:
        return text.lower().translate(_LATIN)
    return without_accents(unicodedata.normalize("NFKC", text).casefold())


def _apart(word: str) -> Iterator[str]:
    if word.isascii() or not _UNSPACED.search(word):
        yield word[:LONGEST_WORD]
    elif len(word) == 1:
        yield word
    else:
        yield from (word[at : at + 2] for at in range(len(word) - 1))


def words_of(text: str) -> set[str]:
    """Return what a text is found by: its words, and its long numbers as one whatever divides them."""
    folded = plain(text[:MOST_LETTERS])
    words = set(_read(folded))
    if len(words) > MOST_WORDS:
        words = set(list(dict.fromkeys(_read(folded)))[:MOST_WORDS])
    if not _SOME_DIGITS.search(folded):
        return words
    return words | {RUN + run for run in _runs(folded) if run not in words}


def telephone(number: str) -> set[str]:
    """Return what a telephone number is found by: whole, and from where people begin who leave out codes."""
    digits = _digits(plain(number))[-LONGEST_RUN:]
    return {digits} | {RUN + digits[-length:] for length in _LOCAL}


def _runs(folded: str) -> Iterator[str]:
    for match in WRITTEN_RUN.finditer(folded):
        digits = _digits(match[0])
        if SHORTEST_RUN <= len(digits) <= LONGEST_RUN:
            yield digits


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def question(typed: str) -> Question:
    """Read what somebody typed, perhaps not to its end: the last word may be the beginning of one.

    Words that carry no matter are not looked for beside others that do.
    """
    folded = plain(typed[:MOST_ASKED])
    numbers = [match for match in WRITTEN_RUN.finditer(folded) if len(_digits(match[0])) >= SHORTEST_RUN]
    rest, groups = folded, []
    for match in numbers:
        rest = rest.replace(match[0], " ", 1)
        groups.append(_number(_digits(match[0])))
    open_end = bool(folded) and not folded[-1].isspace()
    ended_in_number = bool(numbers) and numbers[-1].end() == len(folded)
    words = _read(rest)
    last = words[-1] if words and open_end and not ended_in_number and _ends_in_word(folded) else None
    matter = [word for word in words if word not in _SMALL]
    kept = [word for word in words if word in matter or (word is last and len(word) > 1)] if matter else words
    groups += [_word(word, last=word is last) for word in dict.fromkeys(kept)]
    return Question(tuple(groups[:MOST_GROUPS]), _case_number(words, numbers))


def _ends_in_word(folded: str) -> bool:
    return bool(_WORD.match(folded[-1]))


def _case_number(words: list[str], numbers: list[re.Match[str]]) -> int | None:
    digits = [word for word in words if word.isascii() and word.isdigit()]
    digits += [_digits(match[0]) for match in numbers]
    return int(digits[0]) if len(digits) == 1 and len(digits[0]) <= LONGEST_RUN else None


def _number(digits: str) -> Group:
    bare = digits.lstrip("0") or digits
    ways = {digits, bare, RUN + digits, RUN + bare}
    ways |= {RUN + bare[-length:] for length in _LOCAL[:2] if len(bare) >= length}
    return Group(digits, frozenset(ways), (RUN + bare, bare))


def _word(word: str, *, last: bool) -> Group:
    return Group(word, frozenset(forms(word)), (word,) if last else ())


def forms(word: str) -> set[str]:
    """Return a word with its plural and without it, as Spanish, Portuguese and English make most of them."""
    found = {word}
    if word.isalpha() and len(word) >= _STEM:
        found |= {word + ending for ending in _PLURALS}
        found |= {
            word.removesuffix(ending)
            for ending in _PLURALS
            if word.endswith(ending) and len(word) - len(ending) >= _STEM
        }
    return found
