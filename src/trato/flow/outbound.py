"""The outbound half of the straight line: queue in one transaction, claim, send outside any, record."""

import asyncio
import functools
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.channel_sdk import (
    Account,
    Connector,
    Outbound,
    OutboundFile,
    Party,
    SendFailed,
    Sent,
    Sentence,
    Why,
)
from trato.db.edge import Services
from trato.db.jobs import Retry, back_off_s, enqueue, free_lane
from trato.flow import incident_line
from trato.kit import marks
from trato.kit.errors import Conflict, DomainError, NotFound
from trato.kit.text import clean

log = structlog.get_logger()

SEND_ATTEMPTS = 20  # about half a day with the back-off
TURN_S = 0.2
MAX_REFERENCES = 30


async def send(services: Services, data: Mapping[str, Any], attempt: int) -> None:
    """Send one queued message: the job `send`.

    Where the provider has no idempotency key, a crash between claim and record leaves the message
    `uncertain`: shown at the desk, and never sent again by itself.
    """
    message_id = UUID(data["message_id"])
    async with services.db.begin() as c:
        claim = await c.scalar(text("SELECT claim_message(:id)"), {"id": message_id})
    if claim == "gone":
        return
    if claim == "wait":
        raise Retry(TURN_S, "an earlier message goes first", counts=False)
    services.wake.ring("events")
    try:
        async with services.db.connect() as c:
            record, connector, outbound = await compose(services, c, message_id)
    except asyncio.CancelledError:  # the worker ends, and nothing has left yet
        await _failed(services, message_id, SendFailed(Why.STOPPED, "stopped"), attempt)
        return
    except DomainError as error:  # its account was removed, or its connector
        await _record(services, message_id, "failed", error.message)
        return
    except Exception as error:
        log.exception("send.not_composed", message=str(message_id))
        unsent = SendFailed(Why.RETRY, f"unexpected: {type(error).__name__}")
        await _failed(services, message_id, unsent, attempt)
        return
    if claim == "crashed" and not connector.capabilities.idempotent_send:
        await _record(services, message_id, "uncertain", "sending was interrupted: it may have arrived")
        return
    account = record.opened(services.secrets, services.db)
    failure, sent = await _hand_over(connector, outbound, account)
    await _note_reach(services, record, failure)
    if failure is not None:
        await _failed(services, message_id, failure, attempt)
    else:
        await _sent(services, message_id, sent)


async def _hand_over(
    connector: Connector, outbound: Outbound, account: Account
) -> tuple[SendFailed | None, Sent]:
    """Have the connector send it; whatever happens, also the end of the worker, comes back as an outcome."""
    again = connector.capabilities.idempotent_send
    try:
        return None, await connector.send(outbound, account)
    except SendFailed as failure:
        return failure, Sent()
    except asyncio.CancelledError:
        why = Why.STOPPED if again else Why.UNKNOWN
        return SendFailed(why, "sending was cut off by the end of the worker: it may have arrived"), Sent()
    except Exception as error:
        log.exception("send.crashed", message=str(outbound.message_id), channel=account.kind)
        why = Why.RETRY if again else Why.UNKNOWN
        return SendFailed(why, f"unexpected: {type(error).__name__}"), Sent()


async def _note_reach(services: Services, record: brands.AccountRecord, failure: SendFailed | None) -> None:
    """Have the account say that nothing gets through it, or that it does again."""
    if failure is not None and failure.why in {Why.STOPPED, Why.UNKNOWN}:
        return
    error = failure.message if failure is not None and failure.unreachable else None
    if error != record.sending_error:
        async with services.db.begin() as c:
            await brands.set_sending(c, record.id, error)


async def _sent(services: Services, message_id: UUID, sent: Sent) -> None:
    status = "delivered" if sent.delivered else "sent"
    await _record(services, message_id, status, sent.note, sent.external_id)


async def _failed(services: Services, message_id: UUID, failure: SendFailed, attempt: int) -> None:
    if failure.why is Why.STOPPED:
        await _record(services, message_id, "queued", None)
        raise Retry(0, failure.message, counts=False)
    if failure.why is Why.RETRY and attempt < SEND_ATTEMPTS:
        await _record(services, message_id, "queued", failure.message)
        pause_s = failure.retry_after_s or back_off_s(attempt)
        raise Retry(pause_s, failure.message, lane_down=failure.unreachable)
    status = "uncertain" if failure.why is Why.UNKNOWN else "failed"
    await _record(services, message_id, status, failure.message, sentence=failure.sentence)


# The lock goes first, in the order that everybody keeps.
_KEEP_SENTENCE = text("""
    WITH locked AS MATERIALIZED (SELECT (lock_message(:id)).id)
    UPDATE message SET payload = (payload - 'error_sentence') || :told FROM locked
    WHERE message.id = locked.id
""").bindparams(bindparam("told", type_=JSONB))


async def _record(
    services: Services,
    message_id: UUID,
    status: str,
    error: str | None,
    external_id: str | None = None,
    *,
    sentence: Sentence | None = None,
) -> None:
    told = {"error_sentence": {"code": sentence.code, "values": dict(sentence.values)}} if sentence else {}
    async with services.db.begin() as c:
        if error is not None:
            await c.execute(_KEEP_SENTENCE, {"id": message_id, "told": told})
        await c.execute(
            text("SELECT record_sending(:id, :status, :error, :external_id)"),
            {
                "id": message_id,
                "status": status,
                "error": None if error is None else clean(error, 1_000),
                "external_id": external_id,
            },
        )
    services.wake.ring("events")


async def send_again(c: AsyncConnection, message_id: UUID) -> dict[str, Any]:
    """Queue a failed or uncertain message once more: a person decided so. Raises `Conflict`."""
    row = await _settle(c, message_id, "queued", None)
    account_id = await c.scalar(_ACCOUNT, {"id": message_id})
    await free_lane(c, str(account_id))  # tried now, whatever befell the ones before
    await enqueue(c, "send", {"message_id": str(message_id)}, lane=str(account_id))
    return row


async def settle(c: AsyncConnection, message_id: UUID, status: str) -> dict[str, Any]:
    """Write what a person found out about an uncertain or failed message: `sent` or `failed`."""
    note = "marked by hand" if status == "sent" else "given up by hand"
    return await _settle(c, message_id, "cancelled" if status == "failed" else "sent", note)


async def _settle(c: AsyncConnection, message_id: UUID, status: str, error: str | None) -> dict[str, Any]:
    state = await c.scalar(text("SELECT (lock_message(:id)).status"), {"id": message_id})
    if state is None:
        raise NotFound("There is no such message.")
    if state not in {"failed", "uncertain"}:
        raise Conflict("This message needs no hand any more.", todo="Reload: somebody was faster.")
    values = {"id": message_id, "status": status, "error": error}
    await c.execute(text("SELECT record_sending(:id, :status, :error, NULL)"), values)
    query = text("SELECT message_view(m) FROM message m WHERE id = :id")
    view: dict[str, Any] = (await c.execute(query, values)).scalar_one()
    return view


_MESSAGE = text("""
    SELECT m.id, m.conversation_id, m.text, m.subject, m.payload, m.external_id, m.author_name, m.author_kind,
           m.created_at, c.conversation_key, c.account_id, c.subject AS conversation_subject, c.language,
           b.name AS brand_name, b.signature AS brand_signature, coalesce(a.signature, '') AS agent_signature
    FROM message m JOIN conversation c ON c.id = m.conversation_id JOIN brand b ON b.id = c.brand_id
    LEFT JOIN agent a ON a.id = m.author_id
    WHERE m.id = :id
""")
_ACCOUNT = text("""
    SELECT c.account_id FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = :id
""")
_EARLIER = text("""
    SELECT external_id, direction FROM message m
    WHERE conversation_id = :conversation_id AND created_at < :before AND external_id IS NOT NULL
      AND direction <> 'internal' AND with_contact(m)
    ORDER BY created_at DESC LIMIT :limit
""")
_CONTACT = text("""
    SELECT a.kind, p.address, p.name FROM participant p JOIN conversation c ON c.id = p.conversation_id
    LEFT JOIN address a ON a.contact_id = c.contact_id AND a.value = p.address
    WHERE p.conversation_id = :id AND p.role = 'contact' ORDER BY p.created_at LIMIT 1
""")
_FILES = text("""
    SELECT filename, content_type, size, store_key, content_id, inline FROM attachment
    WHERE message_id = :id ORDER BY place, created_at, id
""")


async def compose(
    services: Services, c: AsyncConnection, message_id: UUID
) -> tuple[brands.AccountRecord, Connector, Outbound]:
    """Gather all that a connector needs to send one message."""
    row = (await c.execute(_MESSAGE, {"id": message_id})).mappings().one()
    record = await brands.get_account(c, row["account_id"])
    kind = record.connector.capabilities.address_kind
    earlier = await c.execute(
        _EARLIER,
        {"conversation_id": row["conversation_id"], "before": row["created_at"], "limit": MAX_REFERENCES},
    )
    chain = [(r.external_id, r.direction) for r in earlier][::-1]
    payload = row["payload"]
    words, html = row["text"], None
    if payload.get(marks.IN_PAYLOAD):
        words, html = marks.rendered(words, record.connector.capabilities.marks)
    answered = payload.get("in_reply_to") or _answered(chain)
    outbound = Outbound(
        message_id=message_id,
        conversation_id=row["conversation_id"],
        conversation_key=row["conversation_key"],
        to=_parties(payload.get("to"), kind) or await _contact(c, row["conversation_id"], kind),
        cc=_parties(payload.get("cc"), kind),
        bcc=_parties(payload.get("bcc"), kind),
        text=words,
        html=html,
        author_name=row["author_name"],
        brand_name=row["brand_name"],
        signature="\n".join(part for part in _signature(row) if part),
        subject=row["subject"] or row["conversation_subject"],
        external_id=row["external_id"],
        in_reply_to=answered,
        references=[external_id for external_id, _ in chain],
        files=await _files(services, c, message_id),
        automatic=row["author_kind"] == "system",
        language=row["language"],
        created_at=row["created_at"],
        payload=payload,
    )
    return record, record.connector, outbound


def _signature(row: RowMapping) -> tuple[str, ...]:
    return row["agent_signature"], row["brand_signature"], incident_line.written(row["payload"])


def _answered(chain: Sequence[tuple[str, str]]) -> str | None:
    """Return what a reply answers: the newest message of theirs, else our own last one."""
    theirs = [external_id for external_id, direction in chain if direction == "in"]
    return theirs[-1] if theirs else (chain[-1][0] if chain else None)


def _parties(addresses: Sequence[Mapping[str, str]] | None, kind: str) -> list[Party]:
    return [Party(kind, a["address"], a.get("name", "")) for a in addresses or ()]


async def _contact(c: AsyncConnection, conversation_id: UUID, kind: str) -> list[Party]:
    row = (await c.execute(_CONTACT, {"id": conversation_id})).first()
    return [Party(row.kind or kind, row.address, row.name)] if row else []


async def _files(services: Services, c: AsyncConnection, message_id: UUID) -> list[OutboundFile]:
    rows = (await c.execute(_FILES, {"id": message_id})).mappings()
    return [_file(services, row) for row in rows]


def _file(services: Services, row: RowMapping) -> OutboundFile:
    return OutboundFile(
        filename=row["filename"],
        content_type=row["content_type"],
        size=row["size"],
        read=functools.partial(services.store.get, row["store_key"]),
        content_id=row["content_id"],
        inline=row["inline"],
    )
