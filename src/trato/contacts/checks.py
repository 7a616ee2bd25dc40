"""What can be an address of a contact, and which channel one can prefer."""

import re
from typing import Final

from trato.access import emails
from trato.channels import load_connectors
from trato.kit.errors import Invalid

# Known without a channel for them: a mail program, a telephone, the number in somebody else's system.
ALWAYS: Final = frozenset({"email", "phone", "external"})
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")


def check_address(kind: str, value: str) -> None:
    """Raise `Invalid` unless this can be an address of this kind."""
    known = ALWAYS | {connector.capabilities.address_kind for connector in load_connectors().values()}
    if kind not in known:
        raise Invalid("There is no such kind of address.", field="kind", todo="Use email, phone or external.")
    if kind == "email" and not emails.is_one(value):
        raise Invalid("That is not an e-mail address.", field="value", todo="Write it like name@example.com.")
    if kind == "phone" and not _PHONE.fullmatch(value):
        raise Invalid("That is not a phone number.", field="value", todo="Write it like +57 300 123 4567.")


def check_channel(kind: str | None) -> None:
    """Raise `Invalid` unless a channel of this kind is installed; None is no wish."""
    if kind is not None and kind not in load_connectors():
        raise Invalid(
            "There is no such channel.", field="preferred_channel", todo="Use a kind of GET /api/v1/channels."
        )
