"""In which language a short question is asked, by its small words, its letters and the articles' words."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, Final

from trato.decide.small_words import SMALL
from trato.search.text import LANGUAGES, fold
from trato.search.vocabulary import Vocabulary

_SMALL_WEIGHT: Final = 1.2
_KNOWN_WEIGHT: Final = 2.0
_LETTERS_WEIGHT: Final = 0.35
_GIVEN_WEIGHT: Final = 0.8
_FLOOR: Final = 1e-4
_SIGNS: Final = {"¿": "es", "¡": "es", "ñ": "es", "ã": "pt", "õ": "pt", "ç": "pt", "ê": "pt"}


def detect(
    text: str,
    written: Sequence[str],
    vocabulary: Vocabulary,
    offered: Collection[str],
    given: str | None = None,
) -> str:
    """Return one of the languages that can be read or that articles have; `given` is the first guess."""
    languages = tuple(dict.fromkeys((*offered, *LANGUAGES)))
    if len(languages) == 1:
        return languages[0]
    score = dict.fromkeys(languages, 0.0)
    for language, sure in _by_letters(text, languages).items():
        score[language] += _LETTERS_WEIGHT * sure
    for language in languages:
        score[language] += _SMALL_WEIGHT * sum(word in SMALL.get(language, ()) for word in written)
    for sign, language in _SIGNS.items():
        if language in score and sign in text.lower():
            score[language] += 1.5
    for language, share in _known(written, vocabulary).items():
        if language in score:
            score[language] += _KNOWN_WEIGHT * share
    if given in score:
        score[str(given)] += _GIVEN_WEIGHT
    return max(score, key=lambda language: (score[language], language == given, language in offered))


def _known(written: Sequence[str], vocabulary: Vocabulary) -> dict[str, float]:
    """Return which share of the words the articles of each language have."""
    long = [fold(word) for word in written if len(word) > 2]  # noqa: PLR2004 two letters tell nothing
    hits: Counter[str] = Counter()
    for word in long:
        hits.update({vocabulary.terms[number][:2] for number in vocabulary.surfaces.get(word, ())})
    return {language: count / len(long) for language, count in hits.items()}


def _by_letters(text: str, languages: Sequence[str]) -> dict[str, float]:
    """Return how much likelier than the least likely each language is by its letters, as a logarithm."""
    ranked = {language: sure for language, sure in _identifier().rank(text) if language in languages}
    total = sum(ranked.values()) or 1.0
    return {language: float(_log(ranked.get(language, 0.0) / total)) for language in languages}


def _log(share: float) -> float:
    from math import log

    return log(max(share, _FLOOR))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
