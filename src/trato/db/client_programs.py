"""pg_dump, pg_restore and psql of the packaged PostgreSQL, run against any server."""

import itertools
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trato.db.embedded import binaries
from trato.db.engine import plain_dsn
from trato.kit.errors import Conflict, DomainError, Unavailable

# pg_restore 18 begins with this; servers before 17 do not know it.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_HEAD_LINES = 40
_EMPTIED = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


def dump(dsn: str, file: Path, *, snapshot: str | None = None) -> None:
    """Write the whole database, as of one moment, to `file` in pg_dump's custom format.

    The moment is now, or that of an exported `snapshot`. Writers are not stopped. Raises `Conflict` for a
    server newer than the packaged programs, `Unavailable` when it cannot be read or the disk is full.
    """
    url, environment = _split_password(dsn)
    _run(
        "pg_dump",
        *("--format=custom", "--no-owner", "--no-privileges", "--no-sync", f"--file={file}"),
        *([f"--snapshot={snapshot}"] if snapshot else []),
        url,
        environment=environment,
    )


def replace(dsn: str, file: Path) -> None:
    """Replace everything in the database by the dump in `file`, in one transaction: wholly or not at all.

    Raises `Unavailable` when the server refuses; the database is then as it was.
    """
    url, environment = _split_password(dsn)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".restore-") as scratch:
        script = Path(scratch) / "script.sql"
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        with script.open("rb") as source, tempfile.TemporaryFile() as errors:
            command = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
            with subprocess.Popen(  # noqa: S603 -- our own program
                [binaries.packaged().program("psql"), *command, "--output=/dev/null", url],
                env={**environment, "PGOPTIONS": "-c client_min_messages=warning"},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            ) as psql:
                head = [line for line in itertools.islice(source, _HEAD_LINES) if line != _UNKNOWN_BEFORE_17]
                if psql.stdin is not None:
                    with suppress(BrokenPipeError), psql.stdin as sink:  # psql's own words say why
                        sink.writelines([_EMPTIED, *head])
                        shutil.copyfileobj(source, sink)
            if psql.returncode != 0:
                errors.seek(0)
                raise _explained(errors.read().decode(errors="replace"))


def _run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 -- our own program
        [binaries.packaged().program(program), *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise _explained(done.stderr)


def _split_password(dsn: str) -> tuple[str, dict[str, str]]:
    """Take the password out of the URL: everybody on the machine can read a command line."""
    parts = urlsplit(plain_dsn(dsn))
    environment = dict(os.environ)
    if parts.password:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}@{host}")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}", environment


def _explained(output: str) -> DomainError:
    if "server version mismatch" in output:
        return Conflict(
            "The PostgreSQL server is newer than the programs that come with this version of Trato.",
            todo="Upgrade Trato, or save and restore with that server's own pg_dump and pg_restore.",
        )
    if "No space left on device" in output:
        return Unavailable("The disk is full.", todo="Free some space and try again; nothing was changed.")
    lines = [line for line in output.splitlines() if "error" in line.lower() or "FATAL" in line]
    return Unavailable(
        f"PostgreSQL refused: {(lines or output.splitlines() or ['without a word'])[0].strip()}",
        todo="Nothing was changed.",
    )
