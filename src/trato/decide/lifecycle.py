"""How a case may move: open, waiting, resolved, closed."""

from datetime import datetime, timedelta
from enum import StrEnum

CLOSED_AFTER = timedelta(days=7)


class CaseStatus(StrEnum):
    """Where a case stands; `resolved` means confirmed, or not disputed, and not yet seven days old."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


_ALLOWED = {
    CaseStatus.OPEN: {CaseStatus.WAITING, CaseStatus.RESOLVED},
    CaseStatus.WAITING: {CaseStatus.OPEN, CaseStatus.RESOLVED},
    CaseStatus.RESOLVED: {CaseStatus.OPEN, CaseStatus.WAITING, CaseStatus.CLOSED},
    CaseStatus.CLOSED: {CaseStatus.OPEN},
}


def case_transition(before: CaseStatus, after: CaseStatus) -> bool:
    """Say whether a case may move; nothing is closed without having been resolved first."""
    return after in _ALLOWED[before]


def closes(resolved_at: datetime, now: datetime) -> bool:
    """Say whether a resolved case is closed by silence: seven days without a return."""
    return now - resolved_at >= CLOSED_AFTER
