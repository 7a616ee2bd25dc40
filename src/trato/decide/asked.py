"""What a person wants to know in a conversation, in their own words, as far as they have said it."""

import re
from collections.abc import Sequence
from typing import Final

from trato.kit.text import without_accents

ENOUGH_WORDS: Final = 6  # of matter: fewer are taken together with what was said before
MAX_CHARACTERS: Final = 600
_WORD: Final = re.compile(r"[^\W\d_]+")
# Said in every conversation, about no matter. Without accents.
_COURTESIES: Final = """
    hola holi buen buena buenas bueno buenos dia dias tarde tardes noche noches gracias muchas muchos mil por
    favor saludos estimado estimada estimados disculpe disculpen perdon ok okay dale listo si no
    hello hi hey good morning afternoon evening thanks thank you please dear regards yes
    ola oi bom boa tarde noite obrigado obrigada muito prezado prezada sim nao
"""
_COURTESY: Final = frozenset(_COURTESIES.split())


def matter(text: str) -> int:
    """Count the words that are no courtesy."""
    words = (without_accents(word.casefold()) for word in _WORD.findall(text))
    return sum(word not in _COURTESY for word in words)


def question(title: str, said: Sequence[str]) -> str:
    """Return what to look for: what was said last, with more of it where that says little.

    `said` is the newest first. The case's title goes in front when the words alone are few. Empty when nobody
    has said anything of matter.
    """
    taken: list[str] = []
    for text in said:
        plain = " ".join(text.split())
        if matter(plain):
            taken.insert(0, plain[:MAX_CHARACTERS])
        if sum(map(matter, taken)) >= ENOUGH_WORDS:
            break
    if matter(title) and sum(map(matter, taken)) < ENOUGH_WORDS:
        taken.insert(0, " ".join(title.split()))
    return ". ".join(dict.fromkeys(taken))[:MAX_CHARACTERS]
