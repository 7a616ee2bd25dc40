"""Secrets, signatures and bodies as the Standard Webhooks specification 1.0 has them."""

import base64
import hmac
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from standardwebhooks import Webhook

SECRET_BYTES: Final = 32
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
TOLERANCE: Final = timedelta(
    minutes=5
)  # between the clocks of the two, as the specification's libraries have it


def new_secret() -> str:
    """Return a symmetric secret, `whsec_` and base64 of 32 random bytes."""
    return "whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def body(envelope: Mapping[str, Any]) -> bytes:
    """Return `{type, timestamp, data}` of an event; the same bytes at each attempt."""
    payload = {"type": envelope["type"], "timestamp": envelope["at"], "data": envelope["data"]}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def message_id_of(delivery_id: UUID) -> str:
    """Return the `webhook-id` of a delivery."""
    return f"msg_{delivery_id.hex}"


def headers(secret: str, delivery_id: UUID, sent_at: datetime, payload: bytes) -> dict[str, str]:
    """Return the headers of one attempt. `webhook-id` stays the same: receivers know duplicates by it."""
    message_id = message_id_of(delivery_id)
    return {
        "content-type": "application/json",
        "user-agent": "Trato webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, payload.decode()),
    }


def is_signed(secret: str, message_id: str, given: Mapping[str, str], payload: bytes, now: datetime) -> bool:
    """Say whether an answer carries the secret's signature, for this message and of about now.

    `given` are its headers, in lower case. That it names the id of what was asked binds it to the question:
    an answer that was overheard serves for no other.
    """
    sent = given.get("webhook-timestamp", "")
    if given.get("webhook-id") != message_id or not _SECONDS.fullmatch(sent):
        return False
    at = datetime.fromtimestamp(int(sent), UTC)
    if abs(at - now) > TOLERANCE:
        return False
    try:
        expected = Webhook(secret).sign(message_id, at, payload.decode())
    except UnicodeDecodeError:
        return False
    signatures = given.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in signatures)
