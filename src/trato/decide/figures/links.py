"""Links, addresses of mail and names of accounts in a text, also those without `http`."""

import re
from collections.abc import Iterator
from typing import Final

from trato.decide.figures.claim import Claim

_END: Final = ".,;:!?\"'»”\u2019"
_TARGET: Final = re.compile(r"\]\(\s*<?([^)\s>]+)")
_SCHEME: Final = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://[^\s<>()\[\]]+|\b(?:mailto|tel|sms|javascript|data|whatsapp|skype):[^\s<>()\[\]]+"
)
_MAIL: Final = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]+")
_HANDLE: Final = re.compile(r"(?<!\w)@\w[\w.]+")
_BARE: Final = re.compile(r"(?<![\w@./-])(?:[^\W_][\w-]*\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#][^\s<>()\[\]]*)?")
_NO_LINK: Final = frozenset({"p.ej", "ee.uu"})


def links(small: str) -> Iterator[Claim]:
    """Yield them; `small` is the text in small letters, with its accents: another letter is another place."""
    for pattern, kind in ((_TARGET, "link"), (_SCHEME, "link"), (_MAIL, "mail"), (_HANDLE, "link")):
        for found in pattern.finditer(small):
            yield _claim(kind, found, found.lastindex or 0)
    for found in _BARE.finditer(small):
        if found.group().rstrip(_END) not in _NO_LINK:
            yield _claim("link", found, 0)


def _claim(kind: str, found: re.Match[str], group: int) -> Claim:
    shown = found.group(group).rstrip(_END) or found.group(group)
    start = found.start(group)
    place = re.sub(r"^(?:https?://|mailto:)?(?:www\.)?", "", shown).rstrip("/")
    if kind == "mail" or "@" in place:
        key = ("mail", place)
        return Claim("mail" if not place.startswith("@") else "link", start, start + len(shown), key)
    host = re.split(r"[/?#]", place, maxsplit=1)[0]
    return Claim("link", start, start + len(shown), ("link", place), (("link", host),))
