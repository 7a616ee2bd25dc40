"""Contacts over HTTP: read, change, merge, and what they have told."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.contacts import checks, facts, service
from trato.contacts import merges as merging
from trato.contacts.schemas import (
    ContactBody,
    ContactChange,
    ContactPage,
    ContactView,
    FactBody,
    FactChange,
    FactPage,
    MergeBody,
    MergeDone,
    MergePage,
    MergeUndone,
    SuggestionPage,
)
from trato.contacts.tables import contact
from trato.db.edge import Read, Tx
from trato.kit.paging import PAGE, Cursor, Limit
from trato.live import versions
from trato.live.versions import Expected

router = APIRouter(tags=["contacts"])

Reader = Annotated[Caller, require("agent", "contacts:read")]
Writer = Annotated[Caller, require("agent", "contacts:write")]


@router.get("/contacts", response_model=ContactPage)
async def search_contacts(
    _: Reader,
    c: Read,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Any:
    """Return the contacts whose name or address holds the words, all without words; the newest first."""
    return await service.search(c, q, cursor=cursor, limit=limit)


@router.post("/contacts", response_model=ContactView, status_code=201)
async def create_contact(caller: Writer, c: Tx, body: ContactBody) -> Any:
    """Return the contact who owns an address; a new one when nobody does."""
    checks.check_address(body.kind, body.value)
    return await service.create_contact(c, **body.model_dump(), actor=caller.actor)


@router.get("/contacts/{contact_id}", response_model=ContactView)
async def get_contact(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return a contact."""
    return await service.get_contact(c, contact_id)


@router.patch("/contacts/{contact_id}", response_model=ContactView)
async def change_contact(
    caller: Writer, c: Tx, contact_id: UUID, body: ContactChange, expected: Expected
) -> Any:
    """Change what we know of a contact; what is left out stays."""
    checks.check_channel(body.preferred_channel)
    await versions.check(c, contact, contact_id, expected, action="contact.changed")
    changes = body.model_dump(exclude_unset=True)
    return await service.change_contact(c, contact_id, changes, actor=caller.actor, source="agent")


@router.get("/contacts/{contact_id}/merge-suggestions", response_model=SuggestionPage)
async def merge_suggestions(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return contacts who may be the same person, each with what speaks for it."""
    return {"items": await merging.merge_suggestions(c, contact_id)}


@router.get("/contacts/{contact_id}/merges", response_model=MergePage)
async def merges(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return the merges that made this contact and can be undone."""
    return {"items": await merging.merges_of(c, contact_id)}


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


@router.get("/contacts/{contact_id}/facts", response_model=FactPage)
async def list_facts(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return what a contact has told, newest first."""
    return {"items": (await service.get_contact(c, contact_id))["facts"]}


@router.post("/contacts/{contact_id}/facts", response_model=ContactView, status_code=201)
async def note_fact(caller: Writer, c: Tx, contact_id: UUID, body: FactBody) -> Any:
    """Note something that a contact has told; of one name the later and more certain saying stands."""
    told = facts.Told(**body.model_dump(), source="desk", noted_by=caller.actor)
    if not await facts.note(c, contact_id, told):
        return await service.get_contact(c, contact_id)
    return await service.tell(c, contact_id, caller.actor)


@router.patch("/contacts/{contact_id}/facts/{fact_id}", response_model=ContactView)
async def correct_fact(caller: Writer, c: Tx, contact_id: UUID, fact_id: UUID, body: FactChange) -> Any:
    """Set a fact right; what is left out stays."""
    changes = body.model_dump(exclude_none=True)
    await facts.correct(c, contact_id, fact_id, changes, by=caller.actor)
    return await service.tell(c, contact_id, caller.actor)


@router.delete("/contacts/{contact_id}/facts/{fact_id}", response_model=ContactView)
async def forget_fact(caller: Writer, c: Tx, contact_id: UUID, fact_id: UUID) -> Any:
    """Remove a fact."""
    await facts.forget(c, contact_id, fact_id)
    return await service.tell(c, contact_id, caller.actor)
