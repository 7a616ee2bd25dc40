"""The header block of a mail or a part: its lines, and encoded words (RFC 5322, RFC 2047, RFC 6532)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from trato.channels.email.transfer import decode_base64, decode_quoted
from trato.kit.charsets import codec_for, decode

MAX_HEADERS: Final = 2_000
MAX_VALUE_BYTES: Final = 512 * 1024
_MAX_LINES: Final = 50_000
_MAX_NAME: Final = 120

_BLANK_LINE: Final = re.compile(rb"\n[ \t\r\x0b\x0c]*\n")
# Possessive, and only from the start of a run of spaces: linear on any input, as every pattern here must be.
_FOLD: Final = re.compile(rb"(?<![ \t\r])[ \t\r]*+\n[ \t\r]*+")
_LEADING: Final = re.compile(rb"[ \t\r\x0b\x0c]*+")
_SPACE: Final = b" \t\r\x0b\x0c"
# "=?charset*language?Q?text?=", also folded in the middle, which broken mailers do.
_WORD: Final = re.compile(
    rb"=\?([^?*\n]{2,60})(?:\*[^?\n]{0,40})?\?(?:"
    rb"([qQ])\?((?:[^?=\n]|=[0-9A-Fa-f]{2}|\?(?!=)|\n[ \t]+)*)"
    rb"|([bB])\?([A-Za-z0-9+/=\s-]*))\?="
)


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in the order they stand, names in lower case, values raw and still folded."""

    fields: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False
    """Whether there was more than the limits allow: what is missing may contradict what is here."""

    def last(self, name: str) -> bytes | None:
        """Return the last field of that name: the instance RFC 8621 §4.1.2 shows when one is repeated."""
        return next((value for key, value in reversed(self.fields) if key == name), None)

    def all(self, name: str) -> list[bytes]:
        """Return every field of that name from the top, as trace fields are read."""
        return [value for key, value in self.fields if key == name]

    def text(self, name: str) -> str:
        """Return the last field of that name decoded, or an empty text."""
        value = self.last(name)
        return "" if value is None else decode_words(value)

    def count(self, name: str) -> int:
        """Return how often the field stands."""
        return sum(key == name for key, _ in self.fields)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """What `read_headers` found: the fields, where the body starts, and whether a blank line ended them."""

    headers: Headers
    body_start: int
    complete: bool


def read_headers(data: bytes, start: int, delimiter: bytes | None = None) -> HeaderBlock:
    """Read the fields that stand at `start`; never raises.

    Lines without a colon are passed over, as a stray line must not turn the fields below it into text.
    A line that starts with the delimiter ends a block that lacks its blank line.
    """
    fields: list[tuple[str, bytes]] = []
    position, size, lines, cut = start, len(data), 0, False
    while position < size:
        line_end = data.find(b"\n", position)
        line_end = size if line_end < 0 else line_end
        lines += 1
        if lines > _MAX_LINES or len(fields) >= MAX_HEADERS:
            blank = _BLANK_LINE.search(data, max(position - 1, 0))
            end = blank.end() if blank else size
            return HeaderBlock(Headers(tuple(fields), cut=True), end, blank is not None)
        if delimiter and data.startswith(delimiter, position):
            return HeaderBlock(Headers(tuple(fields), cut), position, complete=True)
        leading = _LEADING.match(data, position, line_end)
        first = leading.end() if leading else position
        if first == line_end:
            if line_end == size:
                break
            return HeaderBlock(Headers(tuple(fields), cut), line_end + 1, complete=True)
        colon = data.find(b":", first, line_end)
        if colon == first:  # a colon before any name does not end it
            colon = data.find(b":", first + 1, line_end)
        if colon < 0:
            position = line_end + 1
            continue
        value_end = _end_of_value(data, line_end, size)
        cut = cut or value_end - colon > MAX_VALUE_BYTES
        value = data[colon + 1 : min(value_end, colon + 1 + MAX_VALUE_BYTES)]
        fields.append((_name(data[first:colon]), value))
        position = value_end + 1
    return HeaderBlock(Headers(tuple(fields), cut), size, complete=False)


def _end_of_value(data: bytes, line_end: int, size: int) -> int:
    while line_end + 1 < size and data[line_end + 1] in b" \t":
        following = data.find(b"\n", line_end + 1)
        line_end = size if following < 0 else following
    return line_end


def _name(raw: bytes) -> str:
    return raw[: _MAX_NAME * 2].strip().decode("ascii", "replace").lower()[:_MAX_NAME]


def unfold(value: bytes) -> bytes:
    """Return the value on one line, each fold one space (RFC 5322 §2.2.3)."""
    return _FOLD.sub(b" ", value).strip(_SPACE + b"\n")


def decode_phrase(value: bytes) -> str:
    """Decode a name as `decode_words` does, but read undeclared bytes that are not UTF-8 as Windows-1252.

    A name is better guessed than spoilt: it is what people are called by and files are kept under.
    """
    return decode_words(value, guess=True)


def decode_words(value: bytes, *, guess: bool = False) -> str:
    """Return unstructured text with its encoded words decoded (RFC 2047 §6.2); never raises.

    Bytes outside encoded words are UTF-8 (RFC 6532), what is not becomes U+FFFD. Words side by side join
    without a space; a word and plain text are set apart by one, which RFC 2047 §5 prescribes and broken
    senders leave out.
    """
    pieces: list[str] = []
    words: list[tuple[str, bytes]] = []
    for plain, word in _runs(value):
        if word is not None:
            words.append(word)
            continue
        if words:
            pieces.append("".join(_join_words(words)))
            words = []
        pieces.append(decode(plain, None)[0] if guess else plain.decode("utf-8", "replace"))
    if words:
        pieces.append("".join(_join_words(words)))
    return " ".join(pieces)


def _runs(value: bytes) -> Iterator[tuple[bytes, tuple[str, bytes] | None]]:
    position = 0
    for match in _WORD.finditer(value):
        plain = unfold(value[position : match.start()])
        if plain:
            yield plain, None
        charset = match.group(1).decode("ascii", "replace")
        if match.group(2):
            folded = re.sub(rb"\r?\n[ \t]+", b"", match.group(3))
            yield b"", (charset, decode_quoted(folded.replace(b"_", b" "))[0])
        else:
            yield b"", (charset, decode_base64(match.group(5))[0])
        position = match.end()
    plain = unfold(value[position:])
    if plain:
        yield plain, None


def _join_words(words: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Decode neighbours of one charset together where a sender cut a character in two."""
    pending: tuple[str, bytes] | None = None
    for charset, data in words:
        if pending and pending[0].lower() == charset.lower() and not _stands_alone(*pending):
            pending = (charset, pending[1] + data)
            continue
        if pending:
            yield _decode_word(*pending)
        pending = (charset, data)
    if pending:
        yield _decode_word(*pending)


def _stands_alone(charset: str, data: bytes) -> bool:
    try:
        data.decode(codec_for(charset) or "utf-8")
    except (UnicodeError, ValueError):
        return False
    return True


def _decode_word(charset: str, data: bytes) -> str:
    if codec_for(charset) is None:
        return data.decode("utf-8", "replace")
    return decode(data, charset)[0]
