"""What a visitor may do: see where they stand, say something, be heard on how they like to be helped."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import looks
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.channel_sdk import Connector, Inbound, Party
from trato.channels import resource
from trato.contacts import facts
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.flow import assign, doors
from trato.kit.errors import Conflict, Invalid
from trato.kit.text import clean
from trato.live import service as live
from trato.portal import queries
from trato.portal.files import ALLOWED
from trato.portal.queries import Guest
from trato.portal.tables import visitor

LANGUAGES = ("es", "en", "pt")
DEFAULT_FILE_MB = 10
# Somebody who writes again this soon after the end goes on with the same matter.
GOES_ON = timedelta(days=1)


def language_of(tag: str, otherwise: str = "es") -> str:
    """Return the one of our languages that serves a tag such as `pt-BR` (BCP 47)."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else otherwise


def max_file_bytes(record: AccountRecord) -> int:
    """Return how large a file may be on this account."""
    return int(record.settings.get("max_file_mb", DEFAULT_FILE_MB)) * 1_000_000


async def session_view(c: AsyncConnection, record: AccountRecord, guest: Guest) -> dict[str, Any]:
    """Return all that the visitor's page shows, at one moment; `c` must see one (REPEATABLE READ)."""
    contact_id = await contacts.owner_of(c, "visitor", guest.sender)
    contact = await contacts.get_contact(c, contact_id) if contact_id else None
    conversation = await queries.current(c, guest)
    # A name and a matter are told only to whom the host site has vouched for: a token proves no person.
    proven = contact if guest.external_id else None
    case = await _greeted_by(c, record, guest, contact_id)
    look = await looks.get(c, record.brand_id)
    tongue = language_of(guest.language or "")
    of_account = (record.settings.get("greeting") or {}).get(tongue)  # a site may greet in its own words
    return {
        "visitor_id": guest.visitor_id,
        "identified": guest.external_id is not None,
        "greeting": {
            "name": str(proven["name"]).split(" ")[0] if proven else "",
            "case": case,
            "brand": look["brand_name"],
            "text": of_account or look["greetings"].get(tongue) or None,
        },
        "preference": _preference(guest, contact),
        "channels": await channels_of(c, guest.language),
        "email": _own_email(guest, contact),
        "owner": await owner_way(c, conversation),
        "people": await queries.people(c),
        "present": await queries.present(c),
        "limits": {
            "max_file_bytes": max_file_bytes(record),
            "max_text": record.connector.capabilities.max_text,
            "extensions": [*ALLOWED, "jpeg"],
        },
        "conversation": conversation
        and {**queries.conversation_view(conversation), "messages": await queries.messages(c, guest)},
        "position": await live.position(c),
    }


def _preference(guest: Guest, contact: Mapping[str, Any] | None) -> dict[str, Any]:
    if contact is None:
        return {"prefers": "unknown", **guest.preference}
    return preference_view(contact)


def preference_view(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact's preference as the contact sees it."""
    return {
        "prefers": contact["prefers"],
        "channel": contact["preferred_channel"],
        "tone": contact["tone"],
    }


def _own_email(guest: Guest, contact: Mapping[str, Any] | None) -> str | None:
    """Return the address that this visitor gave, so that they need not write it twice.

    What others told of the contact stays untold: a token proves no person.
    """
    return next(
        (
            str(fact["value"])
            for fact in (contact["facts"] if contact else ())
            if fact["name"] == facts.EMAIL and (fact["noted_by"] == guest.actor or guest.external_id)
        ),
        None,
    )


async def message_from(
    c: AsyncConnection,
    record: AccountRecord,
    guest: Guest,
    *,
    client_id: str,
    text: str,
    attachment_ids: Sequence[UUID],
    now: datetime,
) -> Inbound:
    """Return what the visitor says as the straight line takes it; raises `Invalid`."""
    said = clean(text).strip()
    if not said and not attachment_ids:
        raise Invalid("There is nothing to send.", field="text", todo="Write something or attach a file.")
    if len(said) > record.connector.capabilities.max_text:
        raise Invalid("The text is too long.", field="text", todo="Send it in parts or as a file.")
    if await queries.uploads(c, guest, attachment_ids) != len(set(attachment_ids)):
        raise Invalid("One of the files is not yours.", field="attachment_ids", todo="Attach it again.")
    before = await queries.current(c, guest)
    is_open = before is not None and before["closed_at"] is None
    if before is not None and (is_open or now - before["closed_at"] < GOES_ON):
        case_id = before["case_id"]
    else:  # whoever is greeted by a matter and answers, speaks of it
        contact_id = await contacts.owner_of(c, "visitor", guest.sender)
        case_id = (await _greeted_by(c, record, guest, contact_id) or {}).get("id")
    return Inbound(
        provider_id=f"{guest.visitor_id}:{client_id}",
        conversation_key=guest.sender,
        conversation_id=before["id"] if before is not None and is_open else None,
        case_id=case_id,
        sender=Party("visitor", guest.sender),
        occurred_at=now,
        text=said,
        client_id=client_id,
        file_ids=list(dict.fromkeys(attachment_ids)),
        verified=True,
        language=guest.language,
    )


async def _greeted_by(
    c: AsyncConnection, record: AccountRecord, guest: Guest, contact_id: UUID | None
) -> dict[str, Any] | None:
    """Return the open matter by which the visitor is greeted; None for whom nobody has vouched for."""
    if contact_id is None or guest.external_id is None:
        return None
    return await queries.open_case(c, contact_id, record.brand_id)


async def carry_preference(c: AsyncConnection, guest: Guest, where: str) -> bool:
    """Give the contact, now that there is one, what the visitor told before or tells at this moment.

    Returns whether there was anything.
    """
    said = await queries.lock_preference(c, guest)
    contact_id = await contacts.owner_of(c, "visitor", guest.sender)
    if contact_id is None or not said:
        return False
    await tell_preference(c, contact_id, said, guest.actor, where)
    await c.execute(update(visitor).where(visitor.c.id == guest.visitor_id).values(preference={}))
    return True


async def prefer(c: AsyncConnection, guest: Guest, said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Note how the visitor likes to be helped; returns the whole preference. Raises `Invalid`."""
    await check_channel(c, said.get("channel"))
    before = await queries.lock_preference(c, guest)
    contact_id = await contacts.owner_of(c, "visitor", guest.sender)
    if contact_id is None:
        kept = {**before, **said}
        await c.execute(update(visitor).where(visitor.c.id == guest.visitor_id).values(preference=kept))
        return {"prefers": "unknown", **kept}
    return preference_view(await tell_preference(c, contact_id, said, guest.actor, where))


async def tell_preference(
    c: AsyncConnection, contact_id: UUID, said: Mapping[str, Any], actor: str, where: str
) -> dict[str, Any]:
    """Write down what the contact chose, and return the contact."""
    names = {"channel": "preferred_channel"}
    changes = {names.get(name, name): value for name, value in said.items()}
    return await contacts.change_contact(c, contact_id, changes, actor=actor, source="contact", where=where)


async def check_channel(c: AsyncConnection, kind: str | None) -> None:
    """Raise `Invalid` for a channel that nobody answers on here."""
    if kind and kind not in {record.kind for record in await brands.list_accounts(c) if record.enabled}:
        raise Invalid("This channel is not offered here.", field="channel", todo="Choose another.")


async def channels_of(c: AsyncConnection, language: str | None) -> list[dict[str, str]]:
    """Return the channels on which somebody can be answered here, by their names in a language."""
    offered = {record.kind: record.connector for record in await brands.list_accounts(c) if record.enabled}
    tongue = language_of(language or "")
    return [
        {"kind": kind, "name": _name_of(connector, tongue)} for kind, connector in sorted(offered.items())
    ]


def _name_of(connector: Connector, language: str) -> str:
    strings = json.loads(resource(connector, "strings.json") or "{}")
    return str(strings.get(language, {}).get("name") or connector.kind)


async def seen(c: AsyncConnection, guest: Guest, message_id: UUID, state: str) -> None:
    """Note that the visitor's screen has the answers up to this one, or that they were read."""
    told = await queries.message(c, guest, message_id)
    if told is None or told["mine"]:
        return  # not theirs to say, and nothing to learn from the answer
    news = await queries.note_seen(c, guest, message_id, state)
    if news and state == "read":
        conversation_id = UUID(str(told["conversation_id"]))
        await conversations.mark_read(c, conversation_id, by="contact", actor=guest.actor)


async def go_to_owner(services: Services, case_id: UUID, words: str) -> None:
    """Take a matter to its owner, with what the contact says to them; raises `Conflict` without a way."""
    async with services.db.connect() as c:
        if await doors.way(c, case_id) is None:
            raise Conflict("There is no owner to take this to now.", todo="Write to us in this conversation.")
    await doors.bring_words(services, case_id, words)
    async with services.db.begin() as c:
        await doors.take(services, c, case_id, actor="contact")
    services.wake.ring(*TOPICS)


async def owner_way(c: AsyncConnection, conversation: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return to whom the visitor may take the matter of their conversation, by name; None without a way."""
    if conversation is None or conversation["case_id"] is None:
        return None
    found = await doors.way(c, conversation["case_id"])
    return found and {"name": found["owner_name"], "thing": found["name"]}


async def end(c: AsyncConnection, guest: Guest) -> None:
    """Close the visitor's conversation and free its agent; does nothing when there is none open."""
    found = await queries.current(c, guest)
    if found is not None and found["closed_at"] is None:
        await assign.end(c, found["id"], reason="ended_by_contact", actor=guest.actor)
        await conversations.set_status(c, found["id"], "closed", snoozed_until=None, actor=guest.actor)


async def running(c: AsyncConnection, guest: Guest) -> UUID:
    """Return the visitor's conversation; raises `Conflict` before the first message."""
    found = await queries.current(c, guest)
    if found is None:
        raise Conflict("There is no conversation yet.", todo="Write something first.")
    conversation_id: UUID = found["id"]
    return conversation_id
