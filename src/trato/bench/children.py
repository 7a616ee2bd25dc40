"""The processes of a measurement: each ends with it, speaks by lines, and is weighed."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from trato.kit.errors import Unavailable

STOP_LIMIT_S: Final = 10.0
LINE_LIMIT_S: Final = 60.0


@asynccontextmanager
async def child(command: Sequence[str], told: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """Run a process that ends with the block; what it logs goes to stderr."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, env=os.environ | dict(told or {}), limit=2**24
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_LIMIT_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def line(process: Process) -> str:
    """Return the next line that a process says; raises `Unavailable` when it ends or says nothing."""
    try:
        async with asyncio.timeout(LINE_LIMIT_S):
            said = await process.stdout.readline() if process.stdout else b""
    except TimeoutError:
        said = b""
    if not said:
        raise Unavailable("A process of the benchmark ended early, or does not answer.")
    return said.decode()


def resident_mb(pid: int) -> float | None:
    """Return the resident memory of a process in MB, None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return None
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(int(kib) / 1024, 1)
