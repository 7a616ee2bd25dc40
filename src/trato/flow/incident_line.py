"""A line below an answer while a known incident touches the conversation: once for each piece of news."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.decide.incidents import text_in
from trato.kit.words import nearest
from trato.knowledge import help_centres

IN_PAYLOAD: Final = "known"

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "incident": "Sabemos de este problema y trabajamos en él: {title}.",
        "maintenance": "Hay un mantenimiento en curso: {title}.",
        "status": "Cómo sigue: {url}",
    },
    "en": {
        "incident": "We know of this problem and are working on it: {title}.",
        "maintenance": "Maintenance is going on: {title}.",
        "status": "How it goes on: {url}",
    },
    "pt": {
        "incident": "Sabemos deste problema e estamos trabalhando nele: {title}.",
        "maintenance": "Há uma manutenção em andamento: {title}.",
        "status": "Como continua: {url}",
    },
}
# The worst that touches the conversation, unless its latest news was written there before.
_NEWS: Final = text("""
    SELECT i.id, i.kind, i.titles, u.texts, i.id || ':' || coalesce(u.id::text, 'declared') AS key,
           coalesce(v.language, k.language, b.language) AS language, b.language AS first, i.brand_id
    FROM incident_link l JOIN incident i ON i.id = l.incident_id
    JOIN conversation v ON v.id = l.conversation_id JOIN contact k ON k.id = v.contact_id
    JOIN brand b ON b.id = v.brand_id
    LEFT JOIN LATERAL (SELECT id, texts FROM incident_update
                       WHERE incident_id = i.id ORDER BY at DESC, id DESC LIMIT 1) u ON true
    WHERE l.conversation_id = :id AND l.state = 'linked' AND i.state = 'open'
      AND (i.starts_at IS NULL OR i.starts_at <= now())
      AND NOT EXISTS (
          SELECT FROM message m WHERE m.conversation_id = v.id AND m.direction = 'out'
            AND m.status NOT IN ('failed', 'cancelled')
            AND m.payload -> 'known' ->> 'key' = i.id || ':' || coalesce(u.id::text, 'declared'))
    ORDER BY array_position(ARRAY['critical', 'major', 'minor'], i.severity), i.began_at DESC LIMIT 1
""")


async def of(services: Services, c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return what goes into the payload of an answer that is written now; nothing when nothing is new."""
    row = (await c.execute(_NEWS, {"id": conversation_id})).mappings().first()
    if row is None:
        return {}
    language = nearest(row["language"])
    words = _WORDS[language]
    title = text_in(row["titles"], language, row["first"]).rstrip(".")
    news = text_in(row["texts"] or {}, language, row["first"])
    home = await help_centres.home(c, services.public.url, row["brand_id"])
    url = f"{home}/{language}/status"
    parts = [words[row["kind"]].format(title=title), news, words["status"].format(url=url)]
    line = " ".join(part for part in parts if part)
    return {IN_PAYLOAD: {"key": row["key"], "incident_id": str(row["id"]), "line": line}}


def written(payload: Mapping[str, Any]) -> str:
    """Return the line that a message carries, or nothing."""
    return str(payload.get(IN_PAYLOAD, {}).get("line", ""))
