"""What is done with many conversations at once: whether there is anything to do, and whether it still stands.

What was done is brought back only where what it changed is as it left it: what a colleague or the contact did
since is theirs.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["assign", "label", "unlabel", "snooze", "close", "reopen", "spam", "not_spam"]
MOST: Final = 100  # conversations in one act


@dataclass(frozen=True, slots=True)
class State:
    """What an act can change of a conversation; instants as the database writes them."""

    status: str
    spam: bool = False
    spam_cause: str | None = None
    snoozed_until: str | None = None
    closed_at: str | None = None
    waiting_since: str | None = None
    assignee: str | None = None
    holder: str | None = None  # who has it in hand
    work: str | None = None  # the stretch of work in which they have it
    in_line: bool = False
    queue: str | None = None  # where it is in line
    priority: int = 0
    needs: Any = None
    tagged: bool = False  # has the label that the act is about
    followed: bool = False  # the contact has written anew, and that is a conversation of its own


def is_so(kind: Kind, now: State) -> bool:
    """Say whether a conversation is as an act would make it: then there is nothing to do or undo."""
    match kind:
        case "label" | "unlabel":
            return now.tagged == (kind == "label")
        case "spam" | "not_spam":
            return now.spam == (kind == "spam")
        case "close":
            return now.status == "closed"
        case "reopen":
            return now.status == "open"
    return False


def stands(kind: Kind, after: State, now: State) -> bool:
    """Say whether what an act changed is still as it left it."""
    match kind:
        case "label" | "unlabel":
            return now.tagged == after.tagged
        case "spam" | "not_spam":
            return (now.spam, now.status, now.work) == (after.spam, after.status, after.work)
        case "close":
            return (now.status, now.closed_at) == (after.status, after.closed_at) and not now.followed
        case "snooze":
            return (now.status, now.snoozed_until, now.work) == (
                after.status,
                after.snoozed_until,
                after.work,
            )
    same = (now.status, now.spam, now.assignee, now.work) == (
        after.status,
        after.spam,
        after.assignee,
        after.work,
    )
    return same and (now.in_line, now.queue) == (after.in_line, after.queue)
