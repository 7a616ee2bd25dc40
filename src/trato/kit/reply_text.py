"""What a person wrote in a reply, without what they quoted and without their signature.

Works line by line in linear time, for mail programs that speak Spanish, English, Portuguese, French, German,
Italian or Dutch. When in doubt the text stays: too much is a nuisance, too little is a lost message.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_MAX_CHARACTERS: Final = 400_000
_ATTRIBUTION_LINES: Final = 5
_ATTRIBUTION_CHARACTERS: Final = 500
_HEADER_LINES: Final = 6
_SIGNATURE_LINES: Final = 25
_NAME_CHARACTERS: Final = 40
_MARK_CHARACTERS: Final = 300  # of a line that can be a rule, an attribution or a device's signature
_ROUNDS: Final = 5

_QUOTED: Final = re.compile(r"\s{0,3}(?:>|&gt;)")
_RULE: Final = re.compile(r"[\s*]*[-_=—*]{5,}[\s*]*")
_ORIGINAL: Final = re.compile(
    r"[\s>*]*-{2,}\s*(?:original message|original appointment|mensaje original|mensagem original|"
    r"message d'origine|message original|ursprüngliche nachricht|messaggio originale|"
    r"oorspronkelijk bericht)\s*-{2,}[\s*]*",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"[\s>*]*(?:-{2,}\s*)?(?:forwarded message|begin forwarded message|mensaje reenviado|"
    r"inicio del mensaje reenviado|mensagem encaminhada|início da mensagem encaminhada|message transféré|"
    r"weitergeleitete nachricht|messaggio inoltrato)\s*:?\s*-*[\s*]*",
    re.IGNORECASE,
)
_SENDER_LABEL: Final = re.compile(
    r"[\s*]*(?:from|de|von|da|van|expéditeur|remitente)\s*:[\s*]*\S", re.IGNORECASE
)
_OTHER_LABEL: Final = re.compile(
    r"[\s*]*(?:sent|date|to|subject|cc|reply-to|enviado(?: el)?|enviada(?: em)?|fecha|data|para|asunto|"
    r"assunto|envoyé|à|objet|gesendet|datum|an|betreff|inviato|a|oggetto|verzonden|aan|onderwerp)\s*:\**\s",
    re.IGNORECASE,
)
_OPENER: Final = re.compile(
    r"[\s*-]*(?:on|el|em|no dia|a|le|am|il|op|den)\s", re.IGNORECASE
)  # "On Tue, …", "El lun, …"
_VERB: Final = re.compile(
    r"\b(?:wrote|writes|escribió|escribio|ha escrito|escreveu|a écrit|schrieb|ha scritto|schreef)\b"
    r"|>wrote:",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[<\[(](?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}[>\])]")
_MOMENT: Final = re.compile(r"\d{1,2}[:h.]\d\d|\d{1,2}[/.-]\d{1,2}|\b(?:19|20)\d\d\b")
_ATTRIBUTION_END: Final = re.compile(r"(?::|-{3,})[\s*]*\Z")
# What an older Gmail wrote: "2014-04-29 16:21 GMT-03:00 Ana <ana@example.com>:"
_DATED: Final = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d\b.*<[^\s<>@]+@[^\s<>@]+>:\s*\Z")

_DELIMITER: Final = re.compile(r"--\s?|—\s?|_{5,}\s*|-{3,}\s*")
_NAME: Final = re.compile(r"(?:--?|—)\s?(?=[^\W\d_])[^\n]*")
_BULLET: Final = re.compile(r"[-—]\s")
_DEVICE: Final = re.compile(
    r"(?:sent from my|enviado desde mi|enviado de mi|enviado do meu|enviado de meu|enviado pelo meu|"
    r"envoyé de mon|envoyé depuis mon|von meinem|inviato dal mio|verstuurd vanaf mijn)"
    r"(?:\s+[\w®™.+-]+){1,6}(?:\s+gesendet)?"
    r"|(?:sent from|sent with|sent via|enviado desde|enviado con|enviado por|enviado com|enviado do|"
    r"enviado pelo|envoyé de|envoyé depuis|gesendet mit|inviato da|inviato con)\s+"
    r"(?:the\s+|la\s+|el\s+|o\s+)?(?:outlook|yahoo|mail|correo|gmail|iphone|ipad|android|samsung|proton|blackberry|hey|spark|airmail|"
    r"mobile|móvil|windows|aol)\b[^,;!?\n]{0,60}"
    r"|(?:get|obtener|obtén|descargar|obter o|télécharger|holen sie sich|scarica|ottieni)\s+"
    r"outlook\b[^,;!?\n]{0,80}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in its parts: what was written, and what stands below it each time."""

    reply_text: str
    signature: str


@dataclass(slots=True)
class _Segment:
    """Lines between two quotes."""

    lines: list[str] = field(default_factory=list)


def split_reply(text: str) -> Reply:
    """Return the text without quotes and signatures, and the signatures; never raises.

    Answers between quoted lines are kept, in order. What follows a header block, or an attribution whose
    quote is not marked with `>`, is quoted to the end. A forwarded message with nothing above it is kept.
    """
    lines = text[:_MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    written, signatures = [], []
    for segment in _segments(lines):
        above, below = _cut_signature(segment.lines)
        written.append("\n".join(above).strip())
        signatures.append("\n".join(below).strip())
    reply_text = "\n\n".join(part for part in written if part)
    if not reply_text and any(_FORWARDED.fullmatch(line) for line in lines[:50]):
        reply_text = text[:_MAX_CHARACTERS].strip()
    return Reply(reply_text, "\n\n".join(part for part in signatures if part))


def _segments(lines: Sequence[str]) -> Iterator[_Segment]:
    segment, index = _Segment(), 0
    while index < len(lines):
        line = lines[index]
        if _QUOTED.match(line):
            yield segment
            segment = _Segment()
            index += 1
            continue
        if _quotes_to_the_end(lines, index):
            break
        length = _attribution_length(lines, index)
        if length:
            following = _next_written(lines, index + length)
            if following is None or not _QUOTED.match(lines[following]):
                break
            yield segment
            segment, index = _Segment(), following
            continue
        segment.lines.append(line)
        index += 1
    yield segment


def _next_written(lines: Sequence[str], start: int) -> int | None:
    return next((index for index in range(start, len(lines)) if lines[index].strip()), None)


def _quotes_to_the_end(lines: Sequence[str], index: int) -> bool:
    """Whether the header of another mail starts here, with the rule that Outlook draws above it."""
    line = lines[index]
    if len(line) > _MARK_CHARACTERS:
        return _is_header_block(lines, index)
    if _ORIGINAL.fullmatch(line) or _FORWARDED.fullmatch(line):
        return True
    if _RULE.fullmatch(line):
        window = lines[index + 1 : index + 4]
        following = _next_written(window, 0)
        return following is not None and _is_header_block(lines, index + 1 + following)
    return _is_header_block(lines, index)


def _is_header_block(lines: Sequence[str], index: int) -> bool:
    if not _SENDER_LABEL.match(lines[index]):
        return False
    labels = sum(bool(_OTHER_LABEL.match(line)) for line in lines[index + 1 : index + _HEADER_LINES])
    return labels >= 2  # noqa: PLR2004 - "De:" alone may be a sentence; with "Para:" and "Asunto:" it is a header


def _attribution_length(lines: Sequence[str], index: int) -> int:
    """Return how many lines "On Tuesday Ana wrote:" takes here, or 0 when it does not stand here."""
    first = lines[index]
    if len(first) > _MARK_CHARACTERS:
        return 0
    if _DATED.match(first.strip()):
        return 1
    opened = _OPENER.match(first) is not None
    if not opened and "@" not in first:
        return 0
    joined = ""
    for count, line in enumerate(lines[index : index + _ATTRIBUTION_LINES], start=1):
        if not line.strip() or len(joined) + len(line) > _ATTRIBUTION_CHARACTERS:
            break
        if count > 1 and (_QUOTED.match(line) or (_OPENER.match(line) and _VERB.search(line))):
            break  # a quote without attribution, or the attribution starts further down
        joined = f"{joined} {line.strip()}"
        if _ATTRIBUTION_END.search(joined) and _VERB.search(joined):
            is_dated = opened and _MOMENT.search(joined)
            return count if is_dated or _ADDRESS.search(joined) else 0
    return 0


def _cut_signature(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the lines between two quotes into what was written and the signature below it."""
    end = _delimiter_at(lines)
    for _ in range(_ROUNDS):
        start = _closing_paragraph(lines, end)
        if start is None or not _is_signature(lines[start:end]):
            break
        end = start
    return lines[:end], lines[end:]


def _delimiter_at(lines: Sequence[str]) -> int:
    """Return where a line such as `-- ` starts the signature, or the number of lines."""
    left = sum(bool(line.strip()) for line in lines)
    for index, line in enumerate(lines):
        left -= bool(line.strip())
        if not _DELIMITER.fullmatch(line.strip() or "."):
            continue
        is_standard = line.rstrip("\n") == "-- "
        if left and (is_standard or left <= _SIGNATURE_LINES):
            return index
    return len(lines)


def _closing_paragraph(lines: Sequence[str], end: int) -> int | None:
    """Return where the last paragraph above `end` starts, or None when there is none."""
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start if end else None


def _is_signature(paragraph: Sequence[str]) -> bool:
    """Whether a last paragraph is "-Ana" or "Enviado desde mi iPhone"."""
    written = [line.strip() for line in paragraph if line.strip()]
    if not written or len(written) > 3 or len(written[0]) > _MARK_CHARACTERS:  # noqa: PLR2004 - longer ones are text
        return False
    first = written[0]
    if _DEVICE.fullmatch(first.rstrip(".")):
        return True
    is_name = _NAME.fullmatch(first) and not _BULLET.match(first) and len(first) <= _NAME_CHARACTERS
    return bool(is_name) and not first.endswith((".", "?", "!", ":", ";"))
