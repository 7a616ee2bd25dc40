"""Shapes of what tunes the search at the HTTP edge: synonyms, and the gate with its curve."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from trato.kit.errors import Unfit
from trato.kit.inputs import Line, unchanged
from trato.knowledge.schemas import Language


def _several(words: list[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(word.split()) for word in words))
    if len({word.casefold() for word in found}) < 2:  # noqa: PLR2004 two make a pair
        raise Unfit("Two different words at least are expected here.")
    return found


Word = Annotated[Line, Field(max_length=60)]
Words = Annotated[list[Word], Field(min_length=2, max_length=20), AfterValidator(_several)]


class SynonymBody(BaseModel):
    """Words that mean the same, in one language or, without it, in all."""

    model_config = ConfigDict(extra="forbid")

    language: Language | None = None
    words: Words


class SynonymChange(BaseModel):
    """What may change of a group; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    language: Language | None = None
    words: Words = unchanged()


class SynonymView(BaseModel):
    """Words that mean the same; without a language they do in all."""

    id: UUID
    language: str | None
    words: list[str]
    version: int
    changed_at: datetime


class CurvePoint(BaseModel):
    """What a threshold gives: the share that is answered, and how many of these answers are right.

    `precision` is null where nothing is answered; `low` and `high` hold it in 95 of 100 draws.
    """

    threshold: float
    answered: float
    answers: int
    precision: float | None
    low: float
    high: float


class CurveView(BaseModel):
    """How the gate does on the installation's own questions.

    `gate` is `own` once it was learned from them, else `shipped`. `needed`: how many judged ones it takes to
    learn, and of each kind; `enough` says whether they are there.
    """

    gate: Literal["own", "file", "shipped"]
    threshold: float
    samples: int
    right: int
    wrong: int
    by_readers: int
    enough: bool
    needed: int
    needed_of_each: int
    learned_from: int | None
    learned_at: datetime | None
    precision_wanted: float | None
    points: list[CurvePoint]


class CalibrateBody(BaseModel):
    """How many of the answers shall be right."""

    model_config = ConfigDict(extra="forbid")

    precision: float = Field(default=0.9, ge=0.5, le=0.99)
