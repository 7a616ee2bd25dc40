"""Takes out of a text what tells whom it is about: names, addresses, telephones, numbers of orders, mails.

By form, and by what is known of the people in it. What is in doubt goes: a draft with a gap is mended by its
writer, a name that is published is not.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

_WORDS: Final = {
    "es": {
        "name": "[nombre]",
        "mail": "[correo]",
        "number": "[número]",
        "address": "[dirección]",
        "link": "[enlace]",
    },
    "en": {
        "name": "[name]",
        "mail": "[mail]",
        "number": "[number]",
        "address": "[address]",
        "link": "[link]",
    },
    "pt": {
        "name": "[nome]",
        "mail": "[e-mail]",
        "number": "[número]",
        "address": "[endereço]",
        "link": "[link]",
    },
}
_BLANK: Final = re.compile(
    r"\[(?:"
    + "|".join(sorted({re.escape(word[1:-1]) for words in _WORDS.values() for word in words.values()}))
    + r")\]"
)
MIN_NAME: Final = 2

# All of these look at the text without accents and in small letters, of the same length.
_MAIL: Final = re.compile(r"[^\s@<>()\[\]]+@[^\s@<>()\[\]]+")
_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\[\]]+")
_NUMBER: Final = re.compile(r"(?<![\w$])[+(#]?\w*\d(?:[ ().+/\\_-]{0,3}\w?\d){4,}\w*")
_AMOUNT: Final = re.compile(r"(?:us\$|r\$|\$|€|usd|ars|mxn|cop|clp|brl)\s?\d[\d.,]*\d|(?:us\$|r\$|\$|€)\s?\d")
_CODE: Final = re.compile(r"(?<![\w-])(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}")
_NAMED: Final = re.compile(
    r"\b(?:casos?|pedidos?|orden(?:es)?|reclamos?|tickets?|orders?|cases?|facturas?|invoices?|guias?|"
    r"seguimiento|tracking|compras?|chamados?|notas? fiscal|dni|cpf|cuit|"
    r"rut|curp|rfc|cedula|pasaporte|passport|serie|serial)"
    r"(?:\s+(?:n|no|num|numero|number|numeros|es|is|e|o|el|de|del|da|do)\b[.:ºo°]?)*\s*[:#º°]*\s*"
    r"((?=[\w-]*\d)[\w-]{2,})"
)
_STREET: Final = re.compile(
    r"\b(?:calle|avenida|avda|av|pasaje|diagonal|ruta|carrera|cra|rua|alameda|travessa|estrada|rodovia|boulevard|"
    r"blvd|barrio|bairro|colonia)\b\.?\s+(?:[^\s,.;:!?\[\]]+\s+){0,5}?(?:n[º°o.]*\s*|#\s*|,\s*)?\d+\w*"
    r"|\b\d+\w?\s+(?:[^\s,.;:!?\d\[\]]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|square)\b"
)
_GREETED: Final = re.compile(
    r"\b(?:hola|ola|hi|hello|hey|dear|estimad[oa]s?|querid[oa]|prezad[oa]|car[oa]|gracias|thanks|thank you|"
    r"buen(?:os|as)? (?:dia|dias|tardes|noches)|bo[am] (?:dia|tarde|noite)|obrigad[oa]|"
    r"good (?:morning|afternoon|evening)|sr|sra|srta|senor|senora|senorita|senhor|senhora|don|dona|"
    r"mr|mrs|ms|me llamo|mi nombre es|le habla|soy|my name is|this is|i am|i.m|me chamo|meu nome e|sou|"
    r"atte|saludos|regards|atenciosamente|atentamente)[.,:]*\s+"
)
_CAPITAL: Final = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'-]+(?:\s+(?:(?:de|del|la|da|do|dos|y|e)\s+){0,2}[A-ZÀ-ÖØ-Þ][\w'-]+){0,3}"
)
# What follows a greeting, or stands in a name, and names nobody.
_OFFICE: Final = frozenset(
    re.findall(
        r"\w+",
        """el la los las un una se su si no para con por en de al del este esta the to an you your we
        it os as um uma ha he ya lo le les""",
    )
)


def without(text: str, language: str, *, names: Collection[str] = (), values: Collection[str] = ()) -> str:
    """Return the text with what is personal replaced by what kind of thing it was.

    `names` are of the people in the conversation; each part of them is taken out. `values` are what is known
    of them as it is: addresses, facts, numbers of their cases. Amounts of money stay: they are nobody's.
    """
    words = _WORDS.get(language, _WORDS["en"])
    text = unicodedata.normalize("NFC", text)
    # a word that becomes another when something beside it is gone is found by looking once more
    for _ in range(4):
        shown = _once(text, words, names, values)
        if shown == text:
            break
        text = shown
    return text


def blanks(text: str) -> int:
    """Return how many things were taken out of a text."""
    return len(_BLANK.findall(text))


def _once(text: str, words: dict[str, str], names: Collection[str], values: Collection[str]) -> str:
    plain = folded(text)
    spans = [(found.start(), found.end(), "") for found in _BLANK.finditer(text)]
    found = [
        *((*span, "number") for span in _known(plain, values)),
        *((*one.span(), "mail") for one in _MAIL.finditer(plain)),
        *((*one.span(), "link") for one in _LINK.finditer(plain) if _is_own(one.group())),
        *((*one.span(), "address") for one in _STREET.finditer(plain)),
        *((*one.span(1), "number") for one in _NAMED.finditer(plain)),
    ]
    amounts = [one.span() for one in _AMOUNT.finditer(plain)]
    found += [
        (*one.span(), "number")
        for pattern in (_NUMBER, _CODE)
        for one in pattern.finditer(plain)
        if not any(start < one.end() and one.start() < end for start, end in amounts)
    ]
    found += [(*span, "name") for span in _names(text, plain, names)]
    for start, end, kind in sorted(found, key=lambda span: (span[0], -span[1])):
        if any(start < other_end and other_start < end for other_start, other_end, of in spans if not of):
            continue
        if spans and spans[-1][2] and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end), spans[-1][2])
        else:
            spans.append((start, end, kind))
    return _replaced(text, sorted(spans), words)


def folded(text: str) -> str:
    """Return the text in small letters without accents, each character in its place."""
    return "".join(map(_plain, text))


def _plain(char: str) -> str:
    small = unicodedata.normalize("NFKD", char)[:1].lower()
    return small if len(small) == 1 else char


def _is_own(link: str) -> bool:
    """Say whether a link may lead to something of one person: with a number or a question in it."""
    return "?" in link or "#" in link or sum(char.isdigit() for char in link) >= 3  # noqa: PLR2004 of an order


def _known(plain: str, values: Collection[str]) -> Iterator[tuple[int, int]]:
    for value in sorted({folded(value.strip()) for value in values}, key=len, reverse=True):
        if len(value) < MIN_NAME:
            continue
        for found in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", plain):
            yield found.span()


def _names(text: str, plain: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where a part of a known name stands, and who is greeted or says who they are."""
    parts = {part for name in names for part in re.findall(r"[^\W\d_]+", folded(name)) if part not in _OFFICE}
    for part in sorted(parts):
        if len(part) >= MIN_NAME:
            for found in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", plain):
                yield found.span()
    for greeted in _GREETED.finditer(plain):
        person = _CAPITAL.match(text, greeted.end())
        if person is not None and folded(person.group()).split()[0] not in _OFFICE:
            yield person.span()


def _replaced(text: str, spans: Collection[tuple[int, int, str]], words: dict[str, str]) -> str:
    parts, last = [], 0
    for start, end, kind in spans:
        parts += [text[last:start], words[kind] if kind else text[start:end]]
        last = end
    return "".join((*parts, text[last:]))
