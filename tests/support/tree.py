"""The real thing for tests: `trato up` as it is typed, on a free port and in a folder of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import httpx
from tests.support.until import wait_until

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 180


class Tree:
    """A running `trato up` and what it said."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "trato",
                    "up",
                    "--data",
                    str(folder / "data"),
                    "--port",
                    "0",
                    *options,
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._is_up, what="trato up says where it is", within_s=START_LIMIT_S)

    def _is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return self.said().count("───\n") == 2  # the block of what is where, whole

    def said(self) -> str:
        return self.log.read_text()

    @cached_property
    def url(self) -> str:
        found = re.search(r"Desk\s+(http\S+)/", self.said())
        assert found, self.said()
        return found[1]

    @property
    def first_link(self) -> str:
        """The one-time link that makes the first administrator."""
        found = re.search(r"http\S+/link#\S+", self.said())
        assert found, self.said()
        return found[0]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@contextmanager
def running_tree(*options: str) -> Iterator[Tree]:
    """Start a whole installation and end it; builds the web first when that is stale."""
    subprocess.run([sys.executable, str(ROOT / "tools/build_web.py")], check=True, timeout=300)
    # A short path that the user who runs PostgreSQL may enter.
    folder = Path(tempfile.mkdtemp(prefix="trato-e2e-", dir="/tmp"))
    folder.chmod(0o755)
    tree = Tree(folder, *options)
    try:
        yield tree
    finally:
        tree.stop()
        shutil.rmtree(folder, ignore_errors=True)


def search_opens(tree: Tree) -> None:
    """Wait until the search of the demo's help centre answers: whoever asks first has it opened."""

    def answers() -> bool:
        try:
            asked = {"q": "cuanto dura la garantia"}
            said = httpx.get(f"{tree.url}/help/es/search", params=asked, timeout=60)
        except httpx.TransportError:
            return False
        return said.status_code == 200 and "Esto lo responde" in said.text

    wait_until(answers, what="the search is open", within_s=START_LIMIT_S)
