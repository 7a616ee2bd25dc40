"""In how many parts a text goes out as SMS, and in which alphabet (3GPP TS 23.038, 23.040)."""

from dataclasses import dataclass
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")  # behind an escape: two places each
_BEYOND_BASIC_PLANE: Final = 0xFFFF
# Of one part alone, and of each of several: their header takes the rest.
_SMALL: Final = (160, 153)  # septets of GSM 03.38
_WIDE: Final = (70, 67)  # units of UCS-2


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text is sent as SMS."""

    parts: int
    left: int  # places that the last part still has
    small: bool  # in GSM 03.38; else in UCS-2, and a part takes less than half


def segments(text: str) -> Segments:
    """Return how many parts a text needs; neither an escape nor half of a pair ends a part."""
    small = all(one in _BASIC or one in _EXTENDED for one in text)
    sizes = [_size(one, small=small) for one in text]
    single, each = _SMALL if small else _WIDE
    total = sum(sizes)
    if total <= single:
        return Segments(min(1, total), single - total, small)
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return Segments(parts, each - used, small)


def _size(one: str, *, small: bool) -> int:
    if small:
        return 2 if one in _EXTENDED else 1
    return 2 if ord(one) > _BEYOND_BASIC_PLANE else 1
