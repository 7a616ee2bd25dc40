"""The link by which a contact sees one matter and answers about it, without an account of ours.

Whoever holds it may see that case as its contact does and answer for them, and nothing else; to open it
changes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from trato.db.edge import Services
from trato.kit import signed_link

GOOD_FOR = timedelta(days=90)
_KEY = "case link"


def url(services: Services, case_id: UUID, now: datetime) -> str:
    """Return where a contact finds their matter."""
    token = signed_link.name(services.secrets.derive(_KEY), case_id, now + GOOD_FOR)
    return f"{services.public.url.rstrip('/')}/matter/{token}"


def case_of(services: Services, given: str, now: datetime) -> UUID:
    """Return whose link this is; raises `NotFound` for one that is forged or too old."""
    return signed_link.named(services.secrets.derive(_KEY), given, now)
