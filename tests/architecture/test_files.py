"""Files stay small, say what they are for, and carry nothing that a mirror or a reader would stumble over."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from tests.architecture.repository import ROOT, committed, modules, shown

WALL_PYTHON, WALL_WEB, WALL_FUNCTION = 500, 400, 60
GENERATED = {"schema.d.ts"}
# spelled apart, so that this file does not hold what it forbids
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def test_no_python_file_hits_the_wall() -> None:
    long = {shown(path): lines(path) for path in committed(".py", ".sql") if lines(path) > WALL_PYTHON}
    assert not {path: count for path, count in long.items() if "/migrations/versions/" not in path}


def test_no_web_file_hits_the_wall() -> None:
    files = committed(".ts", ".svelte", ".css", ".mjs", ".js", ".html")
    assert not {
        shown(path): lines(path)
        for path in files
        if (ROOT / "web") in path.parents and path.name not in GENERATED and lines(path) > WALL_WEB
    }


def test_no_function_is_a_tunnel() -> None:
    assert not [
        f"{shown(module.path)}:{node.lineno} {node.name} has {length} lines"
        for module in modules()
        if "migrations" not in module.path.parts
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > WALL_FUNCTION
    ]


def test_every_module_opens_with_a_sentence() -> None:
    silent = [module.name for module in modules() if module.tree.body and not ast.get_docstring(module.tree)]
    assert not [name for name in silent if ".migrations." not in name]


def test_no_registry_host_is_committed() -> None:
    hosts = re.compile("|".join(map(re.escape, REGISTRIES)))
    wrong = []
    for path in committed():
        try:
            found = hosts.findall(path.read_text())
        except UnicodeDecodeError:
            continue
        wrong += [f"{shown(path)}: {host}" for host in found]
    assert not wrong


def test_the_npm_lock_names_no_place_to_fetch_from() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if "integrity" not in package]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9].*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)*", text, re.MULTILINE)
    assert pins
    assert not [pin for pin in pins if "--hash=" not in pin]


@pytest.mark.parametrize(("name", "groups"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])])
def test_the_locks_are_those_of_the_project(name: str, groups: list[str]) -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(w for g in groups for w in project["dependency-groups"][g]),
    ]
    pinned = {
        canonicalize_name(package): version
        for package, version in re.findall(
            r"^([a-z0-9][\w.-]*)==(\S+)", (ROOT / name).read_text(), re.MULTILINE
        )
    }
    stale = [
        text
        for text in wanted
        if (requirement := Requirement(text))
        and not requirement.specifier.contains(
            pinned.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]
    assert not stale, "run tools/lock.py"
    constrained = {Requirement(text).name for text in project["tool"]["uv"]["constraint-dependencies"]}
    assert set(pinned) <= constrained, "run tools/lock.py"


def test_every_opt_out_of_a_rule_has_its_reason() -> None:
    wrong = []
    for path in committed(".py"):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if (found := re.search(r"#\s*(?:ruff: )?noqa\b(.*)", line)) and '"' not in line[: found.start()][
                -1:
            ]:
                bare = re.fullmatch(r"(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)\W+(\w.{5,})", found.group(1))
                wrong += [] if bare else [f"{shown(path)}:{number}: {line.strip()}"]
    assert not wrong


def test_every_rule_that_is_off_everywhere_has_its_reason() -> None:
    section = (ROOT / "pyproject.toml").read_text().partition("[tool.ruff.lint]")[2].partition("\n[")[0]
    rules = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+\d+"', line)]
    assert len(rules) > 10
    assert not [line for line in rules if not re.search(r"#\s*\w.*\w{3}", line)]
