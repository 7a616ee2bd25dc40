"""Which language a text is written in, or an honest None."""

import re
from functools import cache
from typing import Any, Final

_LANGUAGES: Final = ("es", "en", "pt", "fr", "de", "it", "ca", "nl")
_NOISE: Final = re.compile(r"https?://\S+|\S+@\S+|[\d_#*<>|/\\=+-]+")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_MIN_LETTERS: Final = 7
_SURE: Final = 0.6
_MAX_CHARACTERS: Final = 3_000


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language, or None when the text is too short or not clear."""
    text = _NOISE.sub(" ", text[:_MAX_CHARACTERS])
    if len(_LETTERS.findall(text)) < _MIN_LETTERS:
        return None
    language, probability = _identifier().classify(text)
    return str(language) if probability >= _SURE else None


@cache
def _identifier() -> Any:
    """Load the model at the first use: half a second that most commands never need."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
