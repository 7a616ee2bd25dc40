"""Bytes to text whatever charset they claim: aliases, wrong claims and broken sequences included."""

import codecs
import re
from typing import Final

# What senders call charsets that Python knows by another name or decodes too strictly. ASCII and Latin-1
# are read as Windows-1252, as browsers do (WHATWG Encoding Standard), since that is what senders mean.
_ALIASES: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "usascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "iso-8859-1-windows-1252-latin-1": "cp1252",
    "8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "csgb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "chinese": "gb18030",
    "hz-gb-2312": "hz",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-windows-949": "cp949",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "x-user-defined": "latin-1",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "cp-1252": "cp1252",
}
_UNICODE: Final = "utf-8"
_FALLBACK: Final = "cp1252"
# Text encodings of Python that no mail means, some of them slow or with rules of their own.
_REFUSED: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
)
_NAME: Final = re.compile(r"[^a-z0-9_.:+-]")


def codec_for(charset: str) -> str | None:
    """Return the name of Python's codec for a charset as mail writes it, or None when it is unknown."""
    name = _NAME.sub("", charset.lower().strip())[:60]
    name = _ALIASES.get(name) or _ALIASES.get(name.replace("_", "-")) or name
    if not name:
        return None
    try:
        found = codecs.lookup(name).name.replace("-", "_")
        "".encode(name)  # raises for codecs that do not turn text into bytes, such as rot13 or zip
    except (LookupError, UnicodeError, ValueError, TypeError):
        return None
    return None if found in _REFUSED else name


def decode(data: bytes, charset: str | None) -> tuple[str, str | None]:
    """Return the text of `data`, and what was wrong with it or None; never raises.

    Without a usable charset, UTF-8 is tried and then Windows-1252. Bytes that mean nothing become U+FFFD.
    """
    codec = codec_for(charset) if charset else None
    if codec is None:
        problem = f"unknown charset {charset[:40]!r}" if charset else None
        return _guess(data), problem
    if charset is not None and "ascii" in charset.lower():
        return _guess(data), None if data.isascii() else "8-bit bytes in a part that claims to be ASCII"
    try:
        return data.decode(codec), None
    except (UnicodeError, ValueError, OverflowError):
        return _replace(data, codec), f"bytes that are not {charset}"


def _guess(data: bytes) -> str:
    try:
        return data.decode(_UNICODE)
    except UnicodeDecodeError:
        return _single_byte(data)


def _single_byte(data: bytes) -> str:
    return data.decode(_FALLBACK, errors="replace")


def _replace(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec, errors="replace")
    except (UnicodeError, ValueError, OverflowError):
        return _guess(data)
