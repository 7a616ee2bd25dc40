"""A wall clock that the whole tree sees, PostgreSQL included, and that a test sets at will.

The monotonic clock goes on as it is, as when somebody sets the clock of a machine. Debian's libfaketime
cannot do that under Python: its `clock_nanosleep` fails.
"""

import mmap
import shutil
import struct
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("wall_clock.c")


class WallClock:
    """The clock of all processes that get its `environment`."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("needs a C compiler")
        self.library, file = folder / "wall_clock.so", folder / "wall_clock"
        build = (
            compiler,
            "-O2",
            "-Wall",
            "-Werror",
            "-shared",
            "-fPIC",
            "-o",
            str(self.library),
            str(SOURCE),
        )
        subprocess.run(build, check=True)
        file.write_bytes(bytes(mmap.PAGESIZE))
        self.environment = {"LD_PRELOAD": str(self.library), "WALL_CLOCK": str(file)}
        with file.open("r+b") as opened:
            self._hands = mmap.mmap(opened.fileno(), 0)

    def jump(self, by: timedelta) -> None:
        """Set the clock relative to how it stands."""
        (wrong_by_s,) = struct.unpack_from("q", self._hands)
        struct.pack_into("q", self._hands, 0, wrong_by_s + int(by.total_seconds()))

    def take_over(self, postgres: Path) -> None:
        """Have a copied PostgreSQL see this clock too; it is started with an environment of its own."""
        real = postgres.with_name("postgres-itself")
        postgres.rename(real)
        words = " ".join(f"{name}={value}" for name, value in self.environment.items())
        postgres.write_text(f'#!/bin/sh\nexec env {words} {real} "$@"\n')
        postgres.chmod(0o755)
