"""A brand's colour as pages may use it: its hue and strength, at a lightness at which text stays legible.

OKLab after Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import math
from typing import Final

# Of a colour on the page's paper, by day and by night; at these the contrast is above 4.5:1 for every hue.
LIGHT: Final = 0.5
DARK: Final = 0.74
STRONGEST: Final = 0.11  # more would leave what screens can show, for some hues

_LINEAR_UNTIL: Final = 0.04045  # of sRGB (IEC 61966-2-1)


def accents(colour: str) -> tuple[str, str]:
    """Return a colour (`#rrggbb`) for light and for dark pages, as CSS writes them."""
    red, green, blue = (_linear(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    strength, hue = min(math.hypot(a, b), STRONGEST), math.degrees(math.atan2(b, a)) % 360
    return f"oklch({LIGHT} {strength:.3f} {hue:.0f})", f"oklch({DARK} {strength:.3f} {hue:.0f})"


def _linear(value: float) -> float:
    return value / 12.92 if value <= _LINEAR_UNTIL else ((value + 0.055) / 1.055) ** 2.4
