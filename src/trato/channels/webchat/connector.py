"""The web chat connector: contacts come through our own visitor API and read by its stream."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from trato.channel_sdk import Account, Capabilities, Check, Connector, Outbound, Sent

MAX_TEXT = 20_000
MAX_FILE_BYTES = 10_000_000
LANGUAGES = ("es", "en", "pt")
# https anywhere, http on a developer's own machine only; no path: an origin is scheme, host and port.
ORIGIN_PATTERN = (
    r"^(https://[a-z0-9.-]+(:[0-9]{1,5})?"
    r"|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)$"
)
# Only a site with accounts of its own needs one: folded away in the form.
_SECRET: Mapping[str, Any] = {
    "type": "string",
    "minLength": 32,
    "maxLength": 200,
    "writeOnly": True,
    "x-advanced": True,
}


class Webchat(Connector):
    """A chat on the shop's own site. Nothing leaves over a network here: sending is showing."""

    kind: ClassVar[str] = "webchat"
    capabilities: ClassVar[Capabilities] = Capabilities(
        idempotent_send=True,
        files=True,
        visitors=True,
        marks="source",
        address_kind="visitor",
        max_text=MAX_TEXT,
        max_file_bytes=MAX_FILE_BYTES,
    )
    settings_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["origins"],
        "properties": {
            "origins": {
                "type": "array",
                "uniqueItems": True,
                "maxItems": 50,
                "items": {"type": "string", "pattern": ORIGIN_PATTERN},
                "default": [],
            },
            "greeting": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    language: {"type": "string", "maxLength": 200, "x-advanced": True}
                    for language in LANGUAGES
                },
            },
            "max_file_mb": {"type": "integer", "minimum": 1, "maximum": 25, "default": 10},
            "identity_secret": _SECRET,
            "previous_identity_secret": _SECRET,
        },
    }

    def new_external_id(self, message_id: UUID, account: Account) -> str | None:
        """Return our own id: by it the visitor's page says that the message was delivered or read."""
        del account
        return str(message_id)

    async def send(self, message: Outbound, account: Account) -> Sent:
        """Take the message: the visitor's stream shows it, and says by itself when it was there."""
        del message, account
        return Sent(delivered=False)

    async def check(self, account: Account) -> Sequence[Check]:
        """Say what keeps the widget from working on the shop's site."""
        origins = [str(origin) for origin in account.settings.get("origins") or ()]
        plain = [origin for origin in origins if urlsplit(origin).scheme == "http"]
        return (
            Check("origins", bool(origins), ", ".join(origins)),
            Check("encryption", not plain, ", ".join(plain)),
            Check("identity", bool(account.secrets.get("identity_secret"))),
        )


connector = Webchat()
