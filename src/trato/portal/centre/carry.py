"""What a reader said so far, in their own voice, so that a person reads it and nobody types it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.text import clean, shorten
from trato.knowledge import feedback, readers
from trato.knowledge.readers import MayRead

MAX_QUESTION: Final = 600  # as much as the search reads
MAX_SAID: Final = 200  # of it, where it is told to a person

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "searched": "Busqué «{question}» y no encontré la respuesta.",
        "read": "Leí «{title}» y no quedó resuelto",
        "both": "Busqué «{question}» y leí «{title}», pero no quedó resuelto",
        "unclear": "no se entiende",
        "wrong": "hay algo que no es así",
        "incomplete": "falta un paso o un dato",
        "another_matter": "mi problema es otro",
    },
    "en": {
        "searched": "I searched “{question}” and did not find the answer.",
        "read": "I read “{title}” and it is not solved",
        "both": "I searched “{question}” and read “{title}”, but it is not solved",
        "unclear": "it is hard to understand",
        "wrong": "something in it is not right",
        "incomplete": "a step or a detail is missing",
        "another_matter": "my problem is another one",
    },
    "pt": {
        "searched": "Busquei “{question}” e não encontrei a resposta.",
        "read": "Li “{title}” e não ficou resolvido",
        "both": "Busquei “{question}” e li “{title}”, mas não ficou resolvido",
        "unclear": "não dá para entender",
        "wrong": "algo não é assim",
        "incomplete": "falta um passo ou um dado",
        "another_matter": "meu problema é outro",
    },
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along to a person: the question, the article that did not answer it, and the id of the no."""

    question: str = ""
    slug: str = ""
    said: UUID | None = None

    def path(self, base: str, language: str) -> str:
        """Return the way to a person with all of it; without anything the plain one.

        `base` is where the help centre is: `/help`, or `/help/{brand}`.
        """
        values = {"q": shorten(self.question, MAX_SAID), "article": self.slug, "said": str(self.said or "")}
        given = {name: value for name, value in values.items() if value}
        return f"{base}/{language}/person" + (f"?{urlencode(given)}" if given else "")


def question_of(given: str) -> str:
    """Return a question as it is shown and carried: one line, not longer than the search reads."""
    return " ".join(clean(given[: 4 * MAX_QUESTION]).split())[:MAX_QUESTION]


def sentence(
    language: str, question: str = "", title: str = "", reason: str | None = None, words: str = ""
) -> str:
    """Say in the reader's voice what they asked, what they read, why it did not help and what is missing."""
    said = _WORDS[language]
    asked = shorten(question, MAX_SAID)
    if not title:
        return said["searched"].format(question=asked) if asked else ""
    head = said["both" if asked else "read"].format(question=asked, title=title)
    why = said.get(reason or "", "")
    return f"{head}{f': {why}' if why else ''}." + (f"\n{words}" if words else "")


async def sentence_of(
    c: AsyncConnection, language: str, carried: Carried, may: MayRead, *, title: str = ""
) -> str:
    """Return what is said of all that is carried; what is not there (any more) is left out."""
    if not title and carried.slug:
        found = await readers.article(c, language, carried.slug, may)
        title = found.title if found is not None else ""
    why = await feedback.said(c, carried.said) if carried.said else None
    reason, words = (why["reason"], why["words"]) if why else (None, "")
    return sentence(language, carried.question, title, reason, words)
