"""What is kept of a question that found no answer: enough to write the article, nothing of who asked."""

import re
from typing import Final

MAX_CHARACTERS: Final = 200
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+")
_NUMBER: Final = re.compile(r"\w*\d(?:[\s().+/-]*\w?\d){4,}\w*")  # of an order, a telephone, a card, a paper
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")


def kept(question: str) -> str:
    """Return a question as it is counted: small letters, single spaces, no addresses and no long numbers.

    Empty where that leaves fewer than two letters: nobody could write an article for it.
    """
    shown = _ADDRESS.sub("#", question[: 4 * MAX_CHARACTERS])
    shown = _NUMBER.sub("#", _MAIL.sub("#", shown))
    shown = " ".join(shown.casefold().split()).strip("¿?¡!.,;: ")[:MAX_CHARACTERS].strip()
    return shown if len(_LETTER.findall(shown)) > 1 else ""
