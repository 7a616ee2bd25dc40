"""The devices on which agents are told also while no desk is open."""

import base64
import binascii
import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Invalid, NotFound
from trato.kit.guarded_http import may_reach
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox

MOST: Final = 10  # of one agent; a new one takes the place of the oldest
POINT_BYTES, AUTH_BYTES = 65, 16

_ADD = text("""
    INSERT INTO push_device AS d (id, agent_id, session_id, endpoint, p256dh, auth, name)
    VALUES (:id, :agent, :session, :endpoint, :p256dh, :auth, :name)
    ON CONFLICT (endpoint) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id,
        p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name
    RETURNING id, name, created_at, last_sent_at
""")
_FORGET_OLDEST = text("""
    DELETE FROM push_device WHERE id IN (
        SELECT id FROM push_device WHERE agent_id = :agent ORDER BY created_at DESC, id DESC OFFSET :most)
""")
_LIST = text("""
    SELECT id, name, created_at, last_sent_at FROM push_device WHERE agent_id = :agent
    ORDER BY created_at DESC, id DESC
""")
_REMOVE = text("DELETE FROM push_device WHERE id = :id AND agent_id = :agent RETURNING id")
_REMOVE_HERE = text("DELETE FROM push_device WHERE endpoint = :endpoint AND agent_id = :agent")


async def add(
    c: AsyncConnection,
    secrets: SecretBox,
    agent_id: UUID,
    *,
    session_id: UUID | None,
    endpoint: str,
    p256dh: str,
    auth: str,
    name: str,
    allow_private: bool,
) -> dict[str, Any]:
    """Take a device in; one that another agent used before is this agent's from now on. Raises `Invalid`."""
    check_endpoint(endpoint, allow_private=allow_private)
    if _size(p256dh) != POINT_BYTES or _size(auth) != AUTH_BYTES:
        raise Invalid("The keys of this device are not what a browser makes.", field="keys")
    values = {
        "id": new_id(),
        "agent": agent_id,
        "session": session_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": secrets.seal(auth.encode()),
        "name": name,
    }
    row = (await c.execute(_ADD, values)).mappings().one()
    await c.execute(_FORGET_OLDEST, {"agent": agent_id, "most": MOST})
    return dict(row)


def check_endpoint(url: str, *, allow_private: bool) -> None:
    """Raise `Invalid` unless a push service may be reached there; it is judged again at each send."""
    refused = Invalid("That is not the address of a push service.", field="endpoint")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in ({"https", "http"} if allow_private else {"https"}) or not host or parts.username:
        raise refused
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not may_reach(address, allow_private=allow_private):
        raise refused


async def every(c: AsyncConnection, agent_id: UUID) -> list[dict[str, Any]]:
    """Return the devices of an agent, the latest first; never their addresses and keys."""
    return [dict(row) for row in (await c.execute(_LIST, {"agent": agent_id})).mappings()]


async def remove(c: AsyncConnection, agent_id: UUID, device_id: UUID) -> None:
    """Forget a device; raises `NotFound`."""
    if await c.scalar(_REMOVE, {"id": device_id, "agent": agent_id}) is None:
        raise NotFound("There is no such device.")


async def remove_here(c: AsyncConnection, agent_id: UUID, endpoint: str) -> None:
    """Forget the device that somebody signs out on; nothing when it is not known."""
    await c.execute(_REMOVE_HERE, {"endpoint": endpoint, "agent": agent_id})


def _size(said: str) -> int:
    try:
        return len(base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return 0
