"""What is kept of what somebody did alone before they wrote: little, in order, and only what helps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args
from uuid import UUID

from trato.decide.page_address import bare
from trato.kit.text import clean

Kind = Literal["search", "article", "feedback", "page", "failure"]
Outcome = Literal["answered", "unknown", "not_now", "solved", "unsolved", "script", "request", "clicks"]

OUTCOMES: Final[dict[Kind, frozenset[Outcome]]] = {
    "search": frozenset({"answered", "unknown", "not_now"}),
    "article": frozenset(),
    "feedback": frozenset({"solved", "unsolved"}),
    "page": frozenset(),
    "failure": frozenset({"script", "request", "clicks"}),
}
REASONS: Final = frozenset({"unclear", "wrong", "incomplete", "another_matter", "other"})
MAX_TEXT: Final = 600  # as much of a question as the search reads
MOST: Final = 60  # of one visitor: the latest ones tell what was tried
AFTER_READING: Final = timedelta(hours=1)  # who writes within it, writes because of what they read
OLDEST: Final = timedelta(days=7)  # a tab may stand open for days


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did alone; `slug` and `language` name an article."""

    kind: Kind
    at: datetime
    text: str = ""
    outcome: Outcome | None = None
    reason: str | None = None
    page: str = ""
    language: str | None = None
    slug: str | None = None


def fit(step: Step, now: datetime) -> Step | None:
    """Return a step as it is kept, None when it tells nothing.

    Its time is never to come and never older than a week, whatever the clock of the browser says.
    """
    if step.kind not in get_args(Kind):
        return None
    text = " ".join(clean(step.text[: 4 * MAX_TEXT]).split())[:MAX_TEXT].strip()
    outcome = step.outcome if step.outcome in OUTCOMES[step.kind] else None
    shown = replace(
        step,
        at=min(max(step.at, now - OLDEST), now),
        text=text if step.kind in ("search", "feedback") else "",
        outcome=outcome,
        reason=step.reason if step.kind == "feedback" and step.reason in REASONS else None,
        page=bare(step.page) if step.kind in ("page", "failure") else "",
    )
    says = {
        "search": bool(text),
        "article": bool(step.slug and step.language),
        "feedback": outcome is not None,
        "page": bool(shown.page),
        "failure": bool(shown.page and outcome),
    }
    return shown if says[step.kind] else None


def worth_keeping(steps: Iterable[Step], now: datetime) -> Sequence[Step]:
    """Return the steps that tell something, in their order, the latest `MOST` of them."""
    found = (fit(step, now) for step in steps)
    return sorted((one for one in found if one is not None), key=lambda one: one.at)[-MOST:]


def read_in_vain(steps: Iterable[Mapping[str, Any]], now: datetime) -> Sequence[tuple[UUID, str]]:
    """Return the articles, each with its language, that were read shortly before and did not solve it.

    `steps` have `kind`, `at`, `outcome`, `article_id` and `language`, in any order.
    """
    recent = [step for step in steps if step["article_id"] and step["at"] > now - AFTER_READING]
    solved = {step["article_id"] for step in recent if step["outcome"] == "solved"}
    read = [(step["article_id"], step["language"]) for step in recent if step["kind"] == "article"]
    return [one for one in dict.fromkeys(read) if one[0] not in solved]
