"""How a brand's help centre looks: its title, its colour, the way back to the brand's own site."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.kit.errors import NotFound
from trato.knowledge.tables import help_centre
from trato.live import versions


async def get(c: AsyncConnection, brand_id: UUID | None = None) -> dict[str, Any]:
    """Return the face of a brand's help centre, the first brand's without one; raises `NotFound`."""
    every = await brands.list_brands(c)
    brand = next((one for one in every if brand_id in (None, one["id"])), None)
    if brand is None:
        raise NotFound("There is no such brand.")
    row = (
        (await c.execute(select(help_centre).where(help_centre.c.brand_id == brand["id"]))).mappings().first()
    )
    usual: dict[str, Any] = {"titles": {}, "accent": None, "site_url": None, "owner_id": None, "version": 1}
    return {**usual, **(row or {}), "brand_id": brand["id"], "brand_name": brand["name"]}


async def change(
    c: AsyncConnection, brand_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change the face of a brand's help centre; what is left out stays. Raises `NotFound`, `Conflict`."""
    await get(c, brand_id)
    await versions.check(c, help_centre, brand_id, expected, action="help_centre.changed")
    kept = insert(help_centre).values(brand_id=brand_id, version=2, **values)
    await c.execute(
        kept.on_conflict_do_update(
            index_elements=["brand_id"], set_={**values, "version": help_centre.c.version + 1}
        )
    )
    return await get(c, brand_id)
