"""A backup holds everything, is checked before it is trusted, and comes back whole or not at all."""

import asyncio
import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import asyncpg
import pytest

from trato.db import backup, migrate, restore
from trato.db.backup import Installation
from trato.db.engine import plain_dsn
from trato.db.store import Store
from trato.kit.errors import Conflict, DomainError, Invalid
from trato.kit.secret_box import SecretBox

APPEND = "INSERT INTO event (type, audience, data) VALUES ('message.created', 'staff', $1) RETURNING id"


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(plain_dsn(dsn))
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def source(fresh_dsn: str, tmp_path: Path) -> Installation:
    place = Installation(fresh_dsn, str(tmp_path / "source" / "files"), tmp_path / "source")
    SecretBox.load(place.key_file)
    store = Store.open(place.store_url)
    await store.put("ab/photo.png", b"\x89PNG\x00\xff")
    await store.put("cd/ñandú.txt", "«hola»".encode())
    async with connected(fresh_dsn) as c:
        await c.execute(APPEND, '{"text": "ÁÉ\\u2028 \\\\."}')
    return place


@pytest.fixture
async def target(empty_dsn: str, tmp_path: Path) -> Installation:
    (tmp_path / "target").mkdir()
    return Installation(empty_dsn, str(tmp_path / "target" / "files"), tmp_path / "target")


@pytest.fixture
async def saved(source: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "saved.tar"
    await backup.write(source, file, print)
    return file


async def test_everything_comes_back_and_goes_on_where_it_stopped(source, saved, target) -> None:
    await restore.restore(saved, target, print, force=False)
    async with connected(target.dsn) as c:
        assert await c.fetchval("SELECT data->>'text' FROM event") == "ÁÉ\u2028 \\."
        assert await c.fetchval(APPEND, "{}") == 2, "identities go on"
        assert await c.fetchval("SELECT count(*) FROM pg_proc WHERE proname = 'append_event'") == 1
    assert await migrate.current(target.dsn) == migrate.head()
    store = Store.open(target.store_url)
    assert await store.get("ab/photo.png") == b"\x89PNG\x00\xff"
    assert await store.get("cd/ñandú.txt") == "«hola»".encode()
    sealed = SecretBox.load(source.key_file).seal(b"password")
    assert SecretBox.load(target.key_file).open(sealed) == b"password"
    assert target.key_file.stat().st_mode & 0o777 == 0o600


async def test_a_backup_is_for_its_owner_alone_and_never_overwrites(saved, source) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict, match="exists already"):
        await backup.write(source, saved, print)


async def test_a_backup_while_messages_arrive_is_of_one_moment(source, target, tmp_path) -> None:
    stop = asyncio.Event()

    async def arrive() -> int:
        count = 1
        async with connected(source.dsn) as c:
            while not stop.is_set():
                async with c.transaction():
                    await c.execute(APPEND, "{}")
                    await c.execute(APPEND, "{}")
                count += 2
        return count

    arriving = asyncio.create_task(arrive())
    await asyncio.sleep(0)
    await asyncio.to_thread(lambda: asyncio.run(backup.write(source, tmp_path / "busy.tar", print)))
    stop.set()
    total = await arriving
    await restore.restore(tmp_path / "busy.tar", target, print, force=False)
    async with connected(target.dsn) as c:
        found = await c.fetchval("SELECT count(*) FROM event")
    assert found % 2 == 1, "no transaction is torn"
    assert 1 <= found <= total


class Forgetful(Store):
    """A store from which a file goes away between the listing and the reading."""

    def __init__(self, inner: Store, goes: str) -> None:
        super().__init__(inner._store)
        self._inner, self._goes = inner, goes

    async def get(self, key: str) -> bytes:
        if key == self._goes:
            await self._inner.delete(key)
        return await super().get(key)


async def name_file(dsn: str, key: str) -> None:
    async with connected(dsn) as c:
        await c.execute(
            "INSERT INTO stray (id, endpoint, reason, raw_key, digest, size, vouched)"
            " VALUES (gen_random_uuid(), 'x', 'y', $1, md5($1), 1, false)",
            key,
        )


@pytest.mark.parametrize("named", [False, True])
async def test_a_file_that_goes_away_meanwhile_does_not_lose_the_backup(
    source, target, tmp_path, monkeypatch, named
) -> None:
    if named:
        await name_file(source.dsn, "ab/photo.png")
    whole = Store.open
    monkeypatch.setattr(Store, "open", lambda url: Forgetful(whole(url), "ab/photo.png"))
    said: list[str] = []
    manifest = await backup.write(source, tmp_path / "meanwhile.tar", said.append)
    assert "files/cd/ñandú.txt" in manifest.sha256
    assert "files/ab/photo.png" not in manifest.sha256
    assert manifest.missing == (["ab/photo.png"] if named else [])
    assert ("ab/photo.png" in backup.missing_files(manifest)) is named
    monkeypatch.undo()
    again = await restore.restore(tmp_path / "meanwhile.tar", target, print, force=False)
    assert again.missing == manifest.missing


async def test_a_file_that_was_lost_before_is_told_by_its_key(source, tmp_path) -> None:
    await name_file(source.dsn, "raw/lost")
    await name_file(source.dsn, "cd/ñandú.txt")
    manifest = await backup.write(source, tmp_path / "lossy.tar", print)
    assert manifest.missing == ["raw/lost"]


async def test_a_database_with_tables_is_replaced_by_force_only(saved, target) -> None:
    async with connected(target.dsn) as c:
        await c.execute("CREATE TABLE mine AS SELECT 1 AS n")
    await Store.open(target.store_url).put("old", b"of before")
    with pytest.raises(Conflict, match="not empty"):
        await restore.restore(saved, target, print, force=False)
    await restore.restore(saved, target, print, force=True)
    async with connected(target.dsn) as c:
        assert await c.fetchval("SELECT to_regclass('mine')") is None
        assert await c.fetchval("SELECT count(*) FROM event") == 1
    assert not await Store.open(target.store_url).exists("old")


async def test_a_database_in_use_is_left_alone(saved, target) -> None:
    async with connected(target.dsn):
        with pytest.raises(Conflict, match="other connections"):
            await restore.restore(saved, target, print, force=True)


def rewritten(file: Path, change) -> Path:
    """Copy an archive with its members changed by `change(name, content) -> content | None`."""
    made = file.with_name(f"changed-{file.name}")
    with tarfile.open(file) as before, tarfile.open(made, "w") as after:
        for member in before:
            extracted = before.extractfile(member)
            assert extracted is not None
            content = change(member.name, extracted.read())
            if content is not None:
                member.size = len(content)
                after.addfile(member, BytesIO(content))
    return made


def flip(content: bytes) -> bytes:
    return content[:40] + bytes([content[40] ^ 1]) + content[41:]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda n, c: flip(c) if n == "database.dump" else c, id="a bit in the dump"),
        pytest.param(lambda n, c: c + b"x" if n.startswith("files/ab") else c, id="a longer file"),
        pytest.param(lambda n, c: None if n.startswith("files/ab") else c, id="a file missing"),
        pytest.param(lambda n, c: None if n == "manifest.json" else c, id="no manifest"),
        pytest.param(lambda n, c: b"{" if n == "manifest.json" else c, id="a broken manifest"),
        pytest.param(lambda n, c: None if n == "database.dump" else c, id="no database"),
    ],
)
async def test_damage_is_found_before_anything_is_touched(saved, target, change) -> None:
    damaged = rewritten(saved, change)
    with pytest.raises(Invalid):
        await restore.restore(damaged, target, print, force=False)
    async with connected(target.dsn) as c:
        assert await c.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert not [path for path in target.data.rglob("*") if path.is_file()]


async def test_a_backup_that_was_cut_off_is_refused(saved, target) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: len(content) // 2])
    with pytest.raises(Invalid):
        await restore.restore(saved, target, print, force=False)


async def test_a_backup_of_a_newer_version_is_refused(saved, target) -> None:
    def newer(name: str, content: bytes) -> bytes:
        return (
            json.dumps(json.loads(content) | {"revision": "9999"}).encode() if "manifest" in name else content
        )

    with pytest.raises(Conflict, match="newer"):
        await restore.restore(rewritten(saved, newer), target, print, force=False)


async def test_a_restore_that_the_server_refuses_leaves_the_database_as_it_was(saved, target) -> None:
    async with connected(target.dsn) as c:
        await c.execute("CREATE TABLE mine AS SELECT 1 AS n")
    async with connected(target.dsn.replace("//trato@", "//postgres@")) as c:
        await c.execute(
            "CREATE SCHEMA guard; CREATE FUNCTION guard.no() RETURNS event_trigger LANGUAGE plpgsql"
            " AS 'BEGIN RAISE EXCEPTION $$no tables today$$; END';"
            "CREATE EVENT TRIGGER no ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
            " EXECUTE FUNCTION guard.no()"
        )
    with pytest.raises(DomainError, match="no tables today"):
        await restore.restore(saved, target, print, force=True)
    async with connected(target.dsn) as c:
        assert await c.fetchval("SELECT n FROM mine") == 1


async def test_with_the_key_outside_only_its_owner_can_restore(source, target, tmp_path) -> None:
    key, other = SecretBox(b"k" * 32), SecretBox(b"o" * 32)
    file = tmp_path / "outside.tar"
    await backup.write(Installation(source.dsn, source.store_url, source.data, key), file, print)
    assert "secret.key" not in restore.verify(file).sha256
    for wrong in (None, other):
        place = Installation(target.dsn, target.store_url, target.data, wrong)
        with pytest.raises(Conflict, match="TRATO_SECRET_KEY"):
            await restore.restore(file, place, print, force=False)
    place = Installation(target.dsn, target.store_url, target.data, key)
    await restore.restore(file, place, print, force=False)


async def test_a_pending_migration_is_preceded_by_a_backup_and_three_are_kept(source) -> None:
    assert await backup.before_migration(source, print) is None
    async with connected(source.dsn) as c:
        await c.execute("UPDATE alembic_version SET version_num = '0000'")
    folder = source.data / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"before-migration-2020010{day}T000000-0000.tar").touch()
    made = await backup.before_migration(source, print)
    assert made is not None
    assert restore.verify(made).has_files is False
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 3
    assert kept[-1] == made.name
