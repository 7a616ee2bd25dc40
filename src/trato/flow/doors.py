"""A matter goes to its owner in one step: theirs, in line for them, with a date, and the contact is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.conversations import case_moves, cases, doors, queries
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.decide.doors import answers_by, may_go
from trato.flow import replies
from trato.flow.inbound import receive
from trato.flow.resolution import LAST, language_of
from trato.kit.clock import now
from trato.kit.errors import Conflict
from trato.kit.ids import new_id
from trato.kit.text import clean

MAX_WORDS: Final = 4_000

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "promise": "Respuesta de {owner}",
        "told": "Su caso {number} está en manos de {owner}, responsable de {door}."
        " Le responde a más tardar el {date} (hora de {zone}).",
        "date": "{day}/{month} a las {time}",
    },
    "en": {
        "promise": "Answer from {owner}",
        "told": "Your case {number} is with {owner}, who is responsible for {door}."
        " They answer you by {date} ({zone} time) at the latest.",
        "date": "{year}-{month}-{day} {time}",
    },
    "pt": {
        "promise": "Resposta de {owner}",
        "told": "Seu caso {number} está com {owner}, responsável por {door}."
        " A resposta chega no máximo em {date} (hora de {zone}).",
        "date": "{day}/{month} às {time}",
    },
}
_RELEASE = text("SELECT release_conversation(:id, 'to_owner', :owner, :actor)")


async def way(c: AsyncConnection, case_id: UUID) -> dict[str, Any] | None:
    """Return the owner to whom the contact may take a case now; None when there is no way to go."""
    case = await cases.get_case(c, case_id)
    found = await doors.of_case(c, case_id)
    open_now = found is not None and may_go(
        case["status"],
        taken_at=_moment(case["taken_to_owner_at"]),
        promised_at=_moment(case["promised_at"]),
        now=now(),
    )
    return found if open_now else None


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


async def bring_words(services: Services, case_id: UUID, words: str) -> None:
    """Take in what the contact says to the owner, as all messages come in."""
    said = clean(words, MAX_WORDS).strip()
    if not said:
        return
    async with services.db.connect() as c:
        last = (await c.execute(LAST, {"case_id": case_id})).mappings().first()
        record = await brands.get_account(c, last["account_id"]) if last is not None else None
    if last is None or record is None:
        return
    kind = record.connector.capabilities.address_kind
    event = Inbound(
        provider_id=f"owner:{case_id}:{new_id()}",
        conversation_key=last["conversation_key"],
        conversation_id=last["id"],
        sender=Party(kind, last["address"] or last["conversation_key"]),
        occurred_at=now(),
        text=said,
        case_id=case_id,
    )
    await receive(services, record, event)


async def take(
    services: Services, c: AsyncConnection, case_id: UUID, *, actor: str, by: UUID | None = None
) -> dict[str, Any]:
    """Take a case to its owner: it is theirs, with a date from their hours, and the contact is told both.

    Raises `Conflict` when nobody is named for it, it is resolved, or it is there already and in time.
    """
    before = await cases.lock(c, case_id)
    found = await way(c, case_id)
    if found is None:
        raise Conflict(
            "There is no owner to take this to now.", todo="Look at the case: who has it, by when?"
        )
    due = answers_by(now(), found["answer_hours"])
    last = (await c.execute(LAST, {"case_id": case_id})).mappings().first()
    language = language_of(last["language"] if last is not None else None)
    words = _WORDS[language]
    named = {"owner": found["owner_name"], "door": found["name"], "number": before["number"]}
    changes = {
        "owner_id": found["owner_id"],
        "door_id": found["id"],
        "promised_at": due,
        "promise": words["promise"].format(**named),
    }
    await cases.change_case(c, case_id, changes, actor=actor, by=found["owner_id"])
    await doors.note_taken(c, case_id)
    data = {"what": f"{found['owner_name']} ({found['name']})", "at": due.isoformat()}
    await case_moves.record(c, case_id, "door", actor=actor, by=by, data=data)
    await doors.tell(c, case_id, "taken", actor=actor)
    if last is not None:
        date, zone = await _date(c, due, words)
        told = words["told"].format(**named, date=date, zone=zone)
        await _tell(services, c, dict(last), told, case_id, owner_id=found["owner_id"], actor=actor)
    return await cases.told(c, case_id, actor)


async def _date(c: AsyncConnection, due: datetime, words: Mapping[str, str]) -> tuple[str, str]:
    organisation = await brands.get_organisation(c)
    zone = str(organisation["time_zone"]) if organisation else "UTC"
    here = due.astimezone(ZoneInfo(zone))
    parts = {"day": f"{here:%d}", "month": f"{here:%m}", "year": f"{here:%Y}", "time": f"{here:%H:%M}"}
    return words["date"].format(**parts), zone.rpartition("/")[2].replace("_", " ")


async def _tell(
    services: Services,
    c: AsyncConnection,
    last: Mapping[str, Any],
    told: str,
    case_id: UUID,
    *,
    owner_id: UUID,
    actor: str,
) -> None:
    """Write the news, then put the conversation in line with its place, the owner first."""
    conversation_id: UUID = last["id"]
    if last["status"] != "open":
        await conversations.set_status(c, conversation_id, "open", snoozed_until=None, actor=actor)
    view = await queries.get_conversation(c, conversation_id)
    author = replies.Author(actor="system", name="")
    writing = replies.Writing(text=told, client_id=f"owner-{case_id}-{new_id()}")
    await replies.write(services, c, conversation_id, author, writing)
    since = _moment(view["waiting_since"]) or now()  # news from a machine is no answer: the place stays
    await conversations.change(c, conversation_id, {"waiting_since": since}, actor=actor)
    if view["assignee_id"] != str(owner_id):
        await c.execute(_RELEASE, {"id": conversation_id, "owner": owner_id, "actor": actor})
