"""The commands: a file goes out and comes in, says what it does, and ends with 1 when it cannot."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trato.cli.settings import app
from trato.db.engine import Database

from .conftest import set_up

HEAD = "format: trato-settings\nversion: 1\n"


async def prepared(dsn: str) -> None:
    db = Database.open(dsn)
    async with db.begin() as c:
        await set_up(c)
    await db.close()


def test_a_file_goes_out_and_comes_in(
    fresh_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(prepared(fresh_dsn))
    monkeypatch.setenv("TRATO_DATABASE_URL", fresh_dsn)
    monkeypatch.setenv("TRATO_DATA", str(tmp_path))
    monkeypatch.setenv("TRATO_SECRET_KEY", "0" * 64)
    file = tmp_path / "settings.yaml"

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=given)

    assert run("export", str(file)).exit_code == 0
    assert run("export", "-").stdout == file.read_text("utf-8")
    again = run("import", str(file))
    assert (again.exit_code, "0 new, 0 changed, 0 removed" in again.stdout) == (0, True)
    more = f"{HEAD}tags:\n- name: Urgente\nwebhooks:\n- url: https://erp.example/x\n"
    seen = run("import", "-", "--dry-run", given=more)
    assert "2 new, 0 changed, 0 removed, 0 as they were, 0 in the way: nothing was done." in seen.stdout
    done = run("import", "-", "--json", given=more)
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["applied"], len(told["changes"]), len(told["made_secrets"])) == (True, 2, 1)
    assert "secret  webhooks: https://erp.example/x, shown this once: whsec_" in done.stderr
    renamed = run("import", "-", given=f"{HEAD}tags:\n- known_as: Urgente\n  name: Ya\n")
    assert "name: Urgente → Ya" in renamed.stderr
    wrong = run("import", "-", given=f"{HEAD}tags:\n- nombre: Ya\n")
    assert (wrong.exit_code, "in the way: line 4: tags.0.nombre" in wrong.stderr) == (1, True)
