"""The organisation, its brands and its channel accounts; secrets sealed, settings checked."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import jsonschema
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import judged
from trato.brands.schemas import OrganisationView
from trato.brands.secrets import AccountSecrets, opened_secrets
from trato.brands.tables import account, brand, organisation
from trato.channel_sdk import Account, Connector, Sentence
from trato.channels import load_connectors
from trato.db.engine import Database
from trato.db.jobs import free_lane
from trato.decide.scheduling import undo_s as undo_seconds
from trato.kit.clock import now
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id, new_token
from trato.kit.secret_box import SecretBox
from trato.live import service as live
from trato.live import versions


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A configured line of a channel as stored, its secrets still sealed."""

    id: UUID
    kind: str
    name: str
    brand_id: UUID
    public_key: str
    settings: Mapping[str, Any]
    secrets: bytes | None
    renewed: bytes | None
    secrets_set: Sequence[str]
    secrets_awaited: Sequence[str]
    enabled: bool
    on_when_typed: bool
    state: str
    last_error: str | None
    last_sentences: Sequence[Mapping[str, Any]]
    last_error_at: datetime | None
    last_ok_at: datetime | None
    sending_error: str | None
    undo_s: int | None
    version: int

    @property
    def connector(self) -> Connector:
        """Return the channel's connector; raises `NotFound` when it is not installed any more."""
        found = load_connectors().get(self.kind)
        if found is None:
            raise NotFound(
                "No connector for {kind} is installed.",
                todo="Install it, or remove the account.",
                values={"kind": self.kind},
            )
        return found

    @property
    def undo_seconds(self) -> int:
        """Return for how many seconds a reply by it can be taken back."""
        connector = load_connectors().get(self.kind)
        return undo_seconds(self.undo_s, connector.capabilities.undo_s if connector else 0)

    def opened(self, box: SecretBox, db: Database | None = None) -> Account:
        """Return the account as its connector gets it, with secrets in clear; with `db` it may renew them."""
        return Account(
            id=self.id,
            kind=self.kind,
            name=self.name,
            public_key=self.public_key,
            settings=self.settings,
            secrets=opened_secrets(box, self.secrets, self.renewed),
            signing_key=box.derive(f"account {self.id}"),
            keeper=None if db is None else AccountSecrets(db, box, self.id),
        )


_FIELDS = [account.c[name] for name in AccountRecord.__dataclass_fields__]


async def get_account(c: AsyncConnection, account_id: UUID) -> AccountRecord:
    """Return an account; raises `NotFound`."""
    query = select(*_FIELDS).where(account.c.id == account_id, account.c.removed_at.is_(None))
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such account.")
    return _record(row)


async def list_accounts(c: AsyncConnection, *, kind: str | None = None) -> list[AccountRecord]:
    """Return all accounts, or those of one channel, oldest first."""
    query = select(*_FIELDS).where(account.c.removed_at.is_(None))
    query = query.order_by(account.c.created_at, account.c.id)
    if kind is not None:
        query = query.where(account.c.kind == kind)
    return [_record(row) for row in (await c.execute(query)).mappings()]


async def own_addresses(c: AsyncConnection, box: SecretBox) -> frozenset[str]:
    """Return the addresses of all our accounts, in lower case, as their connectors know them."""
    connectors = load_connectors()
    return frozenset(
        address
        for record in await list_accounts(c)
        if (connector := connectors.get(record.kind))
        for address in connector.own_addresses(record.opened(box))
    )


async def accounts_of_endpoint(c: AsyncConnection, endpoint: str) -> list[AccountRecord]:
    """Return the enabled accounts that a webhook endpoint speaks for: one by its key, or all of a kind."""
    query = select(*_FIELDS).where(
        account.c.removed_at.is_(None),
        account.c.enabled,
        (account.c.public_key == endpoint) | (account.c.kind == endpoint),
    )
    return [_record(row) for row in (await c.execute(query)).mappings()]


async def account_by_public_key(c: AsyncConnection, public_key: str) -> AccountRecord:
    """Return the enabled account that a page names; raises `NotFound`."""
    found = [a for a in await accounts_of_endpoint(c, public_key) if a.public_key == public_key]
    if not found:
        raise NotFound("There is no such account.", todo="Check the key in the page's script tag.")
    return found[0]


async def create_account(
    c: AsyncConnection,
    box: SecretBox,
    *,
    kind: str,
    name: str,
    brand_id: UUID,
    values: Mapping[str, Any],
    enabled: bool = True,
    awaiting: Collection[str] = (),
) -> AccountRecord:
    """Add a line of a channel; raises `Invalid` naming the first setting that is wrong.

    `awaiting` are secrets that it needs and that are not here: until they are typed it is not in use.
    """
    connector = load_connectors().get(kind)
    if connector is None:
        raise Invalid(
            "There is no channel called {kind}.",
            field="kind",
            todo="Choose one of GET /api/v1/channels.",
            values={"kind": kind},
        )
    settings, secrets = split_settings(connector, values, {}, awaiting)
    awaited = _awaited(connector, awaiting, secrets)
    account_id = new_id()
    await c.execute(
        insert(account).values(
            id=account_id,
            kind=kind,
            name=name,
            brand_id=brand_id,
            public_key=new_token(12),
            settings=settings,
            secrets=box.seal(json.dumps(secrets).encode()) if secrets else None,
            secrets_set=sorted(secrets),
            secrets_awaited=awaited,
            enabled=enabled and not awaited,
            on_when_typed=enabled and bool(awaited),
        )
    )
    return await _changed(c, account_id)


async def change_account(
    c: AsyncConnection,
    box: SecretBox,
    account_id: UUID,
    *,
    name: str | None = None,
    enabled: bool | None = None,
    undo_s: int | None = None,
    values: Mapping[str, Any] | None = None,
    awaiting: Collection[str] | None = None,
    expected: int | None = None,
    actor: str = "system",
) -> AccountRecord:
    """Change an account; a secret that is not given stays, one given as null is removed.

    One that awaits secrets comes into use when the last of them is given, or when it is enabled without. With
    `awaiting` (secrets that it had elsewhere) it is not enabled while any of them is not here.
    Raises `NotFound`, `Invalid`, and `ChangedMeanwhile` when it has another version than the expected one.
    """
    await versions.check(c, account, account_id, expected, action="account.changed")
    before = await get_account(c, account_id)
    left, changes = _wished(before, enabled=enabled, awaiting=awaiting)
    if name is not None:
        changes["name"] = name
    if undo_s is not None:
        changes["undo_s"] = undo_s
    if values is not None:
        opened = before.opened(box)
        settings, secrets = split_settings(before.connector, values, opened.secrets, left)
        changes |= {
            "settings": settings,
            "secrets": box.seal(json.dumps(secrets).encode()) if secrets else None,
            "secrets_set": sorted(secrets),
            "renewed": None,
            "state": "new",
            "last_error": None,
            "last_sentences": [],
            "sending_error": None,
        }
        if left:
            changes["secrets_awaited"] = left = sorted(set(left) - set(secrets))
            if before.on_when_typed and not left:
                changes |= {"enabled": True, "on_when_typed": False}
        await free_lane(c, str(account_id))  # what waits to be sent through it is tried with the new ones
    if changes:
        changes["version"] = account.c.version + 1
        await c.execute(update(account).where(account.c.id == account_id).values(changes))
    return await _changed(c, account_id, actor)


async def remove_account(c: AsyncConnection, account_id: UUID) -> None:
    """Take an account out of use; what came through it stays."""
    record = await get_account(c, account_id)
    await c.execute(
        update(account)
        .where(account.c.id == record.id)
        .values(
            removed_at=now(), enabled=False, secrets=None, renewed=None, secrets_set=[], secrets_awaited=[]
        )
    )
    await live.append(
        c,
        "account.changed",
        audience="staff",
        data={"account": view(record) | {"enabled": False, "removed": True}},
    )


async def set_state(
    c: AsyncConnection, account_id: UUID, error: str | None, sentences: Sequence[Sentence] = ()
) -> None:
    """Note that an account works, or what is wrong with it; told to the desk when that changes."""
    row = (
        await c.execute(
            select(account.c.state, account.c.last_error).where(account.c.id == account_id).with_for_update()
        )
    ).first()
    if row is None:
        return
    state = "ok" if error is None else "failing"
    stamp = (
        {"last_ok_at": func.now()}
        if error is None
        else {
            "last_error": error,
            "last_sentences": [{"code": each.code, "values": dict(each.values)} for each in sentences],
            "last_error_at": func.now(),
        }
    )
    await c.execute(update(account).where(account.c.id == account_id).values(state=state, **stamp))
    if row.state != state or (error is not None and row.last_error != error):
        await _changed(c, account_id)


async def set_sending(c: AsyncConnection, account_id: UUID, error: str | None) -> None:
    """Note why nothing can be sent through an account, or that it can again; told when that changes."""
    query = update(account).where(
        account.c.id == account_id,
        account.c.sending_error.is_distinct_from(error),
        account.c.removed_at.is_(None),
    )
    stamp = {} if error is None else {"last_error_at": func.now()}
    if (await c.execute(query.values(sending_error=error, **stamp))).rowcount:
        await _changed(c, account_id)


async def _changed(c: AsyncConnection, account_id: UUID, actor: str = "system") -> AccountRecord:
    record = await get_account(c, account_id)
    await live.append(c, "account.changed", audience="staff", actor=actor, data={"account": view(record)})
    return record


def view(record: AccountRecord) -> dict[str, Any]:
    """Return an account as the API shows it: which secrets are set, never what they are."""
    connector = load_connectors().get(record.kind)
    shown = {
        name: getattr(record, name)
        for name in AccountRecord.__dataclass_fields__
        if name not in {"secrets", "renewed", "secrets_set", "sending_error", "on_when_typed"}
    }
    if record.sending_error is not None:  # it may still read well: to the desk it fails all the same
        shown |= {"state": "failing", "last_error": record.sending_error, "last_sentences": []}
    return shown | {
        "undo_s": record.undo_seconds,
        "secrets_set": sorted(record.secrets_set),
        "secrets_awaited": sorted(record.secrets_awaited),
        "capabilities": capabilities(connector) if connector else {},
    }


def capabilities(connector: Connector) -> dict[str, Any]:
    """Return what a channel can do, as JSON."""
    found = connector.capabilities
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def secret_names(connector: Connector) -> set[str]:
    """Return which settings of a channel are secrets."""
    properties: Mapping[str, Mapping[str, Any]] = connector.settings_schema.get("properties", {})
    return {name for name, schema in properties.items() if schema.get("writeOnly")}


def split_settings(
    connector: Connector, values: Mapping[str, Any], kept: Mapping[str, Any], awaited: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (settings, secrets) once they satisfy the channel's schema; raises `Invalid`.

    Secrets that are awaited need not be there yet.
    """
    names = secret_names(connector)
    secrets = {**kept, **{k: v for k, v in values.items() if k in names}}
    secrets = {k: v for k, v in secrets.items() if v not in {None, ""}}
    settings = {k: v for k, v in values.items() if k not in names and v is not None}
    needed = [one for one in connector.settings_schema.get("required", ()) if one not in awaited]
    checker = jsonschema.Draft202012Validator({**connector.settings_schema, "required": needed})
    errors: Sequence[Any] = sorted(checker.iter_errors({**settings, **secrets}), key=lambda e: list(e.path))
    if errors:
        first = errors[0]
        place = [*first.path, *_named(first)]
        field = ".".join(("settings", *(str(part) for part in place)))
        raise judged.of_setting(first).refusal(field)
    return settings, secrets


def _named(error: Any) -> list[str]:
    """Return the name of what the schema requires and is not there, or does not know and is."""
    if error.validator == "required":
        return [name for name in error.validator_value if name not in error.instance][:1]
    if error.validator == "additionalProperties":
        return [str(name)[:60] for name in error.instance if name not in error.schema.get("properties", {})][
            :1
        ]
    return []


def _wished(
    before: AccountRecord, *, enabled: bool | None, awaiting: Collection[str] | None
) -> tuple[list[str], dict[str, Any]]:
    """Return which secrets are awaited then, and what is to be written of that and of its being in use."""
    left = sorted(before.secrets_awaited)
    if awaiting is None:
        if enabled is None or enabled == before.enabled:
            return left, {}  # a form says it with all the rest; what waits for its secrets goes on waiting
        left = [] if enabled else left
    else:
        left = _awaited(before.connector, {*left, *awaiting}, before.secrets_set)
    changes: dict[str, Any] = {"secrets_awaited": left}
    if enabled is not None:
        changes |= {"enabled": enabled and not left, "on_when_typed": enabled and bool(left)}
    return left, changes


def _awaited(connector: Connector, names: Collection[str], known: Collection[str]) -> list[str]:
    """Return which of these secrets are still to be typed; raises `Invalid` for what is no secret of it."""
    for name in sorted(names):
        if name not in secret_names(connector):
            raise Invalid("This channel has no secret “{name}”.", field="secrets", values={"name": name})
    return sorted(set(names) - set(known))


def _record(row: RowMapping) -> AccountRecord:
    return AccountRecord(**{str(name): value for name, value in row.items()})


async def get_organisation(c: AsyncConnection) -> dict[str, Any] | None:
    """Return the organisation, None before the first set-up."""
    row = (await c.execute(select(organisation))).mappings().first()
    return dict(row) if row else None


async def set_up_organisation(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write the organisation for the first time, with a brand of the same name."""
    await c.execute(insert(organisation).values(id=1, set_up_at=func.now(), **values))
    await create_brand(c, name=values["name"], language=values["language"])
    found = await get_organisation(c)
    return found or {}


async def change_organisation(
    c: AsyncConnection, values: Mapping[str, Any], *, expected: int | None = None, actor: str = "system"
) -> dict[str, Any]:
    """Change the organisation, and tell of it; raises `NotFound` before the set-up, `ChangedMeanwhile`."""
    await versions.check(c, organisation, 1, expected, action="organisation.changed")
    if values.get("system_account_id") is not None:
        await get_account(c, values["system_account_id"])
    if values:
        await c.execute(update(organisation).values(**values, version=organisation.c.version + 1))
    found = await get_organisation(c)
    if found is None:
        raise NotFound("The organisation is not set up yet.")
    if values:
        told = OrganisationView(**found).model_dump(mode="json")
        await live.append(
            c, "organisation.changed", audience="staff", actor=actor, data={"organisation": told}
        )
    return found


async def list_brands(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all brands, oldest first."""
    return [
        dict(row)
        for row in (await c.execute(select(brand).order_by(brand.c.created_at, brand.c.id))).mappings()
    ]


async def create_brand(c: AsyncConnection, **values: Any) -> dict[str, Any]:
    """Add a face to customers."""
    row = (await c.execute(insert(brand).values(id=new_id(), **values).returning(brand))).mappings().one()
    return dict(row)


async def change_brand(
    c: AsyncConnection, brand_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a brand; raises `NotFound`, and `ChangedMeanwhile`."""
    await versions.check(c, brand, brand_id, expected, action="brand.changed")
    written = {**values, "version": brand.c.version + (1 if values else 0)}
    query = update(brand).where(brand.c.id == brand_id).values(written).returning(brand)
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such brand.")
    return dict(row)
