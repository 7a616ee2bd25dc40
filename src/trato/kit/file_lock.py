"""One holder at a time for a folder: a lock that the kernel releases when its holder ends."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from trato.kit.errors import Conflict
from trato.kit.processes import is_alive

_GRACE_S = 2.0
_RETRY_S = 0.05


class FileLock:
    """An exclusive lock on `path`, held from `acquire` to `release` or to the end of the process.

    Children forked while it is held share it: the lock stays taken until the last of them ends or
    closes it, so that a new start never meets the remains of the old one.
    """

    def __init__(self, path: Path, refusal: str, *, todo: str = "") -> None:
        self._path = path
        self._refusal = refusal
        self._todo = todo
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise `Conflict` with the refusal and the holder's process id.

        Where the process that wrote the file is dead already, its children are given two seconds to
        follow it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + _GRACE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = self.holder()
                if (holder is not None and is_alive(holder)) or time.monotonic() > deadline:
                    os.close(descriptor)
                    by = f" (process {holder})" if holder else ""
                    raise Conflict(f"{self._refusal}{by}.", todo=self._todo) from None
                time.sleep(_RETRY_S)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def holder(self) -> int | None:
        """Return the process id that took the lock last, which may have ended since."""
        try:
            return int(self._path.read_text().strip() or 0) or None
        except (OSError, ValueError):
            return None

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
