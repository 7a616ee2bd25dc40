"""Tasks of cases and what happened to them, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.conversations import (
    case_merges,
    case_moves,
    case_schemas,
    cases,
    doors,
    follow_ups,
    gestures,
    progress,
)
from trato.conversations.case_tables import door, task
from trato.db.edge import Moment, Read, Tx
from trato.kit.paging import PAGE, Cursor, Limit
from trato.live import versions
from trato.live.versions import Expected

router = APIRouter(tags=["cases"])

Reader = Annotated[Caller, require("agent", "cases:read")]
# What carries the people beside the cases.
ReaderOfAll = Annotated[Caller, require("agent", "cases:read", "contacts:read")]
Writer = Annotated[Caller, require("agent", "cases:write")]

ConversationReader = Annotated[Caller, require("agent", "conversations:read", "cases:read")]
Administrator = Annotated[Caller, require("administrator", "organisation:write")]

LATEST_MOVES = 20


@router.get("/tasks", response_model=case_schemas.TaskPage)
async def list_tasks(
    caller: ReaderOfAll,
    c: Moment,
    whose: follow_ups.Whose = "mine",
    which: follow_ups.Which = "open",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Any:
    """Return tasks: what is open by its date, the earliest first; what is finished newest first."""
    return await follow_ups.page(
        c, agent_id=caller.agent_id, whose=whose, which=which, cursor=cursor, limit=limit
    )


@router.post("/cases/{case_id}/tasks", response_model=case_schemas.TaskView, status_code=201)
async def add_task(caller: Writer, c: Tx, case_id: UUID, body: case_schemas.TaskBody) -> Any:
    """Note something to do about a case."""
    return await follow_ups.add(c, case_id, **body.model_dump(), actor=caller.actor, by=caller.agent_id)


@router.patch("/tasks/{task_id}", response_model=case_schemas.TaskView)
async def change_task(
    caller: Writer, c: Tx, task_id: UUID, body: case_schemas.TaskChange, expected: Expected
) -> Any:
    """Change a task, put it off, finish it; to finish a reminder keeps its promise or does its step."""
    await follow_ups.hold(c, task_id)
    await versions.check(c, task, task_id, expected, action="task.changed")
    changes = body.model_dump(exclude_unset=True)
    return await follow_ups.change(c, task_id, changes, actor=caller.actor, by=caller.agent_id)


@router.get("/cases/{case_id}/moves", response_model=case_schemas.MovePage)
async def list_moves(_: Reader, c: Read, case_id: UUID, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return what happened to a case, newest first."""
    await cases.get_case(c, case_id)
    return await case_moves.page(c, case_id, cursor=cursor, limit=limit)


@router.get("/cases/{case_id}/motion", response_model=case_schemas.MotionView)
async def motion(_: Reader, c: Moment, case_id: UUID) -> Any:
    """Return what keeps a case in motion: its tasks, and the latest of what happened to it."""
    await cases.get_case(c, case_id)
    return {
        "tasks": await follow_ups.of_case(c, case_id),
        "related": await case_merges.related(c, case_id),
        "merges": await case_merges.merges_of(c, case_id),
        "gestures": await gestures.of_case(c, case_id),
        "touches": await progress.touches(c, case_id),
        "moves": (await case_moves.page(c, case_id, limit=LATEST_MOVES))["items"],
    }


@router.post("/cases/{case_id}/merge", response_model=case_schemas.MergedView)
async def merge(caller: Writer, c: Tx, case_id: UUID, body: case_schemas.MergeBody) -> Any:
    """Make another case of the same contact part of this one; undone by POST /case-merges/{id}/undo."""
    return await case_merges.merge(c, case_id, body.other_id, actor=caller.actor, by=caller.agent_id)


@router.post("/cases/{case_id}/split", response_model=case_schemas.MergedView)
async def split(caller: Writer, c: Tx, case_id: UUID, body: case_schemas.SplitBody) -> Any:
    """Open a case of its own for a part of this one; undone by POST /case-merges/{id}/undo."""
    chosen = {
        "conversation": body.conversation_ids,
        "message": body.message_ids,
        "case_step": body.step_ids,
        "fact": body.fact_ids,
    }
    return await case_merges.split(
        c, case_id, title=body.title, chosen=chosen, actor=caller.actor, by=caller.agent_id
    )


@router.post("/case-merges/{merge_id}/undo", response_model=case_schemas.MergedView)
async def undo(caller: Writer, c: Tx, merge_id: UUID) -> Any:
    """Take a merge or a split of cases back."""
    return await case_merges.undo(c, merge_id, actor=caller.actor, by=caller.agent_id)


@router.put("/cases/{case_id}/related/{other_id}", response_model=case_schemas.RelatedPage)
async def relate(caller: Writer, c: Tx, case_id: UUID, other_id: UUID) -> Any:
    """Say that two cases have to do with one another."""
    by = caller.agent_id
    items = await case_merges.relate(c, case_id, other_id, linked=True, actor=caller.actor, by=by)
    return {"items": items, "next_cursor": None}


@router.delete("/cases/{case_id}/related/{other_id}", response_model=case_schemas.RelatedPage)
async def unrelate(caller: Writer, c: Tx, case_id: UUID, other_id: UUID) -> Any:
    """Say that two cases have nothing to do with one another."""
    by = caller.agent_id
    items = await case_merges.relate(c, case_id, other_id, linked=False, actor=caller.actor, by=by)
    return {"items": items, "next_cursor": None}


@router.get("/doors", response_model=case_schemas.DoorPage)
async def list_doors(_: Reader, c: Read) -> Any:
    """Return the things that have a named owner, by name."""
    return {"items": await doors.doors(c), "next_cursor": None}


@router.post("/doors", response_model=case_schemas.DoorView, status_code=201)
async def add_door(caller: Administrator, c: Tx, body: case_schemas.DoorBody) -> Any:
    """Name the owner of a thing, to whom contacts take what is unresolved."""
    return await doors.add(c, body.model_dump(), actor=caller.actor)


@router.patch("/doors/{door_id}", response_model=case_schemas.DoorView)
async def change_door(
    caller: Administrator, c: Tx, door_id: UUID, body: case_schemas.DoorChange, expected: Expected
) -> Any:
    """Change a thing or its owner; what is left out stays."""
    await versions.check(c, door, door_id, expected, action="door.changed")
    return await doors.change(c, door_id, body.model_dump(exclude_unset=True), actor=caller.actor)


@router.get("/conversations/{conversation_id}/progress", response_model=case_schemas.ProgressView)
async def progress_so_far(_: ConversationReader, c: Moment, conversation_id: UUID) -> Any:
    """Return what came of the work that goes on in a conversation, since it was accepted."""
    return await progress.so_far(c, conversation_id)
