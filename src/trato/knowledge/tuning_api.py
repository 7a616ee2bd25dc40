"""Over HTTP: words that mean the same, and how sure the search is before it answers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.db.edge import Read, Shared, Tx
from trato.kit.paging import Page
from trato.knowledge import gate, synonyms, tuning, tuning_schemas
from trato.knowledge.rights import Editor, Reader
from trato.knowledge.schemas import Language
from trato.live.versions import Expected

router = APIRouter(tags=["articles"])


@router.get("/synonyms", response_model=Page[tuning_schemas.SynonymView])
async def every(_: Reader, c: Read, language: Language | None = None) -> Any:
    """List the groups of words that mean the same, by their first word; there are 500 at most."""
    return {"items": await synonyms.every(c, language)}


@router.post("/synonyms", response_model=tuning_schemas.SynonymView, status_code=201)
async def add(caller: Editor, c: Tx, body: tuning_schemas.SynonymBody) -> Any:
    """Keep words that mean the same; the search takes them so within a second."""
    found = await synonyms.add(c, body.language, body.words, actor=caller.actor)
    await audit.record(
        c, caller.actor, "synonyms.created", str(found["id"]), {"words": body.words}, caller.ip
    )
    return found


@router.patch("/synonyms/{group_id}", response_model=tuning_schemas.SynonymView)
async def change(
    caller: Editor, c: Tx, group_id: UUID, body: tuning_schemas.SynonymChange, expected: Expected
) -> Any:
    """Change a group; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    found = await synonyms.change(c, group_id, values, actor=caller.actor, expected=expected)
    await audit.record(c, caller.actor, "synonyms.changed", str(group_id), values, caller.ip)
    return found


@router.delete("/synonyms/{group_id}", status_code=204)
async def remove(caller: Editor, c: Tx, group_id: UUID) -> None:
    """Take a group away."""
    await synonyms.remove(c, group_id)
    await audit.record(c, caller.actor, "synonyms.removed", str(group_id), ip=caller.ip)


@router.get("/answers/curve", response_model=tuning_schemas.CurveView)
async def curve(_: Reader, c: Read, shared: Shared) -> Any:
    """Return what each threshold gives on the questions that were judged here, and how few they are."""
    kept = await gate.kept_gate(c)
    base, origin = tuning.serving_gate(shared, kept)
    return {
        **await gate.curve(c, base),
        "gate": origin,
        "learned_from": kept.samples if kept else None,
        "learned_at": kept.made_at if kept else None,
        "precision_wanted": kept.precision if kept else None,
    }


@router.post("/answers/calibrate", response_model=tuning_schemas.CurveView)
async def calibrate(caller: Editor, c: Tx, shared: Shared, body: tuning_schemas.CalibrateBody) -> Any:
    """Learn from what was judged here when to answer; nothing changes where that is too little."""
    base, _ = tuning.serving_gate(shared, None)  # not the one learned before: it would be learned twice
    learned = await gate.calibrate(c, base, body.precision, actor=caller.actor)
    data = {"samples": learned.samples, "threshold": learned.gate.threshold}
    await audit.record(c, caller.actor, "answers.calibrated", "", data, caller.ip)
    return await curve(caller, c, shared)
