"""The mail with what waits to be read, at the agent's hour; nothing left, no mail. One touch ends it."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic
from trato.decide.notify import digest_is_due
from trato.flow import system_mail
from trato.kit import signed_link
from trato.kit.clock import now
from trato.notifications import wishes, words

KIND: Final = "notifications.digest"
EVERY: Final = timedelta(minutes=5)
MOST: Final = 15
LINK_LIFE: Final = timedelta(days=60)

_WANT_IT = text("""
    SELECT w.agent_id, w.digest, w.digest_at, w.digest_sent_at, u.email, u.name, u.language,
           coalesce(w.time_zone, (SELECT time_zone FROM organisation LIMIT 1), 'UTC') AS zone
    FROM notification_wishes w JOIN agent a ON a.id = w.agent_id AND a.active
    JOIN users u ON u.id = a.user_id AND u.active
    WHERE w.digest <> 'off'
""")
_CLAIM = text("""
    UPDATE notification_wishes SET digest_sent_at = :now
    WHERE agent_id = :agent AND digest <> 'off' AND digest_sent_at IS NOT DISTINCT FROM :before
    RETURNING agent_id
""")
_WAITING = text("""
    SELECT n.id, notification_view(n) AS view FROM notification n
    WHERE n.agent_id = :agent AND n.read_at IS NULL AND n.mailed_at IS NULL AND n.kind = ANY(:kinds)
      AND (n.expires_at IS NULL OR n.expires_at > now())
    ORDER BY n.told_at DESC, n.id DESC
""")
_MAILED = text("UPDATE notification SET mailed_at = now() WHERE id = ANY(:ids)")
_OFF = text("UPDATE notification_wishes SET digest = 'off' WHERE agent_id = :agent")


def mailing(services: Services) -> Periodic:
    """Return the job that queues these mails; each in a transaction of its own, once a day."""

    async def run() -> None:
        async with services.db.connect() as c:
            rows = (await c.execute(_WANT_IT)).mappings().all()
        for row in rows:
            if digest_is_due(row["digest"], time.fromisoformat(row["digest_at"]), *_clocks(dict(row), now())):
                async with services.db.begin() as c:
                    await _mail(c, services, dict(row))
        services.wake.ring(*TOPICS)

    return Periodic(KIND, EVERY, services.db, run)


def _clocks(row: dict[str, Any], moment: datetime) -> tuple[datetime, datetime | None]:
    """Return this moment and that of the last mail by the agent's own clock."""
    try:
        zone = ZoneInfo(row["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    sent = row["digest_sent_at"]
    return moment.astimezone(zone), None if sent is None else sent.astimezone(zone)


async def _mail(c: AsyncConnection, services: Services, row: dict[str, Any]) -> None:
    account = await system_mail.account_for(c)
    if account is None:
        return  # nothing can be mailed yet, so nothing counts as mailed
    agent_id = row["agent_id"]
    claim = {"agent": agent_id, "before": row["digest_sent_at"], "now": now()}
    if await c.scalar(_CLAIM, claim) is None:
        return  # another worker has it, or it was turned off
    wished = await wishes.get(c, agent_id)
    kinds = [kind for kind, ways in wished["ways"].items() if "mail" in ways]
    waiting = (await c.execute(_WAITING, {"agent": agent_id, "kinds": kinds})).all()
    if not waiting:
        return
    site = services.public.url.rstrip("/")
    off = f"{site}/stop-summary/{_token(services, agent_id)}"
    subject, body = words.digest(
        [one.view for one in waiting[:MOST]],
        len(waiting),
        row["language"],
        name=row["name"],
        everything=f"{site}/notifications",
        off=off,
    )
    await c.execute(_MAILED, {"ids": [one.id for one in waiting]})
    mail = system_mail.SystemMail(services)
    spoken = words.known(row["language"])
    await mail.send_link(c, row["email"], subject, body, spoken, otherwise=account, leave_url=off)


def _token(services: Services, agent_id: UUID) -> str:
    return signed_link.name(services.secrets.derive(KIND), agent_id, now() + LINK_LIFE)


def whose(services: Services, token: str) -> UUID:
    """Return whose mail a link is about; raises `NotFound` for one that is forged or too old."""
    return signed_link.named(services.secrets.derive(KIND), token, now())


async def stop(c: AsyncConnection, agent_id: UUID) -> None:
    """Send this mail no more."""
    await c.execute(_OFF, {"agent": agent_id})
