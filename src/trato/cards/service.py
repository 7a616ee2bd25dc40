"""Has a card shown: from the cache of a moment, else from its source; and has an action of it done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.cards import questions, sources
from trato.cards.asking import EXTRA, Answer, Asker, Target
from trato.cards.contract import ASKED, PRESSED, Card, Done, Question, names_somebody, spoken
from trato.cards.questions import Around
from trato.cards.tables import card_answer, card_source
from trato.contacts import service as contacts
from trato.db.edge import TOPICS, Services
from trato.kit.clock import now
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.live import service as live

Part = TypeVar("Part", bound=BaseModel)
_SAME_PERSON = text("SELECT 1 FROM contact WHERE id = :id AND version = :version FOR SHARE")


@dataclass(frozen=True, slots=True)
class Asked:
    """One source and what it is asked about one conversation."""

    source: Mapping[str, Any]
    of: Around
    question: Question
    digest: bytes
    target: Target
    language: str


async def beside(services: Services, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return the sources whose cards stand beside a conversation; raises `NotFound`."""
    async with services.db.connect() as c:
        of = await questions.around(c, conversation_id)
        found = await sources.shown_in(c, of.brand_id, of.channel)
    return [
        {"key": one["key"], "names": one["names"]}
        for one in found
        if names_somebody(questions.question(one, of, "es"))
    ]


async def ask(
    services: Services, conversation_id: UUID, key: str, *, language: str, again: bool
) -> dict[str, Any]:
    """Return the card of a source beside a conversation; raises `NotFound`.

    Whatever is wrong with the source is said in the answer. No connection to the database is held while it is
    asked. `again`: what was answered a moment ago does not do.
    """
    async with services.db.connect() as c:
        asked = await _asked(c, services, conversation_id, key, language)
        kept = None if again else await _kept(c, asked)
    if kept is not None:
        return _view(asked, kept["card"], kept["as_of"])
    return await _anew(services, asked, by_hand=again)


async def _anew(services: Services, asked: Asked, *, by_hand: bool) -> dict[str, Any]:
    if not names_somebody(asked.question):
        return _view(asked, None, now())
    at = now()
    body = questions.body(ASKED, asked.question, at)
    answer = await _asker(services).ask(asked.target, new_id(), body, by_hand=by_hand)
    card, problem = _read(Card, answer)
    if problem is not None:
        return _failed(asked, problem, answer)
    shown = None if card is None else card.model_dump(mode="json")
    as_of = (card.as_of if card else None) or at
    keep = timedelta(seconds=card.keep_s) if card else timedelta(seconds=60)
    async with services.db.begin() as c:
        await _keep(c, asked, shown, min(as_of, at), at + keep)
    return _view(asked, shown, min(as_of, at))


async def press(
    services: Services,
    conversation_id: UUID,
    key: str,
    action: str,
    *,
    press_id: UUID,
    actor: str,
    ip: str | None,
    language: str,
) -> dict[str, Any]:
    """Have a source do what an action of its card says; the same `press_id` is the same press to the source.

    Where no answer is kept (any more), the source is asked first whether it still offers this. Raises
    `NotFound`, and `Conflict` when the card has no such action by now.
    """
    async with services.db.connect() as c:
        asked = await _asked(c, services, conversation_id, key, language)
        offer = await _kept(c, asked)
    if offer is None:
        offer = await _anew(services, asked, by_hand=True)
        if offer["problem"] is not None:
            return {"said": None, **offer}
    offered = (offer["card"] or {}).get("actions", [])
    if not any(one["key"] == action and one["type"] == "callback" for one in offered):
        raise Conflict("The card is another by now.", todo="Refresh it and look again.")
    async with services.db.begin() as c:
        data = {"source": key, "action": action, "conversation": str(conversation_id)}
        await audit.record(c, actor, "card.pressed", str(asked.source["id"]), data, ip)
    at = now()
    question = asked.question.model_copy(update={"action": action})
    payload = questions.body(PRESSED, question, at)
    answer = await _asker(services).ask(asked.target, press_id, payload, pressed=True)
    done, problem = _read(Done, answer)
    if problem is None and done is None:
        problem = "wrong"
    if done is None:
        return {"said": None, **_failed(asked, problem or "wrong", answer)}
    shown = None if done.card is None else done.card.model_dump(mode="json")
    async with services.db.begin() as c:
        if done.card is None or shown is None:
            await forget(c, asked.source["id"], asked.of.contact_id)
        else:
            await _keep(c, asked, shown, at, at + timedelta(seconds=done.card.keep_s))
        await _tell(c, asked.source["key"], asked.of.contact_id, actor)
    services.wake.ring(*TOPICS)
    said = spoken(done.model_dump(mode="json")["said"], language)
    return {"said": said, **_view(asked, shown, at, stale=shown is None)}


async def changed(c: AsyncConnection, key: str, kind: str, value: str, *, actor: str) -> None:
    """Take a source's word that it has something new of somebody: their desks ask again.

    Nothing happens for an address of nobody: the source is not told whom we know.
    """
    source = await sources.get(c, key)
    contact_id = await contacts.owner_of(c, kind, value)
    if contact_id is not None:
        await forget(c, source["id"], contact_id)
        await _tell(c, key, contact_id, actor)


async def forget(c: AsyncConnection, source_id: UUID, contact_id: UUID) -> None:
    """Forget what a source answered about somebody."""
    of = (card_answer.c.source_id == source_id, card_answer.c.contact_id == contact_id)
    await c.execute(delete(card_answer).where(*of))


async def forget_old(c: AsyncConnection) -> int:
    """Forget whatever is too old to be shown again; return how many answers."""
    return (await c.execute(delete(card_answer).where(card_answer.c.keep_until < now()))).rowcount


async def _tell(c: AsyncConnection, key: str, contact_id: UUID, actor: str) -> None:
    data = {"source": key, "contact_id": str(contact_id)}
    await live.append(c, "card.changed", audience="staff", actor=actor, contact_id=contact_id, data=data)


async def _asked(
    c: AsyncConnection, services: Services, conversation_id: UUID, key: str, language: str
) -> Asked:
    of = await questions.around(c, conversation_id)
    source = next(
        (one for one in await sources.shown_in(c, of.brand_id, of.channel) if one["key"] == key), None
    )
    if source is None:
        raise NotFound("There is no such source of cards.")
    question = questions.question(source, of, language)
    secret = await sources.secret_of(c, services.secrets, source["id"])
    target = Target(source["id"], source["url"], secret)
    return Asked(source, of, question, questions.digest(source, question), target, question.language)


def _asker(services: Services) -> Asker:
    found: Asker = services.extras[EXTRA]
    return found


async def _kept(c: AsyncConnection, asked: Asked) -> Mapping[str, Any] | None:
    query = (
        select(card_answer.c.card, card_answer.c.as_of)
        .where(
            card_answer.c.source_id == asked.source["id"],
            card_answer.c.question == asked.digest,
            card_answer.c.contact_id == asked.of.contact_id,
            card_answer.c.keep_until > now(),
        )
        .order_by(card_answer.c.asked_at.desc(), card_answer.c.id.desc())
        .limit(1)
    )
    row = (await c.execute(query)).mappings().first()
    return None if row is None else dict(row)


async def _keep(
    c: AsyncConnection, asked: Asked, card: Mapping[str, Any] | None, as_of: datetime, until: datetime
) -> None:
    """Keep an answer for a moment, unless the person was erased or changed while the source was asked."""
    who = {"id": asked.of.contact_id, "version": asked.of.contact_version}
    if (await c.execute(_SAME_PERSON, who)).first() is None:
        return
    source_id = asked.source["id"]
    query = (
        select(card_source.c.id)
        .where(card_source.c.id == source_id)
        .with_for_update(key_share=True, read=True)
    )
    if (await c.execute(query)).first() is None:
        return  # removed meanwhile
    same = (card_answer.c.source_id == source_id, card_answer.c.question == asked.digest)
    await c.execute(delete(card_answer).where(*same))
    values = {"question": asked.digest, "card": card, "as_of": as_of, "keep_until": until}
    await c.execute(
        insert(card_answer).values(id=new_id(), source_id=source_id, contact_id=asked.of.contact_id, **values)
    )


def _read(shape: type[Part], answer: Answer) -> tuple[Part | None, str | None]:
    """Return an answer as what it must be, or what is wrong with it."""
    if answer.problem is not None or answer.body is None:
        return None, answer.problem
    try:
        return shape.model_validate_json(answer.body), None
    except (ValidationError, RecursionError):
        return None, "wrong"


def _view(
    asked: Asked, card: Mapping[str, Any] | None, as_of: datetime, *, stale: bool = False
) -> dict[str, Any]:
    shown = None if card is None else spoken(dict(card), asked.language)
    return {**_of(asked), "card": shown, "as_of": as_of, "problem": None, "stale": stale}


def _failed(asked: Asked, problem: str, answer: Answer) -> dict[str, Any]:
    why = {"problem": problem, "status": answer.status, "retry_at": answer.retry_at}
    return {**_of(asked), "card": None, "as_of": None, **why}


def _of(asked: Asked) -> dict[str, Any]:
    of = {"key": asked.source["key"], "names": asked.source["names"]}
    return {**of, "status": None, "retry_at": None, "stale": False}
