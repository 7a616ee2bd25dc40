"""The limit below ingest: the rows that a message leaves, inserted bare, in one statement and one commit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Self
from uuid import UUID, uuid4

from trato.db.engine import Database
from trato.kit.ids import new_id

# What a message leaves, and by what it is found. The database gives the ids of the last three by itself.
_ROWS: Final = {
    "contact": "SELECT r.* FROM contact r JOIN message m ON m.contact_id = r.id WHERE m.id = $1",
    "address": "SELECT r.* FROM address r JOIN message m USING (contact_id) WHERE m.id = $1",
    "conversation": "SELECT r.* FROM conversation r JOIN message m ON m.conversation_id = r.id"
    " WHERE m.id = $1",
    "participant": "SELECT r.* FROM participant r JOIN message m USING (conversation_id) WHERE m.id = $1",
    "waiting": "SELECT r.* FROM waiting r JOIN message m USING (conversation_id) WHERE m.id = $1",
    "message": "SELECT * FROM message WHERE id = $1",
    "receipt": "SELECT * FROM receipt WHERE message_id = $1",
    "cases": "SELECT r.* FROM cases r JOIN message m ON m.case_id = r.id WHERE m.id = $1",
    "routing_inbox": "SELECT r.* FROM routing_inbox r JOIN message m USING (conversation_id) WHERE m.id = $1",
    "event": "SELECT r.* FROM event r JOIN message m USING (conversation_id)"
    " JOIN receipt q ON q.message_id = m.id WHERE m.id = $1 AND r.at = q.received_at ORDER BY r.id",
}
_NUMBERED: Final = {"cases": "number", "routing_inbox": "id", "event": "id"}
_OF_EVERY_MESSAGE: Final = ("message", "receipt", "event")

_CONVERSATION: Final = """
    SELECT array_agg(m.id ORDER BY m.created_at) FROM message m
    WHERE m.conversation_id = (SELECT conversation_id FROM event WHERE type = 'message.created'
                               GROUP BY 1 HAVING count(*) = $1 ORDER BY 1 OFFSET $2 LIMIT 1)
"""


_Row = tuple[str, Mapping[str, Any]]  # of which table, and its columns


@dataclass(frozen=True, slots=True)
class _Statement:
    """One message's rows as one statement, one INSERT a table; ids and the sender's key are made anew."""

    sql: str
    values: Sequence[Any]
    fresh_ids: Sequence[tuple[int, UUID]]
    fresh_texts: Sequence[int]  # those that hold the key

    @classmethod
    def of(cls, rows: Sequence[_Row], ids: set[UUID], key: str) -> Self:
        """Write the statement; `ids` and `key` are what every copy of the conversation has for itself."""
        inserts: list[str] = []
        values: list[Any] = []
        for table, of_table in groupby(rows, lambda row: row[0]):
            places: list[str] = []
            for _, row in of_table:
                first = len(values)
                values.extend(json.dumps(v) if isinstance(v, dict) else v for v in row.values())
                places.append("(" + ", ".join(f"${n + 1}" for n in range(first, len(values))) + ")")
                columns = ", ".join(row)
            inserts.append(f"INSERT INTO {table} ({columns}) VALUES {', '.join(places)}")
        fresh_ids = [(n, v) for n, v in enumerate(values) if isinstance(v, UUID) and v in ids]
        fresh_texts = [n for n, v in enumerate(values) if isinstance(v, str) and v.startswith(key)]
        *before, last = inserts
        named = ", ".join(f"w{n} AS ({insert})" for n, insert in enumerate(before))
        return cls(f"WITH {named} {last}", values, fresh_ids, fresh_texts)


@dataclass(slots=True)
class BareRows:
    """Writes the messages of one conversation after the other, as copies of one that exists."""

    db: Database
    statements: Sequence[_Statement]
    ids: set[UUID]
    key: str
    written: int = 0
    renamed: dict[UUID, UUID] = field(default_factory=dict)
    fresh_key: str = ""

    @classmethod
    async def like(cls, db: Database, messages: int, *, nth: int) -> Self:
        """Take as a pattern the nth conversation of so many messages."""
        chosen: Sequence[UUID] = await db.call(_CONVERSATION, messages, nth)
        written = [await _rows(db, message, first=n == 0) for n, message in enumerate(chosen)]
        ids = {row["id"] for rows in written for _, row in rows if isinstance(row.get("id"), UUID)}
        key = next(row["conversation_key"] for table, row in written[0] if table == "conversation")
        return cls(db, [_Statement.of(rows, ids, key) for rows in written], ids, key)

    async def write(self) -> None:
        """Insert the rows of the next message."""
        number = self.written % len(self.statements)
        if number == 0:
            self.renamed = {known: new_id() for known in self.ids}
            self.fresh_key = str(uuid4())
        self.written += 1
        statement = self.statements[number]
        values = list(statement.values)
        for place, known in statement.fresh_ids:
            values[place] = self.renamed[known]
        for place in statement.fresh_texts:
            values[place] = values[place].replace(self.key, self.fresh_key)
        await self.db.call(statement.sql, *values)


async def _rows(db: Database, message: UUID, *, first: bool) -> list[_Row]:
    found: list[_Row] = []
    async with db.connect() as c:
        raw = await c.get_raw_connection()
        driver: Any = raw.driver_connection
        for table, sql in _ROWS.items():
            if first or table in _OF_EVERY_MESSAGE:
                for row in await driver.fetch(sql, message):
                    columns = {name: value for name, value in row.items() if name != _NUMBERED.get(table)}
                    found.append((table, columns))
    return found
