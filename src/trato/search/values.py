"""What goes into the search and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Synonyms = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Article:
    """A page as one language tells it; `(id, language)` names it.

    `language` is an ISO 639-1 code, empty when nobody said: it is then detected. `helpful` and `unhelpful`
    count the readers who said so. `questions` are how people ask for it in other words: it is found by them,
    and they are never shown as its passage.
    """

    id: str
    title: str
    text: str
    language: str = ""
    updated: date | None = None
    helpful: int = 0
    unhelpful: int = 0
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, with the passage that answers best.

    `start` and `end` are the passage's place in the article's text, in characters; both are 0 when the title
    alone matched.
    """

    id: str
    title: str
    language: str
    passage: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: hits by rank, each article once.

    `probability` is that the first hit's passage answers the question, calibrated; `answers` says whether it
    reaches the threshold. Where it does not, say plainly that the answer is not known and offer a person.
    `understood` is the question as it was read, with its typing errors mended; empty when there was nothing
    to look for. `signals` are what the gate decided on, kept for recalibration with the reader's feedback.
    """

    hits: tuple[Hit, ...]
    probability: float
    answers: bool
    language: str
    understood: str
    signals: tuple[float, ...] = ()
