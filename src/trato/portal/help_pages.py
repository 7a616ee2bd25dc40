"""The door of the help centre: who we are, when somebody is there, and a person one step away."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from trato.access.edge import public
from trato.brands import service as brands
from trato.db.edge import Read
from trato.portal.service import language_of

router = APIRouter(include_in_schema=False, dependencies=[public()])

_templates = Environment(
    loader=PackageLoader("trato.portal", "help"), autoescape=select_autoescape(), undefined=StrictUndefined
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "title": "¿En qué podemos ayudarle?",
        "person": "Escríbanos con el botón «Ayuda»: le contesta una persona, y lo que cuente queda guardado.",
        "nobody": "Pronto podrá escribirnos desde aquí.",
        "hours": "Cuándo hay alguien",
        "zone": "Hora de {}",
    },
    "en": {
        "title": "How can we help you?",
        "person": "Write to us with the “Help” button: a person answers, and nothing you tell us is lost.",
        "nobody": "You will soon be able to write to us from here.",
        "hours": "When somebody is here",
        "zone": "{} time",
    },
    "pt": {
        "title": "Como podemos ajudar?",
        "person": "Escreva para nós pelo botão «Ajuda»: uma pessoa responde, e nada do que disser se perde.",
        "nobody": "Em breve você poderá escrever para nós por aqui.",
        "hours": "Quando há alguém",
        "zone": "Hora de {}",
    },
}
_DAYS: Mapping[str, tuple[str, ...]] = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
}
_KEYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@router.get("/help")
async def help_centre(request: Request, c: Read) -> Response:
    """Show the first page, in the reader's language; works without JavaScript, but for the chat itself."""
    organisation = await brands.get_organisation(c)
    records = await brands.list_accounts(c)
    account = next((r for r in records if r.enabled and r.connector.capabilities.visitors), None)
    first = organisation["language"] if organisation else "es"
    language = language_of(request.headers.get("accept-language", ""), first)
    page = _templates.get_template("help.html").render(
        language=language,
        words=_WORDS[language],
        name=organisation["name"] if organisation else "Trato",
        account=account.public_key if account else None,
        hours=_week(organisation["hours"] if organisation else {}, language),
        time_zone=_WORDS[language]["zone"].format(_city(organisation["time_zone"])) if organisation else "",
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/help/help.css")
async def style() -> Response:
    """Send the pages' style."""
    css = (
        (resources.files("trato.portal") / "help" / "help.css")
        .read_text("utf-8")
        .replace("LETTERS", _letters())
    )
    return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def _letters() -> str:
    """Return the address of the letters that came with the widget's build; its name changes with them."""
    built = resources.files("trato") / "static" / "widget" / "widget"
    found = (one.name for one in built.iterdir() if one.name.endswith(".woff2")) if built.is_dir() else ()
    return f"/widget/{next(iter(found), 'none.woff2')}"


def _city(time_zone: str) -> str:
    """Return the city after which a zone is called: `Buenos Aires` of `America/Argentina/Buenos_Aires`."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def _week(hours: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [
        (day, ", ".join(f"{start} – {end}" for start, end in hours[key]))  # noqa: RUF001  a span of time
        for key, day in zip(_KEYS, _DAYS[language], strict=True)
        if hours.get(key)
    ]
