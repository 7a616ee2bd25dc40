"""What is kept of gaps, and for how long."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.knowledge import feedback

KIND: Final = "gaps.retention"
EVERY: Final = timedelta(hours=6)
KEEP: Final = timedelta(days=180)  # cases that a draft may be made from

_QUESTIONS = (
    text("DELETE FROM gap_day WHERE day < current_date - CAST(:keep AS interval)"),
    text("DELETE FROM gap_question WHERE last_at < now() - CAST(:keep AS interval)"),
    # what somebody decided stays as long as it is met: what is met again finds its place
    text("DELETE FROM gap g WHERE NOT EXISTS (SELECT FROM gap_question q WHERE q.gap_id = g.id)"),
)
_CONTACTS = text("DELETE FROM contact_after WHERE taken AND at < now() - CAST(:keep AS interval)")
_CASES = text("DELETE FROM gap_case WHERE resolved_at < now() - CAST(:keep AS interval)")


def retention(db: Database, *, questions: timedelta, feedback_kept: timedelta) -> Periodic:
    """Return the job that forgets questions and what readers said, each after its time."""

    async def run() -> None:
        async with db.begin() as c:
            for statement in _QUESTIONS:
                await c.execute(statement, {"keep": questions})
            await c.execute(_CONTACTS, {"keep": feedback_kept})
            await c.execute(_CASES, {"keep": KEEP})
            await feedback.forget(c, feedback_kept)

    return Periodic(KIND, EVERY, db, run)
