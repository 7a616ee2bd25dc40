"""People: what we know of them, their preference, and blocking."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts import facts
from trato.contacts.tables import address, contact
from trato.kit import paging
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean, fold, one_line
from trato.live import service as live

PREFERENCE = ("prefers", "preferred_channel", "tone")
CHANGEABLE = (*PREFERENCE, "name", "language", "time_zone")

_VIEW = text("SELECT contact_view(c) FROM contact c WHERE id = :id")


async def get_contact(c: AsyncConnection, contact_id: UUID) -> dict[str, Any]:
    """Return a contact as the API shows it; raises `NotFound`."""
    found = (await c.execute(_VIEW, {"id": contact_id})).scalar()
    if found is None:
        raise NotFound("There is no such contact.")
    view: dict[str, Any] = found
    return view


async def create_contact(
    c: AsyncConnection, *, name: str, kind: str, value: str, actor: str, language: str | None = None
) -> dict[str, Any]:
    """Return the contact who owns an address, a new one when nobody does."""
    value = clean(value, 320).strip()
    if not value:
        raise Invalid("An address is needed.", field="value")
    contact_id = await c.scalar(
        text("SELECT resolve_address(:kind, :value, :key, :name, :language, :new, :address)"),
        {
            "kind": kind,
            "value": value,
            "key": fold(value),
            "name": one_line(name, 120),
            "language": language,
            "new": new_id(),
            "address": new_id(),
        },
    )
    return await tell(c, contact_id, actor)


async def change_contact(
    c: AsyncConnection,
    contact_id: UUID,
    changes: Mapping[str, Any],
    *,
    actor: str,
    source: str,
    where: str = "desk",
) -> dict[str, Any]:
    """Change what we know; `source` says who told it (contact, agent, learned, site), `where` on what.

    What was learned never overrides what the contact said. Of what the contact may have said, a fact keeps
    who, when and where.
    """
    query = select(contact.c.preference_source).where(contact.c.id == contact_id)
    said = await c.scalar(query.with_for_update(key_share=True))
    values = {name: changes[name] for name in CHANGEABLE if name in changes}
    if "name" in values:
        values["name"] = one_line(values["name"] or "", 120)
    if "prefers" in values:
        values["prefers"] = values["prefers"] or "unknown"
    if any(name in values for name in PREFERENCE):
        values["preference_source"] = source
        if source == "learned" and said == "contact":
            values = {k: v for k, v in values.items() if k not in {*PREFERENCE, "preference_source"}}
    if values:
        for name in (*PREFERENCE, facts.LANGUAGE):
            if name in values:
                await facts.replace(c, contact_id, _told(name, values[name], actor, source, where))
        await c.execute(
            update(contact).where(contact.c.id == contact_id).values(**values, version=contact.c.version + 1)
        )
    return await tell(c, contact_id, actor)


def _told(name: str, value: str | None, actor: str, source: str, where: str) -> facts.Told:
    certainty = facts.LIKELY if source == "learned" else facts.CERTAIN
    known = "" if value in {None, "unknown"} else str(value)
    return facts.Told(name, known, said_by=source, source=where, noted_by=actor, certainty=certainty)


async def verify_address(
    c: AsyncConnection, contact_id: UUID, kind: str, value: str, *, by: str
) -> dict[str, Any]:
    """Note that a contact has proven to own an address, added when it is new.

    Raises `Conflict` when another contact owns it: two people may be one, which a merge decides.
    """
    owner = await c.scalar(
        select(address.c.contact_id).where(address.c.kind == kind, address.c.key == fold(value))
    )
    if owner is not None and owner != contact_id:
        raise Conflict(
            "This address belongs to another contact.", todo="Merge the two if they are one person."
        )
    proof = {"verified_at": func.now(), "verified_by": by}
    if owner is None:
        values = {"id": new_id(), "contact_id": contact_id, "kind": kind, "value": value, "key": fold(value)}
        await c.execute(insert(address).values(**values, **proof))
        proven = True
    else:
        known = (address.c.kind == kind, address.c.key == fold(value), address.c.verified_at.is_(None))
        proven = (await c.execute(update(address).where(*known).values(**proof))).rowcount > 0
    if proven:
        await c.execute(
            update(contact).where(contact.c.id == contact_id).values(version=contact.c.version + 1)
        )
    return await tell(c, contact_id, by)


async def owner_of(c: AsyncConnection, kind: str, value: str) -> UUID | None:
    """Return who owns an address."""
    found: UUID | None = await c.scalar(
        select(address.c.contact_id).where(address.c.kind == kind, address.c.key == fold(value))
    )
    return found


async def set_blocked(c: AsyncConnection, contact_id: UUID, *, blocked: bool, actor: str) -> dict[str, Any]:
    """Block a sender, or undo it: what they write is kept among spam, and nobody is disturbed."""
    await c.execute(
        update(contact)
        .where(contact.c.id == contact_id)
        .values(blocked_at=now() if blocked else None, version=contact.c.version + 1)
    )
    return await tell(c, contact_id, actor)


async def search(
    c: AsyncConnection, query: str, *, cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """Return a page of contacts whose name or address holds the words, in upper or lower case."""
    (before,) = paging.decode(cursor, paging.row_id)
    pattern = "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = await c.execute(
        text("""
            SELECT contact_view(c) FROM contact c
            WHERE merged_into IS NULL AND (CAST(:before AS uuid) IS NULL OR c.id < :before) AND id IN (
                SELECT id FROM contact WHERE name ILIKE :pattern
                UNION ALL SELECT contact_id FROM address WHERE value ILIKE :pattern)
            ORDER BY c.id DESC LIMIT :limit
        """),
        {"pattern": pattern, "before": before, "limit": limit + 1},
    )
    return paging.page(list(rows.scalars()), limit, lambda view: (view["id"],))


async def tell(c: AsyncConnection, contact_id: UUID, actor: str) -> dict[str, Any]:
    """Append that a contact changed; return it as the API shows it."""
    view = await get_contact(c, contact_id)
    await live.append(
        c, "contact.changed", audience="staff", actor=actor, contact_id=contact_id, data={"contact": view}
    )
    return view
