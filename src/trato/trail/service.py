"""Keeping what a customer tried alone: with their consent, tied to what they write, until it expires."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.trail import MOST, Step, fit, read_in_vain
from trato.gaps import evidence
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.trail.tables import trail, trail_step

_ARTICLES: Final = text("""
    SELECT t.language, t.slug, a.id FROM article_translation t
    JOIN article a ON a.id = t.article_id
    JOIN unnest(CAST(:languages AS text[]), CAST(:slugs AS text[])) AS one (language, slug)
      ON one.language = t.language AND one.slug = t.slug
    WHERE t.published IS NOT NULL AND a.removed_at IS NULL AND a.visibility <> 'agents'
""")
_FORGET_OLD: Final = text("""
    DELETE FROM trail_step WHERE id IN (
        SELECT id FROM trail_step WHERE trail_id = :trail_id ORDER BY at DESC, id DESC OFFSET :most)
""")
_ATTACH: Final = text("""
    UPDATE trail_step s SET conversation_id = :conversation_id FROM trail t
    WHERE t.id = s.trail_id AND t.holder = ANY (:holders) AND s.conversation_id IS NULL
    RETURNING s.kind, s.at, s.outcome, s.article_id, s.language
""")
_PLACE: Final = text("SELECT contact_id, id AS conversation_id, case_id FROM conversation WHERE id = :id")
_WITHDRAW: Final = text("""
    WITH gone AS (DELETE FROM trail WHERE holder = ANY (:holders) RETURNING id)
    SELECT DISTINCT s.conversation_id FROM trail_step s JOIN gone g ON g.id = s.trail_id
    WHERE s.conversation_id IS NOT NULL
""")
_SHARED: Final = text("SELECT EXISTS (SELECT FROM trail WHERE holder = ANY (:holders))")
_STEP: Final = """
    SELECT s.id, s.conversation_id, s.kind, s.text, s.outcome, s.reason, s.page, s.at, s.article_id,
           s.language, t.slug, coalesce(v.title, t.title) AS title
    FROM trail_step s
    LEFT JOIN article_translation t ON t.article_id = s.article_id AND t.language = s.language
    LEFT JOIN article_version v ON v.article_id = t.article_id AND v.language = t.language
                               AND v.number = t.published
"""
_STEPS: Final = text(f"{_STEP} WHERE s.conversation_id = :conversation_id ORDER BY s.at, s.id LIMIT 200")
_OF_CONTACT: Final = text(f"""
    {_STEP} WHERE s.conversation_id IN (SELECT id FROM conversation WHERE contact_id = :contact_id)
      AND (CAST(:since AS timestamptz) IS NULL OR s.at >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR s.at <= :until)
    ORDER BY s.at DESC, s.id DESC LIMIT 400
""")
_EXPIRED: Final = text("DELETE FROM trail_step WHERE created_at < :before")
_EMPTY: Final = text("""
    DELETE FROM trail t WHERE t.consented_at < :before
      AND NOT EXISTS (SELECT FROM trail_step s WHERE s.trail_id = t.id)
""")


async def share(
    c: AsyncConnection, holder: str, steps: Mapping[UUID, Step], conversation_id: UUID | None, now: datetime
) -> int:
    """Keep what somebody agreed to share, tied to their running conversation; returns how many were new.

    The same step sent again is kept once; of too many the latest stay.
    """
    query = (
        on_conflict_insert(trail)
        .values(id=new_id(), holder=holder)
        .on_conflict_do_update(index_elements=["holder"], set_={"holder": holder})
        .returning(trail.c.id)
    )
    trail_id = await c.scalar(query)
    fitting = {client_id: one for client_id, step in steps.items() if (one := fit(step, now)) is not None}
    known = await _articles(c, fitting.values())
    rows = [
        {
            "id": new_id(),
            "trail_id": trail_id,
            "client_id": client_id,
            "conversation_id": conversation_id,
            **_row(step, known),
        }
        for client_id, step in fitting.items()
        if step.kind != "article" or (step.language, step.slug) in known
    ]
    if not rows:
        return 0
    kept = on_conflict_insert(trail_step).on_conflict_do_nothing(index_elements=["trail_id", "client_id"])
    fresh = len((await c.execute(kept.returning(trail_step.c.id), rows)).all())
    await c.execute(_FORGET_OLD, {"trail_id": trail_id, "most": MOST})
    if fresh and conversation_id is not None:
        await _tell(c, conversation_id, holder)
    return fresh


async def _articles(
    c: AsyncConnection, steps: Collection[Step]
) -> Mapping[tuple[str | None, str | None], UUID]:
    named = sorted({(one.language, one.slug) for one in steps if one.language and one.slug})
    if not named:
        return {}
    values = {"languages": [language for language, _ in named], "slugs": [slug for _, slug in named]}
    return {(row.language, row.slug): row.id for row in await c.execute(_ARTICLES, values)}


def _row(step: Step, known: Mapping[tuple[str | None, str | None], UUID]) -> dict[str, Any]:
    article_id = known.get((step.language, step.slug))
    return {
        "kind": step.kind,
        "text": step.text,
        "outcome": step.outcome,
        "reason": step.reason,
        "page": step.page,
        "article_id": article_id,
        "language": step.language if article_id else None,
        "at": step.at,
    }


async def attach(c: AsyncConnection, holders: Sequence[str], conversation_id: UUID, *, actor: str) -> bool:
    """Tie what was shared before to the conversation in which they now wrote; False without anything."""
    values = {"holders": list(holders), "conversation_id": conversation_id}
    steps = [dict(row) for row in (await c.execute(_ATTACH, values)).mappings()]
    if not steps:
        return False
    for article_id, language in read_in_vain(steps, now()):
        await evidence.contact_after(c, conversation_id, language=language, article_id=article_id)
    await _tell(c, conversation_id, actor)
    return True


async def withdraw(c: AsyncConnection, holders: Sequence[str], *, actor: str) -> None:
    """Take the consent back: all that was shared is gone, from the conversations too."""
    for conversation_id in (await c.execute(_WITHDRAW, {"holders": list(holders)})).scalars().all():
        await _tell(c, conversation_id, actor)


async def is_shared(c: AsyncConnection, holders: Sequence[str]) -> bool:
    """Say whether somebody agreed to share what they try alone."""
    return bool(await c.scalar(_SHARED, {"holders": list(holders)}))


async def of_conversation(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return what was tried before and during a conversation, in order; raises `NotFound`."""
    if (await c.execute(_PLACE, {"id": conversation_id})).first() is None:
        raise NotFound("There is no such conversation.")
    rows = (await c.execute(_STEPS, {"conversation_id": conversation_id})).mappings()
    return [_view(dict(row)) for row in rows]


async def of_contact(
    c: AsyncConnection, contact_id: UUID, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """Return the latest that a contact tried between two instants, in order, each with its conversation."""
    rows = await c.execute(_OF_CONTACT, {"contact_id": contact_id, "since": since, "until": until})
    found = [dict(row) for row in rows.mappings()]
    return [{**_view(row), "conversation_id": row["conversation_id"]} for row in reversed(found)]


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    article = {"id": row["article_id"], **{name: row[name] for name in ("language", "slug", "title")}}
    shown = {name: row[name] for name in ("id", "kind", "text", "outcome", "reason", "page", "at")}
    return {**shown, "article": article if row["slug"] else None}


async def expire(c: AsyncConnection, before: datetime) -> int:
    """Delete steps that were kept before then, and consents that hold nothing; returns how many steps."""
    gone = await c.execute(_EXPIRED, {"before": before})
    await c.execute(_EMPTY, {"before": before})
    return gone.rowcount


async def _tell(c: AsyncConnection, conversation_id: UUID, actor: str) -> None:
    # what was tried is not copied into the log: whoever may see it asks for it, until it expires
    place = (await c.execute(_PLACE, {"id": conversation_id})).mappings().one()
    data = {"conversation_id": str(conversation_id)}
    await live.append(c, "trail.changed", audience="staff", actor=actor, **place, data=data)
