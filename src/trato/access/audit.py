"""The audit log: who did what to whom, from where. It only grows, and never holds a secret."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.kit.redaction import redacted


async def record(
    c: AsyncConnection,
    actor: str,
    action: str,
    target: str = "",
    data: Mapping[str, Any] | None = None,
    ip: str | None = None,
) -> None:
    """Append one line in the caller's transaction: what is rolled back did not happen.

    `actor` is `user:<id>`, `key:<id>` or `system`; `action` a noun and a past verb (`user.deactivated`);
    `target` a kind and an id. Values under names that look secret are hidden.
    """
    await c.execute(
        insert(tables.audit_log).values(
            actor=actor, action=action, target=target, data=redacted(dict(data or {})), ip=ip
        )
    )
