"""Keeping what a shop's page tells: the place beside a conversation, and each order once."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.decide.helped import Kind, credited
from trato.decide.page_address import bare
from trato.kit.errors import NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean_tree, one_line
from trato.live import service as live
from trato.storefront.tables import page_context, shop_order

DAYS: Final = "order_days"  # in `Services.extras`: for how long help counts
USUAL_DAYS: Final = 7
NUMBER: Final = 64
KEEP_PLACES: Final = timedelta(days=90)
KEEP_ORDERS: Final = timedelta(days=400)  # a year can be compared with the one before

_KEY: Final = "order number"
_PLACE: Final = text("SELECT contact_id, id AS conversation_id, case_id FROM conversation WHERE id = :id")
# Help of a person: somebody answered, or wrote or called as they had asked.
_HELPED: Final = text("""
    SELECT 'chat' AS kind, m.conversation_id, max(m.created_at) AS at
    FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE v.account_id = :account_id AND v.conversation_key = ANY(:keys) AND m.created_at >= :since
      AND m.direction = 'out' AND m.author_kind = 'agent' AND m.status IN ('sent', 'delivered', 'read')
    GROUP BY m.conversation_id
    UNION ALL
    SELECT 'callback', b.conversation_id, max(b.done_at)
    FROM callback b JOIN conversation v ON v.id = b.conversation_id
    WHERE v.account_id = :account_id AND v.conversation_key = ANY(:keys) AND b.done_at >= :since
      AND b.state = 'done' AND b.how <> 'here'
    GROUP BY b.conversation_id
    ORDER BY at DESC
""")
_OPENED: Final = text("""
    INSERT INTO answer_opened (account_id, day, visitors) VALUES (:account_id, :day, 1)
    ON CONFLICT (account_id, day) DO UPDATE SET visitors = answer_opened.visitors + 1
""")
_CONTEXT: Final = text("SELECT told, page, at FROM page_context WHERE conversation_id = :id")
_ORDERS: Final = text("""
    SELECT number, total, currency, at FROM shop_order WHERE conversation_id = :id ORDER BY at, id LIMIT 20
""")
_TOTALS: Final = text("""
    SELECT count(*) AS orders, count(*) FILTER (WHERE helped <> '{}') AS helped,
           count(*) FILTER (WHERE 'search' = ANY(helped)) AS search,
           count(*) FILTER (WHERE 'chat' = ANY(helped)) AS chat,
           count(*) FILTER (WHERE 'callback' = ANY(helped)) AS callback
    FROM shop_order WHERE at >= :since
""")
_AMOUNTS: Final = text("""
    SELECT currency, count(*) AS orders, sum(total) AS total FROM shop_order
    WHERE at >= :since AND helped <> '{}' GROUP BY currency ORDER BY orders DESC, currency
""")
# Of the accounts whose sites tell orders: where none is told, nobody can be seen to order.
_PEOPLE: Final = text("""
    WITH telling AS (SELECT DISTINCT account_id FROM shop_order)
    SELECT (SELECT coalesce(sum(visitors), 0) FROM answer_opened
            WHERE day >= CAST(:since AS timestamptz)::date
              AND account_id IN (SELECT account_id FROM telling)) AS search,
           (SELECT count(DISTINCT v.contact_id) FROM message m JOIN conversation v ON v.id = m.conversation_id
            WHERE v.last_message_at >= :since AND m.created_at >= :since
              AND m.direction = 'out' AND m.author_kind = 'agent'
              AND m.status IN ('sent', 'delivered', 'read')
              AND v.account_id IN (SELECT account_id FROM telling)) AS chat,
           (SELECT count(DISTINCT v.contact_id)
            FROM callback b JOIN conversation v ON v.id = b.conversation_id
            WHERE b.done_at >= :since AND b.state = 'done' AND b.how <> 'here'
              AND v.account_id IN (SELECT account_id FROM telling)) AS callback
""")

_SWEEP: Final = (
    (text("DELETE FROM page_context WHERE at < :before"), KEEP_PLACES),
    (text("DELETE FROM shop_order WHERE at < :before"), KEEP_ORDERS),
    (
        text("DELETE FROM answer_opened WHERE day < CAST(CAST(:before AS timestamptz) AS date)"),
        KEEP_ORDERS,
    ),
)


def order_days(services: Services) -> int:
    """Return for how many days after it help counts for an order."""
    return int(services.extras.get(DAYS, USUAL_DAYS))


async def place(
    c: AsyncConnection, conversation_id: UUID, told: Mapping[str, Any], page: str, at: datetime, *, actor: str
) -> bool:
    """Keep where the visitor of a conversation is; the latest counts. False when it says nothing new."""
    values = {"told": clean_tree(dict(told)), "page": bare(page)}
    before = (await c.execute(_CONTEXT, {"id": conversation_id})).mappings().first()
    if before is not None and all(before[name] == value for name, value in values.items()):
        return False
    query = insert(page_context).values(conversation_id=conversation_id, at=at, **values)
    await c.execute(
        query.on_conflict_do_update(index_elements=["conversation_id"], set_={"at": at, **values})
    )
    await _tell(c, conversation_id, actor)
    return True


async def opened(c: AsyncConnection, account_id: UUID, at: datetime) -> None:
    """Count that one more visitor opened an answer of the search."""
    await c.execute(_OPENED, {"account_id": account_id, "day": at.date()})


async def take_order(
    services: Services,
    c: AsyncConnection,
    account_id: UUID,
    *,
    number: str,
    total: Decimal,
    currency: str,
    keys: list[str],
    searched_at: datetime | None,
    at: datetime,
) -> bool:
    """Keep an order once, with the help that came before it; False for one that is known.

    `keys` are the names of the visitor's conversations, none of who never wrote. Where no person helped,
    nothing says whose the order is, nor its number.
    """
    window = timedelta(days=order_days(services))
    values = {"account_id": account_id, "keys": keys, "since": at - window}
    rows = (await c.execute(_HELPED, values)).mappings().all() if keys else []
    latest: dict[Kind, datetime | None] = {"search": searched_at}
    for row in reversed(rows):
        latest[row["kind"]] = row["at"]
    conversation_id = rows[0]["conversation_id"] if rows else None
    known = one_line(number, NUMBER)
    query = insert(shop_order).values(
        id=new_id(),
        account_id=account_id,
        key=_key(services, account_id, known),
        number=known if conversation_id else "",
        total=total,
        currency=currency,
        helped=list(credited(at, latest, window)),
        conversation_id=conversation_id,
        at=at,
    )
    fresh = await c.scalar(query.on_conflict_do_nothing().returning(shop_order.c.id))
    if fresh is not None and conversation_id is not None:
        await _tell(c, conversation_id, "system")
    return fresh is not None


def _key(services: Services, account_id: UUID, number: str) -> bytes:
    return hmac.new(services.secrets.derive(_KEY), f"{account_id} {number}".encode(), hashlib.sha256).digest()


async def of_conversation(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return what the shop's page told beside a conversation; raises `NotFound`."""
    if (await c.execute(_PLACE, {"id": conversation_id})).first() is None:
        raise NotFound("There is no such conversation.")
    found = (await c.execute(_CONTEXT, {"id": conversation_id})).mappings().first()
    orders = (await c.execute(_ORDERS, {"id": conversation_id})).mappings()
    return {
        "conversation_id": conversation_id,
        "context": found["told"] if found else None,
        "page": found["page"] if found else "",
        "at": found["at"] if found else None,
        "orders": [dict(row) for row in orders],
    }


async def report(services: Services, c: AsyncConnection, days: int, now: datetime) -> dict[str, Any]:
    """Return the orders of the last `days` days, and with what help they came."""
    since = now - timedelta(days=days)
    totals = dict((await c.execute(_TOTALS, {"since": since})).mappings().one())
    people = (await c.execute(_PEOPLE, {"since": since})).mappings().one()
    amounts = (await c.execute(_AMOUNTS, {"since": since})).mappings()
    return {
        "since": since.date(),
        "until": now.date(),
        "window_days": order_days(services),
        "orders": totals["orders"],
        "helped": totals["helped"],
        "amounts": [dict(row) for row in amounts],
        "kinds": [
            {"kind": kind, "people": people[kind], "orders": totals[kind]}
            for kind in ("search", "chat", "callback")
        ],
    }


async def sweep(c: AsyncConnection, now: datetime) -> None:
    """Forget places and orders of long ago."""
    for query, keep in _SWEEP:
        await c.execute(query, {"before": now - keep})


async def _tell(c: AsyncConnection, conversation_id: UUID, actor: str) -> None:
    where = (await c.execute(_PLACE, {"id": conversation_id})).mappings().one()
    data = {"conversation_id": str(conversation_id)}
    await live.append(c, "page_context.changed", audience="staff", actor=actor, **where, data=data)
