"""What in a file of settings is which thing here: by the name it has, never by an id.

Two things of one kind may have the same name. The second is then known as "Name (2)", in the order in which
they were made, here as in the file.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of a file: what it is called now and, where the file says so, what it is known as."""

    name: str
    key: str | None = None

    @property
    def known_as(self) -> str:
        """Return what others call it."""
        return self.name if self.key is None else self.key


def folded(name: str) -> str:
    """Return by what names are compared: capitals and ways to write an accent do not matter."""
    return unicodedata.normalize("NFC", name).casefold()


def keyed(names: Sequence[str]) -> list[str]:
    """Return what each of these things is known as: no two the same."""
    taken: set[str] = set()
    found = []
    for name in names:
        key, number = name, 1
        while folded(key) in taken:
            number += 1
            key = f"{name} ({number})"
        taken.add(folded(key))
        found.append(key)
    return found


def repeated(wanted: Sequence[Named]) -> list[int]:
    """Return the places of those that are known as one before them is."""
    seen: set[str] = set()
    found = []
    for place, one in enumerate(wanted):
        key = folded(one.known_as)
        if key in seen:
            found.append(place)
        seen.add(key)
    return found


def matched(wanted: Sequence[Named], here: Sequence[str]) -> list[int | None]:
    """Return for each thing of a file the place of the one here that it is, None for a new one.

    `here` are the keys of what is here. First each is looked for as it is known; then, what was renamed by
    the same file before, as it is called. Nothing here is two things of the file.
    """
    places = {folded(key): place for place, key in enumerate(here)}
    found = [places.get(folded(one.known_as)) for one in wanted]
    taken = {place for place in found if place is not None}
    for number, one in enumerate(wanted):
        place = places.get(folded(one.name))
        if found[number] is None and place is not None and place not in taken:
            found[number] = place
            taken.add(place)
    return found
