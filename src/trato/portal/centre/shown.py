"""What several pages of the help centre show: the hours, the time zone, and the wait as it is now."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.kit.clock import now
from trato.portal.centre.frame import Frame
from trato.routing import waits

_KEYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
}
_WAITS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "moment": "Ahora, en un momento.",
        "under": "Ahora, menos de {high} min.",
        "about": "Ahora, unos {high} min.",
        "between": "Ahora, entre {low} y {high} min.",
        "today": "Hoy mismo.",
        "later": "Hoy hay mucha espera.",
    },
    "en": {
        "moment": "Now, in a moment.",
        "under": "Now, less than {high} min.",
        "about": "Now, about {high} min.",
        "between": "Now, {low} to {high} min.",
        "today": "Still today.",
        "later": "The wait is long today.",
    },
    "pt": {
        "moment": "Agora, em um momento.",
        "under": "Agora, menos de {high} min.",
        "about": "Agora, cerca de {high} min.",
        "between": "Agora, entre {low} e {high} min.",
        "today": "Ainda hoje.",
        "later": "Hoje a espera é longa.",
    },
}


async def shown_wait(shared: Services, c: AsyncConnection, frame: Frame) -> str:
    """Say how long somebody would wait who wrote by chat now; nothing where it is closed or not known."""
    for record in frame.accounts:
        if record.connector.capabilities.visitors:
            found = await waits.of_newcomer(shared, c, record.id, now())
            if found is None:
                return ""
            told = _WAITS[frame.language].get(found.told.code, "")
            return told.format(low=found.told.low_min, high=found.told.high_min)
    return ""


def opening(frame: Frame) -> list[tuple[str, str]]:
    """Return the days on which somebody is there, each with its hours."""
    hours: Mapping[str, Any] = frame.organisation["hours"] if frame.organisation else {}
    return [
        (day, ", ".join(f"{start} – {end}" for start, end in hours[key]))  # noqa: RUF001  a span of time
        for key, day in zip(_KEYS, _DAYS[frame.language], strict=True)
        if hours.get(key)
    ]


def zone(organisation: Mapping[str, Any] | None) -> str:
    """Return the city after which the zone is called: `Buenos Aires`."""
    zone = str(organisation["time_zone"]) if organisation else "UTC"
    return zone.rpartition("/")[2].replace("_", " ")
