"""What of a brand can be affected: products, sites and channels, as customers call them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.incidents.tables import incident_service, service
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import versions


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all of them in their order."""
    query = select(service).order_by(service.c.position, service.c.created_at, service.c.id)
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get(c: AsyncConnection, service_id: UUID) -> dict[str, Any]:
    """Return one; raises `NotFound`."""
    row = (await c.execute(select(service).where(service.c.id == service_id))).mappings().first()
    if row is None:
        raise NotFound("There is no such service.")
    return dict(row)


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add one; raises `Invalid` for a brand that is not there."""
    await check_brand(c, values["brand_id"])
    row_id = new_id()
    await c.execute(insert(service).values(id=row_id, **values))
    return await get(c, row_id)


async def change(
    c: AsyncConnection, service_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change one; what is left out stays. Raises `NotFound`, `ChangedMeanwhile`."""
    await versions.check(c, service, service_id, expected, action="service.changed")
    await c.execute(
        update(service).where(service.c.id == service_id).values(**values, version=service.c.version + 1)
    )
    return await get(c, service_id)


async def remove(c: AsyncConnection, service_id: UUID) -> None:
    """Remove one that no incident has affected yet; raises `NotFound`, `Conflict`."""
    await get(c, service_id)
    used = select(func.count()).where(incident_service.c.service_id == service_id)
    if await c.scalar(used):
        raise Conflict("Incidents have affected this service.", todo="Put it out of use instead.")
    await c.execute(service.delete().where(service.c.id == service_id))


async def affect(c: AsyncConnection, incident_id: UUID, brand_id: UUID, service_ids: list[UUID]) -> None:
    """Say what an incident affects, in place of what was said before; raises `Invalid`."""
    wanted = list(dict.fromkeys(service_ids))
    query = select(func.count()).where(service.c.id.in_(wanted), service.c.brand_id == brand_id)
    if wanted and await c.scalar(query) != len(wanted):
        raise Invalid("One of the services is not of this brand.", field="service_ids")
    await c.execute(incident_service.delete().where(incident_service.c.incident_id == incident_id))
    for service_id in wanted:
        await c.execute(insert(incident_service).values(incident_id=incident_id, service_id=service_id))


async def check_brand(c: AsyncConnection, brand_id: UUID) -> None:
    """Raise `Invalid` unless there is such a brand."""
    if brand_id not in {one["id"] for one in await brands.list_brands(c)}:
        raise Invalid("There is no such brand.", field="brand_id")
