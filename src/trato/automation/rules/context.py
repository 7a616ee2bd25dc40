"""What is known around an event, for conditions and actions: as the event tells it, else as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import rules
from trato.decide.fields import as_tested
from trato.decide.hours import is_open
from trato.fields import values as fields
from trato.live.queries import Event
from trato.routing import hours

_AROUND = text("""
    SELECT conversation_view(v) AS conversation, case_view(k) AS "case", c.id AS contact_id,
           c.name AS contact_name, c.language AS contact_language, c.prefers, w.queue_id, w.priority,
           ARRAY(SELECT t.tag_id FROM conversation_tag t WHERE t.conversation_id = v.id
                 UNION SELECT t.tag_id FROM case_tag t WHERE t.case_id = k.id) AS tags
    FROM (SELECT) one
    LEFT JOIN conversation v ON v.id = coalesce(CAST(:conversation AS uuid), (
        SELECT id FROM conversation WHERE case_id = CAST(:case AS uuid)
        ORDER BY last_message_at DESC LIMIT 1))
    LEFT JOIN cases k ON k.id = coalesce(CAST(:case AS uuid), v.case_id)
    LEFT JOIN contact c ON c.id = coalesce(v.contact_id, k.contact_id, CAST(:contact AS uuid))
    LEFT JOIN waiting w ON w.conversation_id = v.id
""")


@dataclass(frozen=True, slots=True)
class Context:
    """The values that conditions test, and whom actions are about."""

    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    conversation: Mapping[str, Any] | None = None
    case: Mapping[str, Any] | None = None
    contact_name: str = ""
    waits_in_line: bool = False

    @property
    def conversation_id(self) -> UUID | None:
        """Return the conversation that actions are about."""
        return UUID(self.conversation["id"]) if self.conversation else None

    @property
    def case_id(self) -> UUID | None:
        """Return the case that actions are about."""
        return UUID(self.case["id"]) if self.case else None


async def around(c: AsyncConnection, event: Event) -> Context:
    """Return what is known around an event."""
    envelope, data = event.envelope, event.data
    asked = {
        "conversation": envelope["conversation_id"],
        "case": envelope["case_id"],
        "contact": envelope["contact_id"],
    }
    row = (await c.execute(_AROUND, asked)).mappings().one()
    conversation, case = row["conversation"], row["case"]
    at = datetime.fromisoformat(envelope["at"])
    own = await fields.known(c, row["contact_id"], UUID(case["id"]) if case else None)
    values = {
        **{rules.OWN + key: as_tested(one["value"]) for key, one in own.items()},
        **_message(data.get("message") or {}),
        **_conversation(data.get("conversation") or conversation or {}),
        **_case(data.get("case") or case or {}, at),
        "case.door": data.get("what") if event.type == "case.door" else None,
        "contact.name": row["contact_name"],
        "contact.language": row["contact_language"],
        "contact.prefers": row["prefers"],
        "tags": [str(one) for one in row["tags"] or ()],
        "queue": str(row["queue_id"]) if row["queue_id"] else None,
        "priority": row["priority"],
        "sla.target": (data.get("sla") or {}).get("target"),
        "sla.state": (data.get("sla") or {}).get("state"),
        "open": is_open(await hours.find(c, None, at=at), at),
    }
    waits = row["priority"] is not None
    return Context(at, values, conversation, case, row["contact_name"] or "", waits)


def _message(seen: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "message.direction": seen.get("direction"),
        "message.author": seen.get("author_kind"),
        "message.text": seen.get("text"),
    }


def _conversation(seen: Mapping[str, Any]) -> dict[str, Any]:
    if not seen:
        return {}
    return {
        "conversation.channel": seen["channel"],
        "conversation.brand": seen["brand_id"],
        "conversation.status": seen["status"],
        "conversation.language": seen["language"],
        "conversation.subject": seen["subject"],
        "conversation.assignee": seen["assignee_id"],
        "conversation.waiting": seen["waiting_since"] is not None,
        "conversation.spam": seen["spam"],
        "conversation.trouble": seen["trouble"],
    }


def _case(seen: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if not seen:
        return {}
    promised = datetime.fromisoformat(seen["promised_at"]) if seen["promised_at"] else None
    return {
        "case.status": seen["status"],
        "case.title": seen["title"],
        "case.waiting_for": seen["waiting_for"],
        "case.owner": seen["owner_id"],
        "case.promised": promised is not None,
        "case.promise_broken": promised is not None and promised < at,
    }
