"""A wait in words, in three languages."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from trato.decide.waits import Told
from trato.portal.wait_words import say_wait
from trato.routing.waits import Wait

BOGOTA = ZoneInfo("America/Bogota")
MORNING = datetime(2026, 11, 27, 14, tzinfo=UTC)


def said(told: Told, language: str, position: int | None = None) -> str:
    return say_wait(cast("Wait", SimpleNamespace(told=told, position=position)), language, BOGOTA)


@pytest.mark.parametrize(
    ("told", "es", "en", "pt"),
    [
        (
            Told("between", 4, 8),
            "La espera es de entre 4 y 8 minutos.",
            "The wait is between 4 and 8 minutes.",
            "A espera é de 4 a 8 minutos.",
        ),
        (
            Told("between", 45, 90),
            "La espera es de entre 45 minutos y una hora y media.",
            "The wait is between 45 minutes and an hour and a half.",
            "A espera é de 45 minutos a uma hora e meia.",
        ),
        (
            Told("under", high_min=1),
            "La espera es de menos de un minuto.",
            "The wait is less than a minute.",
            "A espera é de menos de um minuto.",
        ),
        (
            Told("about", 120, 120),
            "La espera es de aproximadamente 2 horas.",
            "The wait is about 2 hours.",
            "A espera é de aproximadamente 2 horas.",
        ),
        (
            Told("closed", opens_at=MORNING),
            "Ahora está cerrado. Abrimos el viernes 27 de noviembre a las 09:00; su lugar queda guardado.",
            "We are closed now. We open on Friday, 27 November at 09:00; your place is kept.",
            "Agora está fechado. Abrimos sexta-feira, 27 de novembro às 09:00; seu lugar fica guardado.",
        ),
    ],
)
def test_it_is_said_as_people_say_it(told: Told, es: str, en: str, pt: str) -> None:
    assert (said(told, "es"), said(told, "en"), said(told, "pt")) == (es, en, pt)


@pytest.mark.parametrize("code", ["moment", "today", "later", "closed", "nobody"])
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_code_has_words_and_the_place_stands_before_them(code: Any, language: str) -> None:
    alone = said(Told(code), language)
    assert "{" not in alone
    assert said(Told(code), language, 3).endswith(alone)
    assert "3" in said(Told(code), language, 3)
