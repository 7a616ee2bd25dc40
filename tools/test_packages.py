"""Installs the servers and the browser that tests run against; the list of them stands here alone.

    python tools/test_packages.py

On Debian as root by apt, without questions and without starting a service; anywhere else it names what is
missing, and the tests that need it are skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian's package → the program by which it is recognised on any system
PROGRAMS = {
    "chromium": "chromium",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "postfix": "postfix",
    "gcc": "cc",
    "libc6-dev": "/usr/include/stdio.h",
    "fonts-liberation": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
}
APT = ("apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3")
POLICY = Path("/usr/sbin/policy-rc.d")
# Postfix asks what it should be; the tests bring their own configuration
ANSWERS = b"postfix postfix/main_mailer_type select No configuration\n"


def main() -> None:
    """Install what is missing; end with one sentence when apt fails."""
    wanted = missing()
    if not wanted:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        why = "only root may install them" if shutil.which("apt-get") else "this is not Debian"
        print(f"Not installed, since {why}: {', '.join(wanted)}. Tests that need them are skipped.")
        print(f"On Debian: sudo apt-get install --no-install-recommends {' '.join(wanted)}")
        return
    print(f"installing {', '.join(wanted)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with no_services_started():
        run(*APT, "update", environment=environment)
        subprocess.run(("debconf-set-selections",), input=ANSWERS, env=environment, check=False)
        run(*APT, "install", "--no-install-recommends", *wanted, environment=environment)
    if still := missing():
        sys.exit(f"apt-get succeeded, yet these are not where they were expected: {', '.join(still)}")


def missing() -> list[str]:
    """Return the packages whose program is not there."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    return [
        package
        for package, program in PROGRAMS.items()
        if not (Path(program).exists() if program.startswith("/") else shutil.which(program, path=path))
    ]


@contextmanager
def no_services_started() -> Iterator[None]:
    """Forbid Debian's packages to start their services, as long as nobody decided about that already."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def run(*command: str, environment: dict[str, str]) -> None:
    """Run one step of apt with nothing to read from."""
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with status {done.returncode}")


if __name__ == "__main__":
    main()
