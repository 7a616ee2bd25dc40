"""Where files lie: a folder or an S3 bucket, behind the same few calls."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, from_url

from trato.kit.durable import sync_folder
from trato.kit.errors import NotFound, Unavailable

PART_BYTES = 1 << 20


class Store:
    """Keeps bytes under keys. A write is complete or absent, never half.

    `folder` is where a store on this machine lies; its files are written by ourselves, see `_write`.
    """

    def __init__(self, store: Any, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open a store: a folder's path, or any URL that obstore knows (`s3://bucket/prefix`)."""
        if "://" in url and not url.startswith("file://"):
            return cls(from_url(url))
        folder = Path(unquote(urlsplit(url).path) if url.startswith("file://") else url).absolute()
        return cls(LocalStore(folder, mkdir=True), folder)

    async def put(self, key: str, data: bytes) -> None:
        """Return once the bytes are durable; raises `Unavailable` when there is no room or no answer."""
        try:
            if self._folder is None:
                await obstore.put_async(self._store, key, data)
            else:
                await asyncio.to_thread(_write, self._folder, key, data)
        except Exception as error:
            raise Unavailable(
                "The file could not be stored.", todo="Free disk space or check the attachment store."
            ) from error

    async def get(self, key: str) -> bytes:
        """Return all bytes of a key; raises `NotFound`."""
        try:
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())
        except FileNotFoundError as error:
            raise NotFound("The file is not in the store.") from error

    async def stream(self, key: str, first: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Return the bytes of a key in parts, or those from `first` up to and without `end`.

        Raises `NotFound` before the first part.
        """
        options: Any = None if end is None else {"range": (first, end)}
        try:
            result = await obstore.get_async(self._store, key, options=options)
        except FileNotFoundError as error:
            raise NotFound("The file is not in the store.") from error
        return self._parts(result)

    @staticmethod
    async def _parts(result: Any) -> AsyncIterator[bytes]:
        async for part in result.stream(min_chunk_size=PART_BYTES):
            yield bytes(part)

    async def head(self, key: str, length: int) -> bytes:
        """Return how the bytes of a key begin, at most so many; raises `NotFound`."""
        try:
            return bytes(await obstore.get_range_async(self._store, key, start=0, end=length))
        except FileNotFoundError as error:
            raise NotFound("The file is not in the store.") from error

    async def delete(self, key: str) -> None:
        """Remove a key; nothing happens when it is not there."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    async def exists(self, key: str) -> bool:
        """Say whether a key is there."""
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Yield every key below a prefix."""
        for page in await asyncio.to_thread(lambda: list(obstore.list(self._store, prefix or None))):
            for entry in page:
                yield str(entry["path"])

    async def older_than(self, before: datetime, prefix: str) -> AsyncIterator[list[str]]:
        """Yield, in parts, the keys below a prefix that were written before an instant."""
        async for page in obstore.list(self._store, prefix):
            yield [str(entry["path"]) for entry in page if entry["last_modified"] < before]


def _write(root: Path, key: str, data: bytes) -> None:
    """Write a file so that a power cut leaves all of it or nothing: synced, then renamed, then its folder.

    obstore's own store of a folder renames without any sync; what we acknowledge after it would be lost.
    """
    parts = key.split("/")
    if {"", ".", ".."} & set(parts) or "\0" in key:
        message = f"{key!r} is no key of a file"
        raise ValueError(message)
    file = root.joinpath(*parts)
    _make_folder(file.parent)
    # obstore does not list what ends in # and digits: its own name for a file that is being written
    fresh = file.with_name(f"{file.name}#{int.from_bytes(os.urandom(6))}")
    try:
        with fresh.open("xb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durable in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
