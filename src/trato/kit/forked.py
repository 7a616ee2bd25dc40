"""One piece of work in a child of its own: what it imported, opened or leaked is gone with it."""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

from trato.kit.errors import Unavailable
from trato.kit.processes import die_with_parent

T = TypeVar("T")


def in_child(work: Callable[[], T]) -> T:
    """Run `work` in a forked child and return its result, or raise what it raised.

    For a parent that must stay free of threads and event loops. The result must be picklable. Raises
    `Unavailable` when the child is killed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    result_from, result_to = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(result_from)
        _do(work, parent, result_to)
    os.close(result_to)
    try:
        with os.fdopen(result_from, "rb") as pipe:
            content = pipe.read()
    finally:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
    if not content:
        raise Unavailable("A step of the start was killed.", todo="Try again; the log above may say why.")
    succeeded, result = pickle.loads(content)  # noqa: S301 -- written by our own fork
    if not succeeded:
        raise result
    found: T = result
    return found


def _do(work: Callable[[], T], parent: int, result_to: int) -> NoReturn:
    try:
        die_with_parent(parent, signal.SIGKILL)
        try:
            outcome: tuple[bool, object] = (True, work())
        except BaseException as error:  # noqa: BLE001 -- raised again in the parent
            outcome = (False, error)
        with os.fdopen(result_to, "wb") as pipe:
            pickle.dump(outcome, pipe)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)
