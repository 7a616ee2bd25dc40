"""Contacts over HTTP: read, change, merge, block."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.contacts import merges as merging
from trato.contacts import service
from trato.contacts.schemas import (
    ContactBody,
    ContactChange,
    ContactView,
    MergeBody,
    MergeDone,
    MergeSuggestion,
    MergeUndone,
    MergeView,
)
from trato.db.edge import Read, Tx

router = APIRouter(tags=["contacts"])

Reader = Annotated[Caller, require("agent", "contacts:read")]
Writer = Annotated[Caller, require("agent", "contacts:write")]


@router.get("/contacts", response_model=list[ContactView])
async def search_contacts(_: Reader, c: Read, q: Annotated[str, Query(max_length=200)] = "") -> Any:
    """Return up to twenty contacts whose name or address holds the words."""
    return await service.search(c, q)


@router.post("/contacts", response_model=ContactView, status_code=201)
async def create_contact(caller: Writer, c: Tx, body: ContactBody) -> Any:
    """Return the contact who owns an address; a new one when nobody does."""
    return await service.create_contact(c, **body.model_dump(), actor=caller.actor)


@router.get("/contacts/{contact_id}", response_model=ContactView)
async def get_contact(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return a contact."""
    return await service.get_contact(c, contact_id)


@router.patch("/contacts/{contact_id}", response_model=ContactView)
async def change_contact(caller: Writer, c: Tx, contact_id: UUID, body: ContactChange) -> Any:
    """Change what we know of a contact; what is left out stays."""
    changes = body.model_dump(exclude_unset=True)
    return await service.change_contact(c, contact_id, changes, actor=caller.actor, source="agent")


@router.get("/contacts/{contact_id}/merge-suggestions", response_model=list[MergeSuggestion])
async def merge_suggestions(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return contacts who may be the same person, each with what speaks for it."""
    return await merging.merge_suggestions(c, contact_id)


@router.get("/contacts/{contact_id}/merges", response_model=list[MergeView])
async def merges(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return the merges that made this contact and can be undone."""
    return await merging.merges_of(c, contact_id)


@router.post("/contacts/{contact_id}/merge", response_model=MergeDone)
async def merge(caller: Writer, c: Tx, contact_id: UUID, body: MergeBody) -> Any:
    """Make another contact part of this one."""
    return await merging.merge(
        c, contact_id, body.other_id, body.evidence, actor=caller.actor, by=caller.user_id
    )


@router.post("/merges/{merge_id}/undo", response_model=MergeUndone)
async def undo_merge(caller: Writer, c: Tx, merge_id: UUID) -> Any:
    """Take a merge back."""
    return await merging.undo_merge(c, merge_id, actor=caller.actor)


@router.post("/contacts/{contact_id}/block", response_model=ContactView)
async def block(caller: Writer, c: Tx, contact_id: UUID) -> Any:
    """Block a sender: what they write is kept among spam."""
    return await service.set_blocked(c, contact_id, blocked=True, actor=caller.actor)


@router.delete("/contacts/{contact_id}/block", response_model=ContactView)
async def unblock(caller: Writer, c: Tx, contact_id: UUID) -> Any:
    """Undo the blocking of a sender."""
    return await service.set_blocked(c, contact_id, blocked=False, actor=caller.actor)
