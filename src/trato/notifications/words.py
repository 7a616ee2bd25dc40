"""What a notification says outside of the desk, on a device and in the mail, in the languages of Trato."""

from collections.abc import Mapping
from typing import Any, Final

_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "mentioned": "{actor} le mencionó",
        "offered": "Le ofrecen una conversación",
        "assigned": "Le asignaron una conversación",
        "answered": "{contact} respondió",
        "noted": "{actor} dejó una nota",
        "talked": "{actor} escribió entre colegas",
        "promise": "Un plazo está por vencer",
        "task": "Tiene algo por hacer",
        "approval": "Le piden una aprobación",
        "consult": "{actor} le consulta algo",
    },
    "en": {
        "mentioned": "{actor} mentioned you",
        "offered": "A conversation is offered to you",
        "assigned": "A conversation was assigned to you",
        "answered": "{contact} replied",
        "noted": "{actor} left a note",
        "talked": "{actor} wrote among colleagues",
        "promise": "A promised time is near",
        "task": "You have something to do",
        "approval": "Your approval is asked for",
        "consult": "{actor} asks you something",
    },
    "pt": {
        "mentioned": "{actor} mencionou você",
        "offered": "Uma conversa foi oferecida a você",
        "assigned": "Uma conversa foi atribuída a você",
        "answered": "{contact} respondeu",
        "noted": "{actor} deixou uma nota",
        "talked": "{actor} escreveu entre colegas",
        "promise": "Um prazo está perto de vencer",
        "task": "Há algo para você fazer",
        "approval": "Pedem sua aprovação",
        "consult": "{actor} pergunta algo a você",
    },
}
_SOMEONE: Final = {
    "es": {"actor": "Un colega", "contact": "Un cliente"},
    "en": {"actor": "A colleague", "contact": "A customer"},
    "pt": {"actor": "Um colega", "contact": "Um cliente"},
}
_DISCREET: Final = {
    "es": "Abra Trato para verlo.",
    "en": "Open Trato to see it.",
    "pt": "Abra o Trato para ver.",
}
_MAIL: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "subject": "{count} por ver en Trato",
        "begin": "Hola, {name}:\n\nEsto espera en Trato:\n",
        "more": "… y {count} más.",
        "end": "\nVerlo todo: {all}\nNo recibir más este resumen: {off}\n",
    },
    "en": {
        "subject": "{count} to look at in Trato",
        "begin": "Hello {name},\n\nThis waits for you in Trato:\n",
        "more": "… and {count} more.",
        "end": "\nSee everything: {all}\nStop this summary: {off}\n",
    },
    "pt": {
        "subject": "{count} para ver no Trato",
        "begin": "Olá, {name}:\n\nIsto espera por você no Trato:\n",
        "more": "… e mais {count}.",
        "end": "\nVer tudo: {all}\nNão receber mais este resumo: {off}\n",
    },
}


def known(language: str) -> str:
    """Return the language that we speak with somebody of this one."""
    return language if language in _TITLES else "es"


def title(view: Mapping[str, Any], language: str, *, discreet: bool = False) -> str:
    """Return what happened in a few words; `discreet` names nobody."""
    spoken = known(language)
    names = {
        name: (None if discreet else view.get(name)) or someone for name, someone in _SOMEONE[spoken].items()
    }
    said = _TITLES[spoken][view["kind"]].format(**names)
    return said if view["count"] == 1 else f"{said} ({view['count']})"


def body(view: Mapping[str, Any], language: str, *, discreet: bool = False) -> str:
    """Return whom and what it is about, and the words; `discreet` has none of them."""
    if discreet:
        return _DISCREET[known(language)]
    case = " ".join(str(part) for part in (view["case_number"], view["case_title"]) if part)
    about = " · ".join(part for part in (view["contact"], case) if part)
    return "\n".join(part for part in (about, view["words"]) if part)


def digest(
    views: list[Mapping[str, Any]], total: int, language: str, *, name: str, everything: str, off: str
) -> tuple[str, str]:
    """Return subject and text of the mail with what waits to be read."""
    said = _MAIL[known(language)]
    lines = [
        "\n  ".join([f"- {title(view, language)}", *body(view, language).splitlines()]) + "\n"
        for view in views
    ]
    more = [said["more"].format(count=total - len(views))] if total > len(views) else []
    text = [said["begin"].format(name=name), *lines, *more, said["end"].format(all=everything, off=off)]
    return said["subject"].format(count=total), "\n".join(text)
