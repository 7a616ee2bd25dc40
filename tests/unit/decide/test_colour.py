"""Whatever colour a brand has, text in it and on it can be read by day and by night."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.colour import GROUNDS, Scheme, accents, is_legible, legible
from trato.decide.colour import contrast as reckoned

LIGHT_PAPER, DARK_PAPER = (0.982, 0.006, 90.0), (0.205, 0.012, 240.0)


def luminance(lightness: float, strength: float, hue: float) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), its parts cut to what a screen shows."""
    a, b = strength * math.cos(math.radians(hue)), strength * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(one, 0), 1) for one in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def parts(css: str) -> tuple[float, float, float]:
    found = re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    assert found is not None
    return float(found[1]), float(found[2]), float(found[3])


@given(st.integers(0, 0xFFFFFF))
def test_text_in_any_colour_is_legible(colour: int) -> None:
    light, dark = accents(f"#{colour:06x}")
    assert contrast(luminance(*parts(light)), luminance(*LIGHT_PAPER)) >= 4.5
    assert contrast(luminance(*parts(dark)), luminance(*DARK_PAPER)) >= 4.5


def test_the_hue_stays_the_brands() -> None:
    light, dark = (parts(one) for one in accents("#0b6e6e"))
    assert abs(light[2] - 195) < 5
    assert light[2] == dark[2]
    assert accents("#808080")[0].startswith("oklch(0.5 0.000")


# The desk reckons the same (`web/src/admin/appearance/colour.test.ts` holds the same examples).
@pytest.mark.parametrize(
    ("colour", "light", "dark"),
    [
        ("#ffd54f", "#866b01", "#ffd54f"),
        ("#c2185b", "#c2185b", "#eb487c"),
        ("#ffffff", "#6e6e6e", "#ffffff"),
        ("#000000", "#000000", "#868686"),
        ("#8bc34a", "#4e7a09", "#8bc34a"),
        ("#00e5ff", "#0c7a88", "#00e5ff"),
        ("#1a237e", "#1a237e", "#6680e3"),
        ("#ff0000", "#dd0f08", "#fe3629"),
    ],
)
def test_the_nearest_colour_that_can_be_read(colour: str, light: str, dark: str) -> None:
    assert (legible(colour, "light"), legible(colour, "dark")) == (light, dark)


@given(st.integers(0, 0xFFFFFF), st.sampled_from(["light", "dark"]))
def test_what_is_offered_can_be_read_and_what_can_be_read_stays(number: int, scheme: Scheme) -> None:
    colour = f"#{number:06x}"
    offered = legible(colour, scheme)
    assert is_legible(offered, scheme)
    assert reckoned(offered, GROUNDS[scheme]) >= 4.5
    assert legible(offered, scheme) == offered
    assert not is_legible(colour, scheme) or offered == colour
