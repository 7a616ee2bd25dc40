"""What a short answer in free text means, when it leaves no doubt."""

import re
import unicodedata
from typing import Final

# Whole answers, without accents and signs: anything more is a message for a person.
_YES: Final = frozenset(
    {
        *("si", "si gracias", "si muchas gracias", "si quedo resuelto", "quedo resuelto", "resuelto"),
        *(
            "si resuelto",
            "ya quedo",
            "ya esta",
            "si ya esta",
            "listo",
            "si listo",
            "todo bien",
            "si todo bien",
        ),
        *("yes", "yes thanks", "yes thank you", "solved", "yes solved", "it is solved", "all good"),
        *(
            "sim",
            "sim obrigado",
            "sim obrigada",
            "resolvido",
            "sim resolvido",
            "tudo certo",
            "sim tudo certo",
        ),
    }
)
_SIGNS: Final = re.compile(r"[^\w]+")


def means_solved(text: str) -> bool:
    """Say whether this, said after "is it solved?", is a yes and nothing else."""
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return _SIGNS.sub(" ", plain).strip().casefold() in _YES
