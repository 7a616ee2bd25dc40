"""Sentences for administrators: written in each language in a connector's `strings.json`, told by a code."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`code` names it under `sentences` in the connector's `strings.json`, `values` fill its `{places}`."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    """The same in English, for logs and for who has no other."""


class Wording:
    """Says a connector's sentences: `say = Wording(__package__)`, then `say("refused", host="…")`."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __call__(self, code: str, **values: object) -> Sentence:
        """Return the sentence of that code; raises `KeyError` for one that is not written down."""
        shown = {name: str(value) for name, value in values.items()}
        return Sentence(code, shown, filled(_english(self._package)[code], shown))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its places filled; a place without a value stays as it is."""
    return _PLACE.sub(lambda place: values.get(place.group(1), place.group()), template)


@cache
def _english(package: str) -> Mapping[str, str]:
    strings = json.loads((resources.files(package) / "strings.json").read_text("utf-8"))
    found: Mapping[str, str] = strings["en"]["sentences"]
    return found
