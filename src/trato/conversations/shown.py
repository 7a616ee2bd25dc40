"""Which files a browser may show or play by itself: decided by what they hold, never by what they claim."""

from typing import Final

from trato.conversations.uploads import type_of

HEAD_BYTES: Final = 4_096  # enough to know a file by
# SVG is a program and is only ever downloaded.
IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
# How audio begins that browsers play (WHATWG MIME Sniffing, section 6.2, and RFC 9639 for FLAC).
_AUDIO: Final = (
    (0, b"OggS\x00", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
)
# A frame of MPEG audio begins with eleven set bits; ADTS, which is AAC, leaves the layer at nothing.
_SYNC: Final = 0xFFE0
_LAYER: Final = 0x0006


def may_be_shown(claimed: str) -> bool:
    """Say whether it is worth to look into a file that is said to be of this type."""
    return claimed.startswith("audio/") or claimed in IMAGES


def shown_as(claimed: str, head: bytes) -> str | None:
    """Return as what a file is shown, by how it begins; None for what is only ever downloaded.

    What claims to be a picture is one of `IMAGES` by its bytes, what claims to be audio begins as audio does:
    a container that may hold either, such as MP4, is what its sender says.
    """
    if claimed in IMAGES:
        found = type_of(head)
        return found if found in IMAGES else None
    return _audio(head) if claimed.startswith("audio/") else None


def _audio(head: bytes) -> str | None:
    for at, mark, kind in _AUDIO:
        if head[at : at + len(mark)] == mark:
            return kind
    first = int.from_bytes(head[:2])
    if first & _SYNC != _SYNC:
        return None
    return "audio/mpeg" if first & _LAYER else "audio/aac"
