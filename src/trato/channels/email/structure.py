"""The tree of a mail's parts, read tolerantly, and what of it is body and what attachment (RFC 8621 §4.1.4).

Python's own parser refuses or misreads broken mail. This one follows how stalwartlabs/mail-parser recovers:
a delimiter is found wherever it stands, an unfinished part ends with its parent, and a body that is not in
the encoding it claims is kept as it came and listed as an attachment, so that nothing is lost.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from trato.channels.email.headers import Headers, read_headers
from trato.channels.email.parameters import Parameterised, parse_parameterised
from trato.channels.email.transfer import decode_base64, decode_quoted, decode_uuencoded

MAX_PARTS: Final = 10_000
MAX_DEPTH: Final = 100
# A delimiter that never comes costs one pass over the rest of the mail, so only so many are looked for.
MAX_MISSING_DELIMITERS: Final = 15


class Kind(Enum):
    """What decides where a part goes."""

    MIXED = auto()
    ALTERNATIVE = auto()
    RELATED = auto()
    DIGEST = auto()
    OTHER_MULTIPART = auto()
    PLAIN = auto()
    HTML = auto()
    OTHER_TEXT = auto()
    MEDIA = auto()
    MESSAGE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf, or a nested message as a whole: its fields, and its content without transfer encoding."""

    headers: Headers
    content_type: Parameterised | None
    disposition: Parameterised | None
    kind: Kind
    content: bytes
    damaged: bool = False


@dataclass(slots=True)
class Structure:
    """The lists of RFC 8621 §4.1.4 over `parts`, and what was wrong on the way."""

    headers: Headers = field(default_factory=Headers)
    content_type: Parameterised | None = None
    parts: list[Part] = field(default_factory=list)
    text_body: list[int] = field(default_factory=list)
    html_body: list[int] = field(default_factory=list)
    attachments: list[int] = field(default_factory=list)
    body_start: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    """A multipart or a message that is being read."""

    kind: Kind
    delimiter: bytes | None = None
    in_alternative: bool = False
    need_text: bool = True
    need_html: bool = True
    text_before: int = 0
    html_before: int = 0
    members: int = 0
    # Of a nested message: where it stands, and the lists of the message around it.
    headers: Headers = field(default_factory=Headers)
    content_type: Parameterised | None = None
    starts_at: int = 0
    outer: Structure | None = None


def read_structure(data: bytes) -> Structure:
    """Return the parts of a mail and where each belongs; never raises, in time linear in the mail."""
    return _Reader(data).read()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.found = Structure()
        self.level = _Level(Kind.MESSAGE)
        self.stack: list[_Level] = []
        self.parts_read = 0
        self.missing = 0
        self.errors: list[str] = []

    def read(self) -> Structure:
        first = True
        while self.parts_read < MAX_PARTS:
            block = read_headers(self.data, self.position, self._ends_header())
            self.position = block.body_start
            if block.headers.cut:
                self._error("a header block was cut at its limit")
            content_type = parse_parameterised(block.headers.last("content-type"))
            if first:
                self.found.headers, self.found.content_type = block.headers, content_type
                self.found.body_start = block.body_start
                first = False
            if not block.complete:
                break
            self.parts_read += 1
            self.level.members += 1
            if not self._read_part(block.headers, content_type) and not self._next_part():
                break
        else:
            self._error(f"more than {MAX_PARTS} parts; the rest was not read")
        while self.stack:
            self._leave_level(len(self.data))
        self.found.errors = self.errors
        return self.found

    def _ends_header(self) -> bytes | None:
        """A nested message may be no message: what follows it is not its header."""
        starts_message = self.level.outer is not None and not self.level.members
        return self.level.delimiter if starts_message else None

    def _error(self, text: str) -> None:
        if text not in self.errors:
            self.errors.append(text)

    def _read_part(self, headers: Headers, content_type: Parameterised | None) -> bool:
        """Read one part; True means that its own first part comes next."""
        kind = _kind(content_type, self.level.kind)
        if content_type and content_type.main == "multipart":
            if self._enter_multipart(kind, content_type):
                return True
            if "boundary" in content_type.parameters:
                kind = Kind.OTHER_TEXT
        encoding = headers.text("content-transfer-encoding").strip(" ;\"'").lower()
        if kind is Kind.MESSAGE and encoding not in {"base64", "quoted-printable"}:
            if len(self.stack) < MAX_DEPTH:
                self._enter_message(headers, content_type)
                return True
            self._error(f"nested deeper than {MAX_DEPTH}")
        self._add_leaf(headers, content_type, kind, encoding)
        return False

    def _enter_multipart(self, kind: Kind, content_type: Parameterised) -> bool:
        boundary = content_type.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
        if not boundary:
            self._error("a multipart without a boundary")
            return False
        if len(self.stack) >= MAX_DEPTH:
            self._error(f"nested deeper than {MAX_DEPTH}")
            return False
        delimiter = b"--" + boundary
        at = -1 if self.missing >= MAX_MISSING_DELIMITERS else self.data.find(delimiter, self.position)
        if at < 0:
            self.missing += 1
            self._error("a multipart whose boundary never comes")
            return False
        self.stack.append(self.level)
        self.level = _Level(
            kind,
            delimiter,
            in_alternative=self.level.in_alternative or kind is Kind.ALTERNATIVE,
            need_text=self.level.need_text,
            need_html=self.level.need_html,
            text_before=len(self.found.text_body),
            html_before=len(self.found.html_body),
        )
        self.position = at + len(delimiter)
        self._skip_line_rest()
        return True

    def _enter_message(self, headers: Headers, content_type: Parameterised | None) -> None:
        nested = _Level(
            Kind.MESSAGE,
            self.level.delimiter,
            headers=headers,
            content_type=content_type,
            starts_at=self.position,
            outer=self.found,
        )
        self.level.delimiter = None
        self.stack.append(self.level)
        self.level = nested
        self.found = Structure()

    def _add_leaf(
        self, headers: Headers, content_type: Parameterised | None, kind: Kind, encoding: str
    ) -> None:
        content, damaged = self._read_content(encoding)
        if damaged:
            self._error("a part that is not in the encoding it claims, or has no end")
            kind = kind if kind is Kind.PLAIN else Kind.OTHER_TEXT
        part = Part(
            headers,
            content_type,
            parse_parameterised(headers.last("content-disposition")),
            kind,
            content,
            damaged,
        )
        index = len(self.found.parts)
        in_text, in_html = self._place(part)
        if in_text:
            self.found.text_body.append(index)
        if in_html:
            self.found.html_body.append(index)
        shown = in_html if kind is Kind.HTML else in_text
        if not (shown and kind in {Kind.PLAIN, Kind.HTML, Kind.OTHER_TEXT}):
            self.found.attachments.append(index)
        self.found.parts.append(part)

    def _read_content(self, encoding: str) -> tuple[bytes, bool]:
        start, delimiter = self.position, self.level.delimiter
        if delimiter is None:
            self.position = len(self.data)
            raw, ended = self.data[start:], True
        else:
            at = self.data.find(delimiter, start)
            ended = at >= 0
            if ended:
                self.position = at + len(delimiter)
                raw = self.data[start : max(start, self._before_line_end(at))]
            else:
                self.position = len(self.data)
                self.level.delimiter = None
                raw = self.data[start:]
        content, sound = _decode(raw, encoding)
        return content, not (sound and ended)

    def _before_line_end(self, at: int) -> int:
        """The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1)."""
        if at > 0 and self.data[at - 1] == ord("\n"):
            return at - 2 if at > 1 and self.data[at - 2] == ord("\r") else at - 1
        return at

    def _place(self, part: Part) -> tuple[bool, bool]:
        """Say whether a part belongs to the text body and to the HTML body (RFC 8621 §4.1.4)."""
        level = self.level
        if level.kind is Kind.ALTERNATIVE:
            return part.kind is Kind.PLAIN, part.kind is Kind.HTML
        if not self._is_inline(part):
            return False, False
        if level.in_alternative and (level.need_text or level.need_html):
            if part.kind is Kind.HTML:
                level.need_text = False
            elif part.kind is Kind.PLAIN:
                level.need_html = False
        return level.need_text, level.need_html

    def _is_inline(self, part: Part) -> bool:
        alone = self.level.members == 1
        if part.damaged:
            return alone and self.level.kind is Kind.MESSAGE and part.kind is Kind.PLAIN
        if part.kind not in {Kind.PLAIN, Kind.HTML, Kind.MEDIA}:
            return False
        if part.disposition and part.disposition.value == "attachment":
            return False
        named = part.content_type is not None and "name" in part.content_type.parameters
        in_order = self.level.kind is not Kind.RELATED and (part.kind is Kind.MEDIA or not named)
        return alone or in_order

    def _next_part(self) -> bool:
        """Move past the delimiter just read; False when the mail is at its end."""
        while self.level.delimiter is not None:
            while self.stack and self.level.outer is not None:
                self._leave_level(self.position - len(self.level.delimiter or b""))
            if not self._at_close_delimiter():
                return True
            self._complete_alternative()
            self.level = self.stack.pop()
            if self.level.delimiter is None:
                return False
            at = self.data.find(self.level.delimiter, self.position)
            if at < 0:
                return False
            self.position = at + len(self.level.delimiter)
        return self.position < len(self.data)

    def _leave_level(self, end: int) -> None:
        """Return to the level around; a nested message becomes one attachment of the message around it."""
        level = self.level
        self.level = self.stack.pop()
        if level.outer is None:
            return
        content = self.data[level.starts_at : max(level.starts_at, self._before_line_end(end))]
        self.found = level.outer
        self.found.attachments.append(len(self.found.parts))
        disposition = parse_parameterised(level.headers.last("content-disposition"))
        part = Part(level.headers, level.content_type, disposition, Kind.MESSAGE, content)
        self.found.parts.append(part)
        self.level.delimiter = level.delimiter

    def _at_close_delimiter(self) -> bool:
        if self.data.startswith(b"--", self.position):
            self.position += 2
            return True
        if self.data[self.position : self.position + 1].isspace():
            self._skip_line_rest()
        return False

    def _skip_line_rest(self) -> None:
        while self.data[self.position : self.position + 1] in {b" ", b"\t", b"\r"}:
            self.position += 1
        if self.data[self.position : self.position + 1] == b"\n":
            self.position += 1

    def _complete_alternative(self) -> None:
        """Where only one of the two kinds was offered, it stands for both."""
        level, found = self.level, self.found
        if level.kind is not Kind.ALTERNATIVE or not (level.need_html and level.need_text):
            return
        has_text = len(found.text_body) != level.text_before
        has_html = len(found.html_body) != level.html_before
        if has_html and not has_text:
            found.text_body.extend(found.html_body[level.html_before :])
        elif has_text and not has_html:
            found.html_body.extend(found.text_body[level.text_before :])


_MULTIPARTS: Final = {
    "mixed": Kind.MIXED,
    "alternative": Kind.ALTERNATIVE,
    "related": Kind.RELATED,
    "digest": Kind.DIGEST,
}
_TEXTS: Final = {"plain": Kind.PLAIN, "html": Kind.HTML}


def _kind(content_type: Parameterised | None, parent: Kind) -> Kind:
    if content_type is None:
        return Kind.MESSAGE if parent is Kind.DIGEST else Kind.PLAIN
    match content_type.main:
        case "multipart":
            return _MULTIPARTS.get(content_type.sub, Kind.OTHER_MULTIPART)
        case "text":
            return _TEXTS.get(content_type.sub, Kind.OTHER_TEXT)
        case "image" | "audio" | "video":
            return Kind.MEDIA
        case "message" if content_type.sub in {"rfc822", "global"}:
            return Kind.MESSAGE
        case _:
            return Kind.OTHER


def _decode(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    match encoding:
        case "base64":
            return decode_base64(raw)
        case "quoted-printable":
            return decode_quoted(raw)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            decoded = decode_uuencoded(raw)
            return (raw, True) if decoded is None else (decoded, True)
        case _:
            return raw, True
