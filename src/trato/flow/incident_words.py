"""What people read who waited for an incident to be over: what it was, what was done, and their case."""

from collections.abc import Mapping
from typing import Any, Final

from trato.decide.incidents import text_in
from trato.kit.words import nearest

_TU: Final = {
    "matter": "Te lo contamos por tu caso {number}: {case}.",
    "asked": "Pediste que te avisáramos.",
    "still": "Si todavía no te funciona, responde a este mensaje y lo vemos.",
    "again": "Te dijimos que estaba resuelto, y no es así: {title}.",
    "until": "Te avisamos cuando funcione de verdad. Si es urgente, responde a este mensaje.",
}
_VOS: Final = {
    **_TU,
    "still": "Si todavía no te funciona, respondé a este mensaje y lo vemos.",
    "until": "Te avisamos cuando funcione de verdad. Si es urgente, respondé a este mensaje.",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "hello": "Hola {name}.",
        "hello_all": "Hola.",
        "incident": "Ya quedó resuelto: {title}.",
        "maintenance": "Terminó el mantenimiento: {title}.",
        "matter": "Se lo contamos por su caso {number}: {case}.",
        "asked": "Usted pidió que le avisáramos.",
        "still": "Si todavía no le funciona, responda a este mensaje y lo vemos.",
        "again": "Le dijimos que estaba resuelto, y no es así: {title}.",
        "until": "Le avisamos cuando funcione de verdad. Si es urgente, responda a este mensaje.",
        "subject_again": "Todavía no está resuelto: {title}",
        "subject": "Ya quedó resuelto: {title}",
        "subject_maintenance": "Terminó el mantenimiento: {title}",
    },
    "en": {
        "hello": "Hello {name}.",
        "hello_all": "Hello.",
        "incident": "It is solved: {title}.",
        "maintenance": "The maintenance is over: {title}.",
        "matter": "We tell you because of your case {number}: {case}.",
        "asked": "You asked us to tell you.",
        "still": "If it still does not work for you, answer this message and we look into it.",
        "again": "We told you that it was solved, and it is not: {title}.",
        "until": "We tell you when it really works. If it is urgent, answer this message.",
        "subject_again": "It is not solved yet: {title}",
        "subject": "It is solved: {title}",
        "subject_maintenance": "The maintenance is over: {title}",
    },
    "pt": {
        "hello": "Olá, {name}.",
        "hello_all": "Olá.",
        "incident": "Já foi resolvido: {title}.",
        "maintenance": "A manutenção terminou: {title}.",
        "matter": "Avisamos por causa do seu caso {number}: {case}.",
        "asked": "Você pediu que avisássemos.",
        "still": "Se ainda não funcionar para você, responda a esta mensagem e nós vemos.",
        "again": "Dissemos que estava resolvido, e não está: {title}.",
        "until": "Avisamos quando funcionar de verdade. Se for urgente, responda a esta mensagem.",
        "subject_again": "Ainda não foi resolvido: {title}",
        "subject": "Já foi resolvido: {title}",
        "subject_maintenance": "A manutenção terminou: {title}",
    },
}
_TONES: Final[Mapping[str, Mapping[str, str]]] = {
    "usted": _WORDS["es"],
    "tu": {**_WORDS["es"], **_TU},
    "vos": {**_WORDS["es"], **_VOS},
}


def over(
    incident: Mapping[str, Any],
    done: Mapping[str, str],
    *,
    language: str | None,
    first: str,
    tone: str,
    name: str,
    asked: bool,
    matter: tuple[int, str] | None,
    again: bool = False,
) -> tuple[str, str]:
    """Return subject and text of what somebody is told; `matter` is number and title of their case.

    `done` says what was done, or with `again` why it is not over after all; `first` is the brand's
    language: better in that than not at all.
    """
    spoken = nearest(language, nearest(first))
    words = _TONES[tone] if spoken == "es" else _WORDS[spoken]
    title = text_in(incident["titles"], spoken, first).rstrip(".")
    hello = words["hello"].format(name=name.split(" ", maxsplit=1)[0]) if name.strip() else words["hello_all"]
    parts = [
        f"{hello} {words['again' if again else incident['kind']].format(title=title)}",
        text_in(done, spoken, first),
    ]
    if matter is not None:
        parts.append(words["matter"].format(number=matter[0], case=matter[1].rstrip(".")))
    elif asked and not again:
        parts.append(words["asked"])
    parts.append(words["until" if again else "still"])
    usual = "subject" if incident["kind"] == "incident" else "subject_maintenance"
    subject = "subject_again" if again else usual
    return words[subject].format(title=title), "\n\n".join(part for part in parts if part)
