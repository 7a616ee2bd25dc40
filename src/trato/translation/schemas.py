"""Shapes of translations at the HTTP edge."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.translator import LONGEST

Language = Annotated[str, Field(pattern="^[a-z]{2}$", description="ISO 639-1")]


class TranslatorView(BaseModel):
    """Whether a translator is configured; without one nothing of it is shown."""

    available: bool


class LanguagesBody(BaseModel):
    """The beginnings of texts of which the language is asked."""

    model_config = ConfigDict(extra="forbid")

    texts: list[Annotated[str, Field(max_length=1_000)]] = Field(max_length=50)


class LanguagesView(BaseModel):
    """The language of each text in its order, null where it is too short or not clear."""

    languages: list[str | None]


class TranslateBody(BaseModel):
    """A text and the language that it is wanted in; without `source` the translator finds it out."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST)
    to: Language
    source: Language | None = None


class TranslatedView(BaseModel):
    """A text in another language, and which it was in, where that is known."""

    text: str
    source: str | None
    to: str
