"""A plan as people and programs read it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from trato.kit.errors import filled
from trato.kit.words import translated
from trato.setup.kind import MadeSecret
from trato.setup.plan import Plan, Problem


def of(plan: Plan, language: str, *, applied: bool, made: Sequence[MadeSecret]) -> dict[str, Any]:
    """Return a plan as the API shows it, what is in the way in the reader's language."""
    return {
        "applied": applied,
        "digest": plan.digest,
        "changes": [asdict(one) for one in plan.changes],
        "untouched": [{"section": name, "count": count} for name, count in plan.untouched.items()],
        "problems": [_problem(one, language) for one in plan.problems],
        "left_out": [{"section": section, "key": key} for section, key in plan.left_out],
        "stay": [{"section": section, "key": key} for section, key in plan.stay],
        "awaited": [{"account": one.account, "secrets": list(one.secrets)} for one in plan.awaited],
        "made_secrets": [asdict(one) for one in made],
    }


def _problem(one: Problem, language: str) -> dict[str, Any]:
    why = one.why
    return {
        "section": one.section,
        "key": one.key,
        "field": one.field,
        "line": one.line,
        "detail": filled(translated(why.sentence, language), why.values),
        "todo": filled(translated(why.next_step, language), why.values),
    }
