"""Webhooks of channels: durable first, acknowledged then."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from trato.access import problems, throttle
from trato.access.edge import public
from trato.brands import service as brands
from trato.channel_sdk import Account, Connector, Hook, HookReply
from trato.channels import load_connectors
from trato.db.edge import Services, Shared
from trato.flow import strays
from trato.flow.arrivals import take_in
from trato.kit import bounded
from trato.kit.errors import NotFound, TooLarge, Unavailable

log = structlog.get_logger()
hooks = APIRouter(include_in_schema=False)

MAX_BODY = 5_000_000
REFUSED: Final = 400  # from this status on


@hooks.api_route("/hooks/{endpoint}", methods=["GET", "POST"], dependencies=[public()])
async def hook(request: Request, shared: Shared, endpoint: str) -> Response:
    """Take what a provider sends. The answer leaves when every event of it is durable.

    `endpoint` is an account's public key or a channel's kind. What nobody can place is kept and shown.
    """
    body = await _body(request)
    kind, accounts = await accounts_of(shared, endpoint)
    if kind is None:
        raise NotFound("Nothing listens here.", todo="Check the address that the provider calls.")
    hook = Hook(
        endpoint=endpoint,
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=body,
    )
    network = throttle.network(request.client.host if request.client else None)
    connector = load_connectors().get(kind)
    if connector is None:  # it was there when the account was made
        await strays.keep(shared, hook, f"{kind} is not installed", network=network, vouched=False)
        raise Unavailable("This channel is not installed here.", todo="Install its connector first.")
    reply, read = read_hook(connector, hook, [record.opened(shared.secrets) for record in accounts.values()])
    await take_events(shared, accounts, reply)
    refused = reply.status >= REFUSED
    if reply.strays and not refused:  # a refused sender leaves nothing behind
        vouched = read and bool(accounts)  # without an account there is no secret to know a sender by
        await strays.keep(shared, hook, "; ".join(reply.strays), network=network, vouched=vouched)
    if refused and not reply.body:
        return _refusal(reply, problems.language_of(request))
    return Response(reply.body, status_code=reply.status, media_type=reply.content_type)


def _refusal(reply: HookReply, language: str) -> Response:
    """Say why in a form that a person and a program understand, where the connector says only the status."""
    if reply.status == HTTPStatus.NOT_FOUND:
        return problems.of_error(
            NotFound("Nothing listens here.", todo="Check the address that the provider calls."), language
        )
    title = problems.TITLES.get(reply.status, HTTPStatus(reply.status).phrase)
    return problems.problem(reply.status, kind="hook-refused", detail=f"{title}.", language=language)


def read_hook(connector: Connector, hook: Hook, accounts: Sequence[Account]) -> tuple[HookReply, bool]:
    """Let the connector read it; what it stumbles over is kept and shown, and stops nothing behind it.

    Also returns whether it came through.
    """
    try:
        return connector.parse(hook, accounts), True
    except Exception as error:
        log.exception("hook.not_read", channel=connector.kind)
        return HookReply(strays=(f"it could not be read: {type(error).__name__}",)), False


async def _body(request: Request) -> bytes:
    body = await bounded.whole(request.stream(), MAX_BODY)
    if body is None:
        raise TooLarge(
            "The request is too large.", todo="Send at most {bytes} bytes.", values={"bytes": MAX_BODY}
        )
    return body


async def accounts_of(shared: Services, endpoint: str) -> tuple[str | None, dict[UUID, brands.AccountRecord]]:
    """Return the channel that an endpoint speaks for, None for nobody, and its enabled accounts."""
    async with shared.db.connect() as c:
        found = await brands.accounts_of_endpoint(c, endpoint)
    kinds = {record.kind for record in found}
    if len(kinds) == 1:
        return kinds.pop(), {record.id: record for record in found}
    return (endpoint if endpoint in load_connectors() else None), {}


async def take_events(shared: Services, accounts: dict[UUID, brands.AccountRecord], reply: HookReply) -> int:
    """Take in the events of a request; return how many. Each is durable when this returns."""
    taken = 0
    for account_id, events in reply.events.items():
        if account_id in accounts:
            for event in events:
                await take_in(shared, accounts[account_id], event)
                taken += 1
    return taken
