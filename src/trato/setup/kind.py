"""One kind of settings: how it is read, made, changed and taken away, always by what its own screen does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller
from trato.access.roles import Role
from trato.db.edge import Services
from trato.setup.forms import Form, Names, Plain

Row = Mapping[str, Any]


class SystemCaller(Caller):
    """Who brings settings in from the command line: whoever runs it owns the installation."""

    @property
    def actor(self) -> str:
        """Return it as events and the audit log name it."""
        return "system"


SYSTEM = SystemCaller(UUID(int=0), None, Role.ADMINISTRATOR, "", "en", None, recent=True)


@dataclass(frozen=True, slots=True)
class MadeSecret:
    """A secret of something that was made, to be shown this once."""

    section: str
    key: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class Act:
    """Within which settings are read or brought in: a transaction, and who does it."""

    c: AsyncConnection
    shared: Services
    caller: Caller
    names: Names = field(default_factory=Names)
    made_secrets: list[MadeSecret] = field(default_factory=list)


Every = Callable[[Act], Awaitable[Sequence[Row]]]
Create = Callable[[Act, Any], Awaitable[Row]]
Update = Callable[[Act, Row, Any], Awaitable[None]]
Remove = Callable[[Act, Row], Awaitable[None]]


def by(*fields: str) -> Callable[[Mapping[str, Any]], str]:
    """Return the name of an item: what stands in these fields of the file."""
    return lambda item: ": ".join(str(item.get(one)) for one in fields)


_BY_NAME = by("name")


@dataclass(frozen=True, slots=True)
class Kind:
    """A section of the file, and what is behind it.

    `body` and `change` are what the API's routes take: they say which fields there are, and they judge. A
    kind without `create` comes into being with something else (a help centre with its brand): `owner` is the
    field that says with what. `ordered`: it stands in the order in which it counts, else by name.
    """

    section: str
    tables: frozenset[str]
    every: Every
    body: type[BaseModel]
    change: type[BaseModel]
    update: Update
    create: Create | None = None
    remove: Remove | None = None
    forms: Mapping[str, Form] = field(
        default_factory=dict
    )  # by the API's name; other fields stand as they are
    leave: frozenset[str] = frozenset()  # fields of the API that are not in the file
    name: Callable[[Mapping[str, Any]], str] = _BY_NAME
    owner: str = ""
    row_id: str = "id"
    ordered: bool = False
    single: bool = False  # there is one of it, so the section is no list
    once: str = ""  # a field: what stands in one entry's stands in no other's
    skip_absent: bool = False  # an item of something that is not here is left out; else it is in the way
    settled: Callable[[dict[str, Any], Mapping[str, Any]], dict[str, Any]] | None = None
    stand_in: Callable[[Act, Sequence[Row]], Awaitable[Row | None]] | None = None

    @property
    def fields(self) -> dict[str, Form]:
        """Return how each field stands in the file, by the API's name, in the order of the file."""
        first = (self.owner,) if self.owner else ()
        named = dict.fromkeys((*first, *self.body.model_fields, *self.change.model_fields))
        return {one: self.forms.get(one) or Plain(one) for one in named if one not in self.leave}

    def item(self, row: Row, names: Names) -> dict[str, Any]:
        """Return a row as the file has it."""
        return {form.name: form.out(row[one], names) for one, form in self.fields.items()}


def made(route: Callable[..., Awaitable[Any]]) -> Create:
    """Return how something is made by the route of its screen, called as that is."""

    async def create(act: Act, body: Any) -> Row:
        found: Row = await route(act.caller, act.c, body)
        return found

    return create


def changed(route: Callable[..., Awaitable[Any]], row_id: str = "id") -> Update:
    """Return how something is changed by the route of its screen, from the version that was read."""

    async def update(act: Act, row: Row, body: Any) -> None:
        await route(act.caller, act.c, row[row_id], body, row["version"])

    return update


def removed(route: Callable[..., Awaitable[Any]]) -> Remove:
    """Return how something is taken away by the route of its screen."""

    async def remove(act: Act, row: Row) -> None:
        await route(act.caller, act.c, row["id"])

    return remove


def read(query: Callable[[AsyncConnection], Awaitable[Sequence[Row]]]) -> Every:
    """Return how things are read by a query of their slice."""

    async def every(act: Act) -> Sequence[Row]:
        return await query(act.c)

    return every


def without_nothing(item: dict[str, Any], here: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry without what it says nothing of: its screen takes null for "as it is"."""
    del here
    return {name: value for name, value in item.items() if value is not None}
