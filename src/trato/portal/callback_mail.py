"""Brings an agent's answer by mail to who asked for it and left the page: the answer, never a notice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.conversations import queries as conversation_queries
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic
from trato.flow import replies, system_mail
from trato.flow.replies import Author, Writing
from trato.portal import queries, service

KIND: Final = "portal.callback-mail"
EVERY: Final = timedelta(seconds=15)
# Whoever has come back to the page reads it there; and several lines in a row become one mail.
SEEN_WITHIN: Final = timedelta(seconds=45)
FOR: Final = timedelta(days=14)
AT_ONCE: Final = 50

_SUBJECT: Final[Mapping[str, str]] = {
    "es": "{brand}: respuesta a su consulta",
    "en": "{brand}: an answer to your question",
    "pt": "{brand}: resposta à sua consulta",
}

# One at a time and locked: a mail goes out once whoever else looks. The last word must be old enough.
_NEXT = text("""
    SELECT k.id, k.conversation_id, k.address, k.mailed_until, v.brand_id, v.contact_id, v.case_id, v.language
    FROM callback k JOIN conversation v ON v.id = k.conversation_id
    WHERE k.how = 'email' AND k.state <> 'cancelled' AND k.created_at > now() - CAST(:keep AS interval)
      AND EXISTS (SELECT FROM message m WHERE m.conversation_id = v.id AND m.direction = 'out'
                  AND m.status = 'sent' AND m.created_at > greatest(k.created_at, k.mailed_until)
                  AND m.author_kind = 'agent')
      AND NOT EXISTS (SELECT FROM message m WHERE m.conversation_id = v.id AND m.direction = 'out'
                      AND m.created_at > now() - CAST(:seen AS interval))
    ORDER BY k.created_at LIMIT 1 FOR NO KEY UPDATE OF k SKIP LOCKED
""")
_ANSWERS = text("""
    SELECT message_view(m) FROM message m
    WHERE m.conversation_id = :conversation_id AND m.direction = 'out' AND m.status = 'sent'
      AND m.author_kind = 'agent' AND m.created_at > (
          SELECT greatest(k.created_at, k.mailed_until) FROM callback k WHERE k.id = :id)
    ORDER BY m.created_at, m.id
""")
_MAILED = text("UPDATE callback SET mailed_until = CAST(:until AS timestamptz) WHERE id = :id")


def answering(services: Services) -> Periodic:
    """Return the job that mails what was answered and not seen."""

    async def run() -> None:
        for _ in range(AT_ONCE):
            async with services.db.begin() as c:
                if not await mail_next(services, c):
                    return
            services.wake.ring(*TOPICS)

    return Periodic(KIND, EVERY, services.db, run)


async def mail_next(services: Services, c: AsyncConnection, *, seen_within: timedelta = SEEN_WITHIN) -> bool:
    """Mail the answers of the callback that waits longest for it; False without one, or without an account.

    They go out from the agent who wrote, as one conversation by mail about the same matter: whoever answers
    it is in line like everybody.
    """
    found = (await c.execute(_NEXT, {"keep": FOR, "seen": seen_within})).mappings().first()
    if found is None:
        return False
    account = await system_mail.mail_account(c, found["brand_id"])
    if account is None:
        return False
    values = {"id": found["id"], "conversation_id": found["conversation_id"]}
    answers = list((await c.execute(_ANSWERS, values)).scalars())
    await _mail(services, c, account, dict(found), answers)
    await c.execute(_MAILED, {"id": found["id"], "until": datetime.fromisoformat(answers[-1]["created_at"])})
    return True


async def _mail(
    services: Services,
    c: AsyncConnection,
    account: brands.AccountRecord,
    callback: Mapping[str, Any],
    answers: list[dict[str, Any]],
) -> None:
    last = answers[-1]
    author = Author(actor="system", name=last["author_name"], agent_id=UUID(last["author_id"]))
    brand = await queries.brand(c, callback["brand_id"])
    language = service.language_of(callback["language"] or "")
    client_id = f"callback-{callback['id']}"
    thread = uuid5(account.id, client_id)
    known = callback["mailed_until"] is not None
    was_closed = not known
    if known:
        view = await conversation_queries.get_conversation(c, thread)
        was_closed = view["status"] == "closed"
        if was_closed:
            await conversations.set_status(c, thread, "open", snoozed_until=None, actor="system")
    files = [
        await conversations.copy_attachment(
            c, UUID(str(file["id"])), callback["conversation_id"], author.actor
        )
        for answer in answers
        for file in answer["attachments"]
    ]
    writing = Writing(
        text="\n\n".join(answer["text"] for answer in answers if answer["text"]),
        client_id=f"callback-{last['id']}" if known else client_id,
        subject=None if known else _SUBJECT[language].format(brand=brand["name"]),
        to=[callback["address"]],
        file_ids=files,
    )
    if known:
        await replies.write(services, c, thread, author, writing)
    else:
        await replies.start(
            services,
            c,
            author,
            writing,
            account_id=account.id,
            contact_id=callback["contact_id"],
            case_id=callback["case_id"],
        )
    if was_closed:  # nobody has to attend to it before the contact answers
        await conversations.set_status(c, thread, "closed", snoozed_until=None, actor="system")
