"""What stands in the way of a start is said in one sentence with its mend, and nothing is half started."""

import subprocess
from pathlib import Path

import asyncpg
import pytest
from tests.integration.test_operations import trato

from trato.db.engine import plain_dsn
from trato.db.one_key import settle
from trato.kit.secret_box import SecretBox

ROLES = ("web", "work", "route")


def refused(*arguments: str, **environment: str) -> str:
    """Run a command that cannot start; return the one line that it says."""
    done = trato(*arguments, **environment)
    return the_one_line(done)


def the_one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("trato: ")
    return line


async def change(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(plain_dsn(dsn))
    await connection.execute(sql)
    await connection.close()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("UPDATE sql_functions SET digest = 'other'", "not of this version"),
        ("DELETE FROM alembic_version", "is empty"),
    ],
)
async def test_a_role_does_not_run_on_another_schema(role, sql, said, fresh_dsn, tmp_path) -> None:
    await change(fresh_dsn, sql)
    options = ["--port", "0"] if role == "web" else []
    line = refused(role, *options, "--data", str(tmp_path / "data"), TRATO_DATABASE_URL=fresh_dsn)
    assert said in line
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize("role", [*ROLES, "up"])
async def test_a_machine_without_the_key_is_refused_and_makes_none(role, fresh_dsn, tmp_path) -> None:
    await settle(fresh_dsn, SecretBox(b"k" * 32), tmp_path / "unused")
    options = ["--port", "0"] if role in {"web", "up"} else []
    told = {"TRATO_DATABASE_URL": fresh_dsn}
    line = refused(role, *options, "--data", str(tmp_path / "fresh"), **told)
    assert "key of this installation is not on this machine" in line
    assert f"Copy secret.key from the machine or backup that has it to {tmp_path / 'fresh'}" in line
    assert not (tmp_path / "fresh" / "secret.key").exists()
    assert (tmp_path / "fresh").stat().st_mode & 0o066 == 0, "nobody else lists the folder"
    line = refused(
        role, *options, "--data", str(tmp_path / "fresh"), TRATO_SECRET_KEY=(b"o" * 32).hex(), **told
    )
    assert "made with another key" in line


async def test_the_first_start_makes_the_key_and_a_backup_needs_it(fresh_dsn, tmp_path) -> None:
    file = tmp_path / "data" / "secret.key"
    await settle(fresh_dsn, None, file)
    await settle(fresh_dsn, None, file)
    await settle(fresh_dsn, SecretBox.read(file), tmp_path / "elsewhere")
    kept = file.read_bytes()
    file.unlink()
    told = {"TRATO_DATABASE_URL": fresh_dsn}
    target = tmp_path / "saved.tar"
    assert "not on this machine" in refused("backup", str(target), "--data", str(file.parent), **told)
    looked = trato("doctor", "--data", str(file.parent), **told)
    assert (looked.returncode, "not on this machine" in looked.stdout) == (1, True)
    assert not file.exists()
    file.write_bytes(kept)
    assert trato("backup", str(target), "--data", str(file.parent), **told).returncode == 0
    file.write_text("ha")
    assert "holds no key" in refused("backup", str(tmp_path / "b.tar"), "--data", str(file.parent), **told)


@pytest.mark.parametrize("command", [("up", "--port", "0"), ("web", "--port", "0"), ("work",), ("route",)])
def test_a_database_that_is_away_is_one_sentence(command, tmp_path: Path) -> None:
    away = "postgresql://trato@127.0.0.1:1/trato"
    line = refused(*command, "--data", str(tmp_path / "data"), TRATO_DATABASE_URL=away)
    assert "The database cannot be used" in line
    assert "TRATO_DATABASE_URL" in line


def test_backup_and_restore_say_it_too(tmp_path: Path) -> None:
    away = "postgresql://trato@127.0.0.1:1/trato"
    data = ("--data", str(tmp_path))
    assert "cannot be used" in refused("backup", str(tmp_path / "x.tar"), *data, TRATO_DATABASE_URL=away)


@pytest.mark.parametrize("command", [("up", "--port", "0"), ("web", "--port", "0")])
def test_a_certificate_that_cannot_be_served_is_said_before_anything_starts(command, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    data = tmp_path / "data"
    for certificate, said in (
        (tmp_path / "none.pem", "--tls-cert cannot be read"),
        (rubbish, "no certificate"),
    ):
        options = ("--tls-cert", str(certificate), "--tls-key", str(rubbish), "--data", str(data))
        assert said in refused(*command, *options)
    assert not data.exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TRATO_SECRET_KEY", "zz", "64 hex digits"),
        ("TRATO_DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("TRATO_PUBLIC_URL", "ayuda.example", "http:// or https://"),
        ("TRATO_TRUSTED_PROXIES", "proxy", "'proxy'"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variable, value, said, tmp_path: Path) -> None:
    line = refused("up", "--data", str(tmp_path / "data"), **{variable: value})
    assert f"The setting {variable} is wrong" in line
    assert said in line
    assert "Value error" not in line


def test_traffic_without_the_demo_is_refused(tmp_path: Path) -> None:
    line = refused("up", "--traffic", "--data", str(tmp_path / "data"))
    assert "Give --demo too" in line
    assert not (tmp_path / "data").exists()


def test_a_channel_without_files_says_so(tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    file.write_text("{}")
    line = refused("inspect", "webchat", str(file))
    assert "The channel webchat has no messages in files" in line
    assert "email" in line
