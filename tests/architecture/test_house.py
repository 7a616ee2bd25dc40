"""The house stands as drawn: layers, tables behind their slice, connectors that nobody knows."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.repository import CHANNELS, PACKAGE, ROOT, Module, connectors, modules, shown, within

# Words that a connector shares with a kind of address (`address.kind`) and with columns: only a comparison
# with a channel's or an account's kind is naming the connector.
ADDRESS_KINDS = {"email", "phone"}
KIND_OF_CHANNEL = re.compile(r"(channel|account|connector)\w*(\[\W*kind\W*\]|\.kind)?|\bkind_of_\w+")


def test_layers_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run((lint, "--no-cache"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_has_its_place_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    house = next(contract for contract in contracts if contract["type"] == "layers")
    assert house["exhaustive"] is True
    placed = {name.strip() for layer in house["layers"] for name in layer.split("|")}
    ignored = set(house.get("exhaustive_ignores", ()))
    assert ignored <= {"static"}
    present = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {"__init__"}
    assert present == placed


def test_tables_are_imported_by_their_slice_and_by_migrations_only() -> None:
    wrong = [
        f"{module.name} imports {name}"
        for module in modules()
        for name in module.imports()
        if name.startswith("trato.") and name.endswith(".tables")
        if not within(module.name, name.removesuffix(".tables"))
        if not within(module.name, "trato.db.migrations")
    ]
    assert not wrong


@pytest.mark.parametrize("connector", connectors())
def test_a_connector_knows_the_sdk_the_kit_and_its_vendor_only(connector: str) -> None:
    own = f"trato.channels.{connector}"
    allowed = (own, "trato.channel_sdk", "trato.kit")
    wrong = [
        f"{module.name} imports {name}"
        for module in modules()
        if within(module.name, own)
        for name in module.imports()
        if within(name, "trato") and name != "trato" and not any(within(name, package) for package in allowed)
    ]
    assert not wrong


def test_nobody_names_a_connector() -> None:
    assert connectors()
    wrong = [
        f"{shown(module.path)}:{line}: {found}"
        for module in modules()
        if not within(module.name, "trato.channels")
        if not within(module.name, "trato.demo")  # the demonstration's accounts are data
        for line, found in names_of_connectors(module)
    ]
    assert not wrong


def names_of_connectors(module: Module) -> Iterator[tuple[int, str]]:
    """Yield where a module imports a connector, has its name as a text, or compares a channel with it."""
    for name in module.imports():
        if any(within(name, f"trato.channels.{connector}") for connector in connectors()):
            yield 1, f"import {name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and node.value in set(connectors()) - ADDRESS_KINDS:
            yield node.lineno, repr(node.value)
        if isinstance(node, ast.Compare) and names_a_channel(node):
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Match) and KIND_OF_CHANNEL.search(ast.unparse(node.subject)):
            yield from (
                (part.lineno, repr(part.value))
                for case in node.cases
                for part in ast.walk(case.pattern)
                if isinstance(part, ast.Constant) and part.value in connectors()
            )


def names_a_channel(comparison: ast.Compare) -> bool:
    """Tell whether a comparison asks a channel or an account which kind it is."""
    sides = [comparison.left, *comparison.comparators]
    named = any(
        isinstance(part, ast.Constant) and part.value in connectors()
        for side in sides
        for part in ast.walk(side)
    )
    return named and any(KIND_OF_CHANNEL.search(ast.unparse(side)) for side in sides)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("account.kind == 'email'", True),
        ("conversation.channel in ('email', 'phone')", True),
        ("row['channel'] != 'email'", True),
        ("address.kind == 'email'", False),
        ("account.kind == other", False),
    ],
)
def test_a_switch_on_the_channel_is_recognised(code: str, found, monkeypatch) -> None:
    monkeypatch.setattr("tests.architecture.test_house.connectors", lambda: ("email",))
    comparison = ast.parse(code, mode="eval").body
    assert isinstance(comparison, ast.Compare)
    assert names_a_channel(comparison) is found


def test_sql_names_no_connector() -> None:
    strict = "|".join(set(connectors()) - ADDRESS_KINDS)
    shared = "|".join(set(connectors()) & ADDRESS_KINDS)
    patterns = [rf"'(?:{strict})'"] if strict else []
    patterns += [rf"\b(?:channel|account\.kind)\s*(?:=|<>|!=|IN\s*\()\s*'(?:{shared})'"] if shared else []
    wrong = [
        f"{shown(path)}: {match.group()}"
        for path in PACKAGE.rglob("*.sql")
        for pattern in patterns
        for match in re.finditer(pattern, path.read_text(), re.IGNORECASE)
    ]
    assert not wrong


@pytest.mark.parametrize("connector", connectors())
def test_a_connector_folder_is_complete(connector: str) -> None:
    present = {path.name for path in (CHANNELS / connector).iterdir()}
    assert {"connector.py", "strings.json", "icon.svg", "README.md"} <= present


def test_a_partial_index_is_named_as_it_is_written() -> None:
    """With a value in its condition no plan for all values finds the index: the sixth call would fail."""
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "index_where"
        if not (isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "text")
    ]
    assert not wrong
