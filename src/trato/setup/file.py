"""The file itself: what it says of itself, its sections in their order, and what is no file of ours."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from trato.kit import plain_yaml
from trato.kit.errors import Invalid, TooLarge
from trato.kit.plain_yaml import Document, Unreadable
from trato.setup.kinds import KINDS

FORMAT: Final = "trato-settings"
VERSION: Final = 1
HEAD: Final = ("format", "version")
MOST_ITEMS: Final = 5_000
_ABOUT: Final = f"""\
# The settings of an installation of Trato. Things are known by their names; a field that is left out stays.
# See what a file would change: trato settings import FILE --dry-run
format: {FORMAT}
version: {VERSION}
"""


def text_of(sections: Mapping[str, Any]) -> str:
    """Return the file with these sections, the same for the same."""
    parts = [_ABOUT, *(plain_yaml.write({name: found}) for name, found in sections.items())]
    return "\n".join(parts)


def read(text: str) -> Document:
    """Return a file that is one of ours; raises `Invalid` with the line for what is not, `TooLarge`."""
    try:
        document = plain_yaml.read(text)
    except Unreadable as error:
        raise _told(error) from error
    found = document.value
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Invalid(
            "This is not a file of Trato's settings.",
            todo="Take one out first: it begins with “format: trato-settings”.",
            field="format",
        )
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        raise Invalid(
            "The file is of version {version}, and this Trato reads version {known}.",
            todo="Take it out anew from a Trato of this version.",
            field="version",
            values={"version": str(found.get("version"))[:20], "known": VERSION},
        )
    for name, section in found.items():
        if name not in HEAD:
            _check(document, name, section)
    return document


def _check(document: Document, name: str, section: Any) -> None:
    kind = next((one for one in KINDS if one.section == name), None)
    line = document.line((name,))
    if kind is None:
        raise unknown(name, [one.section for one in KINDS], line)
    expected: type = dict if kind.single else list
    if section is not None and not isinstance(section, expected):
        raise _form(line, name, single=kind.single)
    if isinstance(section, list) and len(section) > MOST_ITEMS:
        raise TooLarge("“{name}” has more than {most} entries.", values={"name": name, "most": MOST_ITEMS})
    items: list[Any] = section if isinstance(section, list) else []
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise _form(document.line((name, number)), f"{name}.{number}", single=True)


def _form(line: int, field: str, *, single: bool) -> Invalid:
    if single:
        return Invalid(
            "Line {line}: names with their values are expected here.", field=field, values={"line": line}
        )
    return Invalid("Line {line}: a list is expected here.", field=field, values={"line": line})


def unknown(name: str, known: list[str], line: int) -> Invalid:
    """Return what to say of a word that is not known here, with the one that may have been meant."""
    close = get_close_matches(name, known, 1)
    values = {"line": line, "name": name[:60], "other": close[0] if close else ""}
    return Invalid(
        "Line {line}: nothing here is called “{name}”.",
        todo="Did you mean “{other}”?" if close else "Compare it with a file that was taken out.",
        field=name[:60],
        values=values,
    )


_SENTENCES: Final = {
    "anchor": "Line {line}: anchors (&) and references to them (*) are not read.",
    "tag": "Line {line}: marks of types (!) are not read.",
    "several": "Line {line}: a second document begins here, and only one is read.",
    "too-deep": "Line {line}: this stands deeper than any setting does.",
    "key": "Line {line}: a name is expected here.",
    "twice": "Line {line}: “{about}” stands there twice.",
    "no-yaml": "The file cannot be read at line {line}: it is no YAML there.",
}


def _told(error: Unreadable) -> Invalid | TooLarge:
    if error.code == "too-large":
        return TooLarge(
            "The file is too large: settings have {most} bytes at most.",
            values={"most": plain_yaml.MOST_BYTES},
        )
    return Invalid(
        _SENTENCES[error.code], field=f"line {error.line}", values={"line": error.line, "about": error.about}
    )
