"""Housekeeping of the straight line: snoozes that end, cases that silence closes, receipts that grew old."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic
from trato.decide.lifecycle import CLOSED_AFTER
from trato.flow import assign
from trato.kit.clock import now

KIND: Final = "flow.housekeeping"
EVERY: Final = timedelta(minutes=1)
RECEIPTS_KEPT: Final = timedelta(days=30)  # providers repeat webhooks for days; mailboxes are read again
UPLOADS_KEPT: Final = timedelta(days=1)

AT_ONCE: Final = 500  # the rest a minute later: no transaction grows with what has piled up
RECEIPTS_AT_ONCE: Final = 20_000

_SNOOZED = text("""
    SELECT id FROM conversation WHERE status = 'snoozed' AND snoozed_until <= now()
    ORDER BY id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
""")
_CLOSE = text("""
    UPDATE cases SET status = 'closed', version = version + 1, updated_at = now(),
           resolved_by = CASE WHEN resolved_by = 'contact' THEN 'contact' ELSE 'silence' END
    WHERE id IN (SELECT id FROM cases WHERE status = 'resolved' AND resolved_at <= :before
                 ORDER BY id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED) RETURNING id
""")
_TELL_CASES = text("""
    SELECT append_event('case.changed', 'staff', 'system', k.contact_id, NULL, k.id,
                        jsonb_build_object('case', case_view(k)))
    FROM cases k WHERE id = ANY(:ids)
""")
_RECEIPTS = text("""
    DELETE FROM receipt WHERE (account_id, provider_id) IN (
        SELECT account_id, provider_id FROM receipt
        WHERE state IN ('done', 'duplicate', 'ignored') AND received_at < :before
          AND (state <> 'ignored' OR settled_at < :before) LIMIT :limit)
    RETURNING raw_key
""")
_STRAYS = text("""
    DELETE FROM stray WHERE id IN (SELECT id FROM stray WHERE dismissed_at < :before LIMIT :limit)
    RETURNING raw_key
""")
# The original of a message stays as long as the message.
_UNNAMED = text("""
    SELECT key FROM unnest(CAST(:keys AS text[])) key
    WHERE NOT EXISTS (SELECT FROM message WHERE raw_key = key)
      AND NOT EXISTS (SELECT FROM receipt WHERE raw_key = key)
""")
# A file that was sent on has several rows: its bytes go with the last of them.
_UPLOADS = text("""
    WITH gone AS (
        DELETE FROM attachment WHERE message_id IS NULL AND created_at < :before
          AND NOT EXISTS (SELECT FROM scheduled_message s
                          WHERE s.state IN ('waiting', 'held') AND attachment.id = ANY (s.file_ids))
          AND NOT EXISTS (SELECT FROM draft d WHERE attachment.id = ANY (all_draft_files(d)))
        RETURNING id, store_key
    )
    SELECT DISTINCT store_key FROM gone WHERE NOT EXISTS (
        SELECT FROM attachment a
        WHERE a.store_key = gone.store_key AND a.id NOT IN (SELECT id FROM gone))
""")


def housekeeping(services: Services) -> Periodic:
    """Return the job that does all of it, step by step; a step that fails does not stop the others."""

    async def run() -> None:
        errors = []
        keys: list[str] = []
        for step in (_end_snoozes, _close_cases, _forget_receipts, _forget_uploads):
            try:
                async with services.db.begin() as c:
                    gone = await step(c)
                keys += gone
                services.wake.ring(*TOPICS)
            except Exception as error:  # noqa: BLE001  raised below, when all had their turn
                errors.append(error)
        for key in keys:  # nothing names them any more, nor ever will: a key is used once
            await services.store.delete(key)
        if errors:
            raise ExceptionGroup("steps of the housekeeping failed", errors)

    return Periodic(KIND, EVERY, services.db, run)


async def _end_snoozes(c: AsyncConnection) -> Sequence[str]:
    for conversation_id in list((await c.execute(_SNOOZED, {"limit": AT_ONCE})).scalars()):
        await c.execute(
            text("UPDATE conversation SET status = 'open', snoozed_until = NULL WHERE id = :id"),
            {"id": conversation_id},
        )
        await assign.release(c, conversation_id, actor="system")
    return ()


async def _close_cases(c: AsyncConnection) -> Sequence[str]:
    closed = list((await c.execute(_CLOSE, {"before": now() - CLOSED_AFTER, "limit": AT_ONCE})).scalars())
    if closed:
        await c.execute(_TELL_CASES, {"ids": closed})
    return ()


async def _forget_receipts(c: AsyncConnection) -> Sequence[str]:
    """Delete old receipts and dismissed strays; return the keys of originals that nothing names now."""
    before = now() - RECEIPTS_KEPT
    keys = [
        key
        for query in (_RECEIPTS, _STRAYS)
        for key in (await c.execute(query, {"before": before, "limit": RECEIPTS_AT_ONCE})).scalars()
        if key
    ]
    return (await c.execute(_UNNAMED, {"keys": keys})).scalars().all() if keys else ()


async def _forget_uploads(c: AsyncConnection) -> Sequence[str]:
    """Delete the rows of files that no message took; return the keys of those that nothing names now."""
    return (await c.execute(_UPLOADS, {"before": now() - UPLOADS_KEPT})).scalars().all()
