"""Tells whoever reported a page that it works again: in their conversation, else by mail, each once."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import queries
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.flow import replies, system_mail

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "subject": "Ya funciona: {title}",
        "text": "La página «{title}», que usted nos avisó que no funcionaba, ya está arreglada.",
    },
    "en": {
        "subject": "It works again: {title}",
        "text": "The page “{title}”, which you told us did not work, is mended.",
    },
    "pt": {
        "subject": "Já funciona: {title}",
        "text": "A página “{title}”, que você nos avisou que não funcionava, já está consertada.",
    },
}
# One row for each person: who said it twice is told once.
_WAITING: Final = text("""
    UPDATE page_report_said s SET told_at = now() FROM (
        SELECT DISTINCT ON (coalesce(conversation_id::text, lower(email)))
               id, conversation_id, email, language
        FROM page_report_said
        WHERE report_id = :id AND told_at IS NULL
          AND (conversation_id IS NOT NULL OR email IS NOT NULL AND CAST(:mails AS boolean))
        ORDER BY coalesce(conversation_id::text, lower(email)), created_at DESC
    ) one WHERE s.id = one.id RETURNING s.id, s.conversation_id, s.email, s.language
""")


async def tell_everybody(services: Services, c: AsyncConnection, report: Mapping[str, Any]) -> int:
    """Write to all who are reachable, in the caller's transaction; returns to how many.

    Whoever left an address alone stays untold while no mailbox is connected.
    """
    account_id = await system_mail.account_for(c)
    asked = {"id": report["id"], "mails": account_id is not None}
    waiting = (await c.execute(_WAITING, asked)).mappings().all()
    for one in waiting:
        words = _WORDS.get(one["language"], _WORDS["es"])
        said = words["text"].format(title=report["title"])
        link = report["page"]
        where = f"{services.public.url}{link}" if link.startswith("/") else link
        body = "\n\n".join(part for part in (said, report["note"], where) if part)
        if one["conversation_id"] is not None:
            await _say(services, c, one["conversation_id"], body, f"mended-{one['id']}")
        else:
            subject = words["subject"].format(title=report["title"])
            await system_mail.SystemMail(services).send_link(
                c, one["email"], subject, body, one["language"], otherwise=account_id
            )
    return len(waiting)


async def _say(services: Services, c: AsyncConnection, conversation_id: UUID, body: str, once: str) -> None:
    """Write it where they reported it; a conversation that was over stays over."""
    view = await queries.get_conversation(c, conversation_id)
    closed = view["status"] == "closed"
    if closed:
        await conversations.set_status(c, conversation_id, "open", snoozed_until=None, actor="system")
    author = replies.Author(actor="system", name="")
    await replies.write(services, c, conversation_id, author, replies.Writing(text=body, client_id=once))
    if closed:
        await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor="system")
