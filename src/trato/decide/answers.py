"""What a short answer in free text means, when it leaves no doubt."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

MOST: Final = 300  # characters; whoever writes more says more than yes

# Said without accents, capitals and signs. Each of these alone says that it is solved.
_YES: Final = (
    *("si", "si claro", "si senor", "si senora", "asi es", "resuelto", "esta resuelto", "ya esta resuelto"),
    *("quedo resuelto", "ya quedo resuelto", "quedo todo resuelto", "quedo solucionado", "ya quedo"),
    *("todo resuelto", "solucionado", "ya esta solucionado", "ya esta", "listo", "todo listo", "quedo listo"),
    *("todo bien", "todo en orden", "quedo bien", "quedo perfecto", "quedo todo bien", "ya funciona"),
    *("funciona", "funciona bien", "funciona perfecto", "ahora funciona", "ya funciona bien", "ya anda bien"),
    *("yes", "yes it is", "yes it was", "yep", "yeah", "solved", "its solved", "it is solved", "all solved"),
    *("resolved", "its resolved", "it is resolved", "fixed", "its fixed", "it is fixed", "all fixed"),
    *("all good", "all good now", "its all good", "everything is fine", "everything works", "all set"),
    *("it works", "it works now", "its working", "its working now", "works now", "it is working now"),
    *("sim", "sim claro", "resolvido", "tudo resolvido", "esta resolvido", "ja esta resolvido"),
    *("ficou resolvido", "foi resolvido", "ja foi resolvido", "solucionado", "tudo certo", "deu certo"),
    *("tudo ok", "tudo em ordem", "ficou bom", "ficou otimo", "ficou perfeito", "funcionou"),
    *("ja funciona", "agora funciona", "agora funcionou", "esta funcionando", "ja esta funcionando"),
)
# What is polite and says nothing more: greetings, thanks, farewells, praise.
_POLITE: Final = (
    *("hola", "buen dia", "buenos dias", "buenas", "buenas tardes", "buenas noches", "estimado", "estimada"),
    *("gracias", "muchas gracias", "mil gracias", "muchisimas gracias", "le agradezco", "por todo"),
    *("por su ayuda", "por la ayuda", "por su atencion", "por la atencion", "muy amable", "muy amables"),
    *("se lo agradezco", "les agradezco", "saludos", "un saludo", "saludos cordiales", "cordialmente"),
    *("atentamente", "un abrazo", "perfecto", "excelente", "genial", "muy bien", "ok", "buena atencion"),
    *(
        "hi",
        "hello",
        "dear",
        "good morning",
        "good afternoon",
        "good evening",
        "thanks",
        "thank you",
        "cheers",
    ),
    *("many thanks", "thanks a lot", "thank you so much", "thank you very much", "thanks again", "thx"),
    *("for your help", "for everything", "regards", "best regards", "kind regards", "best"),
    *("sincerely", "great", "perfect", "excellent", "wonderful", "okay"),
    *(
        "oi",
        "ola",
        "tudo bem",
        "bom dia",
        "boa tarde",
        "boa noite",
        "prezado",
        "prezada",
        "obrigado",
        "obrigada",
        "valeu",
    ),
    *("muito obrigado", "muito obrigada", "pela ajuda", "por tudo", "agradeco"),
    *("pela atencao", "abraco", "abracos", "um abraco", "atenciosamente"),
    *("cumprimentos", "perfeito", "otimo", "excelente", "muito bom", "show"),
)
_LONGEST: Final = max(len(phrase.split()) for phrase in (*_YES, *_POLITE))
_YES_WORDS: Final = frozenset(tuple(phrase.split()) for phrase in _YES)
_POLITE_WORDS: Final = frozenset(tuple(phrase.split()) for phrase in _POLITE)
# Other signs than these (a question, an angry face, a percent) say something of their own.
_APOSTROPHES: Final = re.compile("['\u2018\u2019]")
_PLAIN_SIGNS: Final = frozenset(
    ".,;:!¡-—…()\"'“”«»*_/~\u2013\u2018\u2019\ufe0f\u200d👍👌🙏🙂😊😀😃😄😁✅✔❤💯🎉🙌👏☺"
)
_WORD: Final = re.compile(r"\w+")


def may_mean_solved(text: str) -> bool:
    """Say whether it is worth to look closer: it is short, asks nothing, and has a yes in it somewhere."""
    words = _words(text)
    return words is not None and any(tuple(words[i : i + n]) in _YES_WORDS for i, n in _spans(words))


def means_solved(text: str, names: Collection[str] = ()) -> bool:
    """Say whether this, said after "is it solved?", is a yes and nothing else.

    Beside the yes only greetings, thanks and farewells may stand, and words of `names`: the contact's, and
    those of who asked. Anything more ("yes, but …", a question, a number) is for a person to read.
    """
    words = _words(text)
    if words is None:
        return False
    known = {word for name in names for word in _WORD.findall(_plain(name))}
    yes, at = False, 0
    while at < len(words):
        length = next((n for n in range(_LONGEST, 0, -1) if tuple(words[at : at + n]) in _YES_WORDS), 0)
        polite = next((n for n in range(_LONGEST, 0, -1) if tuple(words[at : at + n]) in _POLITE_WORDS), 0)
        if max(length, polite) == 0 and words[at] not in known:
            return False
        yes = yes or length > 0
        at += max(length, polite, 1)
    return yes


def _spans(words: list[str]) -> Iterator[tuple[int, int]]:
    return ((i, n) for i in range(len(words)) for n in range(1, _LONGEST + 1))


def _words(text: str) -> list[str] | None:
    """Return the words without accents and capitals; None for what is long or has a sign of its own."""
    if len(text) > MOST:
        return None
    plain = _plain(text)
    if any(not (ch.isalnum() or ch.isspace() or ch in _PLAIN_SIGNS) for ch in plain):
        return None
    return _WORD.findall(_APOSTROPHES.sub("", plain).replace("_", " "))


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in marked if unicodedata.category(ch) != "Mn" or ch in _PLAIN_SIGNS).casefold()
