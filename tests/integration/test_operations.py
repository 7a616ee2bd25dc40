"""The commands that keep an installation: up, backup, restore, doctor, each as it is typed."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from tests.support.installation import named, pss
from tests.support.until import wait_until

from trato.db.embedded import running_dsn
from trato.kit.processes import is_alive, working_in

pytestmark = pytest.mark.slow
TOY = Path(__file__).parents[1] / "support" / "toy_up.py"


def trato(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trato", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)


class Up:
    """A running `trato up`."""

    def __init__(self, folder: Path) -> None:
        self.data, self.log = folder / "data", folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(
        self, *options: str, script: Sequence[str] = (str(TOY),), within_s: float = 60, **environment: str
    ) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *script, "--data", str(self.data), "--port", "0", *options],
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        wait_until(lambda: "Ctrl-C" in self.said() or self.ended(), within_s=within_s)

    def said(self) -> str:
        return self.log.read_text()

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def url(self) -> str:
        found = re.search(r"Desk\s+(http\S+)/", self.said())
        assert found, self.said()
        return found[1]

    def members(self) -> list[psutil.Process]:
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(20)


@pytest.fixture
def up(reachable: Path) -> Iterator[Up]:
    started = Up(reachable)
    yield started
    started.stop()
    wait_until(lambda: not working_in((started.data / "postgres").resolve() / "data"))


@pytest.mark.alone
def test_the_real_tree_is_small_and_stops_within_five_seconds_under_an_open_request(up: Up) -> None:
    up.start("--demo", script=["-m", "trato", "up"], within_s=180)
    assert httpx.get(f"{up.url}/health/ready").json() == {"status": "ok"}
    assert "Sign in to the demo" in up.said()
    memory = pss(up.members())
    print(f"idle memory of the whole tree: {memory / 1e6:.0f} MB PSS")
    assert memory < 400e6
    address = httpx.URL(up.url)
    with socket.create_connection((address.host, address.port or 80)) as half:
        half.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        members = [process.pid for process in up.members()]
        began_s = time.monotonic()
        assert up.stop() == 0
        assert time.monotonic() - began_s < 5
    assert not [pid for pid in members if is_alive(pid)]


def test_up_says_where_everything_is_and_serves_from_one_small_tree(up: Up) -> None:
    up.start()
    assert "Schema        0" in up.said()
    assert httpx.get(up.url).text.endswith(" 42")
    memory = pss(up.members())
    print(f"idle memory of the tree with toy roles: {memory / 1e6:.0f} MB PSS")
    assert {"trato web", "trato work", "trato route"} <= named(up.members())
    assert up.data.stat().st_mode & 0o007 in {0, 1}, "nobody else lists the data folder"
    assert up.stop() == 0


def test_web_killed_under_requests_refuses_nobody(up: Up) -> None:
    up.start()
    first = int(httpx.get(up.url).text.split()[0])
    os.kill(first, signal.SIGKILL)
    second = httpx.get(up.url, timeout=30)
    assert second.text.endswith(" 42")
    assert int(second.text.split()[0]) != first


def test_web_comes_through_a_killed_database(up: Up) -> None:
    up.start()
    data = (up.data / "postgres").resolve() / "data"
    for pid in working_in(data):
        with suppress(ProcessLookupError):  # it saw that the first was gone
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: "postgres_back" in up.said())
    wait_until(lambda: httpx.get(up.url).text.endswith(" 42"))


def test_a_second_up_and_a_taken_port_are_refused_in_a_sentence(up: Up, reachable: Path) -> None:
    up.start()
    second = subprocess.run(
        [sys.executable, str(TOY), "--data", str(up.data), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"Trato already runs on {up.data}" in second.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        third = trato("up", "--data", str(reachable / "other"), "--port", port)
    assert third.returncode == 1
    assert f"port {port}: Address already in use" in third.stderr
    assert up.stop() == 0


def test_a_database_of_our_own_choice_serves_as_well(up: Up, fresh_dsn: str, reachable: Path) -> None:
    up.start(TRATO_DATABASE_URL=fresh_dsn)
    assert httpx.get(up.url).text.endswith(" 42")
    assert not (up.data / "postgres").exists()
    file = reachable / "saved.tar"
    saved = trato("backup", str(file), "--data", str(up.data), TRATO_DATABASE_URL=fresh_dsn)
    assert saved.returncode == 0, saved.stderr
    in_use = trato("restore", str(file), "--data", str(up.data), "--force", TRATO_DATABASE_URL=fresh_dsn)
    assert (in_use.returncode, "Stop Trato first" in in_use.stderr) == (1, True)
    assert up.stop() == 0


@pytest.mark.alone  # its limit is of seconds
def test_a_killed_parent_takes_everything_with_it(up: Up) -> None:
    up.start()
    members = [process.pid for process in up.members()]
    assert up.process is not None
    up.process.kill()
    up.process.wait()
    wait_until(lambda: not [pid for pid in members if is_alive(pid)], within_s=5, what="no orphans")


def test_backup_while_it_runs_restore_elsewhere_and_the_doctor_on_both(up: Up, reachable: Path) -> None:
    up.start()
    file = reachable / "saved.tar"
    saved = trato("backup", str(file), "--data", str(up.data), "--json")
    assert saved.returncode == 0, saved.stderr
    assert json.loads(saved.stdout)["bytes"] == file.stat().st_size
    refused = trato("restore", str(file), "--data", str(up.data), "--force")
    assert (refused.returncode, "already runs" in refused.stderr) == (1, True)

    other = str(reachable / "other")
    restored = trato("restore", str(file), "--data", other)
    assert restored.returncode == 0, restored.stderr
    assert running_dsn(reachable / "other") is None
    again = trato("restore", str(file), "--data", other)
    assert (again.returncode, "not empty" in again.stderr) == (1, True)

    for data in (str(up.data), other):
        looked = trato("doctor", "--data", data, "--json")
        found = json.loads(looked.stdout)
        assert looked.returncode == 0, looked.stderr
        assert found["ok"] is True
        names = {check["name"] for check in found["checks"]}
        assert {"database", "migrations", "disk", "clock", "workers", "router", "backup"} <= names


def test_the_doctor_makes_nothing_and_fails_where_nothing_is(reachable: Path) -> None:
    looked = trato("doctor", "--data", str(reachable / "nothing"))
    assert looked.returncode == 1
    assert "There is no installation" in looked.stdout
    assert not (reachable / "nothing").exists()
