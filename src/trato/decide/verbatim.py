"""The same free text to one person after another: what counts as the same, and from when on it is said.

What differs in a greeting, a courtesy, an accent, a blank, a mark or the name of who is written to makes no
other text. A number or a date does: it says something of the case.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from trato.kit.text import without_accents

WINDOW: Final = timedelta(days=1)
PEOPLE: Final = 3  # from this one on it is said
MIN_WORDS: Final = 8  # without greetings and courtesies: fewer are not a text that could be adapted
MIN_LETTERS: Final = 40
LONGEST: Final = 20_000  # letters that are compared

_WORD: Final = re.compile(r"[^\W_]+")
# What people say to anybody, in the three languages, without accents.
_COURTESIES: Final = frozenset(
    _WORD.findall("""
        hola buenos buenas buen buena dia dias tarde tardes noche noches estimado estimada estimados senor
        senora don dona gracias muchas muchos saludos saludo cordial cordiales cordialmente atentamente
        atte favor bienvenido bienvenida disculpe disculpa disculpas encantado encantada gusto placer
        hello hi hey good morning afternoon evening dear sir madam mr mrs ms thank thanks you regards kind
        best sincerely please welcome sorry glad pleasure cheers
        ola bom boa bons boas noite noites prezado prezada caro cara senhor senhora obrigado obrigada muito
        abraco abracos cumprimentos atenciosamente desculpe desculpas prazer
    """)
)


def same_words(text: str, names: Iterable[str] = ()) -> str | None:
    """Return what all writings of one text have in common, None for one that is too short to count.

    `names` are those of whoever it is written to: they stand for the person and not for the text.
    """
    called = {word for name in names for word in _words(name)}
    left = [word for word in _words(text[:LONGEST]) if word not in called and word not in _COURTESIES]
    if len(left) < MIN_WORDS or sum(map(len, left)) < MIN_LETTERS:
        return None
    return " ".join(left)


def is_told(others: int) -> bool:
    """Say whether to speak up before a text goes to one more person; `others` have had it in the window."""
    return others + 1 >= PEOPLE


def _words(text: str) -> list[str]:
    return _WORD.findall(without_accents(text.casefold()).casefold())
