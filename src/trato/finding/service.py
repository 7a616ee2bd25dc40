"""Answers what somebody types: what it means, what is found of each kind, and how it is shown."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import find_words
from trato.finding import asking, showing
from trato.finding.asking import Understood
from trato.finding.marks import Kind, Sight
from trato.finding.mending import Mender
from trato.kit import paging

ORDER: Final = (Kind.CONTACT, Kind.CASE, Kind.MESSAGE, Kind.ARTICLE)
_BIGGEST: Final = 2**63 - 1
_UNREAD: Final = text("SELECT count(*) FROM finding_state WHERE read_all_at IS NOT NULL")


async def find(
    c: AsyncConnection,
    typed: str,
    *,
    mender: Mender,
    sight: Sight,
    kinds: Sequence[Kind] = ORDER,
    cursor: str | None = None,
    limit: int,
    language: str,
) -> dict[str, Any]:
    """Return what is found of each kind, at most `limit`; with a cursor, more of the one kind asked for.

    Raises `Invalid` for a cursor that is not ours.
    """
    (before,) = paging.decode(cursor, _place)
    understood = await asking.understand(c, find_words.question(typed), mender)
    groups = await _groups(c, understood, sight, kinds, before, limit, language)
    return {
        "groups": groups,
        "replaced": [{"typed": typed, "word": word} for typed, word in understood.replaced],
        "meant": [{"typed": typed, "word": word} for typed, word in understood.meant],
        "complete": await c.scalar(_UNREAD) == len(Kind),
    }


async def _groups(
    c: AsyncConnection,
    understood: Understood,
    sight: Sight,
    kinds: Sequence[Kind],
    before: int | None,
    limit: int,
    language: str,
) -> list[dict[str, Any]]:
    places = await asking.prepare(c)
    groups = []
    for kind in kinds:
        found = await asking.hits(
            c,
            understood,
            kind,
            sight,
            places=places.get(kind, (0, 0)),
            before=before,
            limit=limit + 1,
        )
        ids = [hit.ref for hit in found[:limit]]
        if kind is Kind.CASE and kind in sight.kinds and before is None and understood.number is not None:
            ids = await _exact_first(c, understood.number, ids)
        more = paging.encode(found[limit - 1].place) if len(found) > limit else None
        items = await showing.show(c, kind, ids, understood, language)
        groups.append({"kind": kind.label, "items": items, "next_cursor": more})
    return groups


async def _exact_first(c: AsyncConnection, number: int, ids: list[Any]) -> list[Any]:
    """Put the case of this very number first."""
    exact = await showing.numbered(c, number)
    return ids if exact is None else [exact, *(one for one in ids if one != exact)]


def _place(said: str) -> int:
    found = int(said) if len(said) <= len(str(_BIGGEST)) else _BIGGEST
    if not -_BIGGEST < found < _BIGGEST:
        raise ValueError(said)
    return found
