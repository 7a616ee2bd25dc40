"""What customers tried alone, for who helps them: the desk, and a bot by its key."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Read
from trato.trail import schemas, service

router = APIRouter(tags=["conversations"])

Reader = Annotated[Caller, require("agent", "conversations:read")]


@router.get("/conversations/{conversation_id}/trail", response_model=schemas.TrailPage)
async def trail(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """List what the customer searched, read and said of it alone; empty unless they agreed to share it."""
    return {"items": await service.of_conversation(c, conversation_id)}
