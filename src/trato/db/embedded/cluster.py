"""A cluster on disk: made once and whole, configured anew at each start."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict

from trato.db.embedded.binaries import Binaries
from trato.db.embedded.place import Home, own
from trato.kit.errors import Conflict, Unavailable
from trato.kit.processes import die_with_parent

ROLE = "trato"
DATABASE = "trato"
_SUPERUSER = "postgres"

# A small shop's machine: little memory and few processes, but never less than full durability.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "effective_cache_size": "256MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "temp_buffers": "2MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_buffers": "1MB",
    "min_wal_size": "48MB",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "io_method": "sync",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "autovacuum_worker_slots": "2",
    "jit": "off",
    "huge_pages": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "cluster_name": "trato",
}

_TUNING = "trato.conf"
_LOCAL = "local.conf"
_OUT_OF_SPACE = "No space left on device"


def ensure(home: Home, binaries: Binaries) -> None:
    """Make the cluster when there is none; refuse one that these programs cannot read.

    It appears under its name only when whole, so that an interrupted first start leaves nothing that
    the next one could mistake for a cluster.
    """
    marker = home.data / "PG_VERSION"
    if marker.exists():
        own(home.data, home.user)
        _check_major(home, marker.read_text().strip(), binaries)
        return
    if home.data.exists():
        raise Conflict(
            f"{home.data} is no PostgreSQL cluster, and not empty."
            if any(home.data.iterdir())
            else f"{home.data} is empty where the database should be.",
            todo=f"Restore a backup, or remove {home.data} to start with an empty database.",
        )
    scratch = home.path / "data.new"
    shutil.rmtree(scratch, ignore_errors=True)
    own(scratch, home.user)
    _initialise(home, binaries, scratch)
    scratch.rename(home.data)


def _check_major(home: Home, found: str, binaries: Binaries) -> None:
    if found != str(binaries.major):
        raise Conflict(
            f"The database in {home.data} was written by PostgreSQL {found}; "
            f"this version of Trato brings PostgreSQL {binaries.major}, which cannot read it.",
            todo=f"Start the version of Trato that brought PostgreSQL {found} and run `trato backup FILE`; "
            "then run `trato restore FILE` with this version and a new --data folder.",
        )


def _initialise(home: Home, binaries: Binaries, scratch: Path) -> None:
    _run_as_server(
        home,
        [
            *(binaries.program("initdb"), "--pgdata", str(scratch), "--username", _SUPERUSER),
            *("--auth-local=peer", "--auth-host=scram-sha-256", "--data-checksums"),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
        ],
    )
    with (scratch / "postgresql.conf").open("a") as file:
        file.write(f"\ninclude_if_exists '{_TUNING}' # written by Trato at each start\n")
        file.write(f"include_if_exists '{_LOCAL}' # yours\n")
    _write(home, scratch / _LOCAL, ["# Your own settings; they win over Trato's."])
    # Single-user mode needs no server; the role owns its database but is no superuser.
    _run_as_server(
        home,
        [
            binaries.program("postgres"),
            "--single",
            "-D",
            str(scratch),
            "-c",
            "log_checkpoints=off",
            "postgres",
        ],
        typed=f"CREATE ROLE {ROLE} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n",
    )


def configure(home: Home, sockets: Path, overrides: Mapping[str, str]) -> None:
    """Write settings and the rules of entry: the socket only, and only for who runs Trato."""
    settings = {**SETTINGS, "unix_socket_directories": str(sockets), **overrides}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    us = pwd.getpwuid(os.geteuid()).pw_name
    for name, content in (
        (_TUNING, lines),
        ("pg_hba.conf", ["local all all peer map=trato"]),
        ("pg_ident.conf", [f'trato "{us}" {ROLE}', f'trato "{us}" {_SUPERUSER}']),
    ):
        _write(home, home.data / name, ["# Written by Trato at each start.", *content])


def _write(home: Home, path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join([*lines, ""]))
    if not home.user.is_us:
        os.chown(path, home.user.uid, home.user.gid)


def _run_as_server(home: Home, command: list[str], *, typed: str = "") -> None:
    result = subprocess.run(  # noqa: S603 -- our own programs
        command,
        check=False,
        input=typed,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGTERM),
        **as_server(home),
    )
    # Single-user mode reports a failed statement on stderr and still ends with 0.
    if result.returncode != 0 or "ERROR:" in result.stderr or "FATAL:" in result.stderr:
        raise explain(result.stderr + result.stdout, home)


class RunAs(TypedDict):
    """Subprocess's arguments for another user; None changes nothing."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def as_server(home: Home) -> RunAs:
    """Return subprocess's arguments that run a program as the server's user."""
    if home.user.is_us:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": home.user.uid, "group": home.user.gid, "extra_groups": []}


def explain(output: str, home: Home) -> Unavailable:
    """Turn PostgreSQL's last words into one sentence for a person and what to do about it."""
    if _OUT_OF_SPACE in output:
        return Unavailable(
            f"The disk of {home.path} is full: the database cannot write.",
            todo="Free some space, then start again.",
        )
    if "Permission denied" in output or "Operation not permitted" in output:
        return Unavailable(
            f"PostgreSQL, which runs as {home.user.name}, may not use {home.path}.",
            todo=f"Give {home.data} back to {home.user.name}: chown -R {home.user.name} {home.data}",
        )
    if "Read-only file system" in output:
        return Unavailable(
            f"{home.path} is on a read-only file system.", todo="Choose another --data folder."
        )
    lines = [
        line
        for line in output.splitlines()
        if any(word in line for word in ("FATAL", "PANIC", "error", "ERROR"))
    ]
    last = (lines or output.splitlines() or ["it said nothing"])[-1].strip()
    return Unavailable(f"PostgreSQL does not start: {last}", todo=f"See {home.log}.")
