"""`trato test` runs everything, hides nothing and says it in one closing line."""

import fcntl
import importlib.util
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.support.until import wait_until

import trato.cli.test as command
from trato.cli.test import Runner, Step, closing_line, run_all, split_marks

REPORT = (
    '<testsuites><testsuite name="pytest" tests="{}" failures="{}" skipped="{}" errors="{}"/></testsuites>'
)


def python(name: str, code: str) -> Step:
    return Step(name, (sys.executable, "-c", code))


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    return tmp_path


def pytest_stands_in(monkeypatch, statuses: list[int]) -> None:
    real = Runner.run

    def run(self, line, *, capture=False):
        return (statuses.pop(0), "") if "pytest" in line else real(self, line, capture=capture)

    monkeypatch.setattr(Runner, "run", run)


@pytest.mark.parametrize(
    ("given", "marks", "rest"),
    [
        ([], "", []),
        (["-m", "not slow", "tests/unit"], "not slow", ["tests/unit"]),
        (["-x", "-mslow", "-k", "mail"], "slow", ["-x", "-k", "mail"]),
        (["--maxfail=1"], "", ["--maxfail=1"]),
    ],
)
def test_marks_are_taken_out_of_the_arguments(given, marks, rest) -> None:
    assert split_marks(given) == (marks, rest)


def test_the_closing_line_sums_both_phases(results: Path) -> None:
    (results / "tests.xml").write_text(REPORT.format(10, 1, 2, 1))
    (results / "tests-alone.xml").write_text(REPORT.format(3, 0, 0, 0))
    assert closing_line(1.5) == "1 failed, 9 passed, 2 skipped, 1 errors in 1.50s"


def test_the_closing_line_admits_that_nothing_ran() -> None:
    assert closing_line(0) == "no tests ran in 0.00s"


def test_later_steps_run_after_a_failure_and_its_output_is_shown(monkeypatch, capsys) -> None:
    steps = (python("first", "print('why'); raise SystemExit(3)"), python("second", "print('quiet')"))
    monkeypatch.setattr(command, "ROWS", (steps,))
    pytest_stands_in(monkeypatch, [0, 5])
    with pytest.raises(typer.Exit) as ended:
        run_all([])
    assert ended.value.exit_code == 1
    said = capsys.readouterr().out
    assert "FAILED first" in said
    assert "why" in said
    assert "ok     second" in said
    assert "quiet" not in said


@pytest.mark.parametrize(
    ("statuses", "exit_code"), [([0, 0], 0), ([0, 5], 0), ([5, 5], 1), ([1, 0], 1), ([0, 2], 1)]
)
def test_the_exit_status_is_that_of_both_phases(monkeypatch, statuses, exit_code) -> None:
    monkeypatch.setattr(command, "ROWS", ((),))
    pytest_stands_in(monkeypatch, statuses)
    with pytest.raises(typer.Exit) as ended:
        run_all([])
    assert ended.value.exit_code == exit_code


def test_settings_of_this_installation_do_not_reach_the_tests(monkeypatch) -> None:
    monkeypatch.setenv("TRATO_DATABASE_URL", "postgresql://somewhere")
    status, said = Runner().run((sys.executable, "-c", "import os; print(*os.environ)"), capture=True)
    assert status == 0
    assert "PATH" in said
    assert "TRATO_DATABASE_URL" not in said


SIGNALLED = """
import sys
import trato.cli.test as command
child = "import subprocess, sys; subprocess.run((sys.executable, '-c', sys.argv[1]))"
grandchild = (
    "import fcntl, signal; held = open('held', 'w'); fcntl.flock(held, 2); open('up', 'w'); signal.pause()"
)
command.ROWS = ((command.Step("endless", (sys.executable, "-c", child, grandchild)),),)
command.ROOT = command.Path.cwd()
(command.ROOT / "tests").mkdir()
command.run_all([])
"""


@pytest.mark.slow
def test_a_signal_ends_everything_that_was_started(tmp_path: Path) -> None:
    with subprocess.Popen((sys.executable, "-c", SIGNALLED), cwd=tmp_path) as run:
        wait_until((tmp_path / "up").exists, what="the step runs")
        run.terminate()
        assert run.wait(timeout=30) == 128 + signal.SIGTERM
    with (tmp_path / "held").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # to be had once nobody whom it started lives


def load_skips():
    path = command.ROOT / ".ci" / "skips.py"
    spec = importlib.util.spec_from_file_location("ci_skips", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("", 0),
        ('<skipped type="pytest.skip" message="chromium is not installed"/>', 1),
        ('<skipped type="pytest.xfail" message="known"/>', 0),
    ],
)
def test_ci_fails_on_a_skip(tmp_path, capsys, outcome, status) -> None:
    case = f'<testcase classname="tests.e2e" name="test_chat">{outcome}</testcase>'
    (tmp_path / "tests.xml").write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")
    assert load_skips().main(tmp_path) == status
    assert ("tests.e2e::test_chat" in capsys.readouterr().out) == bool(status)


def test_ci_fails_without_a_report(tmp_path) -> None:
    assert load_skips().main(tmp_path) == 1
