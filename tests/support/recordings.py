"""Recordings and pictures as a test makes them: real files, of known length and content."""

import io
import math
import struct
import wave
import zlib

RATE = 8_000


def tone(seconds: float, hertz: float = 440) -> bytes:
    """Return a WAV file with one soft tone, as a telephone's recording is."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        turn = 2 * math.pi * hertz / RATE
        out.writeframes(
            b"".join(struct.pack("<h", int(6_000 * math.sin(turn * n))) for n in range(int(seconds * RATE)))
        )
    return kept.getvalue()


def picture(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Return a PNG file of one colour (RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
