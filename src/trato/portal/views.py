"""What a visitor may see of an event or a message: a whitelist, so that what is new stays hidden."""

from collections.abc import Mapping
from typing import Any

from trato.access import portraits

# A message the desk may still take back, or one that never left, is not the visitor's to see.
_GONE_OUT = frozenset({"sent", "delivered", "read"})
_KINDS = frozenset({"text", "media"})
_QUESTIONS = frozenset({"resolved"})
_AUTHORS = frozenset({"contact", "agent"})


def message(view: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a message as its visitor sees it, or None for notes and all that is not theirs."""
    direction = view.get("direction")
    if direction not in ("in", "out") or view.get("kind") not in _KINDS:
        return None
    if direction == "out" and view.get("status") not in _GONE_OUT:
        return None
    payload = view.get("payload") or {}
    if payload.get("apart"):  # it went on to somebody else
        return None
    mine = direction == "in"
    return {
        "id": view["id"],
        "conversation_id": view["conversation_id"],
        "mine": mine,
        "author": None if mine or view.get("author_kind") not in _AUTHORS else view.get("author_name", ""),
        "text": view.get("text", ""),
        "at": view["created_at"],
        "client_id": view.get("client_id") if mine else None,
        "version": view["version"],
        "marks": payload.get("marks") is True,
        "asks": _asks(payload),
        "attachments": [attachment(item) for item in view.get("attachments") or ()],
    }


def _asks(payload: Mapping[str, Any]) -> str | None:
    """Return what a message asks with buttons, until it was answered."""
    asks = payload.get("asks")
    return asks if asks in _QUESTIONS and "answered" not in payload else None


def attachment(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file as its visitor sees it."""
    return {name: view[name] for name in ("id", "filename", "content_type", "size")}


def state(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a conversation stands: who attends, whether it waits, what was read."""
    agent = data.get("agent")
    beside = data.get("beside")
    return {
        "status": "closed" if data.get("status") == "closed" else "open",
        "agent": _person(agent) if isinstance(agent, Mapping) else None,
        "beside": [str(name) for name in beside] if isinstance(beside, list) else [],
        "waiting": bool(data.get("waiting")),
        "agent_read_at": data.get("agent_read_at"),
    }


def _person(agent: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": agent.get("name", ""), "picture": portraits.path(agent.get("portrait"))}


def project(kind: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the visitor may know of an event of their own conversation, or None.

    Takes the log's events for all and the ephemeral ones; of what is typed, only the agent's is news.
    """
    if kind in ("message.created", "message.changed"):
        seen = message(data["message"])
        return None if seen is None else {"message": seen}
    if kind == "conversation.for_visitor":
        return {"conversation": state(data)}
    if kind == "typing" and data.get("who") == "agent":
        return {"typing": {"name": data.get("name", "")}}
    if kind == "wait.told":
        return {"wait": data["wait"]}
    return None
