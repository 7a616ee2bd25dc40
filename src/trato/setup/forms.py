"""How what the API keeps by ids stands in a file by names, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from pydantic import TypeAdapter

from trato.decide.settings_file import folded
from trato.kit.errors import Invalid
from trato.kit.plain_yaml import Place

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES: Final = ("es", "en", "pt")
_PLAIN: Final = TypeAdapter(Any)
GONE: Final = "(gone)"  # what something names that is not there any more


class Wrong(Exception):
    """A part of an item that cannot be: where in it, and why."""

    def __init__(self, place: Place, why: Invalid) -> None:
        super().__init__(str(why))
        self.place = place
        self.why = why


def nothing_called(section: str, key: Any) -> Invalid:
    """Return what to say of a name that nothing has."""
    return Invalid(
        "Nothing in {section} is called “{name}”.",
        todo="Put it there, in the file or at the desk, or name another.",
        values={"section": section, "name": str(key)[:120]},
    )


@dataclass(slots=True)
class Names:
    """What each thing is known as, and which thing that is."""

    _keys: dict[tuple[str, str], str] = field(default_factory=dict)
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, section: str, key: str, row_id: object) -> None:
        """Note a thing; one that has another name already is known by both."""
        self._keys.setdefault((section, str(row_id)), key)
        self._ids[section, folded(key)] = str(row_id)

    def also(self, section: str, key: str, row_id: object) -> None:
        """Note a thing by another name, unless that is something else's."""
        self._ids.setdefault((section, folded(key)), str(row_id))

    def key(self, section: str, row_id: object) -> str:
        """Return what a thing is known as."""
        return self._keys.get((section, str(row_id)), GONE)

    def usual(self, section: str, key: Any) -> Any:
        """Return what a thing is known as, whatever it was called; what nothing has stays."""
        found = self._ids.get((section, folded(key))) if isinstance(key, str) else None
        return key if found is None else self._keys[section, found]

    def id(self, section: str, key: Any, place: Place) -> UUID:
        """Return which thing that is; raises `Wrong` for none."""
        found = self._ids.get((section, folded(key))) if isinstance(key, str) else None
        if found is None:
            raise Wrong(place, nothing_called(section, key))
        return UUID(found)


class Form(Protocol):
    """How one field of the API stands in the file."""

    @property
    def name(self) -> str:
        """Return what the field is called in the file."""

    @property
    def sections(self) -> frozenset[str]:
        """Return what it refers to."""

    def out(self, value: Any, names: Names) -> Any:
        """Return the value as the file has it."""

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return the file's value as the API takes it; raises `Wrong`."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that stands as it is.

    `order` makes one list of those that mean the same, `keys` puts those of a mapping in their order.
    """

    name: str
    order: Callable[[Any], Any] | None = None
    keys: Sequence[str] = ()
    sections: frozenset[str] = frozenset()

    def out(self, value: Any, names: Names) -> Any:
        """Return the value as JSON has it."""
        del names
        found = _PLAIN.dump_python(value, mode="json")
        if self.keys and isinstance(found, dict):
            return {key: found[key] for key in (*self.keys, *sorted(found)) if key in found}
        return sorted(found, key=self.order) if self.order and isinstance(found, list) else found

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return the value."""
        del names, place
        return value


@dataclass(frozen=True, slots=True)
class Ref:
    """One thing of a section, or nothing."""

    name: str
    section: str

    @property
    def sections(self) -> frozenset[str]:
        """Return what it refers to."""
        return frozenset({self.section})

    def out(self, value: Any, names: Names) -> Any:
        """Return what the thing is known as."""
        return None if value is None else names.key(self.section, value)

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return the thing's id."""
        return None if value is None else names.id(self.section, value, place)


@dataclass(frozen=True, slots=True)
class Refs:
    """Several things of a section, in no order; those that are gone are left out."""

    name: str
    section: str

    @property
    def sections(self) -> frozenset[str]:
        """Return what it refers to."""
        return frozenset({self.section})

    def out(self, value: Any, names: Names) -> Any:
        """Return what they are known as."""
        return sorted({names.key(self.section, one) for one in value} - {GONE}, key=folded)

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return their ids."""
        _check_list(value, place)
        return [names.id(self.section, one, (*place, number)) for number, one in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Each:
    """A list of mappings with references in them; `order` names the field by which they are sorted."""

    name: str
    refs: Mapping[str, Ref]  # by the API's name of the field
    order: str | None = None

    @property
    def sections(self) -> frozenset[str]:
        """Return what it refers to."""
        return frozenset(one.section for one in self.refs.values())

    def out(self, value: Any, names: Names) -> Any:
        """Return the mappings with names."""
        found = [self._out(one, names) for one in _PLAIN.dump_python(value, mode="json")]
        if self.order is None:
            return found
        return sorted(
            (one for one in found if one[self.order] != GONE), key=lambda one: folded(one[self.order])
        )

    def _out(self, one: Mapping[str, Any], names: Names) -> dict[str, Any]:
        return {
            (self.refs[key].name if key in self.refs else key): (
                self.refs[key].out(value, names) if key in self.refs else value
            )
            for key, value in one.items()
        }

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return the mappings with ids."""
        _check_list(value, place)
        api = {ref.name: key for key, ref in self.refs.items()}
        found = []
        for number, one in enumerate(value):
            inside = (*place, number)
            if not isinstance(one, Mapping):
                raise Wrong(inside, Invalid("Names with their values are expected here."))
            found.append(
                {
                    api.get(key, key): self.refs[api[key]].back(part, names, (*inside, key))
                    if key in api
                    else part
                    for key, part in one.items()
                }
            )
        return found


def _check_list(value: Any, place: Place) -> None:
    if not isinstance(value, list):
        raise Wrong(place, Invalid("A list is expected here."))
