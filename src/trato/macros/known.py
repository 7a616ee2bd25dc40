"""What is known of a conversation, its contact and its case, as a sentence to the contact carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import fields as deciding
from trato.decide.placeholders import FACT, FIELD
from trato.decide.spoken import say_date
from trato.fields import values as fields
from trato.kit.errors import NotFound

_KNOWN: Final = """
    SELECT coalesce(c.name, '') AS contact_name, c.language AS contact_language,
           b.name AS brand_name, b.language AS brand_language, {language} AS language,
           c.id AS contact_id, k.id AS case_id, k.number, k.title, k.promised_at,
           owner.name AS owner_name,
           coalesce(c.time_zone, (SELECT time_zone FROM organisation), 'UTC') AS zone,
           (SELECT s.title FROM case_step s WHERE s.case_id = k.id AND s.state = 'done'
            ORDER BY s.position DESC LIMIT 1) AS done_step,
           (SELECT s.title FROM case_step s WHERE s.case_id = k.id AND s.state = 'now'
            ORDER BY s.position LIMIT 1) AS step,
           (SELECT s.title FROM case_step s WHERE s.case_id = k.id AND s.state = 'later'
            ORDER BY s.position LIMIT 1) AS next_step,
           coalesce((SELECT jsonb_agg(
                         jsonb_build_object('name', f.name, 'value', f.value, 'said_by', f.said_by)
                                      ORDER BY f.case_id NULLS FIRST, f.said_at)
                     FROM fact f WHERE f.contact_id = c.id AND (f.case_id IS NULL OR f.case_id = k.id)),
                    '[]') AS facts
    FROM {of} LEFT JOIN agent owner ON owner.id = k.owner_id
"""
_OF_CONVERSATION = text(
    _KNOWN.format(
        language="v.language",
        of="""conversation v JOIN contact c ON c.id = v.contact_id JOIN brand b ON b.id = v.brand_id
              LEFT JOIN cases k ON k.id = v.case_id""",
    )
    + " WHERE v.id = :id"
)
# Before there is a conversation: a brand writes to somebody, who may be new, on a matter, which may be new.
_BEFORE = text(
    _KNOWN.format(
        language="NULL",
        of="""brand b LEFT JOIN contact c ON c.id = CAST(:contact AS uuid)
              LEFT JOIN cases k ON k.id = CAST(:case AS uuid) AND k.contact_id = c.id""",
    )
    + " WHERE b.id = :brand"
)
_TOLD = text("""
    SELECT string_agg(m.text, E'\n') FROM message m
    WHERE m.direction = 'out' AND m.status <> 'cancelled' AND with_contact(m)
      AND (m.conversation_id = :id
           OR m.case_id = (SELECT case_id FROM conversation WHERE id = :id))
""")


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in each place; which of it the contact has said; in which language they are written to."""

    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    said_by_contact: frozenset[str] = frozenset()


async def of_conversation(
    c: AsyncConnection, conversation_id: UUID, *, agent_name: str = "", language: str | None = None
) -> Known:
    """Return what is known of a conversation, in its contact's language or the one that is asked for."""
    row = (await c.execute(_OF_CONVERSATION, {"id": conversation_id})).mappings().one()
    return await _known(c, row, agent_name, language)


async def before(
    c: AsyncConnection,
    brand_id: UUID,
    contact_id: UUID | None,
    case_id: UUID | None,
    *,
    agent_name: str = "",
    language: str | None = None,
) -> Known:
    """Return what is known before somebody is written to for the first time; raises `NotFound`."""
    asked = {"brand": brand_id, "contact": contact_id, "case": case_id}
    row = (await c.execute(_BEFORE, asked)).mappings().first()
    if row is None:
        raise NotFound("There is no such brand.")
    return await _known(c, row, agent_name, language)


async def _known(c: AsyncConnection, row: RowMapping, agent_name: str, language: str | None) -> Known:
    chosen = language or row["language"] or row["contact_language"] or row["brand_language"]
    name = row["contact_name"]
    found = {
        "contact.name": name,
        "contact.first_name": name.split(" ")[0],
        "case.number": str(row["number"] or ""),
        "case.title": row["title"] or "",
        "case.done_step": row["done_step"] or "",
        "case.step": row["step"] or "",
        "case.next_step": row["next_step"] or "",
        "case.promise": _date(row["promised_at"], row["zone"], chosen),
        "case.owner": row["owner_name"] or "",
        "agent.name": agent_name,
        "brand.name": row["brand_name"],
    }
    facts = {FACT + one["name"]: _said(one["value"]) for one in row["facts"]}
    theirs = {FACT + one["name"] for one in row["facts"] if one["said_by"] == "contact"}
    own = await fields.known(c, row["contact_id"], row["case_id"])
    filled = {
        FIELD + key: _date_of(one, chosen) or deciding.said(one["kind"], one["value"], one["choices"], chosen)
        for key, one in own.items()
    }
    return Known(chosen, found | facts | filled, frozenset(theirs))


async def told(c: AsyncConnection, conversation_id: UUID) -> str:
    """Return all that was written to the contact in a conversation and about its case."""
    return await c.scalar(_TOLD, {"id": conversation_id}) or ""


def _date(at: datetime | None, zone: str, language: str) -> str:
    return "" if at is None else say_date(at.astimezone(ZoneInfo(zone)).date(), language)


def _date_of(one: Mapping[str, Any], language: str) -> str:
    return say_date(date.fromisoformat(one["value"]), language) if one["kind"] == "date" else ""


def _said(value: Any) -> str:
    return "" if isinstance(value, bool) else str(value)
