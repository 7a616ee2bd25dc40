"""Sentences for people, written in English in the code and told in the reader's language.

Each package may hold an `errors.json`: `{"<English sentence>": {"es": "…", "pt": "…"}}`. A sentence is a
constant, so that it can be looked up; what varies goes into fields beside it.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

SOURCE = "en"
LANGUAGES = ("es", "en", "pt")


def nearest(tag: str | None, otherwise: str = "es") -> str:
    """Return the one of our languages that serves a tag such as `pt-BR` (BCP 47)."""
    primary = (tag or otherwise).replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else otherwise


def translated(sentence: str, language: str) -> str:
    """Return the sentence in `language`, or as it was written when there is no translation."""
    if language == SOURCE:
        return sentence
    return catalogue().get(sentence, {}).get(language, sentence)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences of all packages."""
    found: dict[str, Mapping[str, str]] = {}
    for package in resources.files("trato").iterdir():
        if not package.is_dir():
            continue
        file = package / "errors.json"
        if file.is_file():
            found.update(json.loads(file.read_text("utf-8")))
    return found
