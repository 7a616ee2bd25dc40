"""The help centre of each brand: where it is, its title, its colour, the way back to the brand's own site.

The first brand is at /help. Another is there once it has a name of its own (`host`), or at /help/{slug}.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, Invalid, NotFound
from trato.knowledge.tables import help_centre
from trato.live import versions

HELP: Final = "/help"
# What stands at /help/… itself; two letters are a language, today or one day.
RESERVED: Final = frozenset({"cases", "files", "feed", "help", "person", "search", "sections", "status"})

_EVERY: Final = text("""
    SELECT b.id AS brand_id, b.name AS brand_name, b.language, b.tone, coalesce(h.titles, '{}') AS titles,
           h.accent, h.site_url, h.owner_id, h.slug, h.host, coalesce(h.version, 1) AS version,
           row_number() OVER (ORDER BY b.created_at, b.id) = 1 AS is_first,
           l.accent AS brand_accent, l.accent_dark AS brand_accent_dark, l.logo_digest
    FROM brand b LEFT JOIN help_centre h ON h.brand_id = b.id LEFT JOIN brand_look l ON l.brand_id = b.id
    ORDER BY b.created_at, b.id
""")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the help centre of each brand, the oldest brand first."""
    return [dict(row) for row in (await c.execute(_EVERY)).mappings()]


async def get(c: AsyncConnection, brand_id: UUID | None = None) -> dict[str, Any]:
    """Return the help centre of a brand, the first brand's without one; raises `NotFound`."""
    found = next((one for one in await every(c) if brand_id in (None, one["brand_id"])), None)
    if found is None:
        raise NotFound("There is no such brand.")
    return found


async def of_path(c: AsyncConnection, path: str) -> Mapping[str, Any]:
    """Return the help centre in which a page of ours is; raises `NotFound` before there is a brand."""
    rows = await every(c)
    first = path.removeprefix(f"{HELP}/").partition("/")[0]
    return next((one for one in rows if one["slug"] == first), None) or await get(c)


async def home(c: AsyncConnection, public_url: str, brand_id: UUID) -> str:
    """Return where readers find a brand's help centre; the first brand's for one that has no place."""
    rows = await every(c)
    own = next((url_of(public_url, one) for one in rows if one["brand_id"] == brand_id), None)
    return own or public_url.rstrip("/") + HELP


def url_of(public_url: str, row: Mapping[str, Any]) -> str | None:
    """Return the address of a help centre as the world knows it, None while it has no place."""
    own = public_url.rstrip("/")
    if row["host"]:
        return f"{urlsplit(own).scheme}://{row['host']}{HELP}"
    if row["is_first"]:
        return own + HELP
    return f"{own}{HELP}/{row['slug']}" if row["slug"] else None


def asked(rows: Sequence[Mapping[str, Any]], slug: str | None, host: str) -> Mapping[str, Any] | None:
    """Return the help centre that a request came to: by its path, else by the name asked, else the first."""
    if slug is not None:
        return next((one for one in rows if one["slug"] == slug), None)
    own = next((one for one in rows if one["host"] == host.lower()), None)
    return own or next(iter(rows), None)


async def change(
    c: AsyncConnection, brand_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a brand's help centre; what is left out stays. Raises `NotFound`, `Conflict`, `Invalid`."""
    await get(c, brand_id)
    await versions.check(c, help_centre, brand_id, expected, action="help_centre.changed")
    if values.get("slug") in RESERVED:
        raise Invalid("This address is one of ours.", field="slug", todo="Choose another.")
    kept = insert(help_centre).values(brand_id=brand_id, version=2, **values)
    changed = kept.on_conflict_do_update(
        index_elements=["brand_id"], set_={**values, "version": help_centre.c.version + 1}
    )
    try:
        async with c.begin_nested():
            await c.execute(changed)
    except IntegrityError as error:
        raise Conflict("Another brand has this address.", todo="Choose another.") from error
    return await get(c, brand_id)
