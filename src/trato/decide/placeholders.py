"""Texts with places for what is of the case: `{{case.promise}}`, filled by what is known and never guessed.

A place that nothing is known for stays as it is, so that it is seen; a text with such a place is not sent.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Each place and whether it can carry news of the case to its contact.
PLACES: Final[Mapping[str, bool]] = {
    "contact.name": False,
    "contact.first_name": False,
    "case.number": False,
    "case.title": False,
    "case.done_step": True,
    "case.step": True,
    "case.next_step": True,
    "case.promise": True,
    "case.owner": True,
    "agent.name": False,
    "brand.name": False,
}
FACT: Final = "fact."  # and the name of a fact: {{fact.order number}}
FIELD: Final = "field."  # and the key of a field of the installation's own: {{field.plan}}; never news

_PLACE: Final = re.compile(r"\{\{\s*([a-z_]+\.[^{}\n]{1,80}?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with what was known in its places, which places those were, and which nothing is known for."""

    text: str
    used: Sequence[str]
    unfilled: Sequence[str]


def places(text: str) -> list[str]:
    """Return the places of a text that we know, each once, in their order."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if is_place(name)))


def unknown(text: str) -> list[str]:
    """Return what is written like a place of ours and is none, such as `{{case.nubmer}}`."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if not is_place(name)))


def is_place(name: str) -> bool:
    """Say whether a name is that of a place."""
    return name in PLACES or any(name.startswith(one) and len(name) > len(one) for one in (FACT, FIELD))


def may_bring_news(text: str) -> bool:
    """Say whether a text has a place that can carry something new of the case."""
    return any(name.startswith(FACT) or PLACES.get(name, False) for name in places(text))


def fill(text: str, known: Mapping[str, str]) -> Filled:
    """Return a text with what is known in its places; the others stay as they are."""
    used = [name for name in places(text) if known.get(name)]
    missing = [name for name in places(text) if not known.get(name)]

    def put(found: re.Match[str]) -> str:
        return known.get(found[1]) or found[0]

    return Filled(_PLACE.sub(put, text), used, missing)


def news(filled: Filled, known: Mapping[str, str], said_by_contact: Collection[str], told: str) -> list[str]:
    """Return the places by which a text says something of the case that its contact does not know yet.

    `told` is all that was written to them so far; what they have said themselves is no news either.
    """
    before = " ".join(told.casefold().split())
    return [
        name
        for name in filled.used
        if (name.startswith(FACT) or PLACES.get(name, False))
        and name not in said_by_contact
        and " ".join(known[name].casefold().split()) not in before
    ]
