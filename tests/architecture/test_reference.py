"""The reference says what the code says."""

import subprocess
import sys

from tests.architecture.repository import ROOT


def test_the_reference_pages_are_fresh() -> None:
    command = (sys.executable, "tools/reference.py", "--check")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_the_desks_types_of_the_api_are_fresh() -> None:
    command = (sys.executable, "tools/api_types.py", "--check")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
