"""The house itself: the organisation, its brands, their channels, when they are open."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import text

from trato.access import audit
from trato.brands import api, look_api, look_schemas, looks, schemas, service
from trato.brands.service import AccountRecord
from trato.channels import load_connectors
from trato.kit.errors import Invalid
from trato.routing import hours, hours_feed
from trato.routing.hours_schemas import CalendarBody, CalendarChange
from trato.setup.forms import DAYS, LANGUAGES, Plain, Ref
from trato.setup.kind import Act, Kind, Row, by, changed, made, read, removed, without_nothing
from trato.webhooks.api import ALLOW_PRIVATE

_TOUCHED = text("SELECT EXISTS (SELECT FROM account) OR EXISTS (SELECT FROM cases)")


async def _organisation(act: Act) -> Sequence[Row]:
    found = await service.get_organisation(act.c)
    return [] if found is None else [found]


async def _change_organisation(act: Act, row: Row, body: Any) -> None:
    await api.change_organisation(act.caller, act.c, body, row["version"])


async def _untouched_brand(act: Act, rows: Sequence[Row]) -> Row | None:
    """Return the brand that the first set-up made, as long as nothing has come to it."""
    if len(rows) != 1 or rows[0]["version"] != 1 or await act.c.scalar(_TOUCHED):
        return None
    return rows[0]


ORGANISATION = Kind(
    "organisation",
    frozenset({"organisation"}),
    every=_organisation,
    body=schemas.OrganisationChange,
    change=schemas.OrganisationChange,
    update=_change_organisation,
    forms={
        "system_account_id": Ref("system_account", "accounts"),
        "hours": Plain("hours", keys=DAYS),
    },
    single=True,
)
BRANDS = Kind(
    "brands",
    frozenset({"brand"}),
    every=read(service.list_brands),
    body=schemas.BrandBody,
    change=schemas.BrandChange,
    create=made(api.create_brand),
    update=changed(api.change_brand),
    ordered=True,  # the first one is at /help
    stand_in=_untouched_brand,
)


class LookItem(look_schemas.LookChange):
    """How a brand of the file looks."""

    brand_id: UUID


async def _looks(act: Act) -> Sequence[Row]:
    return [await looks.get(act.c, one["id"]) for one in await service.list_brands(act.c)]


async def _change_look(act: Act, row: Row, body: Any) -> None:
    version = row["version"] if row["version"] > 1 else None  # it has the usual look, and no row yet
    await look_api.change_look(act.caller, act.c, row["brand_id"], body, version)


LOOKS = Kind(
    "looks",
    frozenset({"brand_look"}),
    every=_looks,
    body=LookItem,
    change=look_schemas.LookChange,
    update=_change_look,
    forms={
        "brand_id": Ref("brand", "brands"),
        "labels": Plain("labels", keys=LANGUAGES),
        "greetings": Plain("greetings", keys=LANGUAGES),
    },
    leave=frozenset({"logo"}),  # a picture is nothing that people read or compare
    name=by("brand"),
    owner="brand_id",
    row_id="brand_id",
    ordered=True,
)

SecretNames = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=50)]


class AccountItem(schemas.AccountBody):
    """An account in the file; `secrets` names those that it has, and that are typed again elsewhere."""

    enabled: bool = True
    undo_s: int | None = Field(default=None, ge=0, le=60)
    secrets: SecretNames = Field(default_factory=list)


class AccountItemChange(schemas.AccountChange):
    """What the file may change of an account."""

    secrets: SecretNames | None = None


async def _accounts(act: Act) -> Sequence[Row]:
    return [_account(record) for record in await service.list_accounts(act.c)]


def _account(record: AccountRecord) -> Row:
    return {
        "id": record.id,
        "version": record.version,
        "kind": record.kind,
        "name": record.name,
        "brand_id": record.brand_id,
        "settings": dict(sorted(record.settings.items())),
        "enabled": record.enabled or record.on_when_typed,
        "undo_s": record.undo_s,
        "secrets": sorted({*record.secrets_set, *record.secrets_awaited}),
    }


def _without_secrets(kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an account's settings; raises `Invalid` for a secret among them, which a file never holds."""
    connector = load_connectors().get(kind)
    found = sorted(service.secret_names(connector) & set(values)) if connector else []
    if found:
        raise Invalid(
            "“{name}” is a secret, and this file holds none.",
            todo="Take it out of the file, and type it at the desk.",
            field=f"settings.{found[0]}",
            values={"name": found[0]},
        )
    return values


async def _create_account(act: Act, body: AccountItem) -> Row:
    record = await service.create_account(
        act.c,
        act.shared.secrets,
        kind=body.kind,
        name=body.name,
        brand_id=body.brand_id,
        values=_without_secrets(body.kind, body.settings),
        enabled=body.enabled,
        awaiting=body.secrets,
    )
    if body.undo_s is not None:
        record = await service.change_account(act.c, act.shared.secrets, record.id, undo_s=body.undo_s)
    await audit.record(act.c, act.caller.actor, "account.created", target=str(record.id))
    return _account(record)


async def _change_account(act: Act, row: Row, body: AccountItemChange) -> None:
    given = body.model_dump(exclude_unset=True)
    awaiting = given.pop("secrets", ())
    values = given.pop("settings", None)
    if values is not None:
        values = _without_secrets(row["kind"], values)
    await service.change_account(
        act.c,
        act.shared.secrets,
        row["id"],
        **given,
        values=values,
        awaiting=awaiting,
        expected=row["version"],
        actor=act.caller.actor,
    )
    await audit.record(act.c, act.caller.actor, "account.changed", target=str(row["id"]))


def _keeping_secrets(item: dict[str, Any], here: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account of the file with the secrets that it has here besides: they are kept."""
    said = item.get("secrets")
    if isinstance(said, list):
        item = {**item, "secrets": sorted({*map(str, said), *here["secrets"]})}
    return without_nothing(item, here)


ACCOUNTS = Kind(
    "accounts",
    frozenset({"account"}),
    every=_accounts,
    body=AccountItem,
    change=AccountItemChange,
    create=_create_account,
    update=_change_account,
    remove=removed(api.remove_account),
    forms={"brand_id": Ref("brand", "brands"), "secrets": Plain("secrets", order=str)},
    settled=_keeping_secrets,
)


async def _calendars(act: Act) -> Sequence[Row]:
    """Return the calendars; holidays that are fetched are not ours to keep in a file."""
    return [{**row, "ical": "" if row["ical_url"] else row["ical"]} for row in await hours.every(act.c)]


def _feed(act: Act, values: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be kept; holidays from an address are fetched by the worker, within the hour."""
    if values.get("ical_url"):
        allow = bool(act.shared.extras.get(ALLOW_PRIVATE, False))
        url = hours_feed.checked(values["ical_url"], allow_private=allow)
        return {**values, "ical_url": url, "ical_tried_at": None, "ical_error": None}
    if "ical_url" in values:
        return {"ical": "", **values, "ical_fetched_at": None, "ical_tried_at": None, "ical_error": None}
    return values


def _fetched_by_https(item: dict[str, Any], here: Mapping[str, Any]) -> dict[str, Any]:
    """Return a calendar of the file with its address as it is kept: webcal is another word for HTTPS."""
    del here
    url = item.get("ical_url")
    return {**item, "ical_url": url.replace("webcal://", "https://", 1)} if isinstance(url, str) else item


async def _create_calendar(act: Act, body: CalendarBody) -> Row:
    kept = await hours.create(act.c, _feed(act, body.model_dump(mode="json")))
    await audit.record(act.c, act.caller.actor, "calendar.created", target=str(kept["id"]), ip=act.caller.ip)
    return kept


async def _change_calendar(act: Act, row: Row, body: CalendarChange) -> None:
    values = _feed(act, body.model_dump(mode="json", exclude_unset=True))
    kept = await hours.change(act.c, row["id"], values, expected=row["version"])
    fields = {"fields": sorted(body.model_fields_set)}
    actor = act.caller.actor
    await audit.record(act.c, actor, "calendar.changed", target=str(row["id"]), data=fields, ip=act.caller.ip)
    await hours.tell(act.c, kept, actor=actor)


async def _remove_calendar(act: Act, row: Row) -> None:
    row_id: UUID = row["id"]
    await hours.remove(act.c, row_id)
    await audit.record(act.c, act.caller.actor, "calendar.removed", target=str(row_id), ip=act.caller.ip)


CALENDARS = Kind(
    "calendars",
    frozenset({"hours_calendar"}),
    every=_calendars,
    body=CalendarBody,
    change=CalendarChange,
    create=_create_calendar,
    update=_change_calendar,
    remove=_remove_calendar,
    forms={"week": Plain("week", keys=DAYS)},
    settled=_fetched_by_https,
)
