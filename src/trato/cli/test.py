"""`trato test`: installs what the tests need, then runs every check and every test of the repository."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from trato.kit.errors import Unavailable

app = typer.Typer()

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "test-results"
PYTHON = sys.executable
NOTHING_COLLECTED = 5
WORKERS = max(2, min(os.cpu_count() or 2, 8))


@dataclass(frozen=True)
class Step:
    """One command of the run, by the name that the summary shows."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: str
    passed: bool
    seconds: float


def tool(name: str, module: str, *arguments: str) -> Step:
    """Return a step that runs one of the tools in `.venv`."""
    return Step(name, (PYTHON, "-m", module, *arguments))


def web(name: str, *arguments: str) -> Step:
    """Return a step that runs in `web/` with the Node of the wheel, its packages installed."""
    return Step(name, (PYTHON, "tools/build_web.py", *arguments))


SOURCES = ("src", "tests", "tools", ".ci", "hatch_build.py")
# Each row runs in order, the rows side by side: the first needs the network, the second waits for npm.
ROWS: tuple[tuple[Step, ...], ...] = (
    (
        Step("packages", (PYTHON, "tools/test_packages.py")),
        tool("mypy", "mypy"),
        tool("ruff format", "ruff", "format", "--check", *SOURCES),
        tool("ruff check", "ruff", "check", *SOURCES),
        Step("import-linter", (str(Path(PYTHON).with_name("lint-imports")),)),
        tool("deptry", "deptry", "src"),
    ),
    (
        web("eslint", "npm", "run", "--silent", "lint"),
        web("svelte-check", "npm", "run", "--silent", "check"),
        web("vitest", "npm", "run", "--silent", "test"),
        web("web build and size budget", "--force"),
    ),
)


@app.command(
    "test",
    context_settings={
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "help_option_names": ["--help"],
    },
)
def run_all(
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[ARGS]", help="Passed on to pytest, such as -m 'not slow'.")
    ] = None,
) -> None:
    """Install what the tests need, then run all checks and tests; ARGS go to pytest alone."""
    if not (ROOT / "tests").is_dir():
        raise Unavailable(
            "Tests run from a clone of the repository.", todo="Clone it and call ./trato test there."
        )
    runner = Runner()
    with runner.ended_by_signals():
        started = time.monotonic()
        with ThreadPoolExecutor(len(ROWS)) as pool:
            outcomes = [outcome for row in pool.map(runner.row, ROWS) for outcome in row]
        outcomes += run_pytest(runner, arguments or [])
    summarise(outcomes, time.monotonic() - started)
    raise typer.Exit(0 if all(outcome.passed for outcome in outcomes) else 1)


class Runner:
    """Runs steps, and ends those that run when this process is told to end."""

    def __init__(self) -> None:
        self.running: dict[subprocess.Popen[str], bool] = {}
        self.printing = threading.Lock()
        self.ending = False

    def row(self, steps: Sequence[Step]) -> list[Outcome]:
        """Run steps one after another, also after a failure; say each one's outcome when it ends."""
        return [self.step(step) for step in steps]

    def step(self, step: Step) -> Outcome:
        """Run one step, quietly while it succeeds."""
        started = time.monotonic()
        status, output = self.run(step.command, capture=True)
        seconds = time.monotonic() - started
        with self.printing:
            print(f"{'ok    ' if status == 0 else 'FAILED'} {step.name} ({seconds:.1f} s)", flush=True)
            if status != 0:
                print(output, flush=True)
        return Outcome(step.name, status == 0, seconds)

    def run(self, command: Sequence[str], *, capture: bool = False) -> tuple[int, str]:
        """Run a command in the repository; return its status and, when captured, what it printed."""
        if self.ending:
            return 1, "not started"
        output = subprocess.PIPE if capture else None
        with subprocess.Popen(  # noqa: S603 the commands stand in this file
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if capture else None,
            env=environment(),
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            self.running[process] = capture
            printed, _ = process.communicate()
            del self.running[process]
        return process.returncode, printed or ""

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """Pass SIGTERM and Ctrl-C on to what runs, and stop."""

        def end(number: int, _: object) -> NoReturn:
            self.ending = True
            for process, captured in list(self.running.items()):
                end_step(process, gently=not captured)
            sys.exit(128 + number)

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def end_step(process: subprocess.Popen[str], *, gently: bool) -> None:
    """End a step with all that it started; gently, as pytest wants it, to take down its fixtures first."""
    with suppress(ProcessLookupError):
        if gently:
            process.send_signal(signal.SIGINT)
        else:
            os.killpg(process.pid, signal.SIGTERM)


def environment() -> dict[str, str]:
    """Return the environment without this installation's settings, since tests bring their own.

    Bytecode is written even where that is switched off: tests start many processes of Trato.
    """
    unwanted = {"PYTHONDONTWRITEBYTECODE"}
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRATO_") and name not in unwanted
    }


def run_pytest(runner: Runner, arguments: Sequence[str]) -> list[Outcome]:
    """Run the tests side by side, then those marked `alone` one by one."""
    marks, rest = split_marks(arguments)
    side_by_side = ("-n", str(WORKERS), "--dist", "worksteal")  # who is done first takes from the others
    phases = {
        "tests": (f"({marks}) and not alone" if marks else "not alone", side_by_side),
        "tests alone": (f"({marks}) and alone" if marks else "alone", ("-n0",)),
    }
    outcomes = []
    collected = False
    for name, (expression, spread) in phases.items():
        started = time.monotonic()
        report = RESULTS / f"{name.replace(' ', '-')}.xml"
        report.unlink(missing_ok=True)
        command = (PYTHON, "-m", "pytest", "-m", expression, *spread, f"--junitxml={report}", *rest)
        status, _ = runner.run(command)
        collected = collected or status != NOTHING_COLLECTED
        outcomes.append(Outcome(name, status in {0, NOTHING_COLLECTED}, time.monotonic() - started))
    return [*outcomes, *([] if collected else [Outcome("no test was collected", passed=False, seconds=0)])]


def split_marks(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Take pytest's `-m` out of its arguments, since each phase adds its own condition to it."""
    from argparse import ArgumentParser

    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", dest="marks", default="")
    known, rest = parser.parse_known_args(arguments)
    return known.marks, rest


def summarise(outcomes: Sequence[Outcome], seconds: float) -> None:
    """Print every step's outcome, then the sum of pytest's phases in the words of pytest's closing line."""
    print(f"\n{' summary ':=^80}")
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.step} ({outcome.seconds:.1f} s)")
    print(f"{f' {closing_line(seconds)} ':=^80}", flush=True)


def closing_line(seconds: float) -> str:
    """Return what pytest would have said of all phases as one run."""
    from xml.etree import ElementTree as ET

    counts = dict.fromkeys(("tests", "failures", "skipped", "errors"), 0)
    for report in sorted(RESULTS.glob("*.xml")):
        for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 written by our own pytest
            for name in counts:
                counts[name] += int(suite.get(name, 0))
    passed = counts["tests"] - counts["failures"] - counts["skipped"] - counts["errors"]
    named = {
        "failed": counts["failures"],
        "passed": passed,
        "skipped": counts["skipped"],
        "errors": counts["errors"],
    }
    words = ", ".join(f"{count} {word}" for word, count in named.items() if count) or "no tests ran"
    return f"{words} in {seconds:.2f}s"
