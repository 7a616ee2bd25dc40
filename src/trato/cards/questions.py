"""What a source is asked about a conversation: never more than it may be told, and only what was verified."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.cards.contract import Matter, Place, Question, Who
from trato.contacts import facts
from trato.kit.errors import NotFound
from trato.kit.text import fold

_LANGUAGES: Final = ("es", "en", "pt")
_KINDS: Final = {"emails": "email", "phones": "phone", "customer_numbers": "external"}
_UNREADABLE: Final = "sha256-"  # a customer number that is kept as a digest alone
_AROUND: Final = text("""
    SELECT v.id, v.contact_id, v.case_id, v.brand_id, v.channel, b.name AS brand_name, k.number,
           p.name AS contact_name, p.version AS contact_version,
           coalesce((SELECT jsonb_agg(jsonb_build_array(a.kind, a.value) ORDER BY a.created_at, a.id)
                     FROM address a WHERE a.contact_id = p.id AND a.verified_at IS NOT NULL), '[]')
               AS verified
    FROM conversation v JOIN contact p ON p.id = v.contact_id JOIN brand b ON b.id = v.brand_id
    LEFT JOIN cases k ON k.id = v.case_id WHERE v.id = :id
""")


@dataclass(frozen=True, slots=True)
class Around:
    """A conversation, and what is known of its contact and its case."""

    contact_id: UUID
    contact_version: int
    brand_id: UUID
    channel: str
    row: Mapping[str, Any]
    told: Mapping[str, Any]  # facts by folded name


async def around(c: AsyncConnection, conversation_id: UUID) -> Around:
    """Return what a question can be made of; raises `NotFound`."""
    row = (await c.execute(_AROUND, {"id": conversation_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such conversation.")
    told = await facts.known(c, row["contact_id"], row["case_id"])
    return Around(row["contact_id"], row["contact_version"], row["brand_id"], row["channel"], dict(row), told)


def question(source: Mapping[str, Any], of: Around, language: str) -> Question:
    """Return what a source is asked in the language of whoever reads the card."""
    row, sends = of.row, frozenset(source["sends"])
    who = {name: _verified(of, kind) for name, kind in _KINDS.items() if name in sends}
    name = row["contact_name"] if "name" in sends and row["contact_name"] else None
    allowed = source["facts"] if "facts" in sends else ()
    told = {one: str(of.told[fold(one)]) for one in allowed if of.told.get(fold(one)) not in {None, ""}}
    tag = language.partition("-")[0]
    return Question(
        source=source["key"],
        language=tag if tag in _LANGUAGES else "es",  # type: ignore[arg-type]
        brand=Place(id=of.brand_id, name=row["brand_name"]),
        channel=of.channel,
        contact=Who(**who, name=name),
        case=Matter(number=row["number"]) if "case" in sends and row["number"] else None,
        facts=told,
    )


def _verified(of: Around, kind: str) -> list[str]:
    values = [value for found, value in of.row["verified"] if found == kind]
    if kind != "external":
        return values
    mine = f"{of.brand_id}:"  # the number of a customer of another brand is no business of this one's
    numbers = [value.removeprefix(mine) for value in values if value.startswith(mine)]
    return [one for one in numbers if not one.startswith(_UNREADABLE)]


def digest(source: Mapping[str, Any], asked: Question) -> bytes:
    """Return by what an answer is known again: whatever changes what we would ask makes it another one."""
    what = [str(source["id"]), source["version"], asked.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).digest()


def body(kind: str, asked: Question, at: datetime) -> bytes:
    """Return the body of a request, as Standard Webhooks have it."""
    data = asked.model_dump(mode="json", exclude_none=True)
    payload = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
