"""A backup: one tar with the database of one moment, the files, the key and a manifest with checksums.

Also readable without Trato: `database.dump` is for pg_restore, `files/` are the attachments by key,
`secret.key` opens the encrypted columns.
"""

import asyncio
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import asyncpg

from trato import __version__
from trato.db import client_programs, migrate, one_key
from trato.db.engine import plain_dsn
from trato.db.metadata import IN_STORE
from trato.db.schema import all_tables
from trato.db.store import Store
from trato.kit import clock
from trato.kit.durable import sync_folder
from trato.kit.errors import Conflict, NotFound, Unavailable
from trato.kit.secret_box import SecretBox

FORMAT = 1
MANIFEST, DATABASE, KEY, FILES = "manifest.json", "database.dump", "secret.key", "files/"
KEPT_BEFORE_MIGRATIONS = 3
_PROGRESS_EVERY = 500
_SHOWN = 5

Say = Callable[[str], None]


@dataclass(frozen=True)
class Installation:
    """What is backed up: the database's URL, the store's, and the data folder with the key file.

    Where the environment gives the key (`outside_key`), only its fingerprint is kept.
    """

    dsn: str
    store_url: str
    data: Path
    outside_key: SecretBox | None = None

    @property
    def key_file(self) -> Path:
        """The file with the key that opens the encrypted columns."""
        return self.data / "secret.key"

    def key(self) -> SecretBox:
        """Return the key; raises `NotFound` without one."""
        return self.outside_key or SecretBox.read(self.key_file)

    def key_fingerprint(self) -> str:
        """Return what tells keys apart without telling the key."""
        return self.key().fingerprint()


@dataclass
class Manifest:
    """What a backup says of itself; `sha256` has every member of the archive but the manifest.

    `missing` has the keys of files that the database names and the store did not have.
    """

    created_at: str
    version: str
    revision: str | None
    postgres: int
    key_fingerprint: str
    has_files: bool
    format: int = FORMAT
    sha256: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


async def write(place: Installation, target: Path, say: Say, *, with_files: bool = True) -> Manifest:
    """Write a backup to `target`, readable by its owner alone, while everything goes on running.

    The database is saved first, then the files, so that each file it names is there; one that is gone from
    the store is told and listed as missing. The archive appears under its name when whole and on the disk.
    Raises `Conflict` when `target` exists, `NotFound` or `Conflict` without the installation's key,
    `Unavailable` when the database or the disk fails.
    """
    _check_free(target)
    partial = target.with_name(f".{target.name}.partial")
    manifest = await _describe(place, with_files=with_files)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
            dumped = Path(scratch) / DATABASE
            say("Saving the database …")
            named = await _dump(place.dsn, dumped)
            with _archive(partial) as archive:
                _add_file(archive, manifest, DATABASE, dumped)
                if place.outside_key is None:
                    _add(archive, manifest, KEY, place.key_file.read_bytes())
                if with_files:
                    await _add_store(archive, manifest, Store.open(place.store_url), named, say)
                _add(archive, manifest, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise Unavailable(f"The backup could not be written to {target}: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


async def before_migration(place: Installation, say: Say) -> Path | None:
    """Save database and key under `<data>/backups` when a migration is pending on a database in use.

    Files are left out: migrations do not touch them. The three newest such backups are kept. Returns
    where, or None when there was nothing to do.
    """
    revision = await migrate.current(place.dsn)
    if revision is None or revision == migrate.head():
        return None
    folder = place.data / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-migration-{clock.now():%Y%m%dT%H%M%S}-{revision}.tar"
    say(f"Saving the database before its migration, to {target} …")
    await write(place, target, say, with_files=False)
    for old in sorted(folder.glob("before-migration-*.tar"))[:-KEPT_BEFORE_MIGRATIONS]:
        old.unlink()
    return target


def note_last(data: Path, target: Path, manifest: Manifest) -> None:
    """Leave a note of the last full backup for `trato doctor`."""
    note = data / "backups" / "last.json"
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(json.dumps({"file": str(target.absolute()), "created_at": manifest.created_at}) + "\n")


def _check_free(target: Path) -> None:
    if target.exists():
        raise Conflict(f"{target} exists already.", todo="Choose another name or remove it.")


async def _describe(place: Installation, *, with_files: bool) -> Manifest:
    connection = await asyncpg.connect(plain_dsn(place.dsn))
    try:
        major = connection.get_server_version().major
        noted = await one_key.noted(connection)
        if noted is not None:  # a backup with another key could never be read
            one_key.compare(noted, place.key, place.key_file)
    finally:
        await connection.close()
    return Manifest(
        created_at=clock.now().isoformat(),
        version=__version__,
        revision=await migrate.current(place.dsn),
        postgres=major,
        key_fingerprint=place.key_fingerprint(),
        has_files=with_files,
    )


@contextmanager
def _archive(path: Path) -> Iterator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
            yield archive
        raw.flush()
        os.fsync(raw.fileno())


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mode = 0o600
    header.mtime = int(clock.now().timestamp())
    return header


def _add(archive: tarfile.TarFile, manifest: Manifest, name: str, content: bytes) -> None:
    if name != MANIFEST:
        manifest.sha256[name] = hashlib.sha256(content).hexdigest()
    archive.addfile(_header(name, len(content)), io.BytesIO(content))


def _add_file(archive: tarfile.TarFile, manifest: Manifest, name: str, file: Path) -> None:
    with file.open("rb") as source:
        manifest.sha256[name] = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        archive.addfile(_header(name, file.stat().st_size), source)


async def _dump(dsn: str, file: Path) -> set[str]:
    """Save the database of one moment; return the keys of all files that it names at that moment."""
    connection = await asyncpg.connect(plain_dsn(dsn))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            named = await _named_files(connection)
            await asyncio.to_thread(client_programs.dump, dsn, file, snapshot=snapshot)
            return named
    finally:
        await connection.close()


async def _named_files(connection: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    there = {
        (row["table_name"], row["column_name"])
        for row in await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
    }
    named: set[str] = set()
    for table in all_tables().tables.values():
        for column in table.columns:
            if column.info == IN_STORE and (table.name, column.name) in there:  # an older schema may lack it
                sql = f'SELECT DISTINCT "{column.name}" FROM "{table.name}"'
                named.update(row[0] for row in await connection.fetch(sql) if row[0] is not None)
    return named


async def _add_store(
    archive: tarfile.TarFile, manifest: Manifest, store: Store, named: set[str], say: Say
) -> None:
    """Add every file of the store; one that goes away meanwhile is missed only when the database names it."""
    keys = sorted([key async for key in store.keys()])  # noqa: SIM118 -- a store is no mapping
    gone = named.difference(keys)
    for number, key in enumerate(keys, start=1):
        try:
            _add(archive, manifest, FILES + key, await store.get(key))
        except NotFound:
            gone |= {key} & named
        if number % _PROGRESS_EVERY == 0 or number == len(keys):
            say(f"Saving files: {number} of {len(keys)}")
    manifest.missing = sorted(gone)


def missing_files(manifest: Manifest) -> str:
    """Return the sentence about files that a backup does not have, empty when it has all."""
    if not manifest.missing:
        return ""
    some = ", ".join(manifest.missing[:_SHOWN]) + (" …" if len(manifest.missing) > _SHOWN else "")
    return (
        f"{len(manifest.missing)} files that the database names were not in the attachment store: {some}. "
        "Their messages are there without them."
    )
