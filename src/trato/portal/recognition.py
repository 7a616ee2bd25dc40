"""From a proven identity to the person: their visitor, their contact, and what was said before the proof."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands.service import AccountRecord
from trato.contacts import facts, merges
from trato.contacts import service as contacts
from trato.kit.ids import new_id
from trato.kit.text import fold
from trato.portal import queries, sessions
from trato.portal.identity import Identity
from trato.portal.sessions import PROVEN_FOR, Opened
from trato.portal.tables import visitor

EVIDENCE = "signed_identity"
_BY = "identity"


async def recognise(
    c: AsyncConnection, record: AccountRecord, opened: Opened, identity: Identity, now: datetime
) -> Opened:
    """Return the session of the proven person; the signature was checked before.

    What an anonymous visitor said before the proof becomes theirs; their session ends, since whoever gave
    them its token may know it still. A session that was proven to be somebody else's stays so: this person
    gets another.
    """
    await c.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"visitor {record.id} {identity.user_id}"},
    )
    guest = opened.guest
    known = await _known(c, record.id, identity.user_id)
    # of proofs that come at once with one session, the first has what was said in it
    anonymous = guest.external_id is None and await sessions.end(c, opened.token)
    if anonymous and known is None:
        known = guest.visitor_id
        await c.execute(update(visitor).where(visitor.c.id == known).values(external_id=identity.user_id))
    elif known is None:
        known = new_id()
        await c.execute(
            insert(visitor).values(
                id=known, account_id=record.id, external_id=identity.user_id, language=guest.language
            )
        )
    elif anonymous:
        await c.execute(update(visitor).where(visitor.c.id == guest.visitor_id).values(known_as=known))
        await queries.hand_over_uploads(c, guest, known)
    await _join(c, record, identity, anonymous=guest.visitor_id if anonymous else None, proven=known)
    if guest.external_id is not None and known == guest.visitor_id:
        return await sessions.renew(c, opened.token, now)
    return await sessions.open_for(c, known, now, now + PROVEN_FOR)


def external_address(brand_id: UUID, user_id: str) -> str:
    """Return the address by which a host site's user is known: two that differ in case stay two."""
    stable = user_id if fold(user_id) == user_id else "sha256-" + hashlib.sha256(user_id.encode()).hexdigest()
    return f"{brand_id}:{stable}"


async def _known(c: AsyncConnection, account_id: UUID, user_id: str) -> UUID | None:
    query = select(visitor.c.id).where(visitor.c.account_id == account_id, visitor.c.external_id == user_id)
    found: UUID | None = await c.scalar(query)
    return found


async def _join(
    c: AsyncConnection, record: AccountRecord, identity: Identity, *, anonymous: UUID | None, proven: UUID
) -> None:
    """Bring together, as one contact, the site's user, their mail address and what they said unproven."""
    external = external_address(record.brand_id, identity.user_id)
    contact_id = await contacts.owner_of(c, "external", external)
    by_email = await contacts.owner_of(c, "email", identity.email) if identity.email else None
    before = await contacts.owner_of(c, "visitor", str(anonymous)) if anonymous else None
    if contact_id is None:
        contact_id = by_email if by_email and not await _is_other_user(c, by_email, record) else before
    if contact_id is None:
        created = await contacts.create_contact(
            c, name=identity.name, kind="external", value=external, actor=_BY
        )
        contact_id = UUID(str(created["id"]))
    # a merge of both names what proved it, and can be undone
    for other in {before, by_email} - {contact_id, None}:
        if other is not None and not await _is_other_user(c, other, record):
            await merges.merge(
                c,
                contact_id,
                other,
                {EVIDENCE: identity.user_id, "email": identity.email},
                actor=_BY,
                by=None,
            )
    for name, value in ((facts.NAME, identity.name), (facts.EMAIL, identity.email)):
        if value:
            told = facts.Told(name, value, said_by="site", source=record.kind, noted_by=_BY)
            await facts.note(c, contact_id, told)  # told with the addresses below
    addresses = [("external", external), ("visitor", str(proven))]
    if identity.email and await contacts.owner_of(c, "email", identity.email) in {None, contact_id}:
        addresses.append(("email", identity.email))
    for kind, value in addresses:
        await contacts.verify_address(c, contact_id, kind, value, by=_BY)
    if identity.name and not (await contacts.get_contact(c, contact_id))["name"]:
        await contacts.change_contact(c, contact_id, {"name": identity.name}, actor=_BY, source="site")


async def _is_other_user(c: AsyncConnection, contact_id: UUID, record: AccountRecord) -> bool:
    """Say whether a contact is already another user of this site: two users are never made one."""
    view: dict[str, Any] = await contacts.get_contact(c, contact_id)
    prefix = f"{record.brand_id}:"
    return any(a["kind"] == "external" and a["value"].startswith(prefix) for a in view["addresses"])
