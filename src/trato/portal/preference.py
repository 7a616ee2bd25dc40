"""The link by which a contact sees and changes how they like to be helped, without an account of ours.

Whoever holds it may see and change the preference of that contact and nothing else.
"""

from datetime import datetime, timedelta
from uuid import UUID

from trato.db.edge import Services
from trato.kit import signed_link

GOOD_FOR = timedelta(days=365)  # a mail is found again long after it was sent
_KEY = "preference link"


def url(services: Services, contact_id: UUID, now: datetime) -> str:
    """Return where a contact finds their preference."""
    return f"{services.public.url.rstrip('/')}/preference/{token(services, contact_id, now)}"


def token(services: Services, contact_id: UUID, now: datetime) -> str:
    """Return the signed name of a contact, good for a year."""
    return signed_link.name(services.secrets.derive(_KEY), contact_id, now + GOOD_FOR)


def contact_of(services: Services, given: str, now: datetime) -> UUID:
    """Return whose link this is; raises `NotFound` for one that is forged or too old."""
    return signed_link.named(services.secrets.derive(_KEY), given, now)
