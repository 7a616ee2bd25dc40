"""Sections and the face of the help centre over HTTP."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.db.edge import Read, Services, Shared, Tx
from trato.kit.paging import Page
from trato.knowledge import help_centres, schemas, sections
from trato.knowledge.rights import Editor, Reader
from trato.live.versions import Expected

router = APIRouter(tags=["articles"])


@router.get("/sections", response_model=Page[schemas.SectionView])
async def every(_: Reader, c: Read) -> Any:
    """List the sections of the help centre in their order."""
    return {"items": await sections.every(c)}


@router.post("/sections", response_model=schemas.SectionView, status_code=201)
async def create(caller: Editor, c: Tx, body: schemas.SectionBody) -> Any:
    """Add a section."""
    found = await sections.create(c, body.model_dump())
    await audit.record(
        c, caller.actor, "section.created", str(found["id"]), {"slug": found["slug"]}, caller.ip
    )
    return found


@router.patch("/sections/{section_id}", response_model=schemas.SectionView)
async def change(
    caller: Editor, c: Tx, section_id: UUID, body: schemas.SectionChange, expected: Expected
) -> Any:
    """Change a section; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    found = await sections.change(c, section_id, values, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "section.changed", str(section_id), fields, caller.ip)
    return found


@router.delete("/sections/{section_id}", status_code=204)
async def remove(caller: Editor, c: Tx, section_id: UUID) -> None:
    """Remove a section that has no articles."""
    await sections.remove(c, section_id)
    await audit.record(c, caller.actor, "section.removed", str(section_id), ip=caller.ip)


@router.get("/help-centres/{brand_id}", response_model=schemas.HelpCentreView)
async def face(_: Reader, c: Read, shared: Shared, brand_id: UUID) -> Any:
    """Return how a brand's help centre looks, and where it is."""
    return _placed(shared, await help_centres.get(c, brand_id))


@router.patch("/help-centres/{brand_id}", response_model=schemas.HelpCentreView)
async def change_face(
    caller: Editor, c: Tx, shared: Shared, brand_id: UUID, body: schemas.HelpCentreChange, expected: Expected
) -> Any:
    """Change how a brand's help centre looks; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    found = await help_centres.change(c, brand_id, values, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "help_centre.changed", str(brand_id), fields, caller.ip)
    return _placed(shared, found)


def _placed(shared: Services, found: Mapping[str, Any]) -> dict[str, Any]:
    return {**found, "url": help_centres.url_of(shared.public.url, found)}
