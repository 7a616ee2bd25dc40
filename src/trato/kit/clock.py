"""The only reader of the wall clock; decisions take time as an argument."""

from datetime import UTC, datetime, timedelta
from typing import Final

# What is dated later than this from now was written before a clock was set back. Less is only two processes,
# or two machines, that look at their clocks one after the other.
APART: Final = timedelta(minutes=1)


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)
