"""A mail as the loopback channel of the straight line's tests takes it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from trato.channel_sdk import Inbound, Party

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def mail(n: int = 1, **changes: Any) -> Inbound:
    first = Inbound(
        provider_id=f"p{n}",
        conversation_key=f"k{n}",
        sender=Party("loop", "Ana@Example.org", "Ana Ruiz"),
        occurred_at=AT,
        text=f"La heladera no enfría ({n})",
        subject="Garantía",
        external_id=f"<m{n}@example.org>",
    )
    return replace(first, **changes)
