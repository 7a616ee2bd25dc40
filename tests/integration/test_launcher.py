"""`./trato` from a clone: prepares once, whoever asks, from wherever, and becomes the command."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.support.until import wait_until

ROOT = Path(__file__).resolve().parents[2]
# The launcher's own work on a project that installs at once: nothing locked, built by the standard library.
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "trato"
version = "9.9"
"""
BACKEND = """
import pathlib, zipfile
FILES = {
    "trato_here.pth": str(pathlib.Path(__file__).parent / "src"),
    "trato-9.9.dist-info/METADATA": "Metadata-Version: 2.1\\nName: trato\\nVersion: 9.9\\n",
    "trato-9.9.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "trato-9.9.dist-info/entry_points.txt": "[console_scripts]\\ntrato = stand_in:main\\n",
    "trato-9.9.dist-info/RECORD": "",
}
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "trato-9.9-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        for path, content in FILES.items():
            wheel.writestr(path, content)
    return name
"""
COMMAND = """
import os, sys
def main():
    print(os.getpid(), os.getcwd(), *sys.argv[1:])
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the real launcher and a command line that says who it is."""
    root = tmp_path / "a clone"
    (root / "src").mkdir(parents=True)
    (root / "tools").mkdir()
    shutil.copy(ROOT / "trato", root)
    shutil.copy(ROOT / "tools/prepare.py", root / "tools")
    (root / "tools/build_web.py").write_text("import pathlib; pathlib.Path('built').touch()\n")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "src/stand_in.py").write_text(COMMAND)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (root / name).write_text("# nothing\n")
    return root


def launch(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (program, *arguments), cwd=cwd, capture_output=True, text=True, timeout=120, check=False, env=plain()
    )


def plain() -> dict[str, str]:
    """Return an environment with the uv of the development packages and no settings of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "VIRTUAL_ENV"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}


@pytest.mark.slow
def test_it_prepares_once_and_becomes_the_command(clone: Path, tmp_path: Path) -> None:
    first = launch(clone / "trato", "inspect", "a b", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.split(maxsplit=2)[1:] == [str(tmp_path), "inspect a b\n"]
    assert "installing" in first.stderr
    with subprocess.Popen(
        (clone / "trato", "again"), cwd=tmp_path, stdout=-1, stderr=-1, text=True
    ) as second:
        out, err = second.communicate(timeout=60)
    assert out.split()[0] == str(second.pid)  # exec: a signal to the launcher is one to the command
    assert err == ""


@pytest.mark.slow
def test_it_works_through_a_symbolic_link_and_after_a_move(clone: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin"
    link.mkdir()
    (link / "trato").symlink_to("../a clone/trato")
    assert launch(link / "trato", "x", cwd=tmp_path).returncode == 0
    moved = clone.rename(tmp_path / "moved")
    again = launch(moved / "trato", "x", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "creating" in again.stderr


@pytest.mark.slow
def test_several_at_once_prepare_once(clone: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: launch(clone / "trato", str(n), cwd=tmp_path), range(4)))
    assert [run.returncode for run in done] == [0] * 4, done
    assert sum("creating" in run.stderr for run in done) == 1


@pytest.mark.slow
def test_an_interrupted_preparation_is_made_anew(clone: Path, tmp_path: Path) -> None:
    assert launch(clone / "trato", "x", cwd=tmp_path).returncode == 0
    (clone / "requirements.txt").write_text("no-such-package==1\n")
    failed = launch(clone / "trato", "x", cwd=tmp_path)
    assert failed.returncode != 0
    assert failed.stdout == ""
    assert "trato: preparing failed" in failed.stderr
    (clone / "requirements.txt").write_text(
        "# nothing\n"
    )  # as it was: what half happened must not be trusted
    mended = launch(clone / "trato", "x", cwd=tmp_path)
    assert mended.returncode == 0
    assert "creating" in mended.stderr


@pytest.mark.slow
def test_a_signal_while_it_prepares_ends_it(clone: Path, tmp_path: Path) -> None:
    reached = tmp_path / "reached"
    backend = f"""
import fcntl, signal
held = open({str(reached)!r}, "w")
fcntl.flock(held, fcntl.LOCK_EX)
print("here", file=held, flush=True)
signal.pause()
"""
    (clone / "backend.py").write_text(backend)
    with subprocess.Popen((clone / "trato", "x"), cwd=tmp_path, stdout=-1, stderr=-1, env=plain()) as process:
        wait_until(lambda: reached.exists() and reached.read_text(), what="the backend is reached")
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    with reached.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # to be had once nobody whom it started lives


@pytest.mark.slow
def test_without_python_it_says_what_is_needed(clone: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "cksum", "readlink"):
        (tools / name).symlink_to(shutil.which(name) or "")
    done = subprocess.run(
        (clone / "trato", "x"),
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tools)},
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("trato: Python 3.11 or newer is needed")
