"""Outgoing webhooks: endpoints, their deliveries, replay."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import Read, Services, Shared, Tx
from trato.kit.errors import NotAllowed
from trato.kit.paging import PAGE, Cursor, Limit, decode, number, page
from trato.live import catalogue
from trato.webhooks import queries, schemas, service

# Whether private networks may be called; its place in `Services.extras`.
ALLOW_PRIVATE: Final = "webhooks_allow_private"

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
Reader = Annotated[Caller, require("administrator", "webhooks:read")]
Writer = Annotated[Caller, require("administrator", "webhooks:write")]


def _allow_private(shared: Services) -> bool:
    return bool(shared.extras.get(ALLOW_PRIVATE, False))


@router.get("", response_model=schemas.WebhookList)
async def every(caller: Reader, read: Read) -> dict[str, Any]:
    """List all endpoints."""
    del caller
    return {"items": await queries.endpoints(read)}


@router.post("", status_code=201, response_model=schemas.MadeWebhook)
async def make(body: schemas.NewWebhook, caller: Writer, shared: Shared, tx: Tx) -> dict[str, Any]:
    """Make an endpoint; it gets what happens from now on. The secret is shown this once.

    Deliveries follow the Standard Webhooks specification: a POST of `{type, timestamp, data}` with
    `webhook-id`, `webhook-timestamp` and `webhook-signature`. Any 2xx within 15 s accepts it. The same id
    may come again; events may come late, so compare the entities' `version`. An API key can name only
    types of events whose entities it may read.
    """
    _check_scopes(caller, body.event_types)
    webhook, secret = await service.make(
        tx, shared.secrets, **body.model_dump(), allow_private=_allow_private(shared)
    )
    await _noted(tx, caller, "webhook.made", webhook["id"], {"url": webhook["url"]})
    return {"webhook": webhook, "secret": secret}


@router.patch("/{webhook_id}", response_model=schemas.Webhook)
async def change(
    webhook_id: UUID, body: schemas.WebhookChange, caller: Writer, shared: Shared, tx: Tx
) -> dict[str, Any]:
    """Change an endpoint, pause it, or resume it; resumed, it gets what it missed."""
    changed = body.model_dump(exclude_unset=True)
    webhook = await service.change(tx, webhook_id, **changed, allow_private=_allow_private(shared))
    _check_scopes(caller, webhook["event_types"])
    await _noted(tx, caller, "webhook.changed", webhook_id, changed)
    return webhook


@router.delete("/{webhook_id}", status_code=204)
async def remove(webhook_id: UUID, caller: Writer, tx: Tx) -> None:
    """Remove an endpoint for good."""
    await service.remove(tx, webhook_id)
    await _noted(tx, caller, "webhook.removed", webhook_id, {})


@router.get("/{webhook_id}/deliveries", response_model=schemas.DeliveryList)
async def deliveries(
    webhook_id: UUID,
    caller: Reader,
    read: Read,
    state: Literal["waiting", "delivered", "failed"] | None = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> dict[str, Any]:
    """List what was sent to an endpoint and what came of it, the newest event first; kept for 30 days."""
    del caller
    (before,) = decode(cursor, number)
    rows = await queries.deliveries(read, webhook_id, state=state, before=before, limit=limit + 1)
    return page(rows, limit, lambda row: (row["position"],))


@router.post("/{webhook_id}/replay", status_code=202, response_model=schemas.Webhook)
async def replay(webhook_id: UUID, body: schemas.Replay, caller: Writer, tx: Tx) -> dict[str, Any]:
    """Send every event from a position on, or one delivery, again: each under the id that it had before."""
    if body.from_position is not None:
        webhook = await service.replay_from(tx, webhook_id, body.from_position)
    elif body.delivery_id is not None:
        webhook = await service.replay_one(tx, webhook_id, body.delivery_id)
    await _noted(tx, caller, "webhook.replayed", webhook_id, body.model_dump(mode="json", exclude_none=True))
    return webhook


def _check_scopes(caller: Caller, event_types: Sequence[str]) -> None:
    """Refuse a key that would have more sent to it than it may read."""
    seen = catalogue.seen_with(caller.scopes)
    if caller.key_id is not None and not seen.issuperset(event_types or catalogue.KEPT):
        raise NotAllowed(
            "This API key may not read what such a webhook is told of.",
            todo="Choose types of events that the key's scopes cover, or use a key with more scopes.",
        )


async def _noted(tx: Tx, caller: Caller, action: str, webhook_id: UUID, data: dict[str, Any]) -> None:
    await audit.record(tx, caller.actor, action, f"webhook:{webhook_id}", data, caller.ip)
