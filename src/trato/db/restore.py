"""Bringing a backup back: verified whole before anything is touched, the database in one transaction."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import cast

import asyncpg

from trato.db import client_programs, migrate
from trato.db.backup import DATABASE, FILES, FORMAT, KEY, MANIFEST, Installation, Manifest, Say
from trato.db.engine import plain_dsn
from trato.db.store import Store
from trato.kit.errors import Conflict, Invalid
from trato.kit.secret_box import SecretBox

_MANIFEST_LIMIT_BYTES = 256 << 20
_TODO = "Use another backup; nothing was changed."


def verify(file: Path) -> Manifest:
    """Read the whole archive against its checksums and return what it says of itself.

    Raises `Invalid` for what is damaged, incomplete or no backup, `Conflict` for a newer format.
    """
    try:
        with tarfile.open(file, "r:") as archive:
            manifest = _manifest(archive)
            found = {member.name: _digest(archive, member) for member in archive if member.name != MANIFEST}
    except (tarfile.TarError, EOFError) as error:
        raise Invalid(f"{file} is no backup of Trato, or was cut off: {error}.", todo=_TODO) from error
    wrong = sorted(
        name for name in {*found, *manifest.sha256} if found.get(name) != manifest.sha256.get(name)
    )
    if wrong or DATABASE not in found:
        raise Invalid(f"{file} is damaged: {', '.join(wrong[:3]) or DATABASE}.", todo=_TODO)
    return manifest


async def restore(file: Path, place: Installation, say: Say, *, force: bool) -> Manifest:
    """Replace database, files and key by those of a backup; raises before anything is touched, or succeeds.

    Files come first (new names, so harmless), then the database in one transaction, then the key. What
    was stored before and is not in the backup is removed last. Repeating it is harmless. Raises `Conflict`
    when the database is not empty (without `force`), in use, or the backup is of a newer version;
    `Invalid` for a damaged archive.
    """
    say("Verifying the backup …")
    manifest = verify(file)
    _check_fit(manifest, place)
    await _check_database(place.dsn, force=force)
    with (
        tempfile.TemporaryDirectory(dir=place.data, prefix=".restore-") as scratch,
        tarfile.open(file, "r:") as archive,
    ):
        store = Store.open(place.store_url)
        if manifest.has_files:
            await _put_files(archive, store, say)
        say("Restoring the database …")
        dumped = Path(scratch) / DATABASE
        with _content(archive, archive.getmember(DATABASE)) as source, dumped.open("wb") as target:
            shutil.copyfileobj(source, target)
        client_programs.replace(place.dsn, dumped)
        if KEY in manifest.sha256:
            with _content(archive, archive.getmember(KEY)) as source:
                _replace_key(place.key_file, source.read())
    if manifest.has_files:
        await _remove_strangers(store, manifest)
    await migrate.upgrade(place.dsn)
    return manifest


def _manifest(archive: tarfile.TarFile) -> Manifest:
    try:
        member = archive.getmember(MANIFEST)
        if member.size > _MANIFEST_LIMIT_BYTES:
            raise Invalid("The backup's manifest is too large.", todo=_TODO)
        with _content(archive, member) as source:
            said = json.load(source)
        if said["format"] > FORMAT:
            raise Conflict("The backup was made by a newer version of Trato.", todo="Upgrade Trato first.")
        return Manifest(**said)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("The backup has no readable manifest.", todo=_TODO) from error


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BufferedReader:
    source = archive.extractfile(member) if member.isreg() else None
    if source is None:
        raise Invalid(f"{member.name} in the backup is no file.", todo=_TODO)
    return cast("BufferedReader", source)  # what tarfile gives


def _digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise Invalid(f"{member.name} in the backup leads outside of it.", todo=_TODO)
    with _content(archive, member) as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _check_fit(manifest: Manifest, place: Installation) -> None:
    if manifest.revision is not None and not migrate.knows(manifest.revision):
        raise Conflict(
            f"The backup was made by Trato {manifest.version}, which is newer than this one.",
            todo="Upgrade Trato first.",
        )
    if place.outside_key is not None and manifest.key_fingerprint != place.key_fingerprint():
        raise Conflict(
            "TRATO_SECRET_KEY is not the key of this backup: its secrets could never be read.",
            todo="Set the key that was set when the backup was made"
            + (", or unset it to use the one in the backup." if KEY in manifest.sha256 else "."),
        )
    if place.outside_key is None and KEY not in manifest.sha256:
        raise Conflict(
            "The backup has no key, since TRATO_SECRET_KEY was set when it was made.",
            todo="Set TRATO_SECRET_KEY to that key.",
        )


async def _check_database(dsn: str, *, force: bool) -> None:
    connection = await asyncpg.connect(plain_dsn(dsn))
    try:
        others = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    if others:
        raise Conflict(f"{others} other connections use the database.", todo="Stop Trato first.")
    if tables and not force:
        raise Conflict(
            f"The database is not empty: it has {tables} tables.",
            todo="Restore into an empty one, or use --force, which deletes everything in it.",
        )


async def _put_files(archive: tarfile.TarFile, store: Store, say: Say) -> None:
    members = [member for member in archive if member.name.startswith(FILES)]
    for number, member in enumerate(members, start=1):
        with _content(archive, member) as source:
            await store.put(member.name.removeprefix(FILES), source.read())
        if number % 500 == 0 or number == len(members):
            say(f"Restoring files: {number} of {len(members)}")


async def _remove_strangers(store: Store, manifest: Manifest) -> None:
    stored = [key async for key in store.keys()]  # noqa: SIM118 -- a store is no mapping
    for key in stored:
        if FILES + key not in manifest.sha256:
            await store.delete(key)


def _replace_key(file: Path, content: bytes) -> None:
    """Put the backup's key in place; another one that was there is kept beside it."""
    SecretBox(bytes.fromhex(content.decode().strip()))  # a key at all
    if file.exists() and file.read_bytes() != content:
        file.rename(file.with_name(f"{file.name}.before-restore"))
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    fresh.rename(file)
