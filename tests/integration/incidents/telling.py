"""The workers of a test: those that link and tell, as the worker process has them."""

from collections.abc import Mapping
from typing import Any

from trato.db.edge import Services
from trato.db.jobs import Handler, Worker
from trato.flow import incident_news
from trato.incidents import matching, service

TOLD = """
    SELECT m.text, m.subject, m.status, v.channel, v.status AS standing, v.case_id, v.id AS conversation_id,
           m.payload -> 'to' -> 0 ->> 'address' AS receiver, v.waiting_since, m.contact_id
    FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE m.payload ? 'incident' ORDER BY m.created_at, m.id
"""


def handlers(services: Services) -> Mapping[str, Handler]:
    return {
        service.TELL: incident_news.telling(services),
        service.MATCH: matching.looking_back(services),
    }


async def work(services: Services) -> None:
    """Read what was written, and do what is due."""
    reader = matching.consumer(services)
    await reader.register()
    while await reader.step():
        pass
    await Worker(services.db, services.wake, handlers(services)).drain()


async def register(services: Services) -> None:
    await matching.consumer(services).register()


def texts(rows: list[dict[str, Any]]) -> list[str]:
    return [row["text"] for row in rows]
