"""A brand's colour as pages may use it: legible on their paper, by day and by night.

OKLab after Björn Ottosson, "A perceptual color space for image processing" (2020); contrast after WCAG 2.2.
"""

import math
from typing import Final, Literal

# Of a colour on the page's paper, by day and by night; at these the contrast is above 4.5:1 for every hue.
LIGHT: Final = 0.5
DARK: Final = 0.74
STRONGEST: Final = 0.11  # more would leave what screens can show, for some hues

Scheme = Literal["light", "dark"]
# What the colour has to be read on: of all grounds of our pages the one that is nearest to it.
GROUNDS: Final[dict[Scheme, str]] = {"light": "#f4f2ec", "dark": "#1a2025"}
ENOUGH: Final = 4.5

_LINEAR_UNTIL: Final = 0.04045  # of sRGB (IEC 61966-2-1)
_CURVED_FROM: Final = 0.0031308
_STEP: Final = 0.002  # of lightness: less is not seen
_PALER: Final = 0.97
_ROUNDED: Final = 1e-4


def accents(colour: str) -> tuple[str, str]:
    """Return a colour (`#rrggbb`) for light and for dark pages, as CSS writes them."""
    _, strength, hue = _oklch(colour)
    strength = min(strength, STRONGEST)
    turn = math.degrees(hue) % 360
    return f"oklch({LIGHT} {strength:.3f} {turn:.0f})", f"oklch({DARK} {strength:.3f} {turn:.0f})"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (`#rrggbb`), from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_legible(colour: str, scheme: Scheme) -> bool:
    """Say whether text in a colour can be read on our pages, and our text on the colour."""
    return contrast(colour, GROUNDS[scheme]) >= ENOUGH


def legible(colour: str, scheme: Scheme) -> str:
    """Return the colour itself where it can be read, else the nearest that can: as light or dark as it takes.

    The hue stays; the strength too, as far as screens can show it. The desk offers the same while somebody
    types (`web/src/admin/appearance/colour.ts`).
    """
    lightness, strength, hue = _oklch(colour)
    step, found = -_STEP if scheme == "light" else _STEP, colour.lower()
    while not is_legible(found, scheme):
        lightness += step
        found = _shown(lightness, strength, hue)
    return found


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    """Return lightness, strength and hue in radians."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _shown(lightness: float, strength: float, hue: float) -> str:
    """Return the colour as screens show it, paler where they cannot show it so strong."""
    if lightness >= 1:
        return "#ffffff"
    found = _rgb(lightness, strength, hue)
    while min(found) < -_ROUNDED or max(found) > 1 + _ROUNDED:
        strength *= _PALER
        found = _rgb(lightness, strength, hue)
    return "#" + "".join(f"{math.floor(255 * _curved(one) + 0.5):02x}" for one in found)


def _rgb(lightness: float, strength: float, hue: float) -> tuple[float, float, float]:
    a, b = strength * math.cos(hue), strength * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _linear(value: float) -> float:
    return value / 12.92 if value <= _LINEAR_UNTIL else ((value + 0.055) / 1.055) ** 2.4


def _curved(value: float) -> float:
    inside = min(1.0, max(0.0, value))
    return 12.92 * inside if inside <= _CURVED_FROM else 1.055 * inside ** (1 / 2.4) - 0.055
