"""Subjects of answers and forwards, without the pile of "RE: Re: RV:" that mail programs build up."""

import re
from typing import Final

from trato.kit.clean_text import clean_line

MAX_SUBJECT: Final = 250
# Answers and forwards as mail programs write them: es RV, pt RES and ENC, de AW and WG, fr TR, nl Antw …
_PREFIX: Final = re.compile(
    r"\s*(?:re|res|r|rv|aw|wg|sv|antw|antwort|tr|enc|fw|fwd|rif|odp|vb)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:\uff1a]",
    re.IGNORECASE,
)
_MAX_PREFIXES: Final = 50


def base_subject(subject: str) -> str:
    """Return the subject without the prefixes of answers and forwards."""
    subject = clean_line(subject, 2_000)
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(subject)
        if match is None:
            break
        subject = subject[match.end() :]
    return subject.strip()[:MAX_SUBJECT]


def reply_subject(subject: str) -> str:
    """Return the subject of an answer: exactly one `Re:`, which mail programs of every language know."""
    return f"Re: {base_subject(subject)}".strip()


def forward_subject(subject: str) -> str:
    """Return the subject of a forward."""
    return f"Fwd: {base_subject(subject)}".strip()
