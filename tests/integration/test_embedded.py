"""The embedded server: wherever its folder lies, whoever runs it, however it was killed."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import pytest
from tests.support.until import wait_until

from trato.db.embedded import EmbeddedPostgres, place, running_dsn, throwaway
from trato.db.engine import plain_dsn
from trato.kit.errors import Conflict, NotAllowed, Unavailable
from trato.kit.processes import working_in

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about root")


@pytest.fixture
def folder(reachable: Path) -> Path:
    return reachable


def ask(dsn: str, sql: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(plain_dsn(dsn))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_it_is_durable_in_unicode_and_reached_by_its_socket_alone(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data") as server:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
        }.items():
            assert ask(server.dsn, f"SHOW {name}") == value
        assert ask(server.dsn, "SELECT to_tsvector('spanish', 'ÁNGEL')::text") == "'angel':1"
        admin = server.dsn.replace("//trato@/trato?", "//postgres@/postgres?")
        assert ask(admin, "SELECT array_agg(type || ' ' || auth_method) FROM pg_hba_file_rules") == [
            "local peer"
        ]
        assert ask(server.dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        sockets = Path(server.dsn.partition("host=")[2])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert running_dsn(folder / "data") == server.dsn
    assert running_dsn(folder / "data") is None


def test_rows_stay_over_restarts_and_start_and_stop_may_be_repeated(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    server.start()
    server.start()
    ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
    server.stop()
    server.stop()
    server.start()
    assert ask(server.dsn, "SELECT n FROM kept") == 7
    server.stop()


def test_two_folders_are_two_servers_and_one_folder_is_one(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data") as one, EmbeddedPostgres(folder / "other") as two:
        assert one.dsn != two.dsn
        with pytest.raises(Conflict, match="already runs"):
            EmbeddedPostgres(folder / "data").start()
        assert one.is_ready


@pytest.mark.parametrize("depth", [40, 140])
def test_a_long_path_still_has_a_short_socket(folder: Path, depth) -> None:
    data_dir = folder / ("ñ" * (depth // 2)) / "data"
    with EmbeddedPostgres(data_dir) as server:
        assert ask(server.dsn, "SELECT 1") == 1
        sockets = unquote(server.dsn.partition("host=")[2])
        assert len(os.fsencode(f"{sockets}/.s.PGSQL.5432")) <= 107


@as_root
def test_a_folder_that_only_root_may_enter_is_left_as_it_is(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    with EmbeddedPostgres(private / "data") as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    home = (private / "data" / "postgres").resolve()
    assert not home.is_relative_to(folder)
    with EmbeddedPostgres(private / "data") as server:
        assert ask(server.dsn, "SELECT n FROM kept") == 7
    assert home not in place.abandoned()
    (private / "data").rename(private / "moved")
    assert home in place.abandoned()
    with EmbeddedPostgres(private / "moved") as server:
        assert ask(server.dsn, "SELECT n FROM kept") == 7
    assert home not in place.abandoned(), "it moved, and still has its cluster"
    shutil.copytree(private / "moved", private / "copy", symlinks=True)
    with pytest.raises(Conflict, match="is a copy of"):
        EmbeddedPostgres(private / "copy").start()
    shutil.rmtree(home)
    with pytest.raises(Unavailable, match="missing"):
        EmbeddedPostgres(private / "moved").start()


@as_root
def test_a_folder_closed_later_takes_its_cluster_to_where_it_can_run(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data") as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
    folder.chmod(0o700)
    with EmbeddedPostgres(folder / "data") as server:
        assert ask(server.dsn, "SELECT n FROM kept") == 7


@as_root
def test_the_server_does_not_run_as_root_nor_own_its_programs(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data") as server:
        uid = place.server_user().uid
        assert uid != 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == uid
        executable = Path(f"/proc/{server.pid}/exe").resolve()
        assert executable.stat().st_uid == 0
        assert executable.is_relative_to(folder)


@as_root
def test_an_ordinary_user_needs_no_root(folder: Path) -> None:
    os.chown(folder, 65534, 65534)

    def start_twice() -> None:
        for _ in range(2):
            with EmbeddedPostgres(folder / "data") as server:
                assert ask(server.dsn, "SELECT current_user::text") == "trato"
                assert Path(f"/proc/{server.pid}").stat().st_uid == 65534

    as_user(65534, start_twice)


@as_root
def test_a_folder_of_somebody_else_is_refused_in_a_sentence(folder: Path) -> None:
    def start() -> None:
        with pytest.raises(NotAllowed, match="may not be written by nobody"):
            EmbeddedPostgres(folder / "data").start()

    as_user(65534, start)


def as_user(uid: int, act: Callable[[], None]) -> None:
    """Run in a fork as another user, who may be unable to enter the folder of Python itself."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            act()
            status = 0
        except BaseException:  # noqa: BLE001 -- shown, and told by the status
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_another_major_version_is_refused_with_what_to_do(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data"):
        pass
    (folder / "data" / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Conflict, match="written by PostgreSQL 17") as refused:
        EmbeddedPostgres(folder / "data").start()
    assert "trato backup" in refused.value.todo


def test_a_throwaway_server_leaves_nothing() -> None:
    with throwaway() as server:
        sockets = Path(server.dsn.partition("host=")[2])
        assert ask(server.dsn, "SHOW fsync") == "on"
        assert sockets.exists()
        assert sockets.is_relative_to(tempfile.gettempdir())
    assert not sockets.parents[1].exists()


def test_an_interrupted_first_start_is_made_good(folder: Path) -> None:
    half = folder / "data" / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder / "data") as server:
        assert ask(server.dsn, "SELECT 1") == 1


def test_a_pid_file_that_names_some_other_program_does_not_keep_the_server_down(folder: Path) -> None:
    data = folder / "data" / "postgres" / "data"
    with EmbeddedPostgres(folder / "data"):
        lines = (data / "postmaster.pid").read_text().splitlines()
    with subprocess.Popen(["sleep", "60"], user=data.stat().st_uid) as stranger:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
        lock = folder / "data" / "postgres" / "run" / ".s.PGSQL.5432.lock"
        lock.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        os.chown(lock, data.stat().st_uid, data.stat().st_gid)
        with EmbeddedPostgres(folder / "data") as server:
            assert ask(server.dsn, "SELECT 1") == 1
        stranger.kill()


@as_root
def test_a_full_disk_is_told_in_one_sentence(folder: Path) -> None:
    data_dir = folder / "data"
    data_dir.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=50m,mode=755", "tmpfs", data_dir], check=True)
    try:
        with pytest.raises(Unavailable, match="is full") as refused:
            EmbeddedPostgres(data_dir).start()
        assert "Free some space" in refused.value.todo
    finally:
        subprocess.run(["umount", "-l", data_dir], check=True)


LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


async def write(dsn: str, name: str, acknowledged: list[str], stop: asyncio.Event) -> None:
    """Insert rows for ever, over lost connections, noting each that was acknowledged."""
    number = 0
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(plain_dsn(dsn), timeout=5)
            while not stop.is_set():
                number += 1
                await connection.execute("INSERT INTO kept VALUES ($1)", f"{name}-{number}")
                acknowledged.append(f"{name}-{number}")
            await connection.close()
        except (
            OSError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
            TimeoutError,
        ):
            await asyncio.sleep(0.05)


async def test_kill_9_of_the_whole_server_under_load_loses_no_acknowledged_row(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    server.start()
    data = folder / "data" / "postgres" / "data"
    try:
        setup = await asyncpg.connect(plain_dsn(server.dsn))
        await setup.execute("CREATE TABLE kept (id text PRIMARY KEY)")
        await setup.close()
        acknowledged: list[str] = []
        stop = asyncio.Event()
        writers = [asyncio.create_task(write(server.dsn, f"w{n}", acknowledged, stop)) for n in range(8)]
        for _ in range(3):
            grown = len(acknowledged) + 300
            while len(acknowledged) < grown:
                server.tend()
                await asyncio.sleep(0.01)
            postmaster = server.pid
            for pid in working_in(data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            while server.pid in {None, postmaster} or not server.is_ready:
                server.tend()
                await asyncio.sleep(0.01)
        stop.set()
        await asyncio.gather(*writers)
        check = await asyncpg.connect(plain_dsn(server.dsn))
        rows = {row["id"] for row in await check.fetch("SELECT id FROM kept")}
        await check.close()
        assert len(acknowledged) >= 900
        assert not set(acknowledged) - rows
        assert server.restarts >= 3
    finally:
        server.stop()


def test_kill_9_of_the_postmaster_alone_is_survived_by_a_new_start(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data")
    server.start()
    ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    with EmbeddedPostgres(folder / "data") as server:
        assert ask(server.dsn, "SELECT n FROM kept") == 7
    wait_until(lambda: not working_in(folder / "data" / "postgres" / "data"))
