"""Tags and dispositions over HTTP: lists kept by supervisors, tags given by everybody who works here."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.conversations import label_schemas as schemas
from trato.conversations import labels
from trato.db.edge import Read, Tx
from trato.live.versions import Expected

router = APIRouter(tags=["conversations"])

ListReader = Annotated[Caller, require("agent", "automation:read")]
ListWriter = Annotated[Caller, require("supervisor", "automation:write")]
Reader = Annotated[Caller, require("agent", "conversations:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]
CaseReader = Annotated[Caller, require("agent", "cases:read")]
CaseWriter = Annotated[Caller, require("agent", "cases:write")]


@router.get("/tags", response_model=schemas.TagPage)
async def tags(_: ListReader, c: Read) -> Any:
    """List the tags that may be given, by name."""
    return {"items": await labels.every_tag(c)}


@router.post("/tags", response_model=schemas.TagView, status_code=201)
async def create_tag(caller: ListWriter, c: Tx, body: schemas.TagBody) -> Any:
    """Add a tag."""
    found = await labels.create_tag(c, body.name)
    await audit.record(c, caller.actor, "tag.created", str(found["id"]), {"name": body.name}, caller.ip)
    return found


@router.patch("/tags/{tag_id}", response_model=schemas.TagView)
async def rename_tag(
    caller: ListWriter, c: Tx, tag_id: UUID, body: schemas.TagBody, expected: Expected
) -> Any:
    """Give a tag another name, wherever it hangs."""
    found = await labels.rename_tag(c, tag_id, body.name, expected=expected)
    await audit.record(c, caller.actor, "tag.changed", str(tag_id), {"name": body.name}, caller.ip)
    return found


@router.delete("/tags/{tag_id}", status_code=204)
async def remove_tag(caller: ListWriter, c: Tx, tag_id: UUID) -> None:
    """Take a tag out of use; what has it keeps it."""
    await labels.remove_tag(c, tag_id)
    await audit.record(c, caller.actor, "tag.removed", str(tag_id), ip=caller.ip)


@router.get("/conversations/{conversation_id}/tags", response_model=schemas.TaggedPage)
async def conversation_tags(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """List the tags of a conversation."""
    return {"items": await labels.tags_of(c, "conversation", conversation_id)}


@router.put("/conversations/{conversation_id}/tags/{tag_id}", response_model=schemas.Tagged)
async def tag_conversation(caller: Writer, c: Tx, conversation_id: UUID, tag_id: UUID) -> Any:
    """Hang a tag on a conversation; one that hangs there stays."""
    return await labels.give(c, "conversation", conversation_id, tag_id, actor=caller.actor)


@router.delete("/conversations/{conversation_id}/tags/{tag_id}", response_model=schemas.Tagged)
async def untag_conversation(caller: Writer, c: Tx, conversation_id: UUID, tag_id: UUID) -> Any:
    """Take a tag off a conversation."""
    return await labels.take(c, "conversation", conversation_id, tag_id, actor=caller.actor)


@router.get("/cases/{case_id}/tags", response_model=schemas.TaggedPage)
async def case_tags(_: CaseReader, c: Read, case_id: UUID) -> Any:
    """List the tags of a case."""
    return {"items": await labels.tags_of(c, "case", case_id)}


@router.put("/cases/{case_id}/tags/{tag_id}", response_model=schemas.Tagged)
async def tag_case(caller: CaseWriter, c: Tx, case_id: UUID, tag_id: UUID) -> Any:
    """Hang a tag on a case; one that hangs there stays."""
    return await labels.give(c, "case", case_id, tag_id, actor=caller.actor)


@router.delete("/cases/{case_id}/tags/{tag_id}", response_model=schemas.Tagged)
async def untag_case(caller: CaseWriter, c: Tx, case_id: UUID, tag_id: UUID) -> Any:
    """Take a tag off a case."""
    return await labels.take(c, "case", case_id, tag_id, actor=caller.actor)


@router.get("/dispositions", response_model=schemas.DispositionPage)
async def dispositions(_: ListReader, c: Read) -> Any:
    """List the ways in which work may end, those out of use too."""
    return {"items": await labels.dispositions(c)}


@router.post("/dispositions", response_model=schemas.DispositionView, status_code=201)
async def create_disposition(caller: ListWriter, c: Tx, body: schemas.DispositionBody) -> Any:
    """Add a disposition. Once there is one in use, work ends only with one of the list, or with none."""
    found = await labels.create_disposition(c, body.model_dump())
    await audit.record(
        c, caller.actor, "disposition.created", str(found["id"]), {"code": body.code}, caller.ip
    )
    return found


@router.patch("/dispositions/{disposition_id}", response_model=schemas.DispositionView)
async def change_disposition(
    caller: ListWriter, c: Tx, disposition_id: UUID, body: schemas.DispositionChange, expected: Expected
) -> Any:
    """Change a disposition; its code stays, as what has ended keeps it."""
    changes = body.model_dump(exclude_unset=True)
    found = await labels.change_disposition(c, disposition_id, changes, expected=expected)
    await audit.record(
        c,
        caller.actor,
        "disposition.changed",
        str(disposition_id),
        {"fields": sorted(changes)},
        caller.ip,
    )
    return found
