"""Cards over HTTP: shown beside a conversation, their actions pressed, their sources registered."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from trato.access import audit
from trato.access.edge import Caller, require
from trato.cards import schemas, service, sources
from trato.cards.asking import EXTRA
from trato.db.edge import Read, Services, Shared, Tx
from trato.live.versions import Expected

router = APIRouter(tags=["cards"])

Reader = Annotated[Caller, require("administrator", "organisation:read")]
Administrator = Annotated[Caller, require("administrator", "organisation:write")]
# What a card says is of the contact.
Looker = Annotated[Caller, require("agent", "conversations:read", "contacts:read")]
Presser = Annotated[Caller, require("agent", "conversations:write", "contacts:read")]
Source = Annotated[Caller, require("agent", "contacts:write")]


@router.get("/card-sources", response_model=schemas.CardSourcePage)
async def every(_: Reader, c: Read) -> Any:
    """List the sources of cards in their order."""
    return {"items": await sources.every(c)}


@router.post("/card-sources", response_model=schemas.MadeSource, status_code=201)
async def make(caller: Administrator, c: Tx, shared: Shared, body: schemas.SourceBody) -> Any:
    """Register a source of cards. The secret is shown this once.

    Requests and answers are signed as Standard Webhooks has it, shaped by docs/reference/cards.schema.json.
    """
    source, secret = await sources.make(c, shared.secrets, body.model_dump())
    data = {"source": body.key, "url": body.url, "sends": body.sends}
    await audit.record(c, caller.actor, "card_source.created", str(source["id"]), data, caller.ip)
    return {"source": source, "secret": secret}


@router.patch("/card-sources/{key}", response_model=schemas.CardSourceView)
async def change(
    caller: Administrator, c: Tx, shared: Shared, key: str, body: schemas.SourceChange, expected: Expected
) -> Any:
    """Change a source, or have it asked no more (`active`); what is left out stays."""
    changes = body.model_dump(exclude_unset=True)
    source = await sources.change(c, key, changes, expected=expected)
    data = {"source": key, **body.model_dump(mode="json", exclude_unset=True)}
    await audit.record(c, caller.actor, "card_source.changed", str(source["id"]), data, caller.ip)
    _forget(shared, source["id"])
    return source


@router.post("/card-sources/{key}/secret", response_model=schemas.MadeSource)
async def new_secret(caller: Administrator, c: Tx, shared: Shared, key: str) -> Any:
    """Give a source another secret, shown this once; the one before is worth nothing from now on."""
    source, secret = await sources.new_secret(c, shared.secrets, key)
    data = {"source": key}
    await audit.record(c, caller.actor, "card_source.secret_changed", str(source["id"]), data, caller.ip)
    _forget(shared, source["id"])
    return {"source": source, "secret": secret}


@router.delete("/card-sources/{key}", status_code=204)
async def remove(caller: Administrator, c: Tx, key: str) -> None:
    """Remove a source for good, with what it answered."""
    source = await sources.remove(c, key)
    data = {"source": key}
    await audit.record(c, caller.actor, "card_source.removed", str(source["id"]), data, caller.ip)


@router.post("/card-sources/{key}/changed", status_code=204)
async def changed(caller: Source, c: Tx, key: str, body: schemas.ChangedBody) -> Response:
    """Say that a source has something new of somebody: desks that show them ask again."""
    await service.changed(c, key, body.kind, body.value, actor=caller.actor)
    return Response(status_code=204)


@router.get("/conversations/{conversation_id}/cards", response_model=schemas.CardPlaces)
async def beside(_: Looker, shared: Shared, conversation_id: UUID) -> Any:
    """List the sources that can say something of a conversation's contact; none of them is asked yet."""
    return {"items": await service.beside(shared, conversation_id)}


@router.post("/conversations/{conversation_id}/cards/{key}", response_model=schemas.CardView)
async def ask(caller: Looker, shared: Shared, conversation_id: UUID, key: str, body: schemas.AskBody) -> Any:
    """Ask a source for its card, at most 3 s; what it answered within the last minute serves again."""
    return await service.ask(shared, conversation_id, key, language=caller.language, again=body.again)


@router.post(
    "/conversations/{conversation_id}/cards/{key}/actions/{action}", response_model=schemas.PressedView
)
async def press(
    caller: Presser, shared: Shared, conversation_id: UUID, key: str, action: str, body: schemas.PressBody
) -> Any:
    """Have a source do what an action of the card says, once whoever pressed it has confirmed it."""
    return await service.press(
        shared,
        conversation_id,
        key,
        action,
        press_id=body.press_id,
        actor=caller.actor,
        ip=caller.ip,
        language=caller.language,
    )


def _forget(shared: Services, source_id: UUID) -> None:
    shared.extras[EXTRA].forget(source_id)
