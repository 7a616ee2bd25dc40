"""We write or call first: callbacks that keep the place in line, and those agreed for a time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic
from trato.decide.slots import Slot, free_slots
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.routing import opening

How = Literal["here", "email", "phone"]

KIND: Final = "flow.callbacks"
EVERY: Final = timedelta(seconds=10)
AT_ONCE: Final = 200
SLOTS: Final = 40  # shown at once
AHEAD: Final = timedelta(days=14)
DIGITS: Final = range(6, 16)  # of a phone number: at most 15 (ITU-T E.164)
NOTICE: Final = timedelta(minutes=15)  # nobody is ready at once

_AGREE = text("SELECT agree_callback(:id, :conversation_id, :how, :address, :start, :end, :actor)")
_CANCEL = text("SELECT (cancel_callback(:conversation_id, :actor)).id")
_CURRENT = text("""
    SELECT callback_view(k) FROM callback k WHERE conversation_id = ANY (:ids)
      AND (state IN ('waiting', 'scheduled') OR state = 'done' AND done_at > now() - interval '7 days')
    ORDER BY created_at
""")
_DONE = text("""
    WITH done AS (
        UPDATE callback SET state = 'done', done_at = now(), done_by = :actor, version = version + 1
        WHERE conversation_id = :conversation_id AND state IN ('waiting', 'scheduled') RETURNING callback AS k
    )
    SELECT callback_view(k), tell_callback(:actor, k) FROM done
""")
_LIST = text("""
    SELECT callback_view(k) FROM callback k WHERE state IN ('waiting', 'scheduled')
    ORDER BY coalesce(slot_start, created_at), id LIMIT :limit
""")
_RULES = text("SELECT slot_s, slot_capacity FROM waiting_rules(CAST(:queue_id AS uuid))")
_TAKEN = text("""
    SELECT slot_start, count(*) AS taken FROM callback
    WHERE state = 'scheduled' AND slot_start >= :since
      AND queue_id IS NOT DISTINCT FROM CAST(:queue_id AS uuid)
      AND conversation_id IS DISTINCT FROM CAST(:but AS uuid)
    GROUP BY slot_start
""")
_DUE = text("SELECT callbacks_come_due(:limit)")


async def slots(
    c: AsyncConnection, queue_id: UUID | None, now: datetime, *, but: UUID | None = None
) -> list[Slot]:
    """Return the next times with room at which a queue calls back; what `but` holds counts as free."""
    rules = (await c.execute(_RULES, {"queue_id": queue_id})).one()
    since = now.astimezone(UTC) + NOTICE
    taken = await c.execute(_TAKEN, {"since": since, "queue_id": queue_id, "but": but})
    return free_slots(
        await opening.openings(c, queue_id, since, since + AHEAD),
        length=timedelta(seconds=rules.slot_s),
        capacity=rules.slot_capacity,
        taken={row.slot_start: row.taken for row in taken},
        not_before=since,
        limit=SLOTS,
    )


async def agree(
    c: AsyncConnection,
    conversation_id: UUID,
    *,
    how: How,
    address: str | None,
    slot: Slot | None,
    actor: str,
) -> dict[str, Any]:
    """Agree that the contact is written or called, when their turn comes or in a slot; returns the callback.

    It takes the place of the one that stood. Raises `Conflict` when the slot is taken up or the conversation
    is closed: what stood before stands then.
    """
    values = {
        "id": new_id(),
        "conversation_id": conversation_id,
        "how": how,
        "address": address,
        "start": slot.start if slot else None,
        "end": slot.end if slot else None,
        "actor": actor,
    }
    found: dict[str, Any] = (await c.execute(_AGREE, values)).scalar_one()
    if found["outcome"] == "full":
        raise Conflict("This time has just been taken.", todo="Choose another time.")
    if found["outcome"] == "closed":
        raise Conflict("This conversation is closed.", todo="Write something first.")
    callback: dict[str, Any] = found["callback"]
    return callback


def the_slot(free: list[Slot], start: datetime) -> Slot:
    """Return the slot that begins at an instant; raises `Conflict` when it is not (or no longer) free."""
    found = next((slot for slot in free if slot.start == start), None)
    if found is None:
        raise Conflict("This time has just been taken.", todo="Choose another time.")
    return found


async def cancel(c: AsyncConnection, conversation_id: UUID, *, actor: str) -> None:
    """Take a callback back; who agreed on a time waits in line again. Harmless without one."""
    await c.execute(_CANCEL, {"conversation_id": conversation_id, "actor": actor})


async def finish(c: AsyncConnection, conversation_id: UUID, *, actor: str) -> dict[str, Any]:
    """Note that the contact was written or called; raises `NotFound` when nothing was agreed."""
    found = (await c.execute(_DONE, {"conversation_id": conversation_id, "actor": actor})).first()
    if found is None:
        raise NotFound("There is no callback to be done here.")
    callback: dict[str, Any] = found[0]
    return callback


async def of_conversations(c: AsyncConnection, ids: list[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Return what was agreed last with each of these, also when it was done of late."""
    found = (await c.execute(_CURRENT, {"ids": ids})).scalars()
    return {UUID(view["conversation_id"]): view for view in found}


async def outstanding(c: AsyncConnection, limit: int = 200) -> list[dict[str, Any]]:
    """Return those who are to be written or called, the next ones first."""
    return list((await c.execute(_LIST, {"limit": limit})).scalars())


def checked_phone(number: str) -> str:
    """Return a phone number as it was written, without what is no part of one; raises `Invalid`."""
    kept = " ".join("".join(ch if ch in "+0123456789()-./" else " " for ch in number).split())
    if sum(ch.isdigit() for ch in kept) not in DIGITS:
        raise Invalid("That is not a phone number.", todo="Write it with the area code.", field="address")
    return kept


def coming_due(services: Services) -> Periodic:
    """Return the job that puts those whose time has come in line."""

    async def run() -> None:
        async with services.db.begin() as c:
            count = await c.scalar(_DUE, {"limit": AT_ONCE})
        if count:
            services.wake.ring(*TOPICS)

    return Periodic(KIND, EVERY, services.db, run)
