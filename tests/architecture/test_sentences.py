"""Whatever a person can be refused with is said in Spanish, English and Portuguese, each a whole sentence."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.architecture.repository import PACKAGE, modules, shown

from trato.access import problems
from trato.access.guard import hosts
from trato.kit.words import LANGUAGES, catalogue

# What speaks to whoever installs Trato, on their terminal and in English, as the log does.
TERMINAL = ("bench", "cli", "db", "channel_sdk", "kit")
# What a connector fails with is the other server's own words; its settings are told by its strings.json.
CONNECTORS = "channels"
# Of db and kit: whoever uploads, downloads, reads a list or follows a link is told.
AT_THE_EDGE = {"store.py", "paging.py", "signed_link.py", "inputs.py"}
BLANK = {*problems.TITLES.values()}  # titles are no sentences


@cache
def refusals() -> frozenset[str]:
    """Return the names of all domain errors, and of what a body's own rule refuses with."""
    known = {"DomainError", "Unfit"}
    bases = {
        node.name: {getattr(base, "id", "") for base in node.bases}
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    while more := {name for name, of in bases.items() if of & known} - known:
        known |= more
    return frozenset(known - {"AnsweredBefore"})  # an answer, not a refusal


def is_told(path: Path) -> bool:
    package = path.relative_to(PACKAGE).parts[0]
    return package not in (*TERMINAL, CONNECTORS) or path.name in AT_THE_EDGE


def constants(tree: ast.Module) -> dict[str, set[str]]:
    """Return the texts that a module's own names stand for."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                value = getattr(node, "value", None)
                found[target.id] = texts(value.values if isinstance(value, ast.Dict) else [value])
    return found


def texts(nodes: list[ast.expr] | list[ast.expr | None]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def said(tree: ast.Module) -> Iterator[tuple[int, str | None]]:
    """Yield each sentence that a domain error is raised with, None for one that is put together."""
    named = constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        own = name == "__init__"
        if name not in refusals() and not own:
            continue
        for part in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "todo")]:
            if isinstance(part, ast.Constant):
                if isinstance(part.value, str):
                    yield part.lineno, part.value
                continue
            inside = list(ast.walk(part))
            found = {
                text for one in inside if isinstance(one, ast.Name) for text in named.get(one.id, ())
            } | texts([one for one in inside if isinstance(one, ast.expr)])
            if isinstance(part, ast.JoinedStr) or (not found and not own):
                yield part.lineno, None
                continue
            yield from ((part.lineno, text) for text in found if " " in text)


@cache
def all_said() -> dict[Path, list[tuple[int, str | None]]]:
    return {module.path: list(said(module.tree)) for module in modules() if is_told(module.path)}


def test_what_varies_stands_in_blanks() -> None:
    put_together = [
        f"{shown(path)}:{line}" for path, found in all_said().items() for line, one in found if one is None
    ]
    assert put_together == []


def test_every_refusal_is_told_in_every_language() -> None:
    known = catalogue()
    others = [language for language in LANGUAGES if language != "en"]
    missing = [
        f"{shown(path)}:{line}: {one}"
        for path, found in all_said().items()
        for line, one in found
        if one and not all(known.get(one, {}).get(language) for language in others)
    ]
    assert missing == []
    assert sum(len(found) for found in all_said().values()) > 150


def test_every_refusal_is_a_whole_sentence() -> None:
    wrong = [
        f"{shown(path)}:{line}: {one}"
        for path, found in all_said().items()
        for line, one in found
        if (one and not (one[0].isupper() or one[0] in "“{")) or (one and one[-1] not in ".?:}")
    ]
    assert wrong == []


def catalogues() -> list[Path]:
    return sorted(PACKAGE.glob("*/errors.json"))


@pytest.mark.parametrize("file", catalogues(), ids=lambda file: file.parent.name)
def test_no_translation_is_left_over_and_blanks_agree(file: Path) -> None:
    used = {one for path, found in all_said().items() if file.parent in path.parents for _, one in found}
    if file.parent.name == "access":
        used |= {*problems.TITLES.values(), hosts.REFUSED, hosts.MEND}
        used |= {problems.MALFORMED, problems.MALFORMED_TODO, problems.UNEXPECTED, problems.UNEXPECTED_TODO}
        used |= {sentence for path, found in all_said().items() for _, sentence in found if sentence}
    told = json.loads(file.read_text("utf-8"))
    assert sorted(told.keys() - used) == []
    for sentence, by_language in told.items():
        assert set(by_language) == {"es", "pt"}, sentence
        for text in by_language.values():
            assert blanks(text) == blanks(sentence), sentence


def blanks(sentence: str) -> list[str]:
    return sorted(part.split("}")[0] for part in sentence.split("{")[1:])


def test_two_packages_say_the_same_in_the_same_words() -> None:
    seen: dict[str, object] = {}
    for file in catalogues():
        for sentence, told in json.loads(file.read_text("utf-8")).items():
            assert seen.setdefault(sentence, told) == told, sentence


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise NotFound("There is none.", todo="Look again.")', ["There is none.", "Look again."]),
        ('raise Invalid(f"{x} is wrong", field="x")', [None]),
        ("raise Conflict(message)", [None]),
        ('_WHY = {"a": "It is gone."}\nraise Conflict(_WHY.get(x, "It is over."))',
         ["It is gone.", "It is over."]),
        ("print('nothing')", []),
    ],
)  # fmt: skip
def test_sentences_are_found(code: str, found: list[str | None]) -> None:
    assert sorted(map(str, (one for _, one in said(ast.parse(code))))) == sorted(map(str, found))
