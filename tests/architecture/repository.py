"""What the architecture tests look at: the committed files, the modules of Trato and what they import."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "trato"
CHANNELS = PACKAGE / "channels"


@cache
def committed(*suffixes: str) -> tuple[Path, ...]:
    """Return the files that git tracks or is about to; of these suffixes only, if any are given."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(file for file in files if file.is_file() and (not suffixes or file.suffix in suffixes))


@dataclass(frozen=True)
class Module:
    """One Python file of the package, parsed."""

    name: str
    path: Path
    tree: ast.Module

    def imports(self) -> Iterator[str]:
        """Yield what it imports, in full: `from a.b import c` gives both `a.b` and `a.b.c`."""
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package.rsplit(".", node.level - 1)[0] if node.level else ""
                base = ".".join(part for part in (above, node.module) if part)
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package, without the tests that stand beside connectors."""
    return tuple(
        Module(name_of(path), path, ast.parse(path.read_text()))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.name.startswith("test_")
    )


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def connectors() -> tuple[str, ...]:
    """Return the names of the connectors' folders."""
    return tuple(sorted(file.parent.name for file in CHANNELS.glob("*/connector.py")))


def within(name: str, package: str) -> bool:
    """Tell whether a module is a package or lies in it."""
    return name == package or name.startswith(f"{package}.")


def shown(path: Path) -> str:
    """Return a path as a person would type it in the repository."""
    return str(path.relative_to(ROOT))
