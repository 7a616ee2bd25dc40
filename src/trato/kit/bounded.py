"""Reads what somebody else sends, up to a size."""

from collections.abc import AsyncIterable


async def whole(parts: AsyncIterable[bytes], most: int) -> bytes | None:
    """Return all parts as one, None where they are more than `most` bytes; the rest is not waited for."""
    read = bytearray()
    async for part in parts:
        read += part
        if len(read) > most:
            return None
    return bytes(read)
