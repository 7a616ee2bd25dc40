"""Has a language model write the draft, where there is one, from what the case says in its own words."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Final, Literal, get_args

import structlog

from trato.decide import model_draft
from trato.decide.article_draft import Draft
from trato.decide.model_draft import Written
from trato.kit.language import detect_language
from trato.kit.language_model import LanguageModel, ModelFailed, Why

log = structlog.get_logger()

Problem = Why | Literal["nonsense", "changed"]
PROBLEMS: Final = (*get_args(Why), "nonsense", "changed")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of asking: a text, or why there is none; neither where nobody was asked."""

    written: Written | None = None
    problem: Problem | None = None
    model: str | None = None


NOT_ASKED: Final = Told()


async def ask(model: LanguageModel | None, made: Draft, language: str) -> Told:
    """Return what the model wrote from a draft, of which it sees nothing but that; never raises for it.

    Never call it within a transaction: it takes as long as the model is waited for.
    """
    if model is None or not made.body:
        return NOT_ASKED
    mark = secrets.token_hex(12)
    try:
        answer = await model.answer(model_draft.question(made.title, made.body, language, mark))
        written = await asyncio.to_thread(_read, answer, made, language, mark)
    except ModelFailed as failed:
        log.warning("model.failed", model=model.name, why=failed.why)
        return Told(problem=failed.why)
    if written is None:
        log.warning("model.failed", model=model.name, why="nonsense")
        return Told(problem="nonsense")
    return Told(written, model=model.name)


def _read(answer: str, made: Draft, language: str, mark: str) -> Written | None:
    """Return an answer that is an article of this matter in that language, None for another one."""
    written = model_draft.read(answer, made.title, mark)
    if written is None or detect_language(written.body) not in {None, language}:
        return None
    source = detect_language(made.body)
    if source in {None, language} and not model_draft.is_about(written, made.title, made.body):
        return None
    return written
