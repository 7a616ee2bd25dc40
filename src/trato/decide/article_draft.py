"""A draft of an article out of a case that was resolved: what was asked, and what the answers say of fact.

Nothing is written anew: sentences are taken as they stand, without greetings, promises and questions back.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from trato.decide.personal_data import blanks, folded

MOST: Final = 14  # sentences: whoever answers at greater length wrote an article already
MAX_TITLE: Final = 120
_SHORTEST: Final = 3  # words
_STOP: Final = re.compile(r"(?<=[.!?…])\s+")
_LISTED: Final = re.compile(r"^\s*(?:[-*•·]|\d{1,2}\s*[.)°-])\s+")
_STEP: Final = re.compile(
    r"^(?:y |e |and )?(?:primero|luego|despues|finalmente|por ultimo|a continuacion|first|then|next|finally|"
    r"primeiro|depois|em seguida|por fim|"
    r"ingres[ae]|haga|vaya|abra|seleccione|presione|pulse|escriba|envie|elija|toque|complete|adjunte|descargue|"
    r"entre|busque|revise|mande|lleve|guarde|desconecte|apague|encienda|reinicie|conecte|mantenga|verifique|"
    r"go|open|select|press|click|tap|choose|enter|write|send|attach|download|check|turn|hold|keep|bring|"
    r"acesse|clique|selecione|pressione|digite|escolha|anexe|baixe|verifique|desligue|ligue|leve)\b"
)
_GREETING: Final = re.compile(
    r"^(?:hola|ola|oi|hi|hello|hey|dear|estimad\w*|querid\w*|prezad\w*|car[oa]|buen(?:os|as)?|bo[am]|good)\b"
    r"[^,.;:!?]{0,60}[,.;:!]\s*"
)
# What is said to this person and to no other, or says nothing.
_NOT_FOR_ALL: Final = re.compile(
    r"^(?:hola|ola|oi|hi|hello|hey|dear|estimad\w*|querid\w*|prezad\w*|buen(?:os|as)|bo[am]|good|gracias|"
    r"muchas gracias|thanks?|obrigad\w*|de nada|you.re welcome|saludos|regards|atentamente|atenciosamente|"
    r"un saludo|quedo|quedamos|a la orden|estamos para|perdon|disculp\w*|lament\w*|sentimos|sorry|"
    r"we apolog\w*|pedimos desculp\w*|con gusto|perfecto|listo|ok|okay|claro|entiendo|i understand|entendo|"
    r"un momento|one moment|um momento)\b"
    r"|\bya (?:(?:lo|la|le|los|las) )?(?:envi|mand|pas|deriv|revis|consult|hable|pedi)\w*"
    r"|\b(?:estoy|estamos|vou|estou|vamos) (?:a )?(?:revis|consult|v[ei]|busc|verific)\w*"
    r"|\bvoy a (?:revis|consult|ver|busc|verific)\w*"
    r"|\ble (?:avis|escrib|confirm|llam)\w*"
    r"|\bi(?: wi|.)ll (?:check|let you|call|write|get back)\b"
    r"|\b(?:vou|vamos) (?:avisar|verificar|consultar)\b"
    r"|\b(?:su|tu|your|seu) (?:caso|case|reclamo|ticket|chamado)\b"
)
_FACT: Final = re.compile(
    r"\d|https?://|\b(?:dias?|meses|mes|semanas?|horas?|anos?|minutos?|days?|months?|weeks?|hours?|years?|"
    r"debe|deben|puede|pueden|tiene que|hay que|se puede|necesita|necesitan|requiere|cubre|incluye|cuesta|"
    r"dura|gratis|sin costo|must|can|may|need|needs|require|covers?|includes?|costs?|lasts?|free|"
    r"deve|devem|pode|podem|precisa|precisam|cobre|inclui|custa|gratuit[oa])\b"
)
_HEADINGS: Final = {"es": "Pasos", "en": "Steps", "pt": "Passos"}


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the case, in the order it was said."""

    by_contact: bool
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article begins with: the question as its title, Markdown as its text."""

    title: str
    body: str
    sentences: int


def draft(said: Sequence[Said], language: str, clean: Callable[[str], str]) -> Draft:
    """Return the draft; `clean` takes out of a sentence what is personal.

    A sentence of which more was taken out than is left says nothing to others, and goes too.
    """
    asked = question(said, clean)
    taken: list[tuple[bool, str]] = []
    seen: set[str] = set()
    for one in said:
        if one.by_contact:
            continue
        for line in sentences(clean(one.text)):
            step, shown = _read(line)
            key = folded(shown)
            if key not in seen and says_something(shown, step=step):
                seen.add(key)
                taken.append((step, shown))
    taken = taken[:MOST]
    return Draft(asked, _body(taken, language), len(taken))


def question(said: Sequence[Said], clean: Callable[[str], str]) -> str:
    """Return what was asked, in the contact's own words: their first question, else their first sentence."""
    told = [line for one in said if one.by_contact for line in sentences(clean(one.text))]
    told = [line for line in told if len(line.split()) >= _SHORTEST]
    if not told:
        return ""
    asked = next((line for line in told if "?" in line), told[0])
    asked = _LISTED.sub("", asked)
    if len(asked) > MAX_TITLE:
        asked = asked[:MAX_TITLE].rsplit(" ", 1)[0] + "…"
    return asked[:1].upper() + asked[1:]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, and the lines of its lists whole; trimmed, none empty."""
    found: list[str] = []
    for line in text.splitlines():
        found += [line] if _LISTED.match(line) else _STOP.split(line)
    return [line.strip() for line in found if line.strip()]


def says_something(line: str, *, step: bool) -> bool:
    """Say whether a sentence tells others something: a fact or a step, and not to one person alone."""
    plain = folded(line)
    words = plain.split()
    if len(words) < (1 if step else _SHORTEST) or plain.endswith("?") or _NOT_FOR_ALL.search(plain):
        return False
    if blanks(line) * 2 >= len(words):
        return False
    return step or _FACT.search(plain) is not None


def _read(line: str) -> tuple[bool, str]:
    """Return whether a line is a step, and the line without the mark of its list."""
    listed = _LISTED.match(line)
    shown = _LISTED.sub("", line)
    greeted = _GREETING.match(folded(shown))
    if greeted is not None and greeted.end() < len(shown):
        shown = shown[greeted.end() : greeted.end() + 1].upper() + shown[greeted.end() + 1 :]
    return listed is not None or _STEP.match(folded(shown)) is not None, shown


def _body(taken: Sequence[tuple[bool, str]], language: str) -> str:
    facts = " ".join(_text(line) for step, line in taken if not step)
    steps = [_text(line) for step, line in taken if step]
    parts = [facts] if facts else []
    if steps:
        heading = _HEADINGS.get(language, _HEADINGS["en"])
        parts += [f"## {heading}", "\n".join(f"{n}. {line}" for n, line in enumerate(steps, start=1))]
    return "\n\n".join(parts)


def _text(line: str) -> str:
    """Return a line that means nothing in Markdown but itself; links stay links."""
    return re.sub(r"([\\`*_<>#|~])", r"\\\1", line) if "://" not in line else line
