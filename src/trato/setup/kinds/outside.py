"""Who outside is told: webhooks."""

from collections.abc import Sequence

from trato.setup.forms import Plain
from trato.setup.kind import Act, Kind, MadeSecret, Row, by, without_nothing
from trato.webhooks import api, queries, schemas


async def _webhooks(act: Act) -> Sequence[Row]:
    """Return the endpoints; one that we gave up on is still meant to be told."""
    found = await queries.endpoints(act.c)
    return [{**one, "state": "paused" if one["state"] == "paused" else "active"} for one in found]


async def _make(act: Act, body: schemas.NewWebhook) -> Row:
    found = await api.make(body, act.caller, act.shared, act.c)
    webhook: Row = found["webhook"]
    act.made_secrets.append(MadeSecret("webhooks", webhook["url"], found["secret"]))
    return webhook


async def _change(act: Act, row: Row, body: schemas.WebhookChange) -> None:
    await api.change(row["id"], body, act.caller, act.shared, act.c)


async def _remove(act: Act, row: Row) -> None:
    await api.remove(row["id"], act.caller, act.c)


WEBHOOKS = Kind(
    "webhooks",
    frozenset({"webhook_endpoint"}),
    every=_webhooks,
    body=schemas.NewWebhook,
    change=schemas.WebhookChange,
    create=_make,
    update=_change,
    remove=_remove,
    forms={"event_types": Plain("event_types", order=str)},
    name=by("url"),
    settled=without_nothing,
)
