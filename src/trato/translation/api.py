"""Translations over HTTP: a person asks for one; nothing is translated, kept or sent by itself."""

import asyncio
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Shared
from trato.kit.errors import Conflict, Unavailable
from trato.kit.language import detect_language
from trato.kit.text import clean
from trato.kit.translator import EXTRA, Translator, TranslatorFailed, Why
from trato.translation import schemas

log = structlog.get_logger()

router = APIRouter(tags=["desk"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
_SENTENCES: Final[dict[Why, str]] = {
    "slow": "The translator did not answer in time.",
    "unreachable": "The translator cannot be reached.",
    "refused": "The translator refused this text.",
    "too_long": "The translation is too long.",
    "unreadable": "The translator's answer cannot be read.",
}


@router.get("/translator", response_model=schemas.TranslatorView)
async def translator(_: Reader, shared: Shared) -> Any:
    """Say whether a translator is configured."""
    return {"available": shared.extras.get(EXTRA) is not None}


@router.post("/translator/languages", response_model=schemas.LanguagesView)
async def languages(_: Reader, body: schemas.LanguagesBody) -> Any:
    """Say in which language each text is, found here and without asking anybody outside."""

    def read() -> list[str | None]:
        return [detect_language(text) for text in body.texts]

    return {"languages": await asyncio.to_thread(read)}


@router.post("/translations", response_model=schemas.TranslatedView)
async def translate(_: Reader, shared: Shared, body: schemas.TranslateBody) -> Any:
    """Return a text in another language, as the configured translator says it; it is kept nowhere.

    503 when the translator does not answer in time or cannot be understood; 409 when there is none.
    """
    found: Translator | None = shared.extras.get(EXTRA)
    if found is None:
        raise Conflict("No translator is configured.", todo="An administrator can set one.")
    try:  # no connection to the database is held here: it may take as long as the limit
        made = await found.translate(body.text, to=body.to, source=body.source)
    except TranslatorFailed as failed:
        log.warning("translator.failed", why=failed.why)
        raise Unavailable(_SENTENCES[failed.why], todo="Try again, or go on with the original.") from None
    return {"text": clean(made.text), "source": made.source, "to": body.to}
