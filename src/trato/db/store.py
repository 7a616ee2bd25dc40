"""Where files lie: a folder or an S3 bucket, behind the same few calls."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import obstore
from obstore.store import LocalStore, from_url

from trato.kit.errors import NotFound, Unavailable

PART_BYTES = 1 << 20


class Store:
    """Keeps bytes under keys. A write is complete or absent, never half."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open a store: a folder's path, or any URL that obstore knows (`s3://bucket/prefix`)."""
        if "://" in url:
            return cls(from_url(url))
        return cls(LocalStore(url, mkdir=True))

    async def put(self, key: str, data: bytes) -> None:
        """Write once durable; raises `Unavailable` when there is no room or no answer."""
        try:
            await obstore.put_async(self._store, key, data)
        except Exception as error:
            raise Unavailable(
                "the file could not be stored", todo="free disk space or check the attachment store"
            ) from error

    async def get(self, key: str) -> bytes:
        """Return all bytes of a key; raises `NotFound`."""
        try:
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())
        except FileNotFoundError as error:
            raise NotFound("the file is not in the store") from error

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Return the bytes of a key in parts; raises `NotFound` before the first part."""
        try:
            result = await obstore.get_async(self._store, key)
        except FileNotFoundError as error:
            raise NotFound("the file is not in the store") from error
        return self._parts(result)

    @staticmethod
    async def _parts(result: Any) -> AsyncIterator[bytes]:
        async for part in result.stream(min_chunk_size=PART_BYTES):
            yield bytes(part)

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
