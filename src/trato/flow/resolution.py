"""Asks once, with what was done and where the contact last wrote, whether it is solved; takes the answer."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.conversations import case_links, cases
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.decide.answers import may_mean_solved, means_solved
from trato.flow import assign, replies
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid
from trato.kit.text import clean
from trato.kit.words import nearest

ASKS: Final = "resolved"  # in a message's `payload.asks`
MAX_DONE: Final = 4_000
CONTACT: Final = "contact"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "question": "¿Quedó resuelto?",
        "yes": "Sí, quedó resuelto:",
        "no": "No, todavía no:",
        "still": "Todavía no quedó resuelto.",
    },
    "en": {
        "question": "Is it solved?",
        "yes": "Yes, it is solved:",
        "no": "No, not yet:",
        "still": "It is not solved yet.",
    },
    "pt": {
        "question": "Ficou resolvido?",
        "yes": "Sim, ficou resolvido:",
        "no": "Não, ainda não:",
        "still": "Ainda não ficou resolvido.",
    },
}
# Where the contact wrote last about the case, as far as it can be answered.
LAST: Final = text("""
    SELECT v.id, v.status, v.account_id, v.conversation_key,
           coalesce(v.language, p.language, b.language) AS language,
           (SELECT address FROM participant WHERE conversation_id = v.id AND role = 'contact'
            ORDER BY created_at LIMIT 1) AS address
    FROM conversation v JOIN contact p ON p.id = v.contact_id JOIN brand b ON b.id = v.brand_id
    JOIN account a ON a.id = v.account_id AND a.enabled
    WHERE v.case_id = :case_id AND NOT v.spam AND v.last_inbound_at IS NOT NULL AND p.blocked_at IS NULL
    ORDER BY v.last_inbound_at DESC LIMIT 1
""")
_OVER = text("SELECT status IN ('resolved', 'closed') FROM cases WHERE id = :case_id")
_ASKED = text("""
    SELECT id FROM message WHERE case_id = :case_id AND direction = 'out'
      AND payload->>'asks' = :asks AND NOT payload ? 'answered'
    ORDER BY created_at DESC LIMIT 1
""")
_ANSWERED = text("""
    WITH changed AS (
        UPDATE message SET payload = payload || jsonb_build_object('answered', CAST(:answer AS text)),
               version = version + 1
        WHERE id = :id RETURNING message
    )
    SELECT message_changed(message) FROM changed
""")
# What we wrote last to the contact in a conversation, if it is the question and the message its first answer.
_QUESTION = text("""
    SELECT m.case_id, p.name AS contact, m.author_name AS author
    FROM message m JOIN message said ON said.id = :message_id
    JOIN contact p ON p.id = said.contact_id AND p.blocked_at IS NULL
    WHERE m.id = (SELECT id FROM message WHERE conversation_id = :id AND direction = 'out'
                    AND with_contact(message)
                  ORDER BY created_at DESC, id DESC LIMIT 1)
      AND m.payload->>'asks' = :asks AND NOT m.payload ? 'answered' AND m.case_id IS NOT NULL
      AND said.author_kind = 'contact' AND said.created_at > m.created_at
      AND NOT EXISTS (SELECT FROM message i WHERE i.conversation_id = :id AND i.direction = 'in'
                        AND i.id <> said.id AND i.created_at > m.created_at)
""")


def words_of(language: str | None) -> Mapping[str, str]:
    """Return the sentences in the language nearest to a tag such as `pt-BR`."""
    return _WORDS[language_of(language)]


def language_of(tag: str | None) -> str:
    """Return the one of our languages that serves a tag such as `pt-BR`; Spanish for all others."""
    return nearest(tag)


async def resolve(
    services: Services, c: AsyncConnection, case_id: UUID, author: replies.Author, done: str
) -> dict[str, Any]:
    """Mark a case as resolved and ask its contact, with what was done; returns the case.

    Asked once, where they last wrote. A case whose contact cannot be reached is resolved without asking.
    Raises `Invalid` when nobody says what was done, `Conflict` when the case is resolved already.
    """
    told = clean(done, MAX_DONE).strip()
    if not told:
        raise Invalid(
            "What was done?", field="done", todo="Write it in your own words: the contact reads it."
        )
    if (await cases.lock(c, case_id))["status"] in {"resolved", "closed"}:
        raise Conflict("This case is resolved already.", todo="Open it again, then resolve it anew.")
    by = author.agent_id
    view = await cases.change_case(c, case_id, {"status": "resolved"}, actor=author.actor, by=by)
    last = (await c.execute(LAST, {"case_id": case_id})).mappings().first()
    if last is not None:
        await _ask(services, c, case_id, dict(last), author, told, number=view["version"])
    await cases.note_resolution(c, case_id, told, asked=last is not None)
    return await cases.told(c, case_id, author.actor)


async def _ask(
    services: Services,
    c: AsyncConnection,
    case_id: UUID,
    last: Mapping[str, Any],
    author: replies.Author,
    told: str,
    *,
    number: int,
) -> None:
    words = words_of(last["language"])
    record = await brands.get_account(c, last["account_id"])
    parts = [told, words["question"]]
    if not record.connector.capabilities.visitors:  # where no button can be shown, a page has them
        link = case_links.url(services, case_id, now())
        parts += [f"{words['yes']}\n{link}?answer=yes", f"{words['no']}\n{link}?answer=no"]
    writing = replies.Writing(
        text="\n\n".join(parts),
        client_id=f"resolved-{case_id}-{number}",
        payload={"asks": ASKS},
    )
    closed = last["status"] == "closed"
    if closed:  # what had ended stays ended: it is only told once more
        await conversations.set_status(c, last["id"], "open", snoozed_until=None, actor=author.actor)
    await replies.write(services, c, last["id"], author, writing)
    if closed:
        await conversations.set_status(c, last["id"], "closed", snoozed_until=None, actor=author.actor)


async def confirm(c: AsyncConnection, case_id: UUID) -> dict[str, Any]:
    """Take the contact's yes: the case is resolved by them."""
    view = await cases.confirm(c, case_id, actor=CONTACT)
    await _mark(c, case_id, "yes")
    return view


async def dispute(services: Services, case_id: UUID, words: str, *, once: str) -> bool:
    """Take the contact's no: the case is open again, and what they say stands in line, its owner first.

    Their words come in as all messages do, also when somebody opened it meanwhile: then this returns False.
    The same `once` again changes nothing.
    """
    said = clean(words, MAX_DONE).strip()
    async with services.db.connect() as c:
        was_over = await c.scalar(_OVER, {"case_id": case_id})
        last = (await c.execute(LAST, {"case_id": case_id})).mappings().first()
        record = await brands.get_account(c, last["account_id"]) if last is not None else None
    if last is not None and record is not None:
        kind = record.connector.capabilities.address_kind
        event = Inbound(
            provider_id=f"answer:{case_id}:{once}",
            conversation_key=last["conversation_key"],
            conversation_id=last["id"],
            sender=Party(kind, last["address"] or last["conversation_key"]),
            occurred_at=now(),
            text=said or words_of(last["language"])["still"],
            case_id=case_id,
        )
        received = await receive(services, record, event)
        if received.outcome == "duplicate":
            return True
    opens = bool(was_over) or last is None
    async with services.db.begin() as c:
        if opens:
            await cases.dispute(c, case_id, said, actor=CONTACT)
        await _mark(c, case_id, "no")
    services.wake.ring("events", "routing")
    return opens


async def heard(services: Services, conversation_id: UUID, message_id: UUID, said: str) -> bool:
    """Take a plain "yes" in words, the first that the contact says after the question: nobody need read it.

    Returns whether it was one.
    """
    if not may_mean_solved(said):
        return False
    async with services.db.begin() as c:
        asked = {"id": conversation_id, "message_id": message_id, "asks": ASKS}
        row = (await c.execute(_QUESTION, asked)).first()
        if row is None or not means_solved(said, (row.contact, row.author)):
            return False
        await confirm(c, row.case_id)
        await assign.end(c, conversation_id, reason="confirmed", actor=CONTACT)
        await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor=CONTACT)
    services.wake.ring("events", "routing")
    return True


async def _mark(c: AsyncConnection, case_id: UUID, answer: str) -> None:
    """Note the answer in the message that asked, so that no screen asks again."""
    asked = await c.scalar(_ASKED, {"case_id": case_id, "asks": ASKS})
    if asked is not None:
        await c.execute(_ANSWERED, {"id": asked, "answer": answer})
