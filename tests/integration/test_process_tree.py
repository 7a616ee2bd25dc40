"""One process tree: what dies comes back, what is told to stop stops, nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.support.until import wait_until

from trato.db.embedded import running_dsn
from trato.kit.processes import is_alive, working_in

pytestmark = pytest.mark.slow
TOY = Path(__file__).parents[1] / "support" / "toy_tree.py"


class Tree:
    def __init__(self, folder: Path) -> None:
        self.data, self.notes = folder / "data", folder / "notes"
        self.log = folder / "log"
        self.notes.mkdir()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *manners: str, ready: bool = True) -> subprocess.Popen[bytes]:
        before = self.of("parent").count("ready")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(TOY), str(self.data), str(self.notes), *manners],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if ready:
            wait_until(lambda: self.of("parent").count("ready") > before)
        return self.process

    def of(self, name: str) -> list[str]:
        path = self.notes / name
        return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []

    def pid(self, name: str) -> int:
        return int((self.notes / name).read_text().split()[-1])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        assert self.process is not None
        before = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - before

    def members(self) -> list[int]:
        assert self.process is not None
        return [self.process.pid, *(c.pid for c in psutil.Process(self.process.pid).children(recursive=True))]


@pytest.fixture
def tree(reachable: Path) -> Iterator[Tree]:
    tree = Tree(reachable)
    yield tree
    if tree.process is not None:
        if tree.process.poll() is None:
            tree.process.kill()
        tree.process.wait()
        wait_until(lambda: not working_in(tree.data / "postgres" / "data"))


@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_the_roles_then_stops_the_database_within_five_seconds(tree: Tree, number) -> None:
    tree.start()
    members = tree.members()
    assert len(members) > 5
    status, took_s = tree.stop(number)
    assert status == 0
    assert took_s < 5
    assert tree.of("role0") == tree.of("role1") == ["began", "drained"]
    assert not [pid for pid in members if is_alive(pid)]
    log = (tree.data / "postgres").resolve() / "postgresql.log"
    assert "database system is shut down" in log.read_text().splitlines()[-1]


@pytest.mark.alone
def test_a_role_that_does_not_finish_is_ended_within_five_seconds(tree: Tree) -> None:
    tree.start("polite", "stubborn")
    members = tree.members()
    status, took_s = tree.stop()
    assert (status, took_s < 5) == (0, True)
    assert tree.of("role0") == ["began", "drained"]
    assert not [pid for pid in members if is_alive(pid)]


def test_a_dead_role_is_started_again_and_the_log_says_so(tree: Tree) -> None:
    tree.start()
    other, victim = tree.pid("role0"), tree.pid("role1")
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: tree.of("role1") == ["began", "began"])
    assert tree.pid("role1") != victim
    assert is_alive(other)
    tree.stop()
    output = tree.log.read_text()
    assert '"event": "role_ended"' in output
    assert '"how": "SIGKILL"' in output


def test_a_killed_database_comes_back(tree: Tree) -> None:
    tree.start()
    data = (tree.data / "postgres").resolve() / "data"
    postmaster = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: "postgres_back" in tree.log.read_text())
    assert running_dsn(tree.data)
    assert postmaster != int((data / "postmaster.pid").read_text().split()[0])
    assert tree.stop()[0] == 0


def test_a_killed_parent_leaves_nothing_behind_and_the_next_start_works(tree: Tree) -> None:
    process = tree.start("polite", "stubborn")
    members = tree.members()
    process.kill()
    process.wait()
    tree.start()  # at once, beside what is still ending
    wait_until(lambda: not [pid for pid in members if is_alive(pid)], within_s=5, what="no orphans")
    assert tree.stop()[0] == 0


def test_a_second_tree_on_the_same_data_says_so_and_stops(tree: Tree) -> None:
    process = tree.start()
    second = subprocess.run(process.args, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert f"Trato already runs on {tree.data} (process {process.pid})." in second.stderr
    assert tree.stop()[0] == 0


def test_a_role_that_cannot_run_stops_everything_with_its_reason(tree: Tree) -> None:
    process = tree.start("polite", "unable", ready=False)
    assert process.wait(120) == 1
    output = tree.log.read_text()
    assert "The port is taken." in output
    assert "role1 cannot run" in output
    assert not working_in(tree.data / "postgres" / "data")
