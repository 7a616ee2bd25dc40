"""The page behind a preference link: no sign-in, no JavaScript, nothing on it but the preference itself."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller, public, require
from trato.brands import service as brands
from trato.contacts import service as contacts
from trato.db.edge import Read, Shared
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.portal import edge, link_pages, preference, service
from trato.portal.schemas import LinkView

WHERE = "page"  # the channel on which this was said

pages = APIRouter(include_in_schema=False)
router = APIRouter(tags=["contacts"])

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "title": "Cómo prefiere que le atendamos",
        "intro": "Lo que elija vale en todos nuestros canales, y puede cambiarlo cuando quiera.",
        "prefers": "Cuando necesite algo",
        "alone": "Resolverlo por mi cuenta, con ayuda a mano",
        "person": "Hablar con una persona",
        "unknown": "Me da igual",
        "channel": "Por dónde",
        "any_channel": "Por donde yo escriba",
        "tone": "Trato",
        "any_tone": "Como acostumbren",
        "tu": "De tú",
        "vos": "De vos",
        "usted": "De usted",
        "save": "Guardar",
        "saved": "Guardado. Así le atenderemos desde ahora.",
        "gone": "Este enlace ya no sirve",
        "gone_hint": "Escríbanos y le enviamos uno nuevo.",
    },
    "en": {
        "title": "How you would like to be helped",
        "intro": "What you choose holds on all our channels, and you can change it at any time.",
        "prefers": "When you need something",
        "alone": "Solve it by myself, with help at hand",
        "person": "Talk to a person",
        "unknown": "Either is fine",
        "channel": "Where",
        "any_channel": "Wherever I write",
        "tone": "In Spanish, address me",
        "any_tone": "As you usually do",
        "tu": "As tú",
        "vos": "As vos",
        "usted": "As usted",
        "save": "Save",
        "saved": "Saved. This is how we will help you from now on.",
        "gone": "This link no longer works",
        "gone_hint": "Write to us, and we send you a new one.",
    },
    "pt": {
        "title": "Como você prefere ser atendido",
        "intro": "O que você escolher vale em todos os nossos canais, e pode ser mudado quando quiser.",
        "prefers": "Quando precisar de algo",
        "alone": "Resolver por conta própria, com ajuda por perto",
        "person": "Falar com uma pessoa",
        "unknown": "Tanto faz",
        "channel": "Por onde",
        "any_channel": "Por onde eu escrever",
        "tone": "Em espanhol, me tratem",
        "any_tone": "Como costumam",
        "tu": "Por tú",
        "vos": "Por vos",
        "usted": "Por usted",
        "save": "Salvar",
        "saved": "Salvo. É assim que vamos atender você a partir de agora.",
        "gone": "Este link não vale mais",
        "gone_hint": "Escreva para nós e enviamos um novo.",
    },
}
_TU = {
    "title": "Cómo prefieres que te atendamos",
    "intro": "Lo que elijas vale en todos nuestros canales, y puedes cambiarlo cuando quieras.",
    "prefers": "Cuando necesites algo",
    "saved": "Guardado. Así te atenderemos desde ahora.",
}
_SPANISH = _WORDS["es"]
_TONES: Mapping[str, Mapping[str, str]] = {
    "usted": _SPANISH,
    "tu": {**_SPANISH, **_TU},
    "vos": {
        **_SPANISH,
        **_TU,
        "title": "Cómo preferís que te atendamos",
        "intro": "Lo que elijas vale en todos nuestros canales, y podés cambiarlo cuando quieras.",
    },
}


@router.post("/contacts/{contact_id}/preference-link", response_model=LinkView)
async def preference_link(
    _: Annotated[Caller, require("agent", "contacts:write")], c: Read, shared: Shared, contact_id: UUID
) -> Any:
    """Return a link for the contact alone, by which they see and change how they like to be helped."""
    await contacts.get_contact(c, contact_id)
    return {"url": preference.url(shared, contact_id, now())}


@pages.get("/preference/{token}", dependencies=[public()])
async def show(request: Request, shared: Shared, token: str) -> Response:
    """Show the contact's preference; a link that is no good any more says what to do."""
    edge.limit_network(request, shared)
    async with shared.db.connect() as c:
        try:
            contact = await _contact(shared, c, token)
        except NotFound:
            return await link_pages.gone(request, c, _WORDS)
        return await _page(request, c, contact, saved=False)


@pages.post("/preference/{token}", dependencies=[public(own_pages=True)])
async def choose(
    request: Request,
    shared: Shared,
    token: str,
    prefers: Annotated[Literal["unknown", "alone", "person"], Form()] = "unknown",
    channel: Annotated[str, Form(max_length=40)] = "",
    tone: Annotated[Literal["", "usted", "tu", "vos"], Form()] = "",
) -> Response:
    """Write down what the contact chose, and show it."""
    edge.limit_network(request, shared)
    async with shared.db.begin() as c:
        try:
            contact = await _contact(shared, c, token)
        except NotFound:
            return await link_pages.gone(request, c, _WORDS)
        await service.check_channel(c, channel)
        said = {"prefers": prefers, "channel": channel or None, "tone": tone or None}
        contact = await service.tell_preference(c, UUID(str(contact["id"])), said, "contact", WHERE)
        answer = await _page(request, c, contact, saved=True)
    shared.wake.ring("events", "routing")
    return answer


async def _contact(shared: Shared, c: AsyncConnection, token: str) -> Mapping[str, Any]:
    contact = await contacts.get_contact(c, preference.contact_of(shared, token, now()))
    while contact["merged_into"]:  # two who turned out to be one: the link of either is good
        contact = await contacts.get_contact(c, UUID(str(contact["merged_into"])))
    return contact


def words_of(contact: Mapping[str, Any], language: str) -> Mapping[str, str]:
    """Return what the page says to a contact, as near as they want it."""
    return _TONES[contact["tone"] or "usted"] if language == "es" else _WORDS[language]


async def _page(request: Request, c: AsyncConnection, contact: Mapping[str, Any], *, saved: bool) -> Response:
    organisation = await brands.get_organisation(c)
    language = link_pages.language_for(request, contact, organisation)
    words = words_of(contact, language)
    return link_pages.answer(
        "preference.html",
        language=language,
        words=words,
        name=link_pages.name_of(organisation),
        chosen=service.preference_view(contact),
        channels=await service.channels_of(c, language),
        saved=saved,
    )
