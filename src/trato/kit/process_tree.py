"""A parent and its roles: forked, watched, restarted when they die, drained and ended together."""

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, NoReturn, Protocol

import structlog

from trato.kit.errors import DomainError, Unavailable
from trato.kit.processes import die_with_parent, name_process

_log = structlog.get_logger("trato.tree")

CANNOT_RUN: Final = 78  # sysexits.h EX_CONFIG
_BACK_OFF_S: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_STEADY_S: Final = 30.0  # a role that lived this long starts again without a pause
_IDLE_S: Final = 1.0
_HURRY_S: Final = 0.05
_HEARD: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_STOPPING: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


@dataclass(frozen=True)
class Role:
    """One child: `run` is called in it with a function to call once it serves, and ends on SIGTERM."""

    name: str
    run: Callable[[Callable[[], None]], None]


class Foundation(Protocol):
    """What the roles stand on (the embedded database): tended while they run, stopped after them."""

    @property
    def is_ready(self) -> bool:
        """Whether it serves now."""

    def tend(self) -> None:
        """Bring it back when it has ended; returns at once; raises `DomainError` when it cannot be."""

    def stop(self) -> None:
        """End it cleanly."""


@dataclass
class _Child:
    role: Role
    pid: int = 0
    ready_from: int = -1
    started_s: float = 0.0
    start_at_s: float = 0.0
    deaths: int = 0
    was_ready: bool = False


@dataclass
class ProcessTree:
    """Runs `roles` as forked children until SIGTERM, SIGINT or SIGHUP.

    The children share the memory of what the parent has imported, so import first, and keep the parent
    free of threads and event loops. On Linux they end with the parent, however it ends. After a stop
    signal each has `drain_s` seconds to finish; a second one ends them at once. `on_ready` is called
    when every role has said for the first time that it serves.
    """

    roles: Sequence[Role]
    foundation: Foundation | None = None
    drain_s: float = 2.5  # with the foundation's two seconds: gone within five
    on_ready: Callable[[], None] | None = None
    _children: list[_Child] = field(default_factory=list)
    _announced: bool = False

    def run(self) -> None:
        """Run until told to stop; everything is gone on return.

        Raises `Unavailable` when a role could not begin its work at all, or the foundation's error.
        """
        self._children = [_Child(role) for role in self.roles]
        try:
            with _signals() as heard:
                self._watch(heard)
                self._drain(heard)
        finally:
            self._kill_all()
            if self.foundation is not None:
                self.foundation.stop()

    def _watch(self, heard: "_Heard") -> None:
        gc.collect()
        gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
        while not heard.stop_signals:
            self._start_due(heard)
            if self.foundation is not None:
                self.foundation.tend()
            heard.wait(
                self._patience_s(), [child.ready_from for child in self._children if child.ready_from >= 0]
            )
            self._note_ready()
            self._reap()
        _log.info("stopping", signal=heard.stop_signals[0].name)

    def _patience_s(self) -> float:
        waiting = [child.start_at_s for child in self._children if not child.pid]
        if self.foundation is not None and not self.foundation.is_ready:
            return _HURRY_S
        if not waiting:
            return _IDLE_S
        return min(max(min(waiting) - time.monotonic(), 0.0), _HURRY_S)

    def _start_due(self, heard: "_Heard") -> None:
        for child in self._children:
            if not child.pid and time.monotonic() >= child.start_at_s:
                self._start(child, heard)

    def _start(self, child: _Child, heard: "_Heard") -> None:
        ready_from, ready_to = os.pipe()
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        # Nothing may reach the child before it has handlers of its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        try:
            pid = os.fork()
            if pid == 0:
                os.close(ready_from)
                heard.close()
                _become(child.role, parent, ready_to)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        os.close(ready_to)
        with suppress(OSError):
            os.setpgid(pid, pid)
        child.pid, child.ready_from, child.started_s = pid, ready_from, time.monotonic()
        _log.info("role_started", role=child.role.name, pid=pid, restart=child.deaths)

    def _note_ready(self) -> None:
        for child in self._children:
            if child.ready_from >= 0 and _has_input(child.ready_from):
                child.was_ready = child.was_ready or bool(os.read(child.ready_from, 1))
                os.close(child.ready_from)
                child.ready_from = -1
        if not self._announced and all(child.was_ready for child in self._children):
            self._announced = True
            if self.on_ready is not None:
                self.on_ready()

    def _reap(self) -> None:
        for child in self._children:
            if child.pid and (status := _ended(child.pid)) is not None:
                self._note_death(child, status)

    def _note_death(self, child: _Child, status: int) -> None:
        child.pid = 0
        if status == CANNOT_RUN and not child.was_ready:
            raise Unavailable(
                f"Trato stopped, since {child.role.name} cannot run.", todo="The line above says why."
            )
        lived_s = time.monotonic() - child.started_s
        child.deaths = 0 if lived_s > _STEADY_S else child.deaths
        pause_s = _BACK_OFF_S[min(child.deaths, len(_BACK_OFF_S) - 1)]
        child.deaths += 1
        child.start_at_s = time.monotonic() + pause_s
        _log.warning(
            "role_ended",
            role=child.role.name,
            how=signal.Signals(-status).name if status < 0 else f"exit {status}",
            lived_s=round(lived_s, 1),
            again_in_s=pause_s,
        )

    def _drain(self, heard: "_Heard") -> None:
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + self.drain_s
        while time.monotonic() < deadline and len(heard.stop_signals) < 2:  # noqa: PLR2004 -- a second Ctrl-C
            for child in self._children:
                if child.pid and _ended(child.pid) is not None:
                    child.pid = 0
            if not any(child.pid for child in self._children):
                return
            heard.wait(_HURRY_S, [])
        late = [child.role.name for child in self._children if child.pid]
        _log.warning("roles_ended_by_force", roles=late)

    def _kill_all(self) -> None:
        self._signal_all(signal.SIGKILL)
        for child in self._children:
            if child.pid:
                with suppress(ChildProcessError):
                    os.waitpid(child.pid, 0)
                child.pid = 0

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, number)


class _Heard:
    """Signals as input of a selector: they wake the loop and interrupt nothing else."""

    def __init__(self) -> None:
        self.stop_signals: list[signal.Signals] = []
        self._mine, self._theirs = socket.socketpair()
        self._mine.setblocking(False)
        self._theirs.setblocking(False)

    def fileno(self) -> int:
        """The descriptor that the interpreter writes signal numbers to."""
        return self._theirs.fileno()

    def wait(self, limit_s: float, others: list[int]) -> None:
        """Return after a signal, when one of `others` has input, or after `limit_s`."""
        with selectors.DefaultSelector() as selector:
            for watched in (self._mine.fileno(), *others):
                selector.register(watched, selectors.EVENT_READ)
            selector.select(limit_s)
        with suppress(BlockingIOError):
            numbers = (signal.Signals(number) for number in self._mine.recv(256))
            self.stop_signals += [number for number in numbers if number in _STOPPING]

    def close(self) -> None:
        """Stop listening."""
        signal.set_wakeup_fd(-1)
        self._mine.close()
        self._theirs.close()


@contextmanager
def _signals() -> Iterator[_Heard]:
    heard = _Heard()
    before = {number: signal.signal(number, lambda *_: None) for number in _HEARD}
    signal.set_wakeup_fd(heard.fileno())
    try:
        yield heard
    finally:
        heard.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _become(role: Role, parent: int, ready_to: int) -> NoReturn:
    """Be the role, in the child; never returns to the parent's code."""
    status = 1
    try:
        for number in _HEARD:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)  # Ctrl-C reaches the parent, which asks us to finish
        die_with_parent(parent, signal.SIGKILL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        name_process(f"trato {role.name}")
        structlog.contextvars.bind_contextvars(role=role.name)
        role.run(_once(ready_to))
        status = 0
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except DomainError as error:
        _log.error("role_cannot_run", reason=error.message, todo=error.todo)
        status = CANNOT_RUN
    except BaseException:  # noqa: BLE001 -- the child's last word, whatever it was
        _log.exception("role_failed")
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _once(ready_to: int) -> Callable[[], None]:
    open_ends = [ready_to]

    def ready() -> None:
        while open_ends:
            descriptor = open_ends.pop()
            with suppress(BrokenPipeError):
                os.write(descriptor, b"1")
            os.close(descriptor)

    return ready


def _ended(pid: int) -> int | None:
    """Return a child's exit status (negative: the signal) when it has ended."""
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if found else None


def _has_input(descriptor: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
