"""The copy of a conversation by mail: only when asked, only that conversation, only what its visitor saw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.contacts import facts
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.flow import replies, system_mail
from trato.flow.replies import Author, Writing
from trato.kit.clock import now
from trato.kit.errors import Conflict
from trato.kit.ids import new_id
from trato.portal import preference, queries
from trato.portal.queries import Guest

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "subject": "Copia de su conversación con {brand}",
        "intro": "Usted pidió esta copia de su conversación con {brand}.",
        "you": "Usted",
        "files": "Archivos",
        "preference": "Cómo prefiere que le atendamos, para verlo o cambiarlo:",
    },
    "en": {
        "subject": "Copy of your conversation with {brand}",
        "intro": "You asked for this copy of your conversation with {brand}.",
        "you": "You",
        "files": "Files",
        "preference": "How you would like to be helped, to see or change it:",
    },
    "pt": {
        "subject": "Cópia da sua conversa com {brand}",
        "intro": "Você pediu esta cópia da sua conversa com {brand}.",
        "you": "Você",
        "files": "Arquivos",
        "preference": "Como você prefere ser atendido, para ver ou mudar:",
    },
}
_SPANISH = _WORDS["es"]
# Spanish says how near two people are: as the contact asked for, else as the brand speaks.
_TONES: Mapping[str, Mapping[str, str]] = {
    "usted": _SPANISH,
    "tu": {
        **_SPANISH,
        "subject": "Copia de tu conversación con {brand}",
        "intro": "Pediste esta copia de tu conversación con {brand}.",
        "you": "Tú",
        "preference": "Cómo prefieres que te atendamos, para verlo o cambiarlo:",
    },
    "vos": {
        **_SPANISH,
        "subject": "Copia de tu conversación con {brand}",
        "intro": "Pediste esta copia de tu conversación con {brand}.",
        "you": "Vos",
        "preference": "Cómo preferís que te atendamos, para verlo o cambiarlo:",
    },
}


def write(
    messages: Sequence[Mapping[str, Any]],
    *,
    brand: str,
    language: str,
    time_zone: str,
    tone: str = "usted",
    preference_url: str = "",
) -> tuple[str, str]:
    """Return subject and text of the mail; `messages` as the visitor sees them, oldest first."""
    words = _TONES[tone] if language == "es" else _WORDS[language]
    zone = ZoneInfo(time_zone)
    parts = [words["intro"].format(brand=brand)]
    for message in messages:
        at = datetime.fromisoformat(str(message["at"])).astimezone(zone)
        who = words["you"] if message["mine"] else (message["author"] or brand)
        lines = [f"{who} · {at:%Y-%m-%d %H:%M}", *str(message["text"]).splitlines()]
        if message["attachments"]:
            names = ", ".join(str(file["filename"]) for file in message["attachments"])
            lines.append(f"{words['files']}: {names}")
        parts.append("\n".join(lines))
    if preference_url:
        parts.append(f"{words['preference']}\n{preference_url}")
    return words["subject"].format(brand=brand), "\n\n".join(parts)


async def send(
    services: Services, c: AsyncConnection, record: AccountRecord, guest: Guest, email: str
) -> None:
    """Queue the mail in a conversation of its own, closed at once since nobody has to attend to it.

    Raises `Conflict` when nothing was said yet or no mail account is configured.
    """
    account = await system_mail.mail_account(c, record.brand_id)
    current = await queries.current(c, guest)
    messages = await queries.messages(c, guest)
    if current is None or not messages:
        raise Conflict("There is no conversation yet.", todo="Write something first.")
    if account is None:
        raise Conflict("No mail can be sent from here yet.", todo="Ask for the copy in the conversation.")
    contact_id: UUID = current["contact_id"]
    told = facts.Told(
        facts.EMAIL,
        email,
        said_by="contact",
        source=record.kind,
        noted_by=guest.actor,
        conversation_id=current["id"],
    )
    if await facts.note(c, contact_id, told):
        await contacts.tell(c, contact_id, guest.actor)
    organisation = await brands.get_organisation(c)
    brand = await queries.brand(c, record.brand_id)
    subject, text = write(
        messages,
        brand=brand["name"],
        language=guest.language or "es",
        time_zone=str(organisation["time_zone"]) if organisation else "UTC",
        tone=(await contacts.get_contact(c, contact_id))["tone"] or brand["tone"],
        preference_url=preference.url(services, contact_id, now()),
    )
    started = await replies.start(
        services,
        c,
        Author(actor="system", name=""),
        Writing(text=text, client_id=f"transcript-{new_id()}", subject=subject, to=[email]),
        account_id=account.id,
        contact_id=contact_id,
        case_id=current["case_id"],
    )
    conversation_id = UUID(str(started["conversation"]["id"]))
    await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor="system")
