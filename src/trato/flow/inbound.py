"""The inbound half of the straight line: what a connector read becomes durable, once, in one transaction."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg
import sqlalchemy.exc
import structlog
from sqlalchemy import text

from trato.brands.service import AccountRecord
from trato.channel_sdk import Broken, Delivery, File, Inbound, InboundEvent, Party, Typing
from trato.db.edge import Services
from trato.flow import deliveries
from trato.kit.errors import Unavailable
from trato.kit.ids import new_id
from trato.kit.text import bounded_id, clean, clean_tree, fold, one_line, shorten

log = structlog.get_logger()

MAX_TEXT = 500_000
MAX_HTML = 2_000_000
MAX_OTHERS = 200
PREVIEW = 140
TITLE = 80
EXPECTATION = 400
BEGINNING = 4_000  # of a text, enough for each of these

Outcome = Literal["new", "duplicate", "ignored", "broken", "noted"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an event; whatever it says, the event is durable and may be acknowledged."""

    outcome: Outcome
    conversation_id: UUID | None = None
    message_id: UUID | None = None


async def receive(services: Services, account: AccountRecord, event: InboundEvent) -> Received:
    """Take one event from a connector; when this returns it is durable.

    The files and the raw original are stored first, then one statement writes receipt, contact,
    conversation, case, message, events and the router's inbox in one transaction. A message that this
    transaction refuses for its content is kept raw as a `broken` receipt and shown. Raises `Unavailable`
    or a database error when nothing could be kept: the sender must try again.
    """
    match event:
        case Inbound():
            return await _message(services, account, event)
        case Delivery():
            await deliveries.record(services, account.id, event)
            return Received("noted")
        case Broken():
            await keep_broken(services, account.id, event.provider_id, event.raw, event.error)
            return Received("broken")
        case Typing():
            return Received("noted")


async def _message(services: Services, account: AccountRecord, event: Inbound) -> Received:
    if event.sent_by == "loop":
        await keep(
            services,
            account.id,
            event.provider_id,
            event.raw,
            state="ignored",
            error="our own mail came back",
        )
        services.wake.ring("events")
        return Received("ignored")
    if event.raw is not None or event.files:
        before = await _taken(services, account.id, event.provider_id)
        if before is not None:  # nothing is stored for what is here already, nor while the database is away
            return before
    files = [await _store_file(services, account.id, file) for file in event.files]
    raw_key = await store_raw(services, account.id, event.raw)
    row = row_of(account, event, files, raw_key)
    try:
        answer = await _write(services, row)
    except REFUSED as error:
        log.warning("inbound.broken", account=str(account.id), error=type(error).__name__)
        await _drop(services, files)
        await _drop_original(services, raw_key)
        await keep_broken(
            services, account.id, event.provider_id, event.raw or clean(event.text).encode(), str(error)
        )
        return Received("broken")
    services.wake.ring("events", "routing")
    found = json.loads(answer)
    if found["outcome"] != "new":  # this copy of the files belongs to nothing
        await _drop(services, files)
        await _drop_original(services, raw_key)
    return Received(
        found["outcome"],
        UUID(found["conversation_id"]) if found.get("conversation_id") else None,
        UUID(found["message_id"]) if found.get("message_id") else None,
    )


_TAKEN = text("""
    SELECT r.message_id, m.conversation_id FROM receipt r LEFT JOIN message m ON m.id = r.message_id
    WHERE r.account_id = :account_id AND r.provider_id = :provider_id AND r.state NOT IN ('pending', 'broken')
""")


async def _taken(services: Services, account_id: UUID, provider_id: str) -> Received | None:
    """Return what became of an earlier delivery of the same thing; None when this is the first."""
    values = {"account_id": account_id, "provider_id": bounded_id(provider_id)}
    async with services.db.connect() as c:
        row = (await c.execute(_TAKEN, values)).first()
    return Received("duplicate", row.conversation_id, row.message_id) if row else None


# In the order of the database's type `inbound_message`.
COLUMNS = (
    *("account_id", "channel", "brand_id", "provider_id", "raw_key"),
    *("kind", "value", "key", "name", "language", "verifier", "sent_by", "spam"),
    *("conversation_key", "conversation_id", "refers_to", "case_id", "title", "expectation"),
    *("text", "html", "subject", "preview", "payload", "occurred_at"),
    *("external_id", "dedupe_key", "client_id", "others", "files", "file_ids", "uploaded_by"),
    *("message_id", "new_contact_id", "new_address_id", "new_conversation_id", "new_case_id"),
    "participant_id",
)


# What the database, or its driver before it (ValueError), refuses a message for: it would do so for ever.
REFUSED = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    sqlalchemy.exc.DataError,
    ValueError,
)


async def _write(services: Services, row: Mapping[str, Any]) -> str:
    values = [row[name] for name in COLUMNS]
    receive = services.db.gathering("receive_message", "inbound_message")
    try:
        try:
            return await receive.call(values)
        except asyncpg.UniqueViolationError:  # two at the same moment: the second look finds the other's
            return await receive.call(values)
    except asyncpg.SyntaxOrAccessError as error:  # during an upgrade: nothing is wrong with the message
        raise Unavailable(
            "The database is being brought to another version of Trato.", todo="Try again."
        ) from error


def row_of(
    account: AccountRecord, event: Inbound, files: list[dict[str, Any]], raw_key: str | None
) -> dict[str, Any]:
    """Return what `receive_message` takes: everything bounded, cleaned, and with the ids it may need."""
    subject = None if event.subject is None else clean(event.subject, 1_000)
    said = clean(event.text, MAX_TEXT)
    value = clean(event.sender.value, 320)
    begins = one_line(said[:BEGINNING], EXPECTATION)
    told = one_line(subject, PREVIEW) if subject else begins
    others = [_other(party) for party in event.others[:MAX_OTHERS]]
    return {
        "account_id": account.id,
        "channel": account.kind,
        "brand_id": account.brand_id,
        "provider_id": bounded_id(event.provider_id),
        "raw_key": raw_key,
        "kind": event.sender.kind,
        "value": value,
        "key": fold(value),
        "name": one_line(event.sender.name, 120),
        "language": event.language,
        "verifier": account.kind if event.verified else None,
        "sent_by": event.sent_by,
        "spam": event.spam,
        "conversation_key": bounded_id(event.conversation_key),
        "conversation_id": event.conversation_id,
        "refers_to": [bounded_id(r) for r in event.references][-50:] or None,
        "case_id": event.case_id,
        "title": shorten(told, TITLE),
        "expectation": begins,
        "text": said,
        "html": None if event.html is None else clean(event.html, MAX_HTML),
        "subject": subject,
        "preview": shorten(begins or told, PREVIEW),
        "payload": json.dumps(clean_tree(dict(event.payload))) if event.payload else None,
        "occurred_at": event.occurred_at,
        "external_id": None if event.external_id is None else bounded_id(event.external_id),
        "dedupe_key": None if event.dedupe_key is None else bounded_id(event.dedupe_key),
        "client_id": None if event.client_id is None else bounded_id(event.client_id),
        "others": json.dumps(others) if others else None,
        "files": json.dumps(files) if files else None,
        "file_ids": list(event.file_ids) or None,
        "uploaded_by": f"{event.sender.kind}:{clean(event.sender.value)}",
        "message_id": new_id(),
        "new_contact_id": new_id(),
        "new_address_id": new_id(),
        "new_conversation_id": new_id(),
        "new_case_id": new_id(),
        "participant_id": new_id(),
    }


def _other(party: Party) -> dict[str, str]:
    return {
        "id": str(new_id()),
        "role": party.role,
        "name": one_line(party.name, 120),
        "value": clean(party.value, 320),
    }


async def _store_file(services: Services, account_id: UUID, file: File) -> dict[str, Any]:
    digest = await asyncio.to_thread(lambda: hashlib.sha256(file.data).hexdigest())
    file_id = new_id()
    key = f"files/{account_id}/{digest[:2]}/{file_id}"
    await services.store.put(key, file.data)
    return {
        "id": str(file_id),
        "filename": clean(file.filename, 200) or "file",
        "content_type": clean(file.content_type, 120),
        "size": len(file.data),
        "sha256": digest,
        "store_key": key,
        "content_id": None if file.content_id is None else clean(file.content_id, 200),
        "inline": file.inline,
    }


async def _drop(services: Services, files: list[dict[str, Any]]) -> None:
    for file in files:
        await services.store.delete(file["store_key"])


async def store_raw(services: Services, account_id: UUID, raw: bytes | None) -> str | None:
    """Keep the original under a key that nothing else uses: once nobody names it, it can go at once."""
    if raw is None:
        return None
    original_id = new_id()
    key = f"raw/{account_id}/{str(original_id)[-2:]}/{original_id}"
    await services.store.put(key, raw)
    return key


_UNNAMED = text("""
    SELECT NOT EXISTS (SELECT FROM receipt WHERE raw_key = :key)
       AND NOT EXISTS (SELECT FROM message WHERE raw_key = :key)
""")


async def _drop_original(services: Services, raw_key: str | None) -> None:
    """Delete an original that was stored for what turned out to be here already."""
    if raw_key is None:
        return
    async with services.db.connect() as c:
        unnamed = await c.scalar(_UNNAMED, {"key": raw_key})
    if unnamed:
        await services.store.delete(raw_key)


_KEEP = text("""
    INSERT INTO receipt (account_id, provider_id, state, raw_key, error, attempts, settled_at)
    VALUES (:account_id, :provider_id, :state, :raw_key, :error, 1,
            CASE WHEN :state = 'ignored' THEN now() END)
    ON CONFLICT (account_id, provider_id) DO UPDATE
        SET attempts = receipt.attempts + 1, error = excluded.error, state = excluded.state,
            raw_key = coalesce(receipt.raw_key, excluded.raw_key)
        WHERE receipt.state IN ('pending', 'broken')
""")


async def keep_broken(services: Services, account_id: UUID, provider_id: str, raw: bytes, error: str) -> None:
    """Keep what could not be read, with the reason; the desk lists it with a button to try again."""
    await keep(services, account_id, provider_id, raw, state="broken", error=error)


async def keep(
    services: Services, account_id: UUID, provider_id: str, raw: bytes | None, *, state: str, error: str
) -> None:
    """Write a receipt without a message."""
    raw_key = await store_raw(services, account_id, raw)
    async with services.db.begin() as c:
        await c.execute(
            _KEEP,
            {
                "account_id": account_id,
                "provider_id": bounded_id(provider_id),
                "state": state,
                "raw_key": raw_key,
                "error": clean(error, 1_000),
            },
        )
    await _drop_original(services, raw_key)  # one that came before is the one that is kept
