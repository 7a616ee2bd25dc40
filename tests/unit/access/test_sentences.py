"""What access refuses is said in every language."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import trato.access
from trato.access import problems
from trato.access.guard import hosts
from trato.kit import errors
from trato.kit.words import LANGUAGES, catalogue

ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
} | {"WeakPassword", "__init__"}


def sentences() -> Iterator[str]:
    """Yield every constant that a domain error of access is raised with."""
    for file in Path(trato.access.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in ERRORS:
                continue
            said = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "todo")]
            for one in said:
                assert not isinstance(one, ast.JoinedStr), f"{file}: what varies cannot be translated"
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def said() -> set[str]:
    return {
        *sentences(),
        *problems.TITLES.values(),
        problems.MALFORMED,
        problems.MALFORMED_TODO,
        problems.UNEXPECTED,
        problems.UNEXPECTED_TODO,
        hosts.REFUSED,
        hosts.MEND,
    }


def test_every_refusal_is_said_in_every_language() -> None:
    assert len(said()) > 60
    known = catalogue()
    others = [language for language in LANGUAGES if language != "en"]
    assert sorted(one for one in said() if not all(known.get(one, {}).get(name) for name in others)) == []


def test_no_translation_is_left_over() -> None:
    file = Path(trato.access.__file__).parent / "errors.json"
    assert sorted(json.loads(file.read_text("utf-8")).keys() - said()) == []
