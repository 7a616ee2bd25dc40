"""Secrets, signatures and bodies as the Standard Webhooks specification 1.0 has them."""

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from standardwebhooks import Webhook

SECRET_BYTES: Final = 32


def new_secret() -> str:
    """Return a symmetric secret, `whsec_` and base64 of 32 random bytes."""
    return "whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def body(envelope: Mapping[str, Any]) -> bytes:
    """Return `{type, timestamp, data}` of an event; the same bytes at each attempt."""
    payload = {"type": envelope["type"], "timestamp": envelope["at"], "data": envelope["data"]}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: str, delivery_id: UUID, sent_at: datetime, payload: bytes) -> dict[str, str]:
    """Return the headers of one attempt. `webhook-id` stays the same: receivers know duplicates by it."""
    message_id = f"msg_{delivery_id.hex}"
    return {
        "content-type": "application/json",
        "user-agent": "Trato webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, payload.decode()),
    }
