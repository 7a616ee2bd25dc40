"""A start that is interrupted at any moment, politely or not, leaves nothing behind and can be done again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.support.installation import installation
from tests.support.until import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.alone]  # its limits are of seconds


def left_of(folder: Path) -> list[str]:
    """Return the processes that still have to do with a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(folder) in words and process.pid != os.getpid():
            found.append(words)
    return found


@pytest.mark.parametrize(
    ("number", "times"),
    [(signal.SIGTERM, 1), (signal.SIGKILL, 1), (signal.SIGINT, 2)],
    ids=["term", "kill", "int"],
)
def test_it_is_gone_at_once_and_the_next_start_works(
    reachable: Path, number: signal.Signals, times: int
) -> None:
    """Each time a little later, so that every step is hit: the cluster's making, its start, the migration."""
    data, log = reachable / "data", reachable / "first"
    steps: dict[str, int] = {}
    for after_s in (0.6, 1.2, 1.8, 2.4, 3.0, 4.0, 5.0):
        with log.open("ab") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "trato", "up", "--demo", "--data", str(data), "--port", "0"],
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        time.sleep(after_s)
        step = "up" if "Ctrl-C" in log.read_text() else "begun"
        steps[step] = steps.get(step, 0) + 1
        for _ in range(times):
            process.send_signal(number)
        began_s = time.monotonic()
        process.wait(20)
        wait_until(lambda: not left_of(data), what="nothing is left", within_s=5)
        assert time.monotonic() - began_s < 5
        if step == "up":
            break
    print(f"interrupted: {steps}")
    assert "Traceback" not in log.read_text()
    with installation(reachable) as again:
        again.start("--demo")
