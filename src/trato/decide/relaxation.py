"""What is wrong with a queue's steps of relaxation, if anything is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Flaw = Literal["out_of_order", "by_without_level", "after_anybody", "twice"]


@dataclass(frozen=True, slots=True)
class Step:
    """After so long, this counts no longer; `by` says how many levels less will do."""

    after_s: int
    allow: str
    by: int | None = None


def flaw(steps: Sequence[Step]) -> tuple[int, Flaw] | None:
    """Return the place of the first step that cannot be meant and why, None when all can.

    Times go up; `by` belongs to `level`; after `anybody` nothing is left to relax; nothing but `level` is
    relaxed twice.
    """
    seen: set[str] = set()
    for place, step in enumerate(steps):
        if place and step.after_s <= steps[place - 1].after_s:
            return place, "out_of_order"
        if step.by is not None and step.allow != "level":
            return place, "by_without_level"
        if "anybody" in seen:
            return place, "after_anybody"
        if step.allow in seen and step.allow != "level":
            return place, "twice"
        seen.add(step.allow)
    return None
