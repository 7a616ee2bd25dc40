"""Whether a stretch of work moved the matter on, or only touched it."""

from collections.abc import Collection
from typing import Final

# The moves of a case that bring it forward. Another owner, a snooze, a link to another case do not.
PROGRESS: Final = frozenset(
    {"steps", "promise", "promise_kept", "resolved", "confirmed", "gesture", "task", "task_done", "door"}
)


def moved_on(moves: Collection[str], facts: int) -> bool:
    """Say whether the case is further than before: a fact more, or a move that counts.

    `moves` are the kinds of what happened to the case while the work went on, `facts` how many facts were
    noted meanwhile.
    """
    return facts > 0 or not PROGRESS.isdisjoint(moves)
