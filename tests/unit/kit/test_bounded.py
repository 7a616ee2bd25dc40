"""What somebody sends is read whole, or not at all when it is more than was said."""

from collections.abc import AsyncIterator

import pytest

from trato.kit import bounded


@pytest.mark.parametrize(
    ("most", "expected", "taken"), [(6, b"abcdef", 3), (7, b"abcdef", 3), (5, None, 3), (3, None, 2)]
)
async def test_all_of_it_or_nothing(most: int, expected: bytes | None, taken: int) -> None:
    given: list[bytes] = []

    async def parts() -> AsyncIterator[bytes]:
        for part in (b"ab", b"cd", b"ef"):
            given.append(part)
            yield part

    assert await bounded.whole(parts(), most) == expected
    assert len(given) == taken
