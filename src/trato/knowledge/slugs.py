"""The last part of an article's address: words of its title, in letters that any link can carry."""

import re
import unicodedata
from typing import Final

MAX_SLUG: Final = 80
PATTERN: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# A name by which browsers ask, in lower case, perhaps with a port (RFC 9110, section 7.2).
HOST: Final = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$"
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def slug_of(title: str, otherwise: str) -> str:
    """Return an address for a title, cut at a word; `otherwise` for one without Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    slug = _OTHER.sub("-", plain).strip("-")
    if len(slug) > MAX_SLUG:
        slug = slug[: MAX_SLUG + 1].rpartition("-")[0] or slug[:MAX_SLUG]
    return slug or otherwise


def another(slug: str, nth: int) -> str:
    """Return an address like one that is taken."""
    return f"{slug[: MAX_SLUG - 5]}-{nth}"
