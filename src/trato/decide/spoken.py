"""Dates as people say them in a sentence, in each language."""

from datetime import date
from typing import Final

_DAYS: Final = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": (
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
}
_MONTHS: Final = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_FORMS: Final = {
    "es": "{weekday} {day} de {month}",
    "en": "{weekday}, {day} {month}",
    "pt": "{weekday}, {day} de {month}",
}

_DATED: Final = {
    "es": "{day} de {month} de {year}",
    "en": "{day} {month} {year}",
    "pt": "{day} de {month} de {year}",
}


def say_date(day: date, language: str) -> str:
    """Return a date as a sentence carries it: "viernes 27 de noviembre"."""
    found = language[:2] if language[:2] in _FORMS else "en"
    return _FORMS[found].format(
        weekday=_DAYS[found][day.weekday()], day=day.day, month=_MONTHS[found].split()[day.month - 1]
    )


def say_day(day: date, language: str) -> str:
    """Return a date with its year, for what may be years ago: "27 de noviembre de 2026"."""
    found = language[:2] if language[:2] in _DATED else "en"
    month = _MONTHS[found].split()[day.month - 1]
    return _DATED[found].format(day=day.day, month=month, year=day.year)
