"""The settings as one file, over HTTP: for administrators, and for keys that may all of it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from trato.access.edge import Caller, require
from trato.access.problems import language_of
from trato.db.edge import Shared
from trato.setup import schemas, service, views

MEDIA_TYPE: Final = "application/yaml"  # RFC 9512
FILENAME: Final = "trato-settings.yaml"

router = APIRouter(prefix="/settings", tags=["administration"])

_PARTS: Final = (
    "organisation",
    "channels",
    "queues",
    "webhooks",
    "users",
    "automation",
    "articles",
    "incidents",
)
Reader = Annotated[Caller, require("administrator", *(f"{part}:read" for part in _PARTS))]
Writer = Annotated[Caller, require("administrator", *(f"{part}:write" for part in _PARTS))]


@router.get(
    "", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}
)
async def take_out(caller: Reader, shared: Shared) -> Response:
    """Return all that is set up as one file of YAML, the same for the same settings; it holds no secret."""
    found = await service.take_out(shared, caller)
    headers = {"Content-Disposition": f'attachment; filename="{FILENAME}"', "Cache-Control": "no-store"}
    return Response(found, media_type=MEDIA_TYPE, headers=headers)


@router.post("/import", response_model=schemas.PlanView)
async def bring_in(request: Request, caller: Writer, shared: Shared, body: schemas.ImportBody) -> Any:
    """Bring a file of settings in, all or nothing, or with `dry_run` say what it would change.

    Things are known again by their names: what is new is made, what differs is changed, nothing is taken away
    unless `remove` is asked for. The same file twice changes nothing the second time.
    """
    plan, made = await service.bring_in(
        shared,
        caller,
        body.text,
        dry_run=body.dry_run,
        remove=body.remove,
        expected=body.expected,
    )
    return views.of(plan, language_of(request), applied=not body.dry_run, made=made)
