"""What the documents say is so: links lead somewhere, and commands exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.architecture.repository import ROOT, committed, shown
from typer._click.core import Context

import trato.cli

LINK = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
COMMAND = re.compile(r"(?:\./|`|^\s*\$\s+)trato ([a-z][a-z-]*)(?:[ \t]+([a-z][a-z-]*))?", re.MULTILINE)


def documents() -> tuple[Path, ...]:
    return committed(".md")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def slugs(path: Path) -> set[str]:
    """Return the anchors that a Markdown file's headings get."""
    headings = re.findall(r"^#+\s+(.+?)\s*#*$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> Iterator[str]:
    for target in LINK.findall(without_code(path.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        destination = (path.parent / file) if file else path
        if not destination.exists() or (
            anchor and destination.suffix == ".md" and anchor not in slugs(destination)
        ):
            yield f"{shown(path)} → {target}"


def test_every_link_leads_somewhere() -> None:
    assert documents()
    assert not [link for path in documents() for link in broken_links(path)]


def commands() -> dict[str, set[str]]:
    """Return every command with its subcommands."""
    group = typer.main.get_command(trato.cli.compose())
    assert isinstance(group, typer.core.TyperGroup)
    return {name: set(subcommands(command)) for name, command in group.commands.items()}


def subcommands(command: Any) -> list[str]:
    """Return a group's commands, also those that it adds while it runs."""
    listed: list[str] = command.list_commands(Context(command)) if hasattr(command, "list_commands") else []
    return listed


def mentioned() -> list[tuple[str, str, str]]:
    return [(shown(path), *found) for path in documents() for found in COMMAND.findall(path.read_text())]


def test_every_command_in_the_documents_exists() -> None:
    assert mentioned()
    known = commands()
    assert not [
        f"{path}: trato {name} {sub}".strip()
        for path, name, sub in mentioned()
        if name not in known or (known[name] and sub and sub not in known[name])
    ]


def test_the_tools_in_the_documents_exist() -> None:
    named = {
        (shown(path), tool)
        for path in documents()
        for tool in re.findall(r"\btools/[\w/]+\.py", path.read_text())
    }
    assert not [f"{path}: {tool}" for path, tool in named if not (ROOT / tool).exists()]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_a_reader_finds_what_every_repository_has(name: str) -> None:
    assert (ROOT / name).read_text().strip()


def test_every_decision_gives_context_decision_and_consequences() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(set(numbers)) == len(numbers)  # each area counts in its own ten, so there are gaps
    wanted = {"context", "decision", "consequences"}
    assert not {shown(path): wanted - slugs(path) for path in decisions if not wanted <= slugs(path)}
