"""A wait in words, for pages that are not the chat: as the widget says it, in the reader's language."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from trato.decide.spoken import say_date
from trato.routing.waits import Wait

HOUR_MIN: Final = 60
_HOUR_AND_HALF_MIN: Final = 90

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "place": "Su lugar en la fila: {place}.",
        "moment": "Le atendemos en un momento.",
        "under": "La espera es de menos de {high}.",
        "about": "La espera es de aproximadamente {high}.",
        "between": "La espera es de entre {low} y {high}.",
        "between_min": "La espera es de entre {low_min} y {high}.",
        "today": "Le contestamos hoy.",
        "later": "Hay muchas consultas: puede que le contestemos otro día.",
        "nobody": "Ahora no hay nadie conectado. Le contestamos en cuanto haya alguien.",
        "closed": "Ahora está cerrado. Su lugar queda guardado y le contestamos cuando abramos.",
        "opens": "Ahora está cerrado. Abrimos el {day} a las {time}; su lugar queda guardado.",
        "minute": "un minuto",
        "minutes": "{n} minutos",
        "hour": "una hora",
        "hour_and_half": "una hora y media",
        "hours": "{n} horas",
    },
    "en": {
        "place": "Your place in line: {place}.",
        "moment": "We will be with you in a moment.",
        "under": "The wait is less than {high}.",
        "about": "The wait is about {high}.",
        "between": "The wait is between {low} and {high}.",
        "between_min": "The wait is between {low_min} and {high}.",
        "today": "We will answer you today.",
        "later": "There are many requests: it may be another day before we answer.",
        "nobody": "Nobody is online now. We will answer as soon as somebody is.",
        "closed": "We are closed now. Your place is kept and we will answer when we open.",
        "opens": "We are closed now. We open on {day} at {time}; your place is kept.",
        "minute": "a minute",
        "minutes": "{n} minutes",
        "hour": "an hour",
        "hour_and_half": "an hour and a half",
        "hours": "{n} hours",
    },
    "pt": {
        "place": "Seu lugar na fila: {place}.",
        "moment": "Já vamos atender você.",
        "under": "A espera é de menos de {high}.",
        "about": "A espera é de aproximadamente {high}.",
        "between": "A espera é de {low} a {high}.",
        "between_min": "A espera é de {low_min} a {high}.",
        "today": "Respondemos hoje.",
        "later": "Há muitos pedidos: talvez a resposta fique para outro dia.",
        "nobody": "Agora não há ninguém conectado. Respondemos assim que houver alguém.",
        "closed": "Agora está fechado. Seu lugar fica guardado e respondemos quando abrirmos.",
        "opens": "Agora está fechado. Abrimos {day} às {time}; seu lugar fica guardado.",
        "minute": "um minuto",
        "minutes": "{n} minutos",
        "hour": "uma hora",
        "hour_and_half": "uma hora e meia",
        "hours": "{n} horas",
    },
}


def say_wait(wait: Wait, language: str, zone: ZoneInfo) -> str:
    """Return the place in line and what is told of the wait, as one or two sentences."""
    words, told = _WORDS[language], wait.told
    high = told.high_min or 0
    opens = told.opens_at.astimezone(zone) if told.opens_at else None
    sentence: str = told.code
    if opens:
        sentence = "opens"
    elif told.code == "between" and high < HOUR_MIN:
        sentence = "between_min"  # "entre 4 y 8 minutos"
    said = words[sentence].format(
        low=_span(told.low_min or 0, words),
        low_min=told.low_min,
        high=_span(high, words),
        day=say_date(opens.date(), language) if opens else "",
        time=f"{opens:%H:%M}" if opens else "",
    )
    return f"{words['place'].format(place=wait.position)} {said}" if wait.position else said


def _span(minutes: int, words: Mapping[str, str]) -> str:
    """Return a step of the ladder that waits are told by, as people say it."""
    if minutes == 1:
        return words["minute"]
    if minutes < HOUR_MIN:
        return words["minutes"].format(n=minutes)
    if minutes == _HOUR_AND_HALF_MIN:
        return words["hour_and_half"]
    hours = round(minutes / HOUR_MIN)
    return words["hour"] if hours == 1 else words["hours"].format(n=hours)
