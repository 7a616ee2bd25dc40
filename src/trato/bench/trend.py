"""Whether a figure that was read again and again grows: a line by least squares, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

HOUR_S: Final = 3_600.0
SURE: Final = 2.0  # standard errors
FEWEST: Final = 3  # points that leave something to judge a line by


@dataclass(frozen=True, slots=True)
class Trend:
    """The mean of some readings, how much they grow in an hour, and the standard error of that."""

    mean: float
    per_h: float
    error_per_h: float

    @property
    def share_per_h(self) -> float:
        """Return the growth of an hour as a share of the mean."""
        return self.per_h / self.mean if self.mean else 0.0

    def is_flat(self, share_per_h: float) -> bool:
        """Say whether nothing is sure to grow by more than this share of its mean in an hour.

        Sure is what still grows more after two standard errors were taken off: about 98 of 100.
        """
        return self.per_h - SURE * self.error_per_h <= share_per_h * self.mean


def trend(readings: Sequence[tuple[float, float]]) -> Trend:
    """Return the line through `(seconds, value)` by ordinary least squares.

    With fewer than three readings, or all at one moment, there is no line: it stands still and is not sure
    of anything.
    """
    if not readings:
        return Trend(0.0, 0.0, 0.0)
    count = len(readings)
    mean_at = sum(at for at, _ in readings) / count
    mean = sum(value for _, value in readings) / count
    spread = sum((at - mean_at) ** 2 for at, _ in readings)
    if count < FEWEST or spread == 0:
        return Trend(mean, 0.0, 0.0)
    slope = sum((at - mean_at) * (value - mean) for at, value in readings) / spread
    left = sum((value - mean - slope * (at - mean_at)) ** 2 for at, value in readings)
    error = sqrt(left / (count - 2) / spread)
    return Trend(mean, slope * HOUR_S, error * HOUR_S)
