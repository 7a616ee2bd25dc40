"""The supervisor of one PostgreSQL server: started, watched, restarted after a crash, stopped last."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import structlog

from trato.db.embedded import binaries, cluster, place
from trato.kit.errors import DomainError, Unavailable
from trato.kit.file_lock import FileLock
from trato.kit.processes import die_with_parent, is_alive, working_in

_log = structlog.get_logger("trato.postgres")

_POLL_S: Final = 0.02
_TRIES: Final = 8  # after kill -9 a stale pid or shared memory of the dead server takes 3 to 6
_BACK_OFF_S: Final = (0.05, 0.1, 0.3, 0.6, 1.0, 2.0)
_LEFTOVER_PATIENCE_S: Final = 3.0
_LOG_LIMIT_BYTES: Final = 10_000_000


class EmbeddedPostgres:
    """One cluster under `data_dir/postgres` and the server that serves it.

    Reached by its socket alone, by the user who runs Trato alone. `start` and `stop` block and may be
    called again; between them call `tend` now and then (also on SIGCHLD), which brings a crashed server
    back without blocking. Start it from a thread that lives as long as the server should: on Linux the
    server ends with the thread and process that started it, however they end.
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._data_dir = data_dir.absolute()
        self._overrides = dict(settings or {})
        self._home: place.Home | None = None
        self._binaries: binaries.Binaries | None = None
        self._sockets: Path | None = None
        self._lock: FileLock | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._launch_at_s = 0.0
        self._leftovers_since_s: float | None = None
        self.restarts = 0

    @property
    def dsn(self) -> str:
        """The database's URL for SQLAlchemy with asyncpg; known once `start` was called."""
        return url(self._known_sockets())

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def is_ready(self) -> bool:
        """Whether the server takes connections now."""
        return self.pid is not None and _ready_pid(self._known_home()) == self.pid

    def start(self, *, limit_s: float = 300) -> None:
        """Make the cluster when missing, start the server and return when it takes connections.

        Recovery after a crash is waited for, up to `limit_s`. Raises `Conflict` when another process
        has this cluster or another major version wrote it, `Unavailable` or `NotAllowed` when disk,
        rights or PostgreSQL itself stand in the way.
        """
        if self._process is not None:
            return
        try:
            self._prepare()
            self._failures, self._launch_at_s = 0, 0.0
            self._launch()
            self._await_ready(limit_s)
            self._failures = 0
        except BaseException:
            self.stop()
            raise

    def tend(self) -> None:
        """Start the server again when it has ended, with growing pauses; returns at once.

        Raises `Unavailable` with PostgreSQL's reason when it has not come back after eight tries.
        """
        if self._home is None or self._lock is None:
            return
        if self._process is not None and self._process.poll() is not None:
            self._note_death(self._process.returncode)
        if self._process is None and time.monotonic() >= self._launch_at_s:
            self._launch()
        elif self._failures and self.is_ready:
            self._failures = 0
            _log.info("postgres_back", pid=self.pid, restarts=self.restarts)
        with suppress(OSError):
            if self._home.log.stat().st_size > _LOG_LIMIT_BYTES:
                os.truncate(self._home.log, 0)

    def stop(self, *, patience_s: float = 2.0) -> None:
        """Shut the server down (connections ended, data written) and give the cluster free.

        After `patience_s` it is ended at once, which costs the next start a recovery but no data.
        """
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            for how, wait_s in ((signal.SIGINT, patience_s), (signal.SIGQUIT, 0.4), (signal.SIGKILL, 5.0)):
                process.send_signal(how)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(wait_s)
                    break
        if self._lock is not None:
            if self._sockets is not None:
                place.leave_socket_folder(self._known_home(), self._sockets)
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare(self) -> None:
        try:
            home = place.settle(self._data_dir, place.server_user())
            lock = FileLock(
                home.lock,
                f"Trato already runs on {self._data_dir}",
                todo="Stop it first, or choose another folder with --data.",
            )
            lock.acquire()
            self._home, self._lock = home, lock
            self._binaries = binaries.copied_to(home.runtime)
            cluster.ensure(home, self._binaries)
            self._sockets = place.socket_folder(home)
            cluster.configure(home, self._sockets, self._overrides)
        except OSError as error:
            if self._home is None:
                raise Unavailable(f"{self._data_dir} cannot be used: {error.strerror}.") from error
            raise cluster.explain(str(error), self._home) from error

    def _await_ready(self, limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        while not self.is_ready:
            self.tend()
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"PostgreSQL was not ready within {limit_s:.0f} s.", todo=f"See {self._known_home().log}."
                )
            time.sleep(_POLL_S)

    def _launch(self) -> None:
        home = self._known_home()
        if not self._cleared(home):
            return
        if self._binaries is None:
            raise RuntimeError("prepare first")
        us = os.getpid()

        def before_exec() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            die_with_parent(us, signal.SIGINT)

        # A session of its own: Ctrl-C reaches the roles first, the database when they are done.
        with home.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own program
                [self._binaries.program("postgres"), "-D", str(home.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=before_exec,  # noqa: PLW1509 -- runs two system calls
                **cluster.as_server(home),
            )

    def _cleared(self, home: place.Home) -> bool:
        """Tell whether no server of an earlier life is left, having asked those left to go.

        The lock is ours, so whoever still works in the data folder has lost its supervisor.
        """
        leftovers = working_in(home.data)
        if not leftovers:
            self._leftovers_since_s = None
            _forget_stale_pids(home.data, self._known_sockets())
            return True
        now_s = time.monotonic()
        if self._leftovers_since_s is None:
            self._leftovers_since_s = now_s
            _log.warning("postgres_leftovers", pids=leftovers)
        hard = now_s - self._leftovers_since_s > _LEFTOVER_PATIENCE_S
        for pid in leftovers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if hard else signal.SIGQUIT)
        self._launch_at_s = now_s + _BACK_OFF_S[0]
        return False

    def _note_death(self, status: int) -> None:
        home = self._known_home()
        self._process = None
        if self._failures >= _TRIES:
            raise cluster.explain(_tail(home.log), home)
        pause_s = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        self._launch_at_s = time.monotonic() + pause_s
        self._failures += 1
        self.restarts += 1
        _log.warning(
            "postgres_ended",
            status=status,
            attempt=self._failures,
            again_in_s=pause_s,
            last_words=_tail(home.log).splitlines()[-1:],
        )

    def _known_home(self) -> place.Home:
        if self._home is None:
            raise DomainError("The embedded PostgreSQL was not started.")
        return self._home

    def _known_sockets(self) -> Path:
        if self._sockets is None:
            raise DomainError("The embedded PostgreSQL was not started.")
        return self._sockets


@contextmanager
def throwaway(settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedPostgres]:
    """Give a started server whose cluster is gone without a trace afterwards."""
    with tempfile.TemporaryDirectory(prefix="trato-") as folder:
        Path(folder).chmod(0o711)  # or root's server would be put elsewhere, to stay there
        with EmbeddedPostgres(Path(folder), settings=settings) as server:
            yield server


def exists(data_dir: Path) -> bool:
    """Say whether a cluster was ever made for `data_dir`."""
    home = place.find_home(data_dir.absolute(), place.server_user())
    return home is not None and home.data.exists()


def running_dsn(data_dir: Path) -> str | None:
    """Return the URL of the server that runs on `data_dir` now, started by whichever process; else None."""
    home = place.find_home(data_dir.absolute(), place.server_user())
    if home is None or _ready_pid(home) is None:
        return None
    return url(Path(_pid_file_lines(home.data)[4]))


def url(sockets: Path) -> str:
    """Return the URL of the database behind the socket in `sockets`."""
    return f"postgresql+asyncpg://{cluster.ROLE}@/{cluster.DATABASE}?host={quote(str(sockets), safe='/')}"


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _ready_pid(home: place.Home) -> int | None:
    lines = _pid_file_lines(home.data)
    # The eighth line is the server's state (PostgreSQL: src/include/utils/pidfile.h).
    if len(lines) >= 8 and lines[7] == "ready" and is_alive(int(lines[0])):  # noqa: PLR2004 -- see above
        return int(lines[0])
    return None


def _forget_stale_pids(data: Path, sockets: Path) -> None:
    """Remove pid files whose number some other program has by now: PostgreSQL would refuse them for ever.

    That program is the server of the original when the folder was copied while it ran.
    """
    for file in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        with suppress(OSError):
            pid = file.read_text().partition("\n")[0].strip()
            if pid.isdigit() and is_alive(int(pid)):
                file.unlink()


def _tail(path: Path, size: int = 4000) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
