"""What the system knows about processes: that they end with the parent, their names, where they work."""

import ctypes
import ctypes.util
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PROC = Path("/proc")


def _load_prctl() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    return function


# Loaded at import: between fork and exec nothing may be loaded any more.
_prctl = _load_prctl()


def die_with_parent(parent_pid: int, with_signal: signal.Signals) -> None:
    """Have the kernel send `with_signal` to this process when its parent ends, however it ends.

    Call it in the child; `parent_pid` closes the race of a parent that died before the call.
    Does nothing where the system has no such feature (only Linux has it).
    """
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), with_signal)


def name_process(name: str) -> None:
    """Show `name` (its first 15 bytes) for this process in ps, top and htop, where the system can."""
    if _prctl is not None:
        _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()[:15]), 0, 0, 0)


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists and has not ended (a zombie has)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return not _PROC.exists() or (_PROC / str(pid)).exists()
    return state not in "ZX"


def working_in(folder: Path) -> list[int]:
    """Return the living processes whose working directory is `folder`; empty where /proc is missing."""
    target = os.path.realpath(folder)
    found = []
    for entry in _PROC.glob("[0-9]*"):
        try:
            if str((entry / "cwd").readlink()) == target and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found
