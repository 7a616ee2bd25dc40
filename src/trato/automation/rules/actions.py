"""What rules do, and why they sometimes do not: the same look for a run and for a trial."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.rules.context import Context
from trato.conversations import case_tasks, cases, labels
from trato.db.edge import Services
from trato.decide import placeholders
from trato.flow import drafts, line, replies
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.live import service as live
from trato.macros import known
from trato.macros import service as macros


@dataclass(frozen=True, slots=True)
class Running:
    """One run of a rule."""

    services: Services
    rule: Mapping[str, Any]
    position: int
    context: Context

    @property
    def actor(self) -> str:
        """Return the rule as events and the audit log name it."""
        return f"rule:{self.rule['id']}"


class Refused(Exception):
    """An action may not be done now; `why` is a word that the desk says in its language."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Ready:
    """An action that may be done: what it would write to somebody, and how to do it."""

    do: Callable[[], Awaitable[object]]
    text: str | None = None


Prepare = Callable[[AsyncConnection, Running, Mapping[str, Any]], Awaitable[Ready]]


async def prepare(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    """Return an action ready to be done; raises `Refused`. Writes nothing."""
    return await _ALL[action["do"]](c, run, action)


def _conversation(run: Running) -> UUID:
    found = run.context.conversation_id
    if found is None:
        raise Refused("no_conversation")
    return found


def _case(run: Running) -> UUID:
    found = run.context.case_id
    if found is None:
        raise Refused("no_case")
    return found


async def _in_line(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    conversation_id = _conversation(run)
    if not run.context.waits_in_line:
        raise Refused("waits_no_more")
    changes = {name: action[name] for name in ("priority", "queue_id") if name in action}
    return Ready(lambda: line.move(c, conversation_id, changes, actor=run.actor))


async def _owner(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    case_id, agent_id = _case(run), UUID(action["agent_id"])
    if run.context.case and run.context.case["owner_id"] == str(agent_id):
        raise Refused("so_already")
    return Ready(lambda: cases.change_case(c, case_id, {"owner_id": agent_id}, actor=run.actor))


async def _tag(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    conversation_id, tag_id = _conversation(run), UUID(action["tag_id"])
    has = any(one["id"] == tag_id for one in await labels.tags_of(c, "conversation", conversation_id))
    adds = action["do"] == "add_tag"
    if has == adds:
        raise Refused("so_already")
    if adds:
        try:
            await labels.get_tag(c, tag_id)
        except NotFound:
            raise Refused("gone") from None
    change = labels.give if adds else labels.take
    return Ready(lambda: change(c, "conversation", conversation_id, tag_id, actor=run.actor))


async def _note(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    conversation_id = _conversation(run)
    facts = await known.of_conversation(c, conversation_id)
    words = placeholders.fill(action["text"], facts.values).text
    return Ready(lambda: _write(c, run, conversation_id, words, note=True), words)


async def _task(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    case_id, hours = _case(run), action.get("due_in_h")
    owner = run.context.case["owner_id"] if run.context.case else None
    values = {
        "case_id": case_id,
        "title": action["title"],
        "owner_id": UUID(owner) if owner else None,
        "due_at": None if hours is None else now() + timedelta(hours=hours),
    }
    return Ready(lambda: case_tasks.make(c, actor=run.actor, **values), action["title"])


async def _webhook(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    del action
    context = run.context
    data = {
        "rule": {"id": str(run.rule["id"]), "name": run.rule["name"]},
        "about": {"position": run.position, "conversation": context.conversation, "case": context.case},
    }
    return Ready(
        lambda: live.append(
            c,
            "rule.matched",
            audience="system",
            actor=run.actor,
            conversation_id=context.conversation_id,
            case_id=context.case_id,
            data=data,
        )
    )


async def _draft(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    conversation_id = _conversation(run)
    assignee = (run.context.conversation or {}).get("assignee_id")
    if assignee is None:
        raise Refused("nobody_has_it")
    agent_id = UUID(assignee)
    if any(one["kind"] == "reply" for one in await drafts.mine(c, conversation_id, agent_id)):
        raise Refused("writes_already")
    try:
        filled = await macros.fill_for(c, UUID(action["macro_id"]), conversation_id)
    except NotFound:
        raise Refused("gone") from None
    return Ready(lambda: drafts.keep(c, conversation_id, agent_id, "reply", filled.text), filled.text)


async def _send(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> Ready:
    """Prepare news for the contact: only of their case, only what is new, never in place of an answer."""
    conversation_id, conversation = _conversation(run), run.context.conversation or {}
    if conversation["status"] == "closed" or conversation["spam"]:
        raise Refused("closed")
    if conversation["waiting_since"] is not None:
        raise Refused("waits_for_a_person")
    facts = await known.of_conversation(c, conversation_id)
    texts: Mapping[str, str] = action["texts"]
    language = next((one for one in (facts.language[:2], "es", *texts) if one in texts), "es")
    facts = await known.of_conversation(c, conversation_id, language=language)
    filled = placeholders.fill(texts[language], facts.values)
    if filled.unfilled:
        raise Refused("unfilled")
    told = await known.told(c, conversation_id)
    if not placeholders.news(filled, facts.values, facts.said_by_contact, told):
        raise Refused("nothing_new")
    return Ready(lambda: _write(c, run, conversation_id, filled.text, note=False), filled.text)


async def _write(c: AsyncConnection, run: Running, conversation_id: UUID, words: str, *, note: bool) -> None:
    author = replies.Author(actor=run.actor, name=run.rule["name"] if note else "")
    # The same event gives the same message, however often it comes.
    client_id = f"rule:{run.rule['id']}:{run.position}:{'note' if note else 'out'}"
    writing = replies.Writing(text=words, client_id=client_id, note=note, payload={"rule": run.rule["name"]})
    await replies.write(run.services, c, conversation_id, author, writing)


_ALL: Final[Mapping[str, Prepare]] = {
    "set_priority": _in_line,
    "set_queue": _in_line,
    "set_owner": _owner,
    "add_tag": _tag,
    "remove_tag": _tag,
    "add_note": _note,
    "add_task": _task,
    "webhook": _webhook,
    "draft": _draft,
    "send_message": _send,
}
