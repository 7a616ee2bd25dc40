"""Content-Transfer-Encoding undone (RFC 2045 §6, and uuencode): always as many bytes as can be saved."""

import binascii
import re
from typing import Final

_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=\s-]|--")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOISE: Final = bytes(set(range(256)) - set(_ALPHABET))
_FITTING: Final = _ALPHABET + b" \t\r\n"
_FLAWS_PER: Final = 200  # one foreign sign in so many is a flaw of transport; prose has more
# "==" or "=A=": an escape inside an escape. Anything else unknown after "=" is kept as it stands.
_BAD_ESCAPE: Final = re.compile(rb"=[ \t\r\x0b\x0c]*(?:[0-9A-Fa-f]\r*)?=")
_TRAILING_SPACE: Final = re.compile(rb"(?<![ \t])[ \t]++(?=\r?\n)")


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """Return the decoded bytes, and whether the text was base64 without a flaw; saves what it can.

    Padding in the middle ends a run, and another follows: what mailers write that join encoded pieces.
    A few foreign signs are passed over; where there are many it is not base64, and comes back as it is.
    """
    sound = _NOT_BASE64.search(data) is None
    if not sound and len(data.translate(None, _FITTING)) * _FLAWS_PER > len(data):
        return data, False
    clean = data.translate(None, _NOISE)
    body = clean.rstrip(b"=")
    if b"=" not in body:
        return _run(body), sound
    return b"".join(_run(run) for run in body.split(b"=") if run), sound


def _run(data: bytes) -> bytes:
    rest = len(data) % 4
    if rest == 1:  # six bits make no byte
        data, rest = data[:-1], 0
    try:
        return binascii.a2b_base64(data + b"=" * (-rest % 4))
    except binascii.Error:  # pragma: no cover - the alphabet was filtered above
        return b""


def decode_quoted(data: bytes) -> tuple[bytes, bool]:
    """Return the decoded bytes, and whether every escape was sound (RFC 2045 §6.7)."""
    sound = _BAD_ESCAPE.search(data) is None
    return binascii.a2b_qp(_TRAILING_SPACE.sub(b"", data)), sound


def decode_uuencoded(data: bytes) -> bytes | None:
    """Return the first file of a uuencoded text, or None when there is none."""
    begin = re.search(rb"^begin [0-7]{3,4} [^\n]*\n", data, re.MULTILINE)
    if begin is None:
        return None
    chunks = []
    for line in data[begin.end() :].splitlines():
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            chunks.append(binascii.a2b_uu(line))
        except binascii.Error:  # broken encoders write a wrong number of padding bytes
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                chunks.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                return None
    return b"".join(chunks)
