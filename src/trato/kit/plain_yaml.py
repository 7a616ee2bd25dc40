"""YAML as people keep settings in it: mappings, lists and words, and where each stands.

Only what a person can see is read: no anchors, no tags, no merging, no second document; `no` and `09:00` are
words. A mapping that names something twice is an error, not a choice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

MOST_BYTES: Final = 2_000_000
MOST_DEPTH: Final = 14
MOST_NODES: Final = 200_000
_SHORT: Final = 100  # letters of a list that stands on one line

Place = tuple[str | int, ...]

_INT: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"-?[0-9]{1,17}\.[0-9]{1,17}")
_WORDS: Final[Mapping[str, Any]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_ODD_BREAKS: Final = ("\r", "\x85", "\u2028", "\u2029")
_HALF: Final = re.compile(r"[\ud800-\udfff]")  # of a pair of surrogates, alone: no letter
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """Text that is not taken: `code` says why, `line` where, `about` what stands there."""

    def __init__(self, code: str, line: int = 0, about: str = "") -> None:
        super().__init__(code, line, about)
        self.code = code
        self.line = line
        self.about = about


@dataclass(slots=True)
class Document:
    """What was read, and on which line each part of it begins."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Return the line of a part, or of the nearest one around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(text: str) -> Document:
    """Return what a text says; raises `Unreadable`."""
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise Unreadable("too-large")
    document = Document()
    if half := _HALF.search(text):
        raise Unreadable("no-yaml", text.count("\n", 0, half.start()) + 1)
    try:
        events = _told(yaml.parse(text, Loader=_Loader))
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if document.lines:
                    raise Unreadable("several", _line(event))
                document.value = _Reading(events, document).node(next(events), ())
    except yaml.YAMLError as error:
        raise Unreadable("no-yaml", _line_of(error, text)) from error
    return document


def _line_of(error: yaml.YAMLError, text: str) -> int:
    """Return where an error is; one of a letter that YAML does not know has a place instead of a mark."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, max(0, getattr(error, "position", 0))) + 1


def _told(events: Iterator[Any]) -> Iterator[Any]:
    """Yield the events of a text, up to a number that no settings have."""
    for number, event in enumerate(events):
        if number > MOST_NODES:
            raise Unreadable("too-large")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable("anchor", _line(event))
        if getattr(event, "tag", None):
            raise Unreadable("tag", _line(event), str(event.tag)[:60])
        yield event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Reading:
    """Makes values of events, and notes the lines."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self._events = events
        self._lines = document.lines

    def node(self, event: Any, place: Place) -> Any:
        if len(place) > MOST_DEPTH:
            raise Unreadable("too-deep", _line(event))
        self._lines.setdefault(place, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            found: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                found.append(self.node(event, (*place, len(found))))
            return found
        return _scalar(event)

    def _mapping(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise Unreadable("key", _line(key))
            if key.value in found:
                raise Unreadable("twice", _line(key), key.value[:60])
            self._lines[(*place, key.value)] = _line(key)
            found[key.value] = self.node(next(self._events), (*place, key.value))
        return found


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style not in (None, ""):  # quoted, or a block: words whatever they look like
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


class _Dumper(yaml.SafeDumper):
    """Writes each thing out where it stands, text of several lines as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> Any:
    style: str | None
    if any(one in value for one in _ODD_BREAKS):
        style = '"'  # written as what they are: else they would be read as blanks
    elif "\n" in value:
        style = "|"
    else:
        style = "'" if value[:1].isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> Any:
    plain = all(one is None or isinstance(one, (bool, int, float, str)) for one in value)
    short = sum(len(str(one)) + 2 for one in value) <= _SHORT
    flow = plain and short and not any("\n" in str(one) for one in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def write(value: Any) -> str:
    """Return the text of plain values, the same for the same; `read` gives them back."""
    return str(
        yaml.dump(
            value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=False
        )
    )
