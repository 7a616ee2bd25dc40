"""Address lists as senders really write them (RFC 5322 §3.4, RFC 6532), bounded and never raising."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from trato.channels.email.headers import decode_phrase, unfold
from trato.kit.clean_text import clean_line

MAX_ADDRESSES: Final = 1_000
_MAX_ADDRESS: Final = 320
_MAX_NAME: Final = 200

# Encoded words go through undecoded, so that a comma inside one does not part two people.
_TOKEN: Final = re.compile(
    rb'"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    rb"|<(?P<angle>[^<>]*+)(?:>|(?=<)|\Z)"
    rb"|(?P<sign>[,;:()])|(?P<space>[ \t\r\n]+)|(?P<text>[^\"<>,;:() \t\r\n]+|.)",
    re.DOTALL,
)
_PAIRED_QUOTES: Final = re.compile(rb'(?:[^"]|"(?:[^"\\]|\\.)*+")*+', re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)
_ROUTE: Final = re.compile(r"^@[^:]*:")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person or a role as a mail names it; `address` is as written, `name` is empty when none is given."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the last `@` in lower case."""
        return self.address.rpartition("@")[2].lower()


def parse_addresses(values: Iterable[bytes], limit: int = MAX_ADDRESSES) -> tuple[tuple[Mailbox, ...], bool]:
    """Return the mailboxes in these fields, and whether there were more than `limit`.

    Group names (RFC 5322 `undisclosed-recipients:;`) are left out, their members kept.
    """
    found: list[Mailbox] = []
    for value in values:
        for mailbox in _mailboxes(value):
            if len(found) >= limit:
                return tuple(found), True
            found.append(mailbox)
    return tuple(found), False


class _Draft:
    """The mailbox that is being read."""

    def __init__(self) -> None:
        self.words: list[bytes] = []
        self.comments: list[bytes] = []
        self.angle: bytes | None = None
        self.spaced = True
        self.quoted = False

    def add(self, word: bytes, *, quoted: bool = False) -> None:
        """Append to the last word, unless a space stood before. In `"a b"@c` the quotes stay."""
        if self.quoted and not self.spaced and word.startswith(b"@"):
            self.words[-1] = b'"' + self.words[-1] + b'"' + word
        elif self.words and not self.spaced and not self.quoted:
            self.words[-1] += word
        else:
            self.words.append(word)
        self.spaced, self.quoted = False, quoted

    def take(self, token: re.Match[bytes]) -> None:
        """Take a quoted text, an address in angle brackets, a space or a word."""
        if token.lastgroup == "quoted":
            self.add(_ESCAPE.sub(rb"\1", token.group("quoted")), quoted=True)
        elif token.lastgroup == "angle":
            self.angle = token.group("angle") if self.angle is None else self.angle
            self.spaced = True
        elif token.lastgroup == "space":
            self.spaced = True
        else:
            self.add(token.group())

    @property
    def is_group_name(self) -> bool:
        """Whether a colon here ends the name of a group."""
        return self.angle is None and not any(b"@" in word for word in self.words)

    def finish(self) -> Mailbox | None:
        """Return what was read, or None when it says nothing."""
        words, address = self.words, self.angle
        if address is None:
            at = next((index for index, word in enumerate(words) if b"@" in word), None)
            if at is not None:
                address, words = words[at], words[:at] + words[at + 1 :]
        name = _text(b" ".join(words)) or _text(b"".join(self.comments))
        written = _ROUTE.sub("", _text(address or b""))
        written = clean_line(written if '"' in written else written.replace(" ", ""), _MAX_ADDRESS)
        if not written and _ADDRESS.fullmatch(name):
            name, written = "", name
        name = clean_line(name.strip("'\" ") if name != written else "", _MAX_NAME)
        return Mailbox(name, written) if name or written else None


def _text(raw: bytes) -> str:
    return decode_phrase(raw).strip()


def _mailboxes(value: bytes) -> Iterator[Mailbox]:
    draft, depth = _Draft(), 0
    value = unfold(value)
    if not _PAIRED_QUOTES.fullmatch(value):
        value = value.replace(b'"', b"")  # one quote alone would swallow everybody after it
    for token in _TOKEN.finditer(value):
        text = token.group()
        if depth:
            depth += {b"(": 1, b")": -1}.get(text, 0)
            draft.comments.append(text if depth else b" ")
        elif text == b"(":
            depth = 1
        elif text in {b",", b";"}:
            mailbox, draft = draft.finish(), _Draft()
            if mailbox:
                yield mailbox
        elif text == b":" and draft.is_group_name:
            draft = _Draft()
        else:
            draft.take(token)
    mailbox = draft.finish()
    if mailbox:
        yield mailbox
