"""Incidents: declared, told of, resolved; each of these once, however often it is asked for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.jobs import enqueue
from trato.incidents import affected, queries
from trato.incidents.schemas import IncidentView
from trato.incidents.tables import incident, incident_update
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions

TELL: Final = "incidents.tell"  # the jobs that follow: who is told, and what it touches
MATCH: Final = "incidents.match"
RECENT: Final = timedelta(minutes=10)  # the same words again within this are the same update


async def declare(c: AsyncConnection, values: Mapping[str, Any], *, actor: str) -> dict[str, Any]:
    """Declare an incident, plan maintenance, or keep a suspicion; raises `Invalid`.

    `values` as in `IncidentBody`, with `evidence` for a suspicion. What it touches is looked for at once.
    """
    await affected.check_brand(c, values["brand_id"])
    rest = {key: value for key, value in values.items() if key not in {"service_ids", "began_at"}}
    if rest.get("starts_at") is not None:
        _check_window(rest)
        if rest["ends_at"] <= now():
            raise Invalid("Maintenance is planned for a time to come.", field="ends_at")
    incident_id = new_id()
    began_at = values.get("began_at") or rest.get("starts_at") or now()
    await c.execute(insert(incident).values(id=incident_id, declared_by=actor, began_at=began_at, **rest))
    await affected.affect(c, incident_id, values["brand_id"], values.get("service_ids", []))
    await look_for(c, incident_id)
    return await tell(c, incident_id, actor=actor)


async def change(
    c: AsyncConnection,
    incident_id: UUID,
    values: Mapping[str, Any],
    *,
    actor: str,
    expected: int | None = None,
) -> dict[str, Any]:
    """Change what is said of an incident; what is left out stays.

    Raises `NotFound`, `Conflict` once it is over, `Invalid`, `ChangedMeanwhile`.
    """
    await versions.check(c, incident, incident_id, expected, action="incident.changed")
    before = await _open(c, incident_id)
    if before["kind"] == "incident" and {"starts_at", "ends_at", "time_zone"} & set(values):
        raise Invalid("Only maintenance is planned for a time.", field="starts_at")
    rest = {key: value for key, value in values.items() if key != "service_ids"}
    if before["kind"] == "maintenance":
        _check_window({**before, **rest})
        if "starts_at" in rest:
            rest["began_at"] = rest["starts_at"]
    if "service_ids" in values:
        await affected.affect(c, incident_id, before["brand_id"], values["service_ids"])
    await _write(c, incident_id, rest)
    await look_for(c, incident_id)
    return await tell(c, incident_id, actor=actor)


async def confirm(c: AsyncConnection, incident_id: UUID, *, actor: str) -> dict[str, Any]:
    """Make a suspicion an incident that everybody is told of; one that is open already stays as it is."""
    before = await _open(c, incident_id)
    if before["state"] == "suspected":
        await _write(c, incident_id, {"state": "open", "declared_by": actor})
        await look_for(c, incident_id)
        return await tell(c, incident_id, actor=actor)
    return await queries.get(c, incident_id)


async def dismiss(c: AsyncConnection, incident_id: UUID, *, actor: str) -> dict[str, Any]:
    """Put a suspicion aside, or call planned maintenance off; raises `NotFound`, `Conflict`."""
    row = await _row(c, incident_id)
    if row["state"] == "dismissed":
        return await queries.get(c, incident_id)
    if row["state"] == "resolved":
        raise Conflict("This incident is over.", todo="Declare a new one.")
    if row["state"] == "open" and (row["kind"] == "incident" or row["starts_at"] <= now()):
        raise Conflict("Customers have been told of it.", todo="Resolve it, and say what was done.")
    await _write(c, incident_id, {"state": "dismissed"})
    return await tell(c, incident_id, actor=actor)


async def say(
    c: AsyncConnection, incident_id: UUID, client_id: str, texts: Mapping[str, str], *, actor: str
) -> dict[str, Any]:
    """Tell what is new; the same `client_id`, or the same words again at once, is one update.

    Raises `NotFound`, and `Conflict` once it is over.
    """
    await _open(c, incident_id)
    last = (
        await c.execute(
            select(incident_update)
            .where(incident_update.c.incident_id == incident_id)
            .order_by(incident_update.c.at.desc(), incident_update.c.id.desc())
            .limit(1)
        )
    ).first()
    if last is not None and last.texts == dict(texts) and now() - last.at < RECENT:
        return await queries.get(c, incident_id)
    kept = await _note(c, incident_id, "update", texts, client_id, actor)
    if not kept:
        return await queries.get(c, incident_id)
    await _write(c, incident_id, {})
    return await tell(c, incident_id, actor=actor)


# Who is told: everybody who asked, and who wrote in a conversation that it touches; who was merged is one.
_TO_TELL = text("""
    WITH RECURSIVE those AS (
        SELECT f.contact_id, true AS asked, f.channel, f.address, f.conversation_id, f.language,
               f.created_at AS at
        FROM incident_follower f WHERE f.incident_id = :id
        UNION ALL
        SELECT v.contact_id, false, NULL, NULL, v.id, v.language, l.at
        FROM incident_link l JOIN conversation v ON v.id = l.conversation_id
        WHERE l.incident_id = :id AND l.state = 'linked'
    ), root AS (
        SELECT t.contact_id AS given, k.id, k.merged_into
        FROM (SELECT DISTINCT contact_id FROM those) t JOIN contact k ON k.id = t.contact_id
        UNION ALL
        SELECT r.given, k.id, k.merged_into FROM root r JOIN contact k ON k.id = r.merged_into
    )
    INSERT INTO incident_telling (incident_id, round, person_id, asked, channel, address, conversation_id,
                                  language)
    SELECT DISTINCT ON (r.id) :id, CAST(:round AS integer), r.id, bool_or(t.asked) OVER (PARTITION BY r.id),
           t.channel, t.address,
           coalesce(t.conversation_id, max(t.conversation_id::text) OVER (PARTITION BY r.id)::uuid),
           t.language
    FROM those t JOIN root r ON r.given = t.contact_id AND r.merged_into IS NULL
    ORDER BY r.id, t.asked DESC, t.at DESC
    ON CONFLICT DO NOTHING
""")


# Whoever was told that it is over is told that it is not; whoever was not told yet never hears that it was.
_NOT_OVER = text("DELETE FROM incident_telling WHERE incident_id = :id AND state = 'waiting'")
_TOLD_WRONGLY = text("""
    INSERT INTO incident_telling (incident_id, round, person_id, asked, channel, address, conversation_id,
                                  language)
    SELECT t.incident_id, CAST(:round AS integer), t.person_id, t.asked, t.channel, t.address,
           coalesce(m.conversation_id, t.conversation_id), t.language
    FROM incident_telling t LEFT JOIN message m ON m.id = t.message_id
    WHERE t.incident_id = :id AND t.round = CAST(:round AS integer) - 1 AND t.state = 'told'
    ON CONFLICT DO NOTHING
""")


async def resolve(
    c: AsyncConnection, incident_id: UUID, texts: Mapping[str, str], *, actor: str
) -> dict[str, Any]:
    """End an incident, and have all told who asked or whom it touched: once, however often it is pressed.

    Raises `NotFound`, and `Conflict` for a suspicion or what was put aside.
    """
    row = await _row(c, incident_id)
    if row["state"] == "resolved":
        return await queries.get(c, incident_id)
    if row["state"] != "open":
        raise Conflict("Customers were not told of this.", todo="Confirm it first, or put it aside.")
    said = {language: words for language, words in texts.items() if words}
    values = {"state": "resolved", "resolved_at": func.now(), "resolved_by": actor}
    await _turn(c, row, "resolved", said, values, actor)
    await c.execute(_TO_TELL, {"id": incident_id, "round": row["round"] + 1})
    return await tell(c, incident_id, actor=actor)


async def reopen(
    c: AsyncConnection, incident_id: UUID, texts: Mapping[str, str], *, actor: str
) -> dict[str, Any]:
    """Say that an incident is not over after all; who was told so is told that, once, and again at its end.

    Raises `NotFound`, and `Conflict` for what nobody was told of, and for planned work.
    """
    row = await _row(c, incident_id)
    if row["state"] == "open":
        return await queries.get(c, incident_id)
    if row["state"] != "resolved":
        raise Conflict("Customers were not told of this.", todo="Confirm it first, or put it aside.")
    if row["kind"] == "maintenance":
        raise Conflict("Planned work that is over does not come back.", todo="Declare a new one.")
    said = {language: words for language, words in texts.items() if words}
    await _turn(c, row, "reopened", said, {"state": "open", "resolved_at": None, "resolved_by": None}, actor)
    await c.execute(_NOT_OVER, {"id": incident_id})
    await c.execute(_TOLD_WRONGLY, {"id": incident_id, "round": row["round"] + 1})
    await look_for(c, incident_id)
    return await tell(c, incident_id, actor=actor)


async def _turn(
    c: AsyncConnection,
    row: RowMapping,
    kind: str,
    texts: Mapping[str, str],
    values: Mapping[str, Any],
    actor: str,
) -> None:
    """Begin the next round of an incident: what is told in it is told by a job of its own."""
    incident_id, number = row["id"], row["round"] + 1
    await _note(c, incident_id, kind, texts, f"{kind}-{incident_id}-{number}", actor)
    await _write(c, incident_id, {**values, "round": number})
    await enqueue(c, TELL, {"incident_id": str(incident_id)}, key=f"{incident_id}-{number}")


async def look_for(c: AsyncConnection, incident_id: UUID) -> None:
    """Have the conversations looked through that it may touch."""
    await enqueue(c, MATCH, {"incident_id": str(incident_id)}, key=str(incident_id))


async def tell(c: AsyncConnection, incident_id: UUID, *, actor: str) -> dict[str, Any]:
    """Tell those who listen how an incident stands now, and return it."""
    view = await queries.get(c, incident_id)
    shown = IncidentView.model_validate(view).model_dump(mode="json")
    await live.append(c, "incident.changed", audience="staff", actor=actor, data={"incident": shown})
    return view


async def _row(c: AsyncConnection, incident_id: UUID) -> RowMapping:
    """Return an incident, held until the transaction ends; raises `NotFound`."""
    query = select(incident).where(incident.c.id == incident_id).with_for_update(key_share=True)
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such incident.")
    return row


async def _open(c: AsyncConnection, incident_id: UUID) -> RowMapping:
    row = await _row(c, incident_id)
    if row["state"] not in {"open", "suspected"}:
        raise Conflict("This incident is over.", todo="Declare a new one.")
    return row


async def _write(c: AsyncConnection, incident_id: UUID, values: Mapping[str, Any]) -> None:
    await c.execute(
        update(incident).where(incident.c.id == incident_id).values(**values, version=incident.c.version + 1)
    )


async def _note(
    c: AsyncConnection, incident_id: UUID, kind: str, texts: Mapping[str, str], client_id: str, actor: str
) -> bool:
    """Keep what was told; returns False when it was told already."""
    found = await c.execute(
        on_conflict_insert(incident_update)
        .values(
            id=new_id(), incident_id=incident_id, kind=kind, texts=dict(texts), client_id=client_id, by=actor
        )
        .on_conflict_do_nothing()
        .returning(incident_update.c.id)
    )
    return found.first() is not None


def _check_window(values: Mapping[str, Any]) -> None:
    if values["ends_at"] <= values["starts_at"]:
        raise Invalid("Maintenance ends after it begins.", field="ends_at")
