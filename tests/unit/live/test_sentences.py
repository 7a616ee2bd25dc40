"""What live and webhooks refuse is said in every language."""

import ast
import json
from pathlib import Path

import pytest

import trato.live
import trato.webhooks

RAISED = {"Invalid", "Conflict", "NotFound", "TooLarge"}


def said(package: Path) -> set[str]:
    calls = [
        node
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED
    ]
    parts = [
        part for call in calls for part in [*call.args, *(k.value for k in call.keywords if k.arg == "todo")]
    ]
    return {ast.literal_eval(part) for part in parts}


@pytest.mark.parametrize("module", [trato.live, trato.webhooks])
def test_every_refusal_has_its_translations(module: object) -> None:
    package = Path(str(module.__file__)).parent  # type: ignore[attr-defined]
    known = json.loads((package / "errors.json").read_text("utf-8"))
    assert known.keys() == said(package)
    assert all(set(told) == {"es", "pt"} and all(told.values()) for told in known.values())
