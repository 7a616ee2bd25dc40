"""A copy of all that we know of a contact, as a ZIP that is written while it is sent: nothing lies around.

What is the desk's alone (notes, what was said with a third party in a conversation) is not in it.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Final, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import text

from trato.contacts import service as contacts
from trato.db.edge import Services
from trato.fields import values as fields
from trato.kit.errors import NotFound

PAGE: Final = 500
FORMAT: Final = "trato-contact-1"

_CASES: Final = text("""
    SELECT k.id, k.number, k.title, k.expectation, k.status, k.promised_at, k.promise, k.resolution,
           k.resolved_at, k.resolved_by, k.created_at, k.updated_at,
           coalesce((SELECT jsonb_agg(jsonb_build_object('title', s.title, 'state', s.state,
               'done_at', s.done_at) ORDER BY s.position) FROM case_step s
               WHERE s.case_id = k.id), '[]') AS steps,
           coalesce((SELECT jsonb_agg(jsonb_build_object('what', g.what, 'amount', g.amount::text,
               'currency', g.currency, 'at', g.created_at) ORDER BY g.created_at) FROM gesture g
               WHERE g.case_id = k.id AND g.state = 'given'), '[]') AS given
    FROM cases k WHERE k.contact_id = :id ORDER BY k.number
""")
_CONVERSATIONS: Final = text("""
    SELECT v.id, v.channel, v.subject, v.status, k.number AS "case", v.created_at, v.closed_at
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id
    WHERE v.contact_id = :id ORDER BY v.created_at, v.id
""")
_AWAITED: Final = text("""
    SELECT i.titles, f.created_at AS asked_at, f.channel, f.address,
           (SELECT max(t.told_at) FROM incident_telling t
            WHERE t.incident_id = i.id AND t.person_id = f.contact_id) AS told_at
    FROM incident_follower f JOIN incident i ON i.id = f.incident_id
    WHERE f.contact_id = :id ORDER BY f.created_at
""")
_SAID_WITH_THEM: Final = """
    m.contact_id = :id AND m.direction IN ('in', 'out') AND with_contact(m)
    AND (m.direction = 'in' OR m.status IN ('sent', 'delivered', 'read'))
"""
_MESSAGES: Final = text(f"""
    SELECT m.id, m.conversation_id, v.channel, k.number AS "case", m.created_at AS at, m.occurred_at,
           CASE m.direction WHEN 'in' THEN 'you' ELSE 'us' END AS said_by, m.author_name, m.subject, m.text,
           coalesce((SELECT jsonb_agg(a.id ORDER BY a.place, a.created_at, a.id)
                     FROM attachment a WHERE a.message_id = m.id), '[]') AS files
    FROM message m JOIN conversation v ON v.id = m.conversation_id LEFT JOIN cases k ON k.id = m.case_id
    WHERE {_SAID_WITH_THEM}
      AND (CAST(:at AS timestamptz) IS NULL OR (m.created_at, m.id) > (:at, CAST(:before AS uuid)))
    ORDER BY m.created_at, m.id LIMIT :limit
""")
_FILES: Final = text(f"""
    SELECT a.id, a.filename, a.store_key FROM attachment a JOIN message m ON m.id = a.message_id
    WHERE {_SAID_WITH_THEM}
      AND (CAST(:after AS uuid) IS NULL OR a.id > :after)
    ORDER BY a.id LIMIT :limit
""")
_TRAIL: Final = text("""
    SELECT s.kind, s.text, s.outcome, s.reason, s.page, s.article_id, s.language, s.at
    FROM trail_step s JOIN conversation v ON v.id = s.conversation_id
    WHERE v.contact_id = :id ORDER BY s.at, s.id
""")
_PLACES: Final = text("""
    SELECT p.conversation_id, p.told, p.page, p.at FROM page_context p
    JOIN conversation v ON v.id = p.conversation_id WHERE v.contact_id = :id ORDER BY p.at
""")
_ORDERS: Final = text("""
    SELECT o.number, o.total::text, o.currency, o.helped, o.at FROM shop_order o
    JOIN conversation v ON v.id = o.conversation_id WHERE v.contact_id = :id ORDER BY o.at, o.id
""")


class _Sink:
    """Where the ZIP is written to, and taken from in parts; it cannot go back, so neither does the ZIP."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


async def archive(services: Services, contact_id: UUID) -> AsyncIterator[bytes]:
    """Yield the parts of a ZIP with all of a contact; raises `NotFound` before the first.

    Memory holds one page of messages and one part of a file, however much there is.
    """
    async with services.db.snapshot() as c:
        contact = await contacts.get_contact(c, contact_id)
        cases = [dict(row) for row in (await c.execute(_CASES, {"id": contact_id})).mappings()]
        profile = {**_profile(contact), "fields": await fields.copied(c, "contact", contact_id)}
        for case in cases:
            case["fields"] = await fields.copied(c, "case", case.pop("id"))
        threads = [dict(row) for row in (await c.execute(_CONVERSATIONS, {"id": contact_id})).mappings()]
        tried = [dict(row) for row in (await c.execute(_TRAIL, {"id": contact_id})).mappings()]
        places = [dict(row) for row in (await c.execute(_PLACES, {"id": contact_id})).mappings()]
        orders = [dict(row) for row in (await c.execute(_ORDERS, {"id": contact_id})).mappings()]
        awaited = [dict(row) for row in (await c.execute(_AWAITED, {"id": contact_id})).mappings()]
    sink = _Sink()
    # of what is written to, zipfile needs `write` and `flush` where it cannot go back
    with ZipFile(cast("IO[bytes]", sink), "w", ZIP_DEFLATED) as pack:
        parts_of = [("profile", profile), ("cases", cases), ("conversations", threads)]
        more = (("incidents", awaited), ("trail", tried), ("pages", places), ("orders", orders))
        parts_of += [(name, held) for name, held in more if held]
        for name, held in parts_of:
            pack.writestr(f"{name}.json", _json(held))
            yield sink.take()
        with pack.open(ZipInfo("messages.jsonl"), "w") as target:
            async for rows in _pages(services, contact_id):
                target.write("".join(_json(row, None) + "\n" for row in rows).encode())
                yield sink.take()
        missing = []
        async for row in _files(services, contact_id):
            try:
                parts = await services.store.stream(row["store_key"])
            except NotFound:
                missing.append(str(row["id"]))
                continue
            entry = ZipInfo(file_name(row))
            entry.compress_type = ZIP_STORED
            with pack.open(entry, "w", force_zip64=True) as target:
                async for part in parts:
                    target.write(part)
                    yield sink.take()
        pack.writestr("about.json", _json({"format": FORMAT, "files_missing": missing}))
    yield sink.take()


def file_name(row: Mapping[str, Any]) -> str:
    """Return where a file lies in the ZIP: in no folder of its sender's choice, and no two in one place."""
    name = "".join(
        sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "_" for sign in row["filename"]
    )
    return f"files/{row['id']}/{name.strip('. ') or 'file'}"


def _profile(contact: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "name",
        "language",
        "time_zone",
        "prefers",
        "preferred_channel",
        "tone",
        "created_at",
        "blocked_at",
    )
    profile: dict[str, Any] = {name: contact[name] for name in names}
    profile["addresses"] = [
        {name: one[name] for name in ("kind", "value", "verified_at")} for one in contact["addresses"]
    ]
    profile["told"] = [
        {name: one[name] for name in ("name", "value", "said_by", "said_at", "source")}
        for one in contact["facts"]
    ]
    return profile


async def _pages(services: Services, contact_id: UUID) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    at: datetime | None = None
    before: UUID | None = None
    while True:
        values = {"id": contact_id, "at": at, "before": before, "limit": PAGE}
        async with services.db.connect() as c:
            rows = [dict(row) for row in (await c.execute(_MESSAGES, values)).mappings()]
        if not rows:
            return
        yield rows
        at, before = rows[-1]["at"], rows[-1]["id"]


async def _files(services: Services, contact_id: UUID) -> AsyncIterator[Mapping[str, Any]]:
    after: UUID | None = None
    while True:
        values = {"id": contact_id, "after": after, "limit": PAGE}
        async with services.db.connect() as c:
            rows = (await c.execute(_FILES, values)).mappings().all()
        for row in rows:
            yield dict(row)
        if not rows:
            return
        after = rows[-1]["id"]


def _json(held: Any, indent: int | None = 2) -> str:
    return json.dumps(held, ensure_ascii=False, indent=indent, default=str)
