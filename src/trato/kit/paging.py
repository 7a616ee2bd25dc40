"""Pages of lists: an opaque cursor says behind what the next page begins; one shape for every list."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from trato.kit.errors import Invalid

Item = TypeVar("Item")

PAGE: Final = 50
PAGE_MAX: Final = 200

# As parameters of a route they are read from its query.
Cursor = Annotated[str | None, Field(max_length=1_200, description="`next_cursor` of the page before")]
Limit = Annotated[int, Field(ge=1, le=PAGE_MAX, description="how many at most")]


class Page(BaseModel, Generic[Item]):
    """Some of a list; `next_cursor` leads to the next page and is null on the last."""

    items: list[Item]
    next_cursor: str | None = None


def encode(*places: object) -> str:
    """Return the cursor of a row that these values place in its list."""
    said = [place.isoformat() if isinstance(place, datetime) else str(place) for place in places]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def decode(cursor: str | None, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """Return the values in a cursor, of these kinds; as many None without one.

    Raises `Invalid` for a cursor that `encode` never made.
    """
    if not cursor:
        return (None,) * len(kinds)
    try:
        places = json.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
        return tuple(kind(str(place)) for kind, place in zip(kinds, places, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid(
            "That cursor is not one of ours.", field="cursor", todo="Start without a cursor."
        ) from error


def moment(said: str) -> datetime:
    """Return an instant as a cursor holds it; raises ValueError for one without a time zone."""
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError(said)
    return found


def number(said: str) -> int:
    """Return a whole number that a database's bigint can hold; raises ValueError."""
    found = int(said) if said.isascii() and said.isdecimal() and len(said) <= len(str(2**63)) else -1
    if not 0 <= found < 2**63:
        raise ValueError(said)
    return found


def page(rows: Sequence[Any], limit: int, place: Callable[[Any], tuple[object, ...]]) -> dict[str, Any]:
    """Return a page of rows that were asked for with `limit + 1`; `place` says where a row stands."""
    items = list(rows[:limit])
    return {"items": items, "next_cursor": encode(*place(items[-1])) if len(rows) > limit else None}


def row_id(said: str) -> UUID:
    """Return an id as a cursor holds it; raises ValueError."""
    return UUID(said)
