"""The orders of the fictitious shop, as a card beside its conversations."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.cards import sources
from trato.db.edge import Services, Shared
from trato.demo import shop
from trato.kit.clock import now
from trato.kit.errors import NotAllowed, NotFound
from trato.webhooks import signing

KEY: Final = "orders"
PATH: Final = "/hooks/demo/orders"
_SOURCE: Final = {
    "key": KEY,
    "names": {"es": "Pedidos", "en": "Orders", "pt": "Pedidos"},
    "sends": ["emails", "customer_numbers", "facts"],
    "facts": ["pedido"],
}
_PEDRO: Final = shop.CUSTOMER["email"]
_ORDERS: Final[Mapping[str, Mapping[str, Any]]] = {
    _PEDRO: {
        "title": {"es": "Pedido 88120", "en": "Order 88120", "pt": "Pedido 88120"},
        "rows": [
            {
                "label": {"es": "Estado", "en": "Status", "pt": "Situação"},
                "value": {
                    "type": "status",
                    "text": {"es": "En el taller", "en": "In the workshop", "pt": "Na oficina"},
                    "tone": "wait",
                },
            },
            {
                "label": {"es": "Total", "en": "Total", "pt": "Total"},
                "value": {"type": "money", "amount": "849990.00", "currency": "ARS"},
            },
            {
                "label": {"es": "Garantía hasta", "en": "Warranty until", "pt": "Garantia até"},
                "value": {"type": "date", "at": "2027-08-14"},
            },
        ],
        "items_title": {"es": "Artículos", "en": "Items", "pt": "Itens"},
        "items": [
            {
                "title": {
                    "es": "Heladera con freezer FX-200",
                    "en": "Fridge-freezer FX-200",
                    "pt": "Geladeira com freezer FX-200",
                },
                "values": [{"type": "text", "text": {"es": "1 unidad", "en": "1 piece", "pt": "1 unidade"}}],
            }
        ],
        "actions": [
            {
                "type": "callback",
                "key": "invoice",
                "label": {
                    "es": "Reenviar la factura",
                    "en": "Send the invoice again",
                    "pt": "Reenviar a fatura",
                },
                "confirm": {
                    "es": "La tienda le enviará otra vez la factura por correo.",
                    "en": "The shop will mail them the invoice again.",
                    "pt": "A loja enviará de novo a fatura por e-mail.",
                },
            }
        ],
    }
}
_SENT: Final = {"es": "Factura enviada.", "en": "The invoice is on its way.", "pt": "Fatura enviada."}

router = APIRouter(include_in_schema=False, dependencies=[public(own_pages=True)])


async def register(c: AsyncConnection, services: Services) -> None:
    """Register the shop's orders as a source of cards."""
    await sources.make(c, services.secrets, {**_SOURCE, "url": services.public.url + PATH})


async def stay_reachable(c: AsyncConnection, services: Services) -> None:
    """Have the source asked where this installation is now: its port may be another by now."""
    for source in await sources.every(c):
        if (
            source["key"] == KEY
            and source["url"].endswith(PATH)
            and source["url"] != services.public.url + PATH
        ):
            await sources.change(c, KEY, {"url": services.public.url + PATH})


@router.post(PATH)
async def answer(request: Request, shared: Shared) -> Response:
    """Say what the shop knows of a customer, to whoever signs with the source's secret; only in the demo."""
    payload, message_id = await request.body(), request.headers.get("webhook-id", "")
    async with shared.db.connect() as c:
        source = await sources.get(c, KEY)
        secret = await sources.secret_of(c, shared.secrets, source["id"])
    if not source["url"].endswith(PATH):
        raise NotFound("There is no such source of cards.")
    if not signing.is_signed(secret, message_id, request.headers, payload, now()):
        raise NotAllowed("The signature is not right.")
    asked = json.loads(payload)
    card = next((_ORDERS[one] for one in asked["data"]["contact"].get("emails", ()) if one in _ORDERS), None)
    said = card if asked["type"] == "card.asked" else {"said": _SENT, "card": card}
    body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
    headers = signing.headers(secret, UUID(message_id.removeprefix("msg_")), now(), body)
    return Response(body, 200 if body else 204, headers)
