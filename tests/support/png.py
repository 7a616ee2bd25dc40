"""Small pictures of the tests' own: PNG from nothing but zlib."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int, height: int, *, depth: int = 8, colours: int = 2, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced))


def png(width: int = 4, height: int = 3, *between: bytes, lines: bytes | None = None) -> bytes:
    """Return a red picture; `between` are chunks before what is drawn, `lines` what is drawn instead."""
    drawn = lines if lines is not None else b"".join(b"\0" + b"\xc2\x18\x5b" * width for _ in range(height))
    parts = (header(width, height), *between, chunk(b"IDAT", zlib.compress(drawn)), chunk(b"IEND", b""))
    return SIGNATURE + b"".join(parts)
