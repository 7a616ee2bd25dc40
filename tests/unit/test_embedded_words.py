"""PostgreSQL's last words become one sentence and a mend."""

from pathlib import Path

import pytest

from trato.db.client_programs import _split_password
from trato.db.embedded.cluster import explain
from trato.db.embedded.place import Home, ServerUser
from trato.db.embedded.server import url

HOME = Home(Path("/srv/trato/postgres"), ServerUser("trato-postgres", 999, 999))


@pytest.mark.parametrize(
    ("words", "message", "todo"),
    [
        ("FATAL: could not write: No space left on device", "disk of /srv/trato/postgres is full", "Free"),
        ("FATAL: could not open x: Permission denied", "runs as trato-postgres", "chown"),
        ("could not create: Read-only file system", "read-only", "--data"),
        (
            "LOG: a\nFATAL:  lock file exists\nLOG: b",
            "does not start: FATAL:  lock file exists",
            "postgresql.log",
        ),
        ("", "it said nothing", "postgresql.log"),
    ],
)
def test_a_failed_start_is_told_in_one_sentence(words, message, todo) -> None:
    error = explain(words, HOME)
    assert message in error.message
    assert "\n" not in error.message
    assert todo in error.todo


def test_a_socket_path_survives_the_url() -> None:
    assert url(Path("/run/a b/ñ")) == "postgresql+asyncpg://trato@/trato?host=/run/a%20b/%C3%B1"


@pytest.mark.parametrize(
    ("dsn", "shown", "password"),
    [
        ("postgresql+asyncpg://trato@/trato?host=/run/x", "postgresql://trato@/trato?host=/run/x", None),
        (
            "postgres://ana:s%40c@db:6432/t?sslmode=require",
            "postgresql://ana@db:6432/t?sslmode=require",
            "s@c",
        ),
        ("postgresql://a:b@h1:1,h2:2/t", "postgresql://a@h1:1,h2:2/t", "b"),
    ],
)
def test_no_password_stands_on_a_command_line(dsn, shown, password, monkeypatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    command_line, environment = _split_password(dsn)
    assert command_line == shown
    assert environment.get("PGPASSWORD") == password
