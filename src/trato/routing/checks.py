"""The invariants of routing as SQL: each query finds what must never be, for doctor, metrics and tests."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.routing.stranded import Fetch, Rows
from trato.routing.stranded import stranded as find_stranded

_HOLD: Final = "i.state IN ('offered', 'accepted')"
_FILL: Final = "i.state IN ('offered', 'accepted', 'wrap_up')"  # take room

INVARIANTS: Final = {
    "an agent holds more than their capacity": f"""
        SELECT p.agent_id FROM presence p
        WHERE p.capacity < (SELECT coalesce(sum(units), 0) FROM interaction i
                            WHERE i.agent_id = p.agent_id AND {_FILL})
    """,
    "a load that is not the units of offers, conversations in hand and wrap-ups": f"""
        SELECT p.agent_id FROM presence p
        WHERE p.load <> (SELECT coalesce(sum(units), 0) FROM interaction i
                         WHERE i.agent_id = p.agent_id AND {_FILL})
    """,
    "a load of a channel that is not the number of its conversations": f"""
        SELECT p.agent_id FROM presence_channel p
        WHERE p.load <> (SELECT count(*) FROM interaction i JOIN conversation c ON c.id = i.conversation_id
                         WHERE i.agent_id = p.agent_id AND c.channel = p.channel AND {_FILL})
    """,
    "a limit for a channel that is not kept": """
        SELECT f.agent_id FROM agent_profile f, jsonb_object_keys(f.limits) limited
        WHERE NOT EXISTS (
            SELECT FROM presence_channel p WHERE p.agent_id = f.agent_id AND p.channel = limited)
    """,
    "a conversation with two agents": f"""
        SELECT i.conversation_id FROM interaction i WHERE {_HOLD} GROUP BY 1
        HAVING count(*) > count(DISTINCT agent_id)
            OR count(*) > 1 AND count(*) FILTER (WHERE i.state = 'accepted') > 0
    """,
    "a conversation that waits although somebody has it": """
        SELECT w.conversation_id FROM waiting w JOIN interaction i USING (conversation_id)
        WHERE i.state = 'accepted'
    """,
    "a conversation in line whose offer does not stand": """
        SELECT w.conversation_id FROM waiting w LEFT JOIN interaction i ON i.id = w.offer_id
        WHERE w.offer_id IS NOT NULL
          AND (i.state IS DISTINCT FROM 'offered' OR i.conversation_id <> w.conversation_id)
    """,
    "a conversation that is offered and in nobody's line": """
        SELECT i.conversation_id FROM interaction i LEFT JOIN waiting w USING (conversation_id)
        WHERE i.state = 'offered' AND w.offer_id IS NULL
    """,
    "a conversation whose assignee is not who has it in hand": """
        SELECT c.id FROM conversation c JOIN interaction i ON i.conversation_id = c.id
        WHERE i.state = 'accepted' AND c.assignee_id IS DISTINCT FROM i.agent_id
    """,
    "a conversation among spam that somebody has in hand": """
        SELECT c.id FROM conversation c JOIN interaction i ON i.conversation_id = c.id
        WHERE c.spam AND i.state IN ('offered', 'accepted')
    """,
    "a customer who waits for an answer, in nobody's hands and not in line": """
        SELECT c.id FROM conversation c
        WHERE c.status = 'open' AND NOT c.spam AND c.waiting_since IS NOT NULL AND c.assignee_id IS NULL
          AND NOT EXISTS (SELECT FROM waiting w WHERE w.conversation_id = c.id)
    """,
}

SETTLES_S: Final = 3.0  # a router that runs has dealt with what came in before
# Beside a router that runs these may be true for a moment, never for longer.
PASSING: Final = {
    "an offer stands long after it expired": """
        SELECT i.conversation_id FROM interaction i
        WHERE i.state = 'offered' AND i.offer_expires_at < now() - interval '5 seconds'
    """,
}


STRANDED: Final = "a conversation waits beside an agent who could help"


async def broken(c: AsyncConnection) -> dict[str, list[str]]:
    """Return the broken invariants, each with the ids it is broken for; empty when all is well."""
    return await find_broken(_fetch(c))


async def stranded(c: AsyncConnection) -> dict[str, list[str]]:
    """Return what is wrong only if it lasts: look twice, some seconds apart, before you raise an alarm."""
    return await find_passing(_fetch(c))


async def find_broken(fetch: Fetch) -> dict[str, list[str]]:
    """Return what `broken` does, over the driver."""
    return await _find(fetch, INVARIANTS)


async def find_passing(fetch: Fetch) -> dict[str, list[str]]:
    """Return what `stranded` does, over the driver."""
    found = await _find(fetch, PASSING)
    ids = sorted(await find_stranded(fetch))
    return {STRANDED: ids, **found} if ids else found


async def _find(fetch: Fetch, queries: dict[str, str]) -> dict[str, list[str]]:
    found = {name: [str(row[0]) for row in await fetch(f"{sql} LIMIT 100")] for name, sql in queries.items()}
    return {name: ids for name, ids in found.items() if ids}


def _fetch(c: AsyncConnection) -> Fetch:
    async def fetch(sql: str) -> Rows:
        driver: Any = (await c.get_raw_connection()).driver_connection
        rows: Rows = await driver.fetch(sql)
        return rows

    return fetch
