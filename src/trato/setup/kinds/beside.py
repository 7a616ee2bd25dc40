"""What stands beside a conversation: fields of an installation's own, sources of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trato.access import audit
from trato.access.roles import Role
from trato.cards import api as cards_api
from trato.cards import schemas as card_schemas
from trato.cards import sources
from trato.cards.asking import EXTRA
from trato.fields import api as fields_api
from trato.fields import schemas as field_schemas
from trato.fields import service as fields
from trato.setup.forms import LANGUAGES, Names, Plain, Refs
from trato.setup.kind import Act, Kind, MadeSecret, Row, by


@dataclass(frozen=True, slots=True)
class _Choices(Plain):
    """What can be chosen now; one that is not named any more is retired, and so not in the file."""

    def out(self, value: Any, names: Names) -> Any:
        """Return the choices as the file has them."""
        del names
        return [
            {
                "key": one["key"],
                "labels": {key: one["labels"][key] for key in LANGUAGES if key in one["labels"]},
            }
            for one in value
            if not one.get("retired")
        ]


def _field(found: Mapping[str, Any]) -> Row:
    return {**found, "retired": found["retired_at"] is not None}


async def _fields(act: Act) -> Sequence[Row]:
    return [_field(one) for one in await fields.every(act.c, Role.ADMINISTRATOR)]


async def _make_field(act: Act, body: field_schemas.FieldBody) -> Row:
    return _field(await fields_api.make(act.caller, act.c, body))


async def _change_field(act: Act, row: Row, body: field_schemas.FieldChange) -> None:
    await fields_api.change(act.caller, act.c, row["key"], body, row["version"])


FIELDS = Kind(
    "fields",
    frozenset({"field_definition"}),
    every=_fields,
    body=field_schemas.FieldBody,
    change=field_schemas.FieldChange,
    create=_make_field,
    update=_change_field,
    forms={"labels": Plain("labels", keys=LANGUAGES), "choices": _Choices("choices")},
    name=by("key"),
    ordered=True,
)


async def _make_source(act: Act, body: card_schemas.SourceBody) -> Row:
    found = await cards_api.make(act.caller, act.c, act.shared, body)
    source: Row = found["source"]
    act.made_secrets.append(MadeSecret("card_sources", body.key, found["secret"]))
    return source


async def _sources(act: Act) -> Sequence[Row]:
    return await sources.every(act.c)


async def _change_source(act: Act, row: Row, body: card_schemas.SourceChange) -> None:
    key, changes = row["key"], body.model_dump(exclude_unset=True)
    source = await sources.change(act.c, key, changes, expected=row["version"])
    data = {"source": key, **body.model_dump(mode="json", exclude_unset=True)}
    await audit.record(act.c, act.caller.actor, "card_source.changed", str(source["id"]), data, act.caller.ip)
    if EXTRA in act.shared.extras:  # a command asks no sources
        act.shared.extras[EXTRA].forget(source["id"])


async def _remove_source(act: Act, row: Row) -> None:
    await cards_api.remove(act.caller, act.c, row["key"])


CARD_SOURCES = Kind(
    "card_sources",
    frozenset({"card_source"}),
    every=_sources,
    body=card_schemas.SourceBody,
    change=card_schemas.SourceChange,
    create=_make_source,
    update=_change_source,
    remove=_remove_source,
    forms={
        "names": Plain("names", keys=LANGUAGES),
        "sends": Plain("sends", order=str),
        "facts": Plain("facts", order=str),
        "brands": Refs("brands", "brands"),
        "channels": Plain("channels", order=str),
    },
    name=by("key"),
    ordered=True,
)
