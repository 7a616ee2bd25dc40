"""The page behind a link to one matter: how it stands, and "is it solved?"; to open it changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.brands import service as brands
from trato.contacts import service as contacts
from trato.conversations import case_links, cases
from trato.db.edge import Services, Shared
from trato.decide.spoken import say_date
from trato.flow import doors, resolution
from trato.kit.clock import now
from trato.kit.errors import Conflict, NotFound
from trato.kit.text import typed
from trato.portal import edge, link_pages, queries, service
from trato.portal.wait_words import say_wait
from trato.routing import waits

pages = APIRouter(include_in_schema=False)

Answer = Literal["", "yes", "no"]
Said = Literal["", "yes", "no", "owner"]
Words = Annotated[str, Form(max_length=100_000)]  # of which as much is kept as its field takes

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "title": "Su caso",
        "what": "Qué se hizo",
        "steps": "Pasos",
        "done": "hecho",
        "now": "en curso",
        "later": "después",
        "promised": "Prometido para el {day} a las {time}",
        "question": "¿Quedó resuelto?",
        "yes": "Sí, quedó resuelto",
        "no": "No, todavía no",
        "missing": "Si falta algo, cuéntenos qué",
        "send": "Enviar respuesta",
        "owner_lead": "Si no quedó como esperaba, llévelo a quien responde por ello:",
        "owner_act": "Llevarlo a {owner}, responsable de {door}",
        "owner_words": "Qué quiere que sepa (opcional)",
        "said_owner": "Su caso ya está en sus manos. En esta página está la fecha de su respuesta.",
        "said_yes": "Gracias por confirmarlo. Si vuelve a pasar, escríbanos y seguimos donde quedamos.",
        "said_no": "Su caso está abierto de nuevo, con lo que nos contó. Le contesta una persona.",
        "gone": "Este enlace ya no sirve",
        "gone_hint": "Escríbanos y le enviamos uno nuevo.",
    },
    "en": {
        "title": "Your case",
        "what": "What was done",
        "steps": "Steps",
        "done": "done",
        "now": "under way",
        "later": "later",
        "promised": "Promised for {day} at {time}",
        "question": "Is it solved?",
        "yes": "Yes, it is solved",
        "no": "No, not yet",
        "missing": "If something is missing, tell us what",
        "send": "Send the answer",
        "owner_lead": "If it is not as you expected, take it to whoever is responsible:",
        "owner_act": "Take it to {owner}, responsible for {door}",
        "owner_words": "What they should know (optional)",
        "said_owner": "Your case is with them now. The date of their answer stands on this page.",
        "said_yes": "Thank you for confirming it. If it happens again, write to us and we go on from here.",
        "said_no": "Your case is open again, with what you told us. A person will answer you.",
        "gone": "This link no longer works",
        "gone_hint": "Write to us, and we send you a new one.",
    },
    "pt": {
        "title": "Seu caso",
        "what": "O que foi feito",
        "steps": "Passos",
        "done": "feito",
        "now": "em andamento",
        "later": "depois",
        "promised": "Prometido para {day} às {time}",
        "question": "Ficou resolvido?",
        "yes": "Sim, ficou resolvido",
        "no": "Não, ainda não",
        "missing": "Se falta algo, conte para nós",
        "send": "Enviar resposta",
        "owner_lead": "Se não ficou como esperava, leve a quem responde por isso:",
        "owner_act": "Levar a {owner}, responsável por {door}",
        "owner_words": "O que deve saber (opcional)",
        "said_owner": "Seu caso já está com essa pessoa. A data da resposta está nesta página.",
        "said_yes": "Obrigado por confirmar. Se acontecer de novo, escreva e seguimos de onde paramos.",
        "said_no": "Seu caso está aberto de novo, com o que nos contou. Uma pessoa vai responder.",
        "gone": "Este link não vale mais",
        "gone_hint": "Escreva para nós e enviamos um novo.",
    },
}


@pages.get("/matter/{token}", dependencies=[public()])
async def show(request: Request, shared: Shared, token: str, answer: Answer = "") -> Response:
    """Show how a matter stands; `answer` is only marked, so that whatever follows links answers nothing."""
    edge.limit_network(request, shared)
    async with shared.db.snapshot() as c:
        try:
            case = await cases.get_case(c, case_links.case_of(shared, token, now()))
        except NotFound:
            return await link_pages.gone(request, c, _WORDS)
        return await _page(request, shared, c, case, answer=answer, said="")


@pages.post("/matter/{token}", dependencies=[public(own_pages=True)])
async def take_answer(
    request: Request,
    shared: Shared,
    token: str,
    answer: Annotated[Literal["yes", "no"], Form()],
    words: Words = "",
    once: Annotated[str, Form(pattern=r"^\d{1,9}$")] = "0",
) -> Response:
    """Take the contact's answer, and show how the matter stands with it."""
    edge.limit_network(request, shared)
    try:
        case_id = case_links.case_of(shared, token, now())
        if answer == "no":
            await resolution.dispute(shared, case_id, typed(words), once=once)
        else:
            async with shared.db.begin() as c:
                await resolution.confirm(c, case_id)
            shared.wake.ring("events", "routing")
    except NotFound:
        async with shared.db.connect() as c:
            return await link_pages.gone(request, c, _WORDS)
    async with shared.db.snapshot() as c:
        return await _page(request, shared, c, await cases.get_case(c, case_id), answer="", said=answer)


@pages.get("/matter/{token}/owner", dependencies=[public()])
async def back(request: Request, shared: Shared, token: str) -> Response:
    """Lead to the page of the form whose address somebody opened."""
    edge.limit_network(request, shared)
    return RedirectResponse(f"/matter/{quote(token)}", 303, headers={"Cache-Control": "no-store"})


@pages.post("/matter/{token}/owner", dependencies=[public(own_pages=True)])
async def go_to_owner(
    request: Request,
    shared: Shared,
    token: str,
    words: Words = "",
) -> Response:
    """Take the matter to its owner; when that is done already the page shows it."""
    edge.limit_network(request, shared)
    said: Said = "owner"
    try:
        case_id = case_links.case_of(shared, token, now())
        await service.go_to_owner(shared, case_id, typed(words))
    except NotFound:
        async with shared.db.connect() as c:
            return await link_pages.gone(request, c, _WORDS)
    except Conflict:
        said = ""
    async with shared.db.snapshot() as c:
        return await _page(request, shared, c, await cases.get_case(c, case_id), answer="", said=said)


async def _page(
    request: Request,
    shared: Services,
    c: AsyncConnection,
    case: Mapping[str, Any],
    *,
    answer: Answer,
    said: Said,
) -> Response:
    organisation = await brands.get_organisation(c)
    contact = await contacts.get_contact(c, UUID(str(case["contact_id"])))
    language = link_pages.language_for(request, contact, organisation)
    words = _WORDS[language]
    zone = ZoneInfo(str(organisation["time_zone"])) if organisation else ZoneInfo("UTC")
    due = case["promised_at"] and datetime.fromisoformat(case["promised_at"]).astimezone(zone)
    return link_pages.answer(
        "matter.html",
        language=language,
        words=words,
        name=link_pages.name_of(organisation),
        case=case,
        action=f"/matter/{request.path_params['token']}/owner",
        promised=words["promised"].format(day=say_date(due.date(), language), time=f"{due:%H:%M}")
        if due
        else "",
        wait=await standing(shared, c, UUID(str(case["id"])), language, zone),
        answer=answer,
        owner=await doors.way(c, UUID(str(case["id"]))),
        asks=said in ("", "owner") and bool(case["resolution"]) and case["resolved_by"] != "contact",
        done=words[f"said_{said}"] if said else "",
    )


async def standing(shared: Services, c: AsyncConnection, case_id: UUID, language: str, zone: ZoneInfo) -> str:
    """Say how the contact waits in this matter; nothing when nobody waits."""
    line = await queries.waiting_in_case(c, case_id)
    if line is None:
        return ""
    found = (await waits.of_conversations(shared, c, [line], now())).get(line)
    return say_wait(found, language, zone) if found else ""
