"""What a contact has told: noted once, with who said it, when, where and how certain.

Forms, bot and phone menus ask `known` before they ask the contact. A change bumps the contact's
version, and the caller tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts.tables import contact, fact
from trato.decide.facts import Saying, best, replaces
from trato.kit.clock import now
from trato.kit.errors import Invalid, NotFound, TooLarge
from trato.kit.ids import new_id
from trato.kit.text import clean, fold, one_line

MAX_NAME = 60
MAX_VALUE = 2_000
MAX_FACTS = 200  # of one contact: the view carries all of them
# What else a contact may have told is named by who asks: `order number`, `model`.
EMAIL, LANGUAGE, NAME = "email", "language", "name"
CERTAIN, LIKELY = 1.0, 0.6

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was said. `said_by`: contact, site (which vouches), third_party, agent, learned."""

    name: str
    value: Value
    said_by: str
    source: str  # where: the channel's kind, or `desk`, `page`
    noted_by: str  # who wrote it down, as the event log names actors
    certainty: float = 1.0
    said_at: datetime | None = None
    case_id: UUID | None = None  # true of this matter only
    conversation_id: UUID | None = None


async def note(c: AsyncConnection, contact_id: UUID, told: Told) -> bool:
    """Note a fact; returns False when what is known stands, because it is more certain or the same.

    Raises `Invalid`, `NotFound`, `TooLarge`.
    """
    name, value = _name(told.name), _value(told.value)
    await _lock(c, contact_id)
    await _check_case(c, contact_id, told.case_id)
    at = told.said_at or now()
    columns = {
        "value": value,
        "said_by": told.said_by,
        "said_at": at,
        "source": told.source,
        "noted_by": told.noted_by,
        "certainty": told.certainty,
        "conversation_id": told.conversation_id,
    }
    of_case = fact.c.case_id == told.case_id if told.case_id else fact.c.case_id.is_(None)
    rows = (await c.execute(select(fact).where(fact.c.contact_id == contact_id, of_case))).all()
    known = [row for row in rows if fold(row.name) == fold(name)]
    if not known:
        if len(rows) >= MAX_FACTS:
            raise TooLarge("There are too many facts about this person.", todo="Remove some first.")
        ids = {"id": new_id(), "contact_id": contact_id, "case_id": told.case_id, "name": name}
        await c.execute(insert(fact).values(**ids, **columns))
        await _touch(c, contact_id)
        return True
    newest = max(known, key=lambda row: row.said_at)
    before = Saying(newest.value, newest.said_at, newest.certainty)
    if newest.value == value and newest.certainty >= told.certainty:
        return False
    if not replaces(Saying(value, at, told.certainty), before):
        return False
    await c.execute(update(fact).where(fact.c.id == newest.id).values(**columns))
    await _touch(c, contact_id)
    return True


async def replace(c: AsyncConnection, contact_id: UUID, told: Told) -> None:
    """Write down who decided what the contact's own columns say now: whatever was said before is over.

    An empty value only forgets. The caller has locked the contact and bumps its version.
    """
    await c.execute(
        delete(fact).where(
            fact.c.contact_id == contact_id, fact.c.case_id.is_(None), fact.c.name == told.name
        )
    )
    if told.value != "":
        await c.execute(
            insert(fact).values(
                id=new_id(),
                contact_id=contact_id,
                name=told.name,
                value=told.value,
                said_by=told.said_by,
                said_at=told.said_at or now(),
                source=told.source,
                noted_by=told.noted_by,
                certainty=told.certainty,
            )
        )


async def correct(
    c: AsyncConnection, contact_id: UUID, fact_id: UUID, changes: Mapping[str, Any], *, by: str
) -> None:
    """Set a fact right by hand; what is left out stays. Raises `NotFound`, `Invalid`."""
    await _lock(c, contact_id)
    values: dict[str, Any] = {"said_at": now(), "noted_by": by, "source": "desk", "certainty": 1.0}
    if "name" in changes:
        values["name"] = _name(changes["name"])
    if "value" in changes:
        values["value"] = _value(changes["value"])
    if "said_by" in changes:
        values["said_by"] = changes["said_by"]
    result = await c.execute(
        update(fact).where(fact.c.id == fact_id, fact.c.contact_id == contact_id).values(**values)
    )
    if not result.rowcount:
        raise NotFound("There is no such fact.")
    await _touch(c, contact_id)


async def forget(c: AsyncConnection, contact_id: UUID, fact_id: UUID) -> None:
    """Remove a fact that is wrong or not ours to keep; nothing happens when it is gone already."""
    await _lock(c, contact_id)
    await c.execute(delete(fact).where(fact.c.id == fact_id, fact.c.contact_id == contact_id))
    await _touch(c, contact_id)


async def known(c: AsyncConnection, contact_id: UUID, case_id: UUID | None = None) -> dict[str, Value]:
    """Return what need not be asked any more: by folded name, of this matter before that of the person."""
    rows = await c.execute(
        select(fact).where(
            fact.c.contact_id == contact_id, (fact.c.case_id == case_id) | fact.c.case_id.is_(None)
        )
    )
    sayings: dict[tuple[str, bool], list[Saying]] = {}
    for row in rows:
        key = (fold(row.name), row.case_id is not None)
        sayings.setdefault(key, []).append(Saying(row.value, row.said_at, row.certainty))
    found: dict[str, Any] = {}
    for (name, _), said in sorted(sayings.items()):  # of the person first, the matter's own over it
        chosen = best(said)
        if chosen is not None:
            found[name] = chosen.value
    return found


async def _lock(c: AsyncConnection, contact_id: UUID) -> None:
    """Let one at a time write down what a contact says."""
    query = select(contact.c.id).where(contact.c.id == contact_id).with_for_update(key_share=True)
    if (await c.execute(query)).first() is None:
        raise NotFound("There is no such contact.")


async def _touch(c: AsyncConnection, contact_id: UUID) -> None:
    await c.execute(update(contact).where(contact.c.id == contact_id).values(version=contact.c.version + 1))


async def _check_case(c: AsyncConnection, contact_id: UUID, case_id: UUID | None) -> None:
    query = text("SELECT 1 FROM cases WHERE id = :case AND contact_id = :contact")
    if case_id and (await c.execute(query, {"case": case_id, "contact": contact_id})).first() is None:
        raise Invalid("This case belongs to another contact.", field="case_id")


def _name(given: str) -> str:
    name = one_line(given, MAX_NAME).strip()
    if not name:
        raise Invalid("What is it called?", field="name", todo="Give the fact a name.")
    return name


def _value(given: Value) -> Value:
    if not isinstance(given, str):
        return given
    value = clean(given, MAX_VALUE).strip()
    if not value:
        raise Invalid("What was said?", field="value", todo="Write it down, or remove the fact.")
    return value
