"""The marks by which mail programs set apart what they quote and what they sign with, in many languages.

Each predicate looks at lines as `plain` gives them, and takes time linear in their length.
"""

import re
from collections.abc import Sequence
from typing import Final

_ATTRIBUTION_LINES: Final = 5
_ATTRIBUTION_CHARACTERS: Final = 500
_HEADER_LINES: Final = 8
_NAME_CHARACTERS: Final = 40
_MARK_CHARACTERS: Final = 300  # of a line that can be a rule, an attribution or a device's signature
_OTHER_LABELS: Final = 2
_CLOSING_LINES: Final = 15
_SHORT: Final = 80  # a line of a signature
_FEW: Final = 4  # a name, a title, a telephone, a page
_CONTACT_LINES: Final = 12
_WRAPPED_FROM: Final = 65  # mail programs wrap at 72 to 78 characters

_SPACES: Final = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f", " ") | dict.fromkeys("\u200b\u200e\u200f\ufeff")
)

_QUOTED: Final = re.compile(r"\s{0,3}(?:>|&gt;)")
_RULE: Final = re.compile(r"[\s*]*[-_=—*]{3,}[\s*]*")
_TITLED_RULE: Final = re.compile(r"[\s*]*[-_=]{3,}[^-_=\n]{1,60}[-_=]{3,}[\s*]*")
_ORIGINAL: Final = re.compile(
    r"[\s>*]*[-_=]{2,}\s*(?:original message|original appointment|reply message|"
    r"(?:mensaje|correo|cita|reunión) original|mensaje de respuesta|"
    r"(?:mensagem|compromisso) original|mensagem de resposta|"
    r"message d'origine|message original|ursprüngliche nachricht|(?:originalnachricht|antwort nachricht)|"
    r"messaggio originale|oorspronkelijk bericht|oprindelig (?:besked|meddelelse)|opprinnelig melding|"
    r"ursprungligt meddelande|alkuperäinen viesti|wiadomość oryginalna|исходное сообщение)"
    r"\s*[-_=]{2,}[\s*]*",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"[\s>*]*(?:-{2,}\s*)?(?:forwarded message|begin forwarded message|mensaje reenviado|"
    r"inicio del mensaje reenviado|mensagem encaminhada|início da mensagem encaminhada|message transféré|"
    r"weitergeleitete nachricht|messaggio inoltrato)\s*:?\s*-*[\s*]*",
    re.IGNORECASE,
)

_SENDER_LABEL: Final = re.compile(
    r"[\s*]*(?:from|de|von|da|van|expéditeur|remitente|remetente|fra|från|od|от|发件人)\s*[:\uff1a][\s*]*\S",
    re.IGNORECASE,
)
_OTHER_LABEL: Final = re.compile(
    r"[\s*]*(?:sent|date|to|cc|bcc|reply-to|importance|"
    r"enviad[oa](?: (?:el|em))?|fecha|data|para|responder (?:a|para)|cco|importancia|prioridad|"
    r"envoyé(?: le)?|message du|à|copie à|gesendet|datum|an|inviato|a|verzonden|aan|"
    r"sendt|dato|til|kopi|skickat|till|wysłano|do|отправлено|дата|кому|发送时间|收件人)\s*[:\uff1a]",
    re.IGNORECASE,
)
_SUBJECT_LABEL: Final = re.compile(
    r"[\s*]*(?:subject|asunto|assunto|objet|sujet|betreff|oggetto|onderwerp|emne|ämne|temat|тема|主题)"
    r"\s*[:\uff1a]",
    re.IGNORECASE,
)

_OPENER: Final = re.compile(
    r"[\s*-]*(?:on|at|el|en|em|no dia|a|le|am|il|op|den|w dniu|dnia)\s", re.IGNORECASE
)  # "On Tue, …", "El lun, …"
_VERB: Final = re.compile(
    r"\b(?:wrote|writes|escribió|escribio|ha escrito|escreveu|a écrit|schrieb|ha scritto|schreef|geschreven|"
    r"skrev|napisała?|kirjoitti|написала?|написав|пише)\b|>wrote:|^\W*(?:quoting|citando a?|zitat von)\b",
    re.IGNORECASE,
)
_VERB_AT_END: Final = re.compile(r"\b(?:wrote|escribió|escreveu)[\s-]*\Z", re.IGNORECASE)
# "---- Ana wrote ----"
_RULED_VERB: Final = re.compile(
    r"[\s*]*-{3,}[^\n]{1,200}\b(?:wrote|escribió|escreveu) ?-{3,}\s*", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"[<\[(] ?(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}[>\])]?")
_MOMENT: Final = re.compile(r"\d{1,2}[:h.]\d\d|\d{1,2}[/.-]\d{1,2}|\b(?:19|20)\d\d\b")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_ATTRIBUTION_END: Final = re.compile(r"(?::|-{3,})[\s*]*\Z")
_ADDRESS_AT_END: Final = re.compile(r"@[^\s<>@]{1,255} ?>[\s>)]*:?\s*\Z")
# The end of an attribution that was wrapped within the brackets: it is no quote.
_WRAPPED_END: Final = re.compile(r"\s{0,3}>\s?(?:\w[\w ]{0,20})?:\s*")

_DELIMITER: Final = re.compile(r"--\s?|_{5,}\s*")
_LOOSE_DELIMITER: Final = re.compile(r"—\s?|-{3,}\s*")
_NAME: Final = re.compile(r"(?:--?|—)\s?(?=[^\W\d_])[^\n]*")
_BULLET: Final = re.compile(r"[-—]\s")
_DEVICES: Final = (
    r"(?:outlook|yahoo|mail|mailbox|correo|gmail|iphone|ipad|ipod|android|samsung|proton ?mail|proton|"
    r"blackberry|hey|spark|airmail|mailspring|aquamail|k-9|mobile|móvil|celular|smartphone|windows|aol|xiaomi|huawei|motorola)"
)
_DEVICE: Final = re.compile(
    r"(?:(?:mail|mensaje|correo|mensagem|e-mail|email) |"
    r"(?:este mensaje (?:fue|ha sido)|esta mensagem foi|this (?:message|e-?mail) was) )?"
    r"(?:(?:sent (?:from|via) my|enviado (?:desde|de|por) (?:mi|un)|enviado (?:do|de|pelo|a partir do) meu|"
    r"envoyé (?:de|depuis) mon|von meinem|inviato dal mio|verstuurd vanaf mijn|sendt fra min)"
    r"(?:\s+[\w®™.+'\u2019-]+){1,6}(?:\s+gesendet)?"
    r"|(?:sent (?:from|with|via|by)|from my|enviado (?:desde|con|por|mediante|a través de)|"
    r"enviado (?:com|do|pelo|via)|envoyé (?:de|depuis|à partir de|avec)|gesendet (?:mit|von)|"
    r"inviato (?:da|con)|verzonden (?:met|vanaf|via))\s+"
    rf"(?:the\s+|la\s+|el\s+|o\s+|a\s+)?\[?{_DEVICES}\b[^,;!?\n]{{0,80}}"
    r"|(?:get|obtener|obtén|obtenga|descargar|descarga|obter|obtenha|baixe|télécharger|holen sie sich|"
    r"scarica|ottieni)\s+(?:o\s+)?outlook\b[^,;!?\n]{0,80})"
    r"(?:[,.]\s{1,2}(?:please|pls|excuse|sorry|disculpe|disculpa|perdón|perdone|desculpe)\b[^\n]{0,80})?",
    re.IGNORECASE,
)
_ADVERTISED: Final = re.compile(
    r"(?:virus-free|libre de virus|livre de vírus)\. ?(?:www\.)?\S*(?: <?\S+>?)?", re.IGNORECASE
)
_CLOSING: Final = re.compile(
    r"(?:(?:un|muchos)? ?(?:cordial(?:es)?|atentos?) saludos?|saludos?(?: (?:cordial(?:es)?|atentos?))?|"
    r"(?:muy )?atentamente|atte|cordialmente|quedo atent[oa]|"
    r"atenciosamente|att|cordiais saudações|melhores cumprimentos|abraços?|"
    r"(?:best|kind|warm)? ?regards|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|cheers)"
    r"[\s,.!:]*",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(
    r"\+?\(?\d[\d\s().-]{6,18}\d|\bwww\.|https?://|[^\s@]@[^\s@]+\.\w\w|\b(?:tel|cel|móvil|phone|mobile|fax)\b",
    re.IGNORECASE,
)


def plain(line: str) -> str:
    """Return a line as the marks are looked for: kinds of spaces as one, signs without width left out."""
    return line.translate(_SPACES)


def is_quoted(line: str) -> bool:
    """Whether a line is marked as a quote."""
    return _QUOTED.match(line) is not None


def is_forwarding(line: str) -> bool:
    """Whether a line says that a forwarded message follows."""
    return len(line) <= _MARK_CHARACTERS and _FORWARDED.fullmatch(line) is not None


def is_wrapped_rest(lines: Sequence[str], index: int) -> bool:
    """Whether a line between quoted ones is the end of the long one above, wrapped without its mark."""
    if not 0 < index < len(lines) - 1 or not lines[index][:1].islower():
        return False
    above, below = lines[index - 1], lines[index + 1]
    return is_quoted(above) and is_quoted(below) and len(above) >= _WRAPPED_FROM > len(lines[index])


def quotes_to_the_end(lines: Sequence[str], index: int) -> bool:
    """Whether the header of another mail starts here, with the rule that Outlook draws above it."""
    line = lines[index]
    if len(line) > _MARK_CHARACTERS:
        return False
    if _ORIGINAL.fullmatch(line) or _FORWARDED.fullmatch(line):
        return True
    if _RULE.fullmatch(line) or _TITLED_RULE.fullmatch(line):
        following = next_written(lines[index + 1 : index + 4], 0)
        return following is not None and _is_header_block(lines, index + 1 + following)
    return _is_header_block(lines, index)


def next_written(lines: Sequence[str], start: int) -> int | None:
    """Return the index of the next line that is not blank."""
    return next((index for index in range(start, len(lines)) if lines[index].strip()), None)


def _is_header_block(lines: Sequence[str], index: int) -> bool:
    """Whether some lines name sender and at least two more things that a mail has.

    "De: Lima / Para: Quito / Fecha: lunes" is what a traveller writes: one of the lines must be a subject,
    or hold an address.
    """
    if not _is_label(lines[index]):
        return False
    senders = others = telling = 0
    for line in lines[index : index + _HEADER_LINES]:
        start = line[:_MARK_CHARACTERS]
        if not start.strip():
            break
        is_subject = _SUBJECT_LABEL.match(start) is not None
        is_sender = _SENDER_LABEL.match(start) is not None
        is_other = is_subject or _OTHER_LABEL.match(start) is not None
        senders += is_sender
        others += is_other
        telling += is_subject or ((is_sender or is_other) and "@" in start)
    return bool(senders and others >= _OTHER_LABELS and telling)


def _is_label(line: str) -> bool:
    start = line[:_MARK_CHARACTERS]
    return any(label.match(start) for label in (_SENDER_LABEL, _OTHER_LABEL, _SUBJECT_LABEL))


def attribution_length(lines: Sequence[str], index: int) -> int:
    """Return how many lines "On Tuesday Ana wrote:" takes here, or 0 when it does not stand here."""
    first = lines[index]
    if len(first) > _MARK_CHARACTERS:
        return 0
    if _RULED_VERB.fullmatch(first):
        return 1
    opened = _OPENER.match(first) is not None
    if not opened and "@" not in first and not _MOMENT.search(first):
        return 0
    joined = ""
    for count, line in enumerate(lines[index : index + _ATTRIBUTION_LINES], start=1):
        if not line.strip() or len(joined) + len(line) > _ATTRIBUTION_CHARACTERS:
            break
        wrapped = "<" in joined and _WRAPPED_END.fullmatch(line)
        if count > 1 and not wrapped and (is_quoted(line) or _starts_anew(line)):
            break  # a quote without attribution, or the attribution starts further down
        joined = f"{joined} {line.strip()}"
        if found := _is_attribution(joined, opened=opened):
            return count
        if found is False:
            return 0
    return 0


def is_sure(lines: Sequence[str]) -> bool:
    """Whether an attribution is one also where no marked quote follows.

    "El 3/3/2025 mi marido les escribió:" may be the beginning of a story.
    """
    joined = " ".join(lines)
    found = (pattern.search(joined) for pattern in (_CLOCK, _ADDRESS, _RULED_VERB))
    return any(found)


def _starts_anew(line: str) -> bool:
    return bool(_OPENER.match(line) and _VERB.search(line) and _MOMENT.search(line))


def _is_attribution(joined: str, *, opened: bool) -> bool | None:
    """Say whether this is one; None while it may become one with the next line."""
    address = _ADDRESS.search(joined)
    moment = _MOMENT.search(joined)
    if _ATTRIBUTION_END.search(joined) and _VERB.search(joined):
        return bool((opened and moment) or address)
    if _VERB_AT_END.search(joined) and opened and moment and address:
        return True
    if _ADDRESS_AT_END.search(joined) and _YEAR.search(joined):
        # A date, a name and an address are enough where the verb is of a language that we do not know.
        colon = joined.rstrip().endswith(":")
        return True if colon and _CLOCK.search(joined) else None
    return None


def delimiter_at(lines: Sequence[str], most: int) -> int:
    """Return where a line such as `-- ` starts the signature, or the number of lines.

    Only the standard delimiter may have more than `most` lines below it (RFC 3676 §4.3). A line of
    dashes is drawn between paragraphs too: below it there must be little, and no more rules.
    """
    left = sum(bool(line.strip()) for line in lines)
    for index, line in enumerate(lines):
        left -= bool(line.strip())
        mark = line.strip()
        if not left or len(mark) > _MARK_CHARACTERS:
            continue
        if _DELIMITER.fullmatch(mark) and (line == "-- " or left <= most):
            return index
        if left <= _CLOSING_LINES and _LOOSE_DELIMITER.fullmatch(mark) and _closes(lines[index + 1 :]):
            return index
    return len(lines)


def _closes(below: Sequence[str]) -> bool:
    written = [line for line in below if line.strip()]
    short = all(len(line) <= _SHORT and not _RULE.fullmatch(line) for line in written)
    few = len(written) <= _FEW
    contact = any(_CONTACT.search(line) for line in written)
    return (few or contact) and (short or few)


def is_device(line: str) -> bool:
    """Whether a line is "Enviado desde mi iPhone" or its like."""
    mark = line.strip(" *_()<>").rstrip(".")
    if not 0 < len(mark) <= _MARK_CHARACTERS:
        return False
    return _DEVICE.fullmatch(mark) is not None or _ADVERTISED.fullmatch(line.strip(" *")) is not None


def is_signed_name(paragraph: Sequence[str]) -> bool:
    """Whether a last paragraph is "-Ana"."""
    written = [line.strip() for line in paragraph if line.strip()]
    if not written or len(written) >= _FEW or len(written[0]) > _NAME_CHARACTERS:
        return False
    first = written[0]
    named = _NAME.fullmatch(first) and not _BULLET.match(first)
    return bool(named) and not first.endswith((".", "?", "!", ":", ";"))


def contact_block_at(lines: Sequence[str], end: int) -> int | None:
    """Return where "Saludos," with a name and ways to reach it closes the text, or None.

    Only "Saludos, Ana" is a part of what was written.
    """
    written = 0
    reachable = False
    for index in range(end - 1, -1, -1):
        line = lines[index].strip()
        if not line:
            continue
        written += 1
        if written > _CONTACT_LINES or len(line) > _SHORT or line.endswith("?"):
            return None
        if _CLOSING.fullmatch(line):
            return index if reachable and written >= _FEW - 1 else None
        reachable = reachable or _CONTACT.search(line) is not None
    return None
