"""Every visible text exists in Spanish, English and Portuguese (those of desk and widget: see web/tests)."""

import ast
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.architecture.repository import CHANNELS, connectors, modules, shown

LANGUAGES = {"es", "en", "pt"}


def paths(value: Any, above: str = "") -> Iterator[str]:
    """Yield the path of every text in nested dictionaries."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from paths(below, f"{above}.{key}")
    else:
        yield above


@pytest.mark.parametrize("connector", connectors())
def test_a_connector_speaks_every_language(connector: str) -> None:
    strings = json.loads((CHANNELS / connector / "strings.json").read_text())
    assert set(strings) == LANGUAGES
    assert len({frozenset(paths(words)) for words in strings.values()}) == 1


def keys_of(node: ast.expr | None) -> frozenset[str] | None:
    """Return the keys of a dictionary that is written out with texts as keys."""
    if not isinstance(node, ast.Dict):
        return None
    return frozenset(
        key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )


def incomplete(tree: ast.Module) -> Iterator[str]:
    """Yield the dictionaries by language that lack one, or say more in one than in another."""
    for node in ast.walk(tree):
        keys = keys_of(node) if isinstance(node, ast.Dict) else None
        if not keys or not isinstance(node, ast.Dict) or len(keys & LANGUAGES) < 2:
            continue
        if not keys >= LANGUAGES:
            yield f"line {node.lineno}: only {', '.join(sorted(keys & LANGUAGES))}"
        elif len({keys_of(value) for value in node.values}) > 1:
            yield f"line {node.lineno}: not the same keys in each language"


def test_dictionaries_in_code_have_every_language() -> None:
    assert not [f"{shown(module.path)}, {what}" for module in modules() for what in incomplete(module.tree)]


@pytest.mark.parametrize(
    ("code", "complete"),
    [
        ("{'es': 'a', 'en': 'b', 'pt': 'c'}", True),
        ("{'es': 'a', 'en': 'b'}", False),
        ("{'es': {'x': 1}, 'en': {'x': 1}, 'pt': {'y': 1}}", False),
        ("{'es': 'only a code here'}", True),
    ],
)
def test_a_missing_language_is_recognised(code: str, complete) -> None:
    assert (not list(incomplete(ast.parse(code)))) is complete
