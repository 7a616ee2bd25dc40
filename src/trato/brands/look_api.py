"""How a brand looks, over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.brands import look_schemas, looks
from trato.brands.api import OrganisationReader, OrganisationWriter
from trato.db.edge import Read, Tx
from trato.live.versions import Expected

router = APIRouter(tags=["organisation"])


@router.get("/brands/{brand_id}/look", response_model=look_schemas.LookView)
async def get_look(_: OrganisationReader, c: Read, brand_id: UUID) -> Any:
    """Return how a brand looks on its widget and its help centre."""
    return await looks.get(c, brand_id)


@router.patch("/brands/{brand_id}/look", response_model=look_schemas.LookView)
async def change_look(
    caller: OrganisationWriter, c: Tx, brand_id: UUID, body: look_schemas.LookChange, expected: Expected
) -> Any:
    """Change how a brand looks; what is left out stays. Its pages show it at their next load."""
    values = {
        name: getattr(body, name) for name in body.model_fields_set
    }  # a picture as bytes, not as Base64
    found = await looks.change(c, brand_id, values, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "look.changed", str(brand_id), fields, caller.ip)
    return found
