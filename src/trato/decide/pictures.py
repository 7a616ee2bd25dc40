"""Which pictures a brand may show: a PNG of modest size, and of it nothing but the picture.

PNG after W3C, "Portable Network Graphics, third edition" (2025): chunks of length, name, data and check sum.
"""

import struct
import zlib
from typing import Final

MAX_BYTES: Final = 300_000
MAX_SIDE_PX: Final = 1_024

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
# What draws the picture. Texts, dates, places, profiles and moving pictures are left out.
_DRAWS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"})
_HEADER_BYTES: Final = 13
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PASSES: Final = 7  # in which an interlaced picture comes


class NoPicture(ValueError):
    """These bytes are no picture that we show."""


class TooBig(ValueError):
    """The picture has more bytes or pixels than we show."""


def cleaned(data: bytes) -> bytes:
    """Return a PNG with only what draws it, once it is whole; raises `NoPicture` or `TooBig`."""
    if len(data) > MAX_BYTES:
        raise TooBig
    if not data.startswith(_SIGNATURE):
        raise NoPicture
    kept, packed, pixels = [_SIGNATURE], bytearray(), None
    for name, body in _chunks(data):
        if pixels is None and name != b"IHDR":
            raise NoPicture
        if name == b"IHDR":
            pixels = _size(body)
        elif name == b"IDAT":
            packed += body
        elif name not in _DRAWS and not name[0] & 0x20:  # a part that every reader must know, and we do not
            raise NoPicture
        if name in _DRAWS:
            kept.append(_chunk(name, body))
    if pixels is None:
        raise NoPicture
    _unpack(bytes(packed), pixels)
    return b"".join(kept)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return names and contents, the end among them and nothing behind it."""
    found, at = [], len(_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(data) or not name.isalpha() or _chunk(name, body) != data[at - 12 - length : at]:
            raise NoPicture
        found.append((name, body))
        if name == b"IEND":
            return found
    raise NoPicture  # cut short


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _size(header: bytes) -> tuple[int, int]:
    """Return how many bytes its lines may have at least and at most, from the header."""
    if len(header) != _HEADER_BYTES:
        raise NoPicture
    width, height, depth, colours, packing, filtering, interlaced = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colours, ()) or packing or filtering or interlaced > 1 or not width * height:
        raise NoPicture
    if max(width, height) > MAX_SIDE_PX:
        raise TooBig
    line = 1 + (width * depth * _CHANNELS[colours] + 7) // 8
    plain = line * height
    return plain, plain + (_PASSES * (height + line) if interlaced else 0)


def _unpack(packed: bytes, size: tuple[int, int]) -> None:
    """Unpack no more than the header promises: a picture that is larger inside is none."""
    least, most = size
    opener = zlib.decompressobj()
    try:
        lines = opener.decompress(packed, most + 1)
    except zlib.error as error:
        raise NoPicture from error
    if not least <= len(lines) <= most or not opener.eof:
        raise NoPicture
