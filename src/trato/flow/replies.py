"""What an agent writes: a reply, a note, a forward, a first message; each becomes a queued message once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.contacts import service as contacts
from trato.conversations import queries
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.flow import again, incident_line, mentions
from trato.kit import marks
from trato.kit.errors import Conflict, Invalid
from trato.kit.ids import new_id
from trato.kit.text import clean, one_line
from trato.macros import service as macros

PREVIEW = 140
MAX_RECIPIENTS = 50


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an agent, or the system on a contact's wish."""

    actor: str
    name: str
    agent_id: UUID | None = None
    user_id: UUID | None = None

    @property
    def kind(self) -> str:
        """Return the author's kind as messages store it."""
        return "agent" if self.agent_id else "system"


@dataclass(frozen=True, slots=True)
class Writing:
    """A text with all that goes with it."""

    text: str
    client_id: str
    note: bool = False
    subject: str | None = None
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    reply_all: bool = False
    file_ids: Sequence[UUID] = ()
    mentions: Sequence[UUID] = ()  # colleagues that a note calls
    marks: bool = False  # the text is marked: bold, lists, links
    payload: Mapping[str, Any] = field(default_factory=dict)
    beside: bool = False  # no answer: whoever waits for one goes on waiting, and it hurries nobody's answer


Keep = Callable[[Services, AsyncConnection, UUID, Author, Writing], Awaitable[dict[str, Any]]]

_QUEUE = text("SELECT queue_message(:p)").bindparams(bindparam("p", type_=JSONB))


async def write(
    services: Services, c: AsyncConnection, conversation_id: UUID, author: Author, writing: Writing
) -> dict[str, Any]:
    """Queue a reply or keep a note; returns the message. The same `client_id` gives the same message.

    Raises `Invalid` for an empty text or addresses the channel cannot take, `Conflict` when the
    conversation's channel is gone or the conversation is closed.
    """
    values = await prepare(services, c, conversation_id, author, writing)
    found: dict[str, Any] = (await c.execute(_QUEUE, {"p": values})).scalar_one()
    check_files(found["attachments"], writing.file_ids)
    await mentions.tell(c, found, writing.mentions, actor=author.actor)
    return found


def check_files(found: Sequence[object], asked: Sequence[UUID]) -> None:
    """Raise `Invalid` unless a message has all the files that were asked for."""
    if len(found) != len(set(asked)):
        raise Invalid(
            "One of the files is not yours or was sent already.",
            field="attachment_ids",
            todo="Attach it again.",
        )


async def prepare(
    services: Services, c: AsyncConnection, conversation_id: UUID, author: Author, writing: Writing
) -> dict[str, Any]:
    """Return what `queue_message` is given for a text, now or when its moment comes; raises as `write`."""
    view = await queries.get_conversation(c, conversation_id)
    body = clean(writing.text, 100_000).strip()
    if not body and not writing.file_ids:
        raise Invalid("There is nothing to send.", field="text", todo="Write something or attach a file.")
    message_id = new_id()
    await mentions.check(c, writing.mentions, note=writing.note)
    payload, external_id = dict(writing.payload), None
    if writing.mentions:
        payload[mentions.IN_PAYLOAD] = [str(one) for one in dict.fromkeys(writing.mentions)]
    marked = writing.marks and marks.has_marks(body)
    if marked:
        payload[marks.IN_PAYLOAD] = True
    if not writing.note:
        also, external_id = await _for_channel(services, c, view, author, writing, message_id, body)
        payload |= also
    return {
        "message_id": str(message_id),
        "conversation_id": str(conversation_id),
        "direction": "internal" if writing.note else "out",
        "author_kind": author.kind,
        "author_id": str(author.agent_id) if author.agent_id else None,
        "author_name": author.name,
        "actor": author.actor,
        "text": body,
        "subject": None if writing.subject is None else one_line(writing.subject, 900),
        "payload": payload,
        "external_id": external_id,
        "client_id": writing.client_id,
        "preview": one_line(marks.to_plain(body) if marked else body, PREVIEW),
        "file_ids": [str(i) for i in writing.file_ids],
        "uploaded_by": author.actor,
        "beside": writing.beside,
    }


async def _for_channel(
    services: Services,
    c: AsyncConnection,
    view: Mapping[str, Any],
    author: Author,
    writing: Writing,
    message_id: UUID,
    body: str,
) -> tuple[dict[str, Any], str | None]:
    """Return what a message to the contact carries beside its text, and its id outside."""
    payload: dict[str, Any] = {}
    conversation_id = UUID(str(view["id"]))
    if view["status"] == "closed":
        raise Conflict("This conversation is closed.", todo="Open it again, then write.")
    if author.agent_id is not None or author.user_id is not None:
        await macros.check_adapted(c, body)
    record = await _open_account(c, UUID(str(view["account_id"])), len(body))
    if record.connector.capabilities.copies:
        payload |= await _recipients(services, c, conversation_id, writing)
        if author.agent_id is not None and "apart" not in writing.payload:
            payload |= await incident_line.of(services, c, conversation_id)
    elif writing.to or writing.cc or writing.bcc:
        raise Invalid("This channel reaches only the contact.", field="to")
    return payload, record.connector.new_external_id(message_id, record.opened(services.secrets))


async def _open_account(c: AsyncConnection, account_id: UUID, text_length: int) -> brands.AccountRecord:
    """Return the account that a text goes out by; raises `Conflict` or `Invalid` when it cannot."""
    record = await brands.get_account(c, account_id)
    if not record.enabled:
        raise Conflict(
            "The account {name} is switched off.",
            todo="Switch it on, or use another channel.",
            values={"name": record.name},
        )
    if text_length > record.connector.capabilities.max_text:
        raise Invalid(
            "This channel takes {max} characters.",
            field="text",
            todo="Shorten it.",
            values={"max": record.connector.capabilities.max_text},
        )
    return record


async def _recipients(
    services: Services, c: AsyncConnection, conversation_id: UUID, writing: Writing
) -> dict[str, Any]:
    """Return to, cc and bcc as the message keeps them; a reply to all adds those in copy of the last one."""
    to, cc = list(writing.to), list(writing.cc)
    last = await _last_inbound(c, conversation_id)
    ours = await brands.own_addresses(c, services.secrets)  # a reply must not come back to us
    if not to:
        asked_for = [a for a in _reply_to(last) if a.lower() not in ours]
        to = asked_for or await _contact_addresses(c, conversation_id)
    if writing.reply_all:
        also = [a["address"] for name in ("to", "cc") for a in last.get(name, ())]
        known = ours | {x.lower() for x in (*to, *cc)}
        cc += [a for a in also if a.lower() not in known]
    total = len(to) + len(cc) + len(writing.bcc)
    if total > MAX_RECIPIENTS:
        raise Invalid(
            "{total} recipients are too many.",
            field="to",
            todo="Write to {max} at most.",
            values={"total": total, "max": MAX_RECIPIENTS},
        )
    return {
        "to": _shown(to, "to"),
        "cc": _shown(dict.fromkeys(cc), "cc"),
        "bcc": _shown(writing.bcc, "bcc"),
    }


def _shown(addresses: Any, name: str) -> list[dict[str, str]]:
    found = []
    for address in addresses:
        trimmed = clean(address, 320).strip()
        local, at, domain = trimmed.rpartition("@")
        if not (local and at and domain) or any(ch in trimmed for ch in "\r\n<>,; "):
            raise Invalid(
                "“{address}” is not an address.",
                field=name,
                todo="Write it as name@example.org.",
                values={"address": trimmed},
            )
        found.append({"address": trimmed, "name": ""})
    return found


async def _last_inbound(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    query = text("""
        SELECT payload FROM message
        WHERE conversation_id = :id AND direction = 'in' AND author_kind = 'contact'
        ORDER BY created_at DESC LIMIT 1
    """)
    return await c.scalar(query, {"id": conversation_id}) or {}


def _reply_to(payload: Mapping[str, Any]) -> list[str]:
    return [a["address"] for a in payload.get("reply_to") or () if a.get("address")]


async def _contact_addresses(c: AsyncConnection, conversation_id: UUID) -> list[str]:
    query = text("""
        SELECT address FROM participant WHERE conversation_id = :id AND role = 'contact'
        ORDER BY created_at LIMIT 1
    """)
    return list((await c.execute(query, {"id": conversation_id})).scalars())


async def forward(
    services: Services,
    c: AsyncConnection,
    conversation_id: UUID,
    author: Author,
    writing: Writing,
    message_id: UUID,
    *,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Send a message on to a third party, with its files; their answer comes back into this conversation.

    With `keep`, that keeps it until its moment; who it goes to takes part once it is out.
    """
    if not writing.to:
        raise Invalid("To whom?", field="to")
    original = await queries.get_message(c, message_id)
    if str(original["conversation_id"]) != str(conversation_id):
        raise Invalid("This message belongs to another conversation.", field="message_id")
    conversation = await queries.get_conversation(c, conversation_id)
    record = await brands.get_account(c, UUID(str(conversation["account_id"])))
    quoted = "\n".join(f"> {line}" for line in original["text"].splitlines())
    header = f"{original['author_name']} · {original['occurred_at']}"
    copies = [
        await conversations.copy_attachment(c, UUID(str(a["id"])), conversation_id, author.actor)
        for a in original["attachments"]
        if not a["inline"]
    ]
    body = f"{writing.text.strip()}\n\n{header}\n{quoted}".strip()
    passed_on = Writing(
        text=body,
        client_id=writing.client_id,
        subject=writing.subject or record.connector.forward_subject(original["subject"] or ""),
        to=writing.to,
        cc=writing.cc,
        bcc=writing.bcc,
        file_ids=[*writing.file_ids, *copies],
        # apart: not a part of the exchange with the contact, so replies to them do not quote it
        payload={"apart": True, "forwards": str(message_id)},
    )
    if keep is not None:
        return await keep(services, c, conversation_id, author, passed_on)
    view = await write(services, c, conversation_id, author, passed_on)
    await join_third_parties(c, conversation_id, view["payload"]["to"])
    return view


async def join_third_parties(
    c: AsyncConnection, conversation_id: UUID, addresses: Sequence[Mapping[str, str]]
) -> None:
    """Have those whom a message was sent on to take part in the conversation."""
    for one in addresses:
        await conversations.add_participant(c, conversation_id, "third_party", one["address"])


async def start(
    services: Services,
    c: AsyncConnection,
    author: Author,
    writing: Writing,
    *,
    account_id: UUID,
    contact_id: UUID | None,
    case_id: UUID | None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Write first: open a conversation with an existing or a new contact and queue its first message.

    With `keep`, that keeps the message until its moment. The same `client_id` on the same account gives the
    same conversation and message.
    """
    record = await brands.get_account(c, account_id)
    kind = record.connector.capabilities.address_kind
    if not record.connector.capabilities.starts:
        raise Invalid("On this channel the contact writes first.", field="account_id", todo="Choose another.")
    if not writing.to:
        raise Invalid("To whom?", field="to")
    address = _shown(writing.to, "to")[0]["address"]
    conversation_id = again.thread(record.id, writing.client_id)
    if contact_id is None:
        person = await contacts.create_contact(c, name="", kind=kind, value=address, actor=author.actor)
    else:
        person = await contacts.get_contact(c, contact_id)
    opened = await conversations.open_from_desk(
        c,
        conversation_id,
        account_id=record.id,
        channel=record.kind,
        brand_id=record.brand_id,
        contact_id=UUID(str(person["id"])),
        subject=one_line(writing.subject or "", 900),
        assignee_id=author.agent_id,
    )
    if opened:
        if author.kind == "agent" or case_id is not None:  # a mail of the system's own is no matter
            await conversations.attach_case(
                c, conversation_id, case_id, title=writing.subject or writing.text, actor=author.actor
            )
        await conversations.add_participant(c, conversation_id, "contact", address, UUID(str(person["id"])))
        await conversations.tell_about(c, conversation_id, author.actor)
    kept = await keep(services, c, conversation_id, author, writing) if keep else None
    message = None if keep else await write(services, c, conversation_id, author, writing)
    conversation = await queries.get_conversation(c, conversation_id)
    return {"conversation": conversation, "message": message, "scheduled": kept}
