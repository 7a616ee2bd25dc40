"""Sends notifications to the devices of agents: one durable job for each, outside of any transaction."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.db.jobs import Handler, Retry, back_off_s, enqueue
from trato.kit.clock import now
from trato.kit.guarded_http import GuardedTransport
from trato.notifications import push_keys, wishes, words

log = structlog.get_logger()

KIND: Final = "push"
PATIENCE: Final = timedelta(seconds=4)  # whoever sits at the desk has seen it by then
ATTEMPTS: Final = 7  # about four minutes
TIMEOUT_S: Final = 15.0
DAY_S: Final = 86_400

_QUEUE = text("SELECT id, endpoint FROM push_device WHERE agent_id = :agent")
# What is sent is looked up when it is sent: what was read or settled by then is not sent at all.
_DUE = text("""
    SELECT notification_view(n) AS view, d.endpoint, d.p256dh, d.auth, n.agent_id, n.expires_at,
           n.kind, n.key, u.language,
           coalesce(w.words_in_push, true) AND EXISTS (
               SELECT FROM session s WHERE s.id = d.session_id AND s.expires_at > now()) AS with_words,
           unread_notifications(n.agent_id) AS unread
    FROM push_device d
    JOIN notification n ON n.agent_id = d.agent_id AND n.id = :notification
    JOIN agent a ON a.id = d.agent_id AND a.active
    JOIN users u ON u.id = a.user_id AND u.active
    LEFT JOIN notification_wishes w ON w.agent_id = d.agent_id
    WHERE d.id = :device AND n.read_at IS NULL AND (n.expires_at IS NULL OR n.expires_at > now())
""")
_GONE = text("DELETE FROM push_device WHERE id = :device AND endpoint = :endpoint")
_SENT = text("UPDATE push_device SET last_sent_at = now() WHERE id = :device")


async def queue(c: AsyncConnection, agent_id: UUID, notification_id: UUID) -> None:
    """Have one notification sent to each device of an agent, unless it is read in the meantime."""
    for row in await c.execute(_QUEUE, {"agent": agent_id}):
        data = {"device": str(row.id), "notification": str(notification_id)}
        await enqueue(
            c,
            KIND,
            data,
            key=f"{row.id}:{notification_id}",
            lane=f"push:{urlsplit(row.endpoint).hostname}",
            run_at=now() + PATIENCE,
        )


def sending(services: Services, *, allow_private: bool = False) -> Handler:
    """Return the job that sends one notification to one device; a device that is gone is forgotten."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        device = UUID(data["device"])
        async with services.db.begin() as c:
            found = (await c.execute(_DUE, {**data, "device": device})).mappings().first()
            row = dict(found or {})
            if not row or not await _wanted(c, row):
                return
            private = await push_keys.private(c, services.secrets)
        auth = services.secrets.open(row["auth"]).decode()
        message = json.dumps(payload(row), ensure_ascii=False).encode()
        body, headers = await asyncio.to_thread(
            push_keys.sealed, row, auth, message, private, services.public.url, now()
        )
        headers |= _envelope(row)
        try:
            answer = await _post(row["endpoint"], body, headers, allow_private=allow_private)
        except (httpx.HTTPError, TimeoutError) as error:
            await _later(attempt, f"not reached: {error!r}", down=True)
            return
        await _settle(services, device, row, answer, attempt)

    return run


def payload(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the device is told: in their language, without names and words where those may not be."""
    view, language, discreet = row["view"], row["language"], not row["with_words"]
    place = f"/c/{view['conversation_id']}" if view["conversation_id"] else "/notifications"
    return {
        "id": view["id"],
        "kind": view["kind"],
        "tag": f"{row['kind']}:{row['key']}",
        "title": words.title(view, language, discreet=discreet),
        "body": words.body(view, language, discreet=discreet),
        "language": words.known(language),
        "place": place,
        "unread": row["unread"],
    }


async def _wanted(c: AsyncConnection, row: Mapping[str, Any]) -> bool:
    """Say whether the agent still wants it on a device: they may have asked for quiet meanwhile."""
    return "push" in await wishes.ways_now(c, row["agent_id"], row["kind"], now())


def _envelope(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the push service reads (RFC 8030, sections 5.2 to 5.4)."""
    topic = hashlib.sha256(f"{row['kind']}:{row['key']}".encode()).digest()[:24]
    return {
        "TTL": str(_left_s(row["expires_at"], now())),
        "Urgency": "high" if row["kind"] in ("offered", "mentioned", "consult") else "normal",
        "Topic": base64.urlsafe_b64encode(topic).decode().rstrip("="),
    }


def _left_s(until: datetime | None, at: datetime) -> int:
    return DAY_S if until is None else max(0, int((until - at).total_seconds()))


async def _post(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool) -> httpx.Response:
    """Return the answer without what it says: whoever an agent names as their device may send without end."""
    transport = GuardedTransport(allow_private=allow_private)
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, follow_redirects=False) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        return answer


async def _settle(
    services: Services, device: UUID, row: Mapping[str, Any], answer: httpx.Response, attempt: int
) -> None:
    code = answer.status_code
    if answer.is_success:
        async with services.db.begin() as c:
            await c.execute(_SENT, {"device": device})
    elif code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        async with services.db.begin() as c:
            await c.execute(_GONE, {"device": device, "endpoint": row["endpoint"]})
    elif code == HTTPStatus.TOO_MANY_REQUESTS or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        await _later(attempt, f"answered {code}", after=answer.headers.get("retry-after"))
    else:
        log.warning("push.refused", status=code, device=str(device))


async def _later(attempt: int, reason: str, *, after: str | None = None, down: bool = False) -> None:
    if attempt >= ATTEMPTS:
        log.warning("push.given_up", reason=reason)
        return
    told_s = float(after) if after and after.isdecimal() else 0.0
    raise Retry(min(3600.0, max(told_s, back_off_s(attempt))), reason, lane_down=down)
