"""What a phone menu or a bot says before anything else, so that nobody has to explain what we know."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.decide.incidents import text_in
from trato.incidents import queries
from trato.kit.clock import now

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "ongoing": "Sabemos de este problema y trabajamos en él: {title}.",
        "maintenance": "En este momento hay un mantenimiento: {title}.",
        "planned": "Tenemos un mantenimiento previsto: {title}.",
    },
    "en": {
        "ongoing": "We know of this problem and are working on it: {title}.",
        "maintenance": "There is maintenance going on: {title}.",
        "planned": "There is maintenance planned: {title}.",
    },
    "pt": {
        "ongoing": "Sabemos deste problema e estamos trabalhando nele: {title}.",
        "maintenance": "Neste momento há uma manutenção: {title}.",
        "planned": "Temos uma manutenção prevista: {title}.",
    },
}


async def of(c: AsyncConnection, brand_id: UUID | None = None) -> dict[str, Any]:
    """Return what is said for a brand, the first one without a name, in each language.

    What was not written in a language is said in the brand's, else in the one it was written in.
    """
    every = await brands.list_brands(c)
    brand = next((one for one in every if brand_id in (None, one["id"])), None)
    if brand is None:
        return {"incident_ids": [], "texts": {}}
    known = await queries.told_of(c, brand["id"], now())
    texts = {
        language: " ".join(part for one in known for part in _said(one, language, brand["language"]))
        for language in _WORDS
    }
    return {"incident_ids": [one["id"] for one in known], "texts": texts if known else {}}


def _said(one: Mapping[str, Any], language: str, first: str) -> list[str]:
    which = one["phase"] if one["kind"] == "incident" or one["phase"] == "planned" else "maintenance"
    title = text_in(one["titles"], language, first).rstrip(".")
    news = latest(one, language, first)
    return [_WORDS[language][which].format(title=title), *([news] if news else [])]


def latest(one: Mapping[str, Any], language: str, first: str | None) -> str:
    """Return the last that was told of an incident, else what people notice of it."""
    for update in reversed(one["updates"]):
        if update["texts"]:
            return text_in(update["texts"], language, first)
    return text_in(one["noticed"], language, first)
