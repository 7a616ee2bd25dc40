"""What an account of the channel may be told, as the administration draws it and as the code reads it."""

import base64
import hashlib
import hmac
import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from trato.channel_sdk import Account, SecretKeeper
from trato.channels.email.classify import Ours
from trato.channels.email.reply_address import without_tag
from trato.channels.email.spf import Network

Security = Literal["tls", "starttls", "none"]

_ADDRESS: Final = {"type": "string", "pattern": r"^[^\s@<>,;]+@[^\s@<>,;]+$", "maxLength": 254}
_HOST: Final = {"type": "string", "pattern": r"^[A-Za-z0-9._:\[\]-]+$", "maxLength": 253}
_NETWORK: Final = {"type": "string", "pattern": r"^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$", "maxLength": 50}
_PORT: Final = {"type": "integer", "minimum": 1, "maximum": 65_535}
_SECURITY: Final = {"type": "string", "enum": ["tls", "starttls", "none"]}
_SECRET: Final = {"type": "string", "minLength": 1, "maxLength": 8_000, "writeOnly": True}
_TEXT: Final = {"type": "string", "maxLength": 500}
_RARE: Final = {"x-advanced": True}  # folded away in the form
_URL: Final = {"type": "string", "pattern": r"^https?://\S+$", "maxLength": 1_000}

SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["address"],
    "properties": {
        "address": _ADDRESS,
        "sender_name": {"type": "string", "maxLength": 120},
        "aliases": _RARE | {"type": "array", "uniqueItems": True, "maxItems": 100, "items": _ADDRESS},
        "signed_replies": {"type": "boolean", "default": True},
        "imap_host": _HOST,
        "imap_port": _PORT | {"default": 993},
        "imap_security": _SECURITY | {"default": "tls"},
        "imap_username": _TEXT,
        "imap_folder": {"type": "string", "maxLength": 200, "default": "INBOX"},
        "imap_start": {"type": "string", "enum": ["unread", "new", "all"], "default": "unread"},
        "smtp_host": _HOST,
        "smtp_port": _PORT | {"default": 587},
        "smtp_security": _SECURITY | {"default": "starttls"},
        "smtp_username": _TEXT,
        "auth": {"type": "string", "enum": ["password", "xoauth2"], "default": "password"},
        "password": _SECRET,
        "smtp_password": _SECRET | _RARE,
        "oauth_client_id": _TEXT | _RARE,
        "oauth_token_url": _URL | _RARE,
        "oauth_scope": _TEXT | _RARE,
        "oauth_client_secret": _SECRET | _RARE,
        "oauth_refresh_token": _SECRET | _RARE,
        "certificate_authority": _RARE | {"type": "string", "maxLength": 100_000},
        "trusted_servers": _RARE | {"type": "array", "uniqueItems": True, "maxItems": 20, "items": _HOST},
        "listener_host": _HOST | {"default": "0.0.0.0"} | _RARE,  # noqa: S104  mail comes from everywhere
        "listener_port": _PORT | _RARE,
        "listener_domains": _RARE | {"type": "array", "uniqueItems": True, "maxItems": 100, "items": _HOST},
        "listener_relays": _RARE | {"type": "array", "uniqueItems": True, "maxItems": 50, "items": _NETWORK},
        "listener_certificate": _TEXT | _RARE,
        "listener_key": _TEXT | _RARE,
    },
}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server that we sign in to; without a password nothing is signed in."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth:
    """How an access token is asked for (RFC 6749 §6)."""

    client_id: str
    token_url: str
    refresh_token: str = field(repr=False)
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    account_id: UUID | None = None
    keeper: SecretKeeper | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Listener:
    """Where our own SMTP server listens, and for whom besides the account's own addresses."""

    host: str
    port: int
    domains: frozenset[str]
    certificate: str
    key: str
    relays: tuple[Network, ...] = ()
    """Servers of ours that stand in front and hand on what they have checked."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """An account's settings with every default filled in."""

    address: str
    sender_name: str
    ours: Ours
    signing_key: bytes = field(repr=False)
    imap: Server | None
    smtp: Server | None
    oauth: OAuth | None
    listener: Listener | None
    trusted_servers: tuple[str, ...] = ()
    signed_replies: bool = True
    folder: str = "INBOX"
    start: Literal["unread", "new", "all"] = "unread"
    certificate_authority: str = ""

    def is_ours(self, address: str) -> bool:
        """Whether the account receives at this address, a signed tag or not."""
        return without_tag(address).lower() in self.ours.addresses

    def tls(self) -> ssl.SSLContext:
        """Return what checks a server's certificate; a company's own authority counts beside the public."""
        context = ssl.create_default_context()
        if self.certificate_authority:
            context.load_verify_locations(cadata=self.certificate_authority)
        return context


def read_settings(account: Account) -> MailSettings:
    """Return the account's settings as the code needs them; nothing is checked beyond the schema."""
    given = account.settings
    address = str(given["address"])
    addresses = frozenset(each.lower() for each in (address, *given.get("aliases", ())))
    return MailSettings(
        address=address,
        sender_name=str(given.get("sender_name", "")),
        ours=Ours(frozenset({loop_mark(account.signing_key)}), addresses),
        signing_key=account.signing_key,
        imap=_server(account, "imap", 993, "tls"),
        smtp=_server(account, "smtp", 587, "starttls"),
        oauth=_oauth(account),
        listener=_listener(given),
        trusted_servers=tuple(given.get("trusted_servers", ())),
        signed_replies=bool(given.get("signed_replies", True)),
        folder=given.get("imap_folder") or "INBOX",
        start=given.get("imap_start", "unread"),
        certificate_authority=str(given.get("certificate_authority", "")),
    )


def loop_mark(signing_key: bytes) -> str:
    """Return the mark in all that the account sends, by which it knows its own mail again."""
    digest = hmac.digest(signing_key, b"trato loop mark v1", hashlib.sha256)
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def _server(account: Account, kind: str, port: int, security: Security) -> Server | None:
    given, secrets = account.settings, account.secrets
    host = given.get(f"{kind}_host")
    if not host:
        return None
    return Server(
        host=str(host),
        port=int(given.get(f"{kind}_port", port)),
        security=given.get(f"{kind}_security", security),
        username=str(given.get(f"{kind}_username") or given["address"]),
        password=str(secrets.get(f"{kind}_password") or secrets.get("password") or ""),
    )


def _oauth(account: Account) -> OAuth | None:
    given, secrets = account.settings, account.secrets
    if given.get("auth") != "xoauth2":
        return None
    return OAuth(
        client_id=str(given.get("oauth_client_id", "")),
        token_url=str(given.get("oauth_token_url", "")),
        refresh_token=str(secrets.get("oauth_refresh_token", "")),
        client_secret=str(secrets.get("oauth_client_secret", "")),
        scope=str(given.get("oauth_scope", "")),
        account_id=account.id,
        keeper=account.keeper,
    )


def _network(text: object) -> Network | None:
    """Return an address or a network; what is neither names nobody."""
    try:
        return ipaddress.ip_network(str(text), strict=False)
    except ValueError:
        return None


def _listener(given: Mapping[str, Any]) -> Listener | None:
    if not given.get("listener_port"):
        return None
    return Listener(
        host=str(given.get("listener_host", "0.0.0.0")),  # noqa: S104  mail comes from everywhere
        port=int(given["listener_port"]),
        domains=frozenset(str(domain).lower() for domain in given.get("listener_domains", ())),
        certificate=str(given.get("listener_certificate", "")),
        key=str(given.get("listener_key", "")),
        relays=tuple(network for text in given.get("listener_relays", ()) if (network := _network(text))),
    )
