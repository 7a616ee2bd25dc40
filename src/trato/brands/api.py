"""Organisation, brands, channels and accounts over HTTP."""

import json
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access import service as access
from trato.access.edge import Caller, public, require
from trato.brands import schemas, service
from trato.channels import load_connectors, resource
from trato.db.edge import Read, Shared, Tx
from trato.live.versions import Expected

router = APIRouter(tags=["organisation"])

OrganisationReader = Annotated[Caller, require("agent", "organisation:read")]
OrganisationWriter = Annotated[Caller, require("administrator", "organisation:write")]
ChannelReader = Annotated[Caller, require("agent", "channels:read")]
ChannelWriter = Annotated[Caller, require("administrator", "channels:write")]


@router.get("/organisation", response_model=schemas.OrganisationView)
async def get_organisation(_: OrganisationReader, c: Read) -> Any:
    """Return the organisation."""
    return await service.change_organisation(c, {})


@router.patch("/organisation", response_model=schemas.OrganisationView)
async def change_organisation(
    caller: OrganisationWriter, c: Tx, body: schemas.OrganisationChange, expected: Expected
) -> Any:
    """Change the organisation; what is left out stays."""
    changes = body.model_dump(exclude_unset=True)
    found = await service.change_organisation(c, changes, expected=expected, actor=caller.actor)
    await audit.record(c, caller.actor, "organisation.changed", data={"fields": sorted(changes)})
    return found


@router.post(
    "/set-up", response_model=schemas.OrganisationView, status_code=201, dependencies=[public(own_pages=True)]
)
async def set_up(c: Tx, body: schemas.SetUpBody) -> Any:
    """Make the organisation and its first administrator, once, with the link printed at the start."""
    who = body.administrator
    await access.create_first_administrator(
        c, body.token, who.name, who.email, who.password, body.organisation.language
    )
    return await service.set_up_organisation(c, body.organisation.model_dump())


@router.get("/brands", response_model=schemas.BrandPage)
async def list_brands(_: OrganisationReader, c: Read) -> Any:
    """Return all brands."""
    return {"items": await service.list_brands(c)}


@router.post("/brands", response_model=schemas.BrandView, status_code=201)
async def create_brand(caller: OrganisationWriter, c: Tx, body: schemas.BrandBody) -> Any:
    """Add a brand."""
    found = await service.create_brand(c, **body.model_dump())
    await audit.record(c, caller.actor, "brand.created", target=str(found["id"]))
    return found


@router.patch("/brands/{brand_id}", response_model=schemas.BrandView)
async def change_brand(
    caller: OrganisationWriter, c: Tx, brand_id: UUID, body: schemas.BrandChange, expected: Expected
) -> Any:
    """Change a brand; what is left out stays."""
    found = await service.change_brand(c, brand_id, body.model_dump(exclude_unset=True), expected=expected)
    await audit.record(c, caller.actor, "brand.changed", target=str(brand_id))
    return found


@router.get("/channels", response_model=schemas.ChannelPage)
async def list_channels(_: ChannelReader) -> Any:
    """Return every kind of channel that is installed."""
    channels = [
        {
            "kind": connector.kind,
            "strings": json.loads(resource(connector, "strings.json") or "{}"),
            "icon": resource(connector, "icon.svg") or "",
            "settings_schema": connector.settings_schema,
            "capabilities": service.capabilities(connector),
        }
        for connector in load_connectors().values()
    ]
    return {"items": channels}


@router.get("/accounts", response_model=schemas.AccountPage)
async def list_accounts(_: ChannelReader, c: Read) -> Any:
    """Return all accounts, without their secrets."""
    return {"items": [service.view(record) for record in await service.list_accounts(c)]}


@router.post("/accounts", response_model=schemas.AccountView, status_code=201)
async def create_account(caller: ChannelWriter, c: Tx, shared: Shared, body: schemas.AccountBody) -> Any:
    """Add an account of a channel."""
    record = await service.create_account(
        c, shared.secrets, kind=body.kind, name=body.name, brand_id=body.brand_id, values=body.settings
    )
    await audit.record(c, caller.actor, "account.created", target=str(record.id))
    return service.view(record)


@router.patch("/accounts/{account_id}", response_model=schemas.AccountView)
async def change_account(
    caller: ChannelWriter,
    c: Tx,
    shared: Shared,
    account_id: UUID,
    body: schemas.AccountChange,
    expected: Expected,
) -> Any:
    """Change an account; what is left out stays."""
    record = await service.change_account(
        c,
        shared.secrets,
        account_id,
        name=body.name,
        enabled=body.enabled,
        undo_s=body.undo_s,
        values=body.settings,
        expected=expected,
        actor=caller.actor,
    )
    await audit.record(c, caller.actor, "account.changed", target=str(account_id))
    return service.view(record)


@router.delete("/accounts/{account_id}", status_code=204)
async def remove_account(caller: ChannelWriter, c: Tx, account_id: UUID) -> None:
    """Take an account out of use; what came through it stays."""
    await service.remove_account(c, account_id)
    await audit.record(c, caller.actor, "account.removed", target=str(account_id))


@router.post("/accounts/{account_id}/check", response_model=schemas.ChecksView)
async def check_account(_: ChannelWriter, shared: Shared, account_id: UUID) -> Any:
    """Try an account's settings against its real server."""
    async with shared.db.connect() as c:
        record = await service.get_account(c, account_id)
    checks = await record.connector.check(record.opened(shared.secrets, shared.db))
    return {"checks": [asdict(check) for check in checks]}
