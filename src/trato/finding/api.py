"""The search over everything, over HTTP: asked anew with each letter."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.db.edge import Read, Services, Shared
from trato.finding import schemas, service, similar
from trato.finding.marks import Kind, Sight
from trato.finding.mending import EXTRA, Mender
from trato.kit.paging import Cursor

router = APIRouter(tags=["search"])

Reader = Annotated[
    Caller, require("agent", "contacts:read", "cases:read", "conversations:read", "articles:read")
]
CaseReader = Annotated[Caller, require("agent", "cases:read")]
LONGEST = 10_000  # letters that are taken; of these the first are read
EACH = 5


def sight_of(caller: Caller) -> Sight:
    """Return what somebody may see, as in the lists: who serves customers may see every conversation.

    It is asked of the index with the words, so that a narrower rule leaves out before anything is found.
    """
    del caller  # every role of the desk sees the same: `conversations.queries` knows no narrower list
    return Sight(frozenset(Kind), internal=True)


@router.get("/search", response_model=schemas.SearchView)
async def search(
    caller: Reader,
    c: Read,
    shared: Shared,
    q: Annotated[str, Query(max_length=LONGEST, description="what was typed so far")] = "",
    kind: Annotated[schemas.KindName | None, Query(description="this kind alone")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50, description="of each kind at most")] = EACH,
) -> Any:
    """Find people, cases, messages and articles by words, numbers, telephones and addresses.

    The last word may be unfinished. Accents and slips are forgiven; numbers are found in any spelling. Of
    each kind the newest come first; a cursor goes on with the kind that it came with.
    """
    return await service.find(
        c,
        q,
        mender=mender_of(shared),
        sight=sight_of(caller),
        kinds=service.ORDER if kind is None else [Kind[kind.upper()]],
        cursor=cursor if kind is not None else None,
        limit=limit,
        language=caller.language,
    )


@router.get("/cases/{case_id}/similar", response_model=schemas.SimilarCases)
async def similar_cases(_: CaseReader, c: Read, case_id: UUID) -> Any:
    """Return cases that are like one, whoever they are of: what helped there may help here."""
    return {"items": await similar.similar(c, case_id)}


def mender_of(shared: Services) -> Mender:
    """Return this process's knowledge of words."""
    found: Mender = shared.extras.setdefault(EXTRA, Mender(shared.db))
    return found
