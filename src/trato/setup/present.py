"""What is set up now, by kind, each thing with the name that a file gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trato.decide.settings_file import folded, keyed
from trato.setup.kind import Act, Kind, Row
from trato.setup.kinds import IN_TURN

KNOWN_AS: Final = "known_as"  # what an entry says that the thing is called here, where its name does not tell


@dataclass(frozen=True, slots=True)
class Present:
    """A thing that is here: its row, what it is known as, and how the file has it."""

    row: Row
    key: str
    item: Mapping[str, Any]


async def everything(act: Act) -> dict[str, list[Present]]:
    """Return what is set up, and note in `act.names` what each thing is known as."""
    found: dict[str, list[Present]] = {}
    for kind in IN_TURN:
        found[kind.section] = await of(kind, act)
    return found


async def of(kind: Kind, act: Act) -> list[Present]:
    """Return what there is of a kind, and note what each thing is known as; after what it refers to."""
    rows = await kind.every(act)
    items = [kind.item(row, act.names) for row in rows]
    keys = keyed([kind.name(item) for item in items])
    for row, key in zip(rows, keys, strict=True):
        act.names.add(kind.section, key, row[kind.row_id])
    return [Present(row, key, item) for row, key, item in zip(rows, keys, items, strict=True)]


def as_file(kind: Kind, found: Sequence[Present]) -> Any:
    """Return a section of the file."""
    if kind.single:
        return dict(found[0].item) if found else None
    in_order = found if kind.ordered else sorted(found, key=lambda one: (folded(one.key), one.key))
    return [
        dict(one.item) if one.key == kind.name(one.item) else {KNOWN_AS: one.key, **one.item}
        for one in in_order
    ]
