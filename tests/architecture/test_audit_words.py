"""Whatever the server writes to the audit log is said in words, in each language of the desk."""

import ast
import re
from collections.abc import Iterator

import pytest
from tests.architecture.repository import ROOT, modules, shown

from trato.routing import named

WORDS = ROOT / "web" / "src" / "i18n" / "audit"
KINDS = [one.kind for one in (named.SITE, named.TEAM, named.SKILL, named.AWAY_REASON)]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
_PLACE = 2  # of the action in `audit.record(c, actor, action, …)`


def _is_record(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "record"
        and isinstance(function.value, ast.Name)
        and function.value.id == "audit"
    )


def _given(call: ast.Call, place: int, name: str) -> ast.expr | None:
    by_name = next((one.value for one in call.keywords if one.arg == name), None)
    return by_name or (call.args[place] if len(call.args) > place else None)


def _said(value: ast.expr | None, tree: ast.AST, within: ast.AST) -> Iterator[str]:
    """Yield what an action may be; what cannot be told from the code is yielded as it is written."""
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _said(one, tree, within)
            yield from _said(other, tree, within)
        case ast.JoinedStr(
            values=[ast.FormattedValue(value=ast.Attribute(attr="kind")), ast.Constant(value=str() as end)]
        ):
            yield from (kind + end for kind in KINDS)
        case ast.Name(id=name) if isinstance(within, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parameters = [one.arg for one in within.args.args]
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == within.name:
                    place = parameters.index(name) if name in parameters else len(call.args)
                    yield from _said(_given(call, place, name), tree, within)
        case None:
            yield "nothing"
        case _:
            yield ast.unparse(value)


def actions(tree: ast.AST) -> Iterator[str]:
    """Yield the actions that a module writes."""
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and _is_record(call):
                    yield from _said(_given(call, _PLACE, "action"), tree, function)


def written() -> dict[str, str]:
    """Return every action with a module that writes it."""
    return {action: shown(module.path) for module in modules() for action in actions(module.tree)}


def test_every_action_can_be_told_from_the_code() -> None:
    found = written()
    assert len(found) > 100
    assert {one: place for one, place in found.items() if not ACTION.fullmatch(one)} == {}


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_action_has_words(language: str) -> None:
    words = (WORDS / f"{language}.ts").read_text("utf-8")
    named_there = set(re.findall(r'^  "([a-z_]+\.[a-z_]+)": "[^"]+",$', words, re.MULTILINE))
    found = written()
    missing = {one: place for one, place in found.items() if one not in named_there}
    assert missing == {}
    assert named_there - found.keys() == set(), "words of what nobody writes any more"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("async def f(c):\n await audit.record(c, who, 'a.done', 'x')", ["a.done"]),
        ("async def f(c):\n await audit.record(c, who, action='a.done')", ["a.done"]),
        ("async def f(c):\n await audit.record(c, who, 'a.on' if x else 'a.off')", ["a.on", "a.off"]),
        (
            "async def f(c, did):\n await audit.record(c, who, did)\nasync def g():\n await f(1, 'a.done')",
            ["a.done"],
        ),
        ("async def f(c):\n await other.record(c, who, 'a.done')", []),
        ("async def f(c):\n await audit.record(c, who, made())", ["made()"]),
    ],
)
def test_what_is_written_is_recognised(code: str, said: list[str]) -> None:
    assert list(actions(ast.parse(code))) == said
