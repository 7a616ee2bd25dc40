"""The key by which push services know this installation, and the sealing of what goes to one device."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.secret_box import SecretBox

TOKEN_LIFE: Final = timedelta(hours=12)  # RFC 8292, section 2: at most a day
_KEY_BYTES: Final = 32

_GET = text("SELECT private, public FROM push_key")
_MAKE = text("INSERT INTO push_key (private, public) VALUES (:private, :public) ON CONFLICT DO NOTHING")


async def public(c: AsyncConnection, secrets: SecretBox) -> str:
    """Return the public key as browsers ask for it; makes the pair at first need."""
    return str((await _pair(c, secrets)).public)


async def private(c: AsyncConnection, secrets: SecretBox) -> str:
    """Return the private key in base64url; makes the pair at first need."""
    return secrets.open((await _pair(c, secrets)).private).decode()


async def _pair(c: AsyncConnection, secrets: SecretBox) -> Any:
    found = (await c.execute(_GET)).first()
    if found is not None:
        return found
    key = ec.generate_private_key(ec.SECP256R1())
    number = key.private_numbers().private_value.to_bytes(_KEY_BYTES)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    await c.execute(_MAKE, {"private": secrets.seal(_written(number).encode()), "public": _written(point)})
    return (await c.execute(_GET)).one()  # of whoever came first


def sealed(
    device: Mapping[str, Any], auth: str, message: bytes, key: str, site: str, at: datetime
) -> tuple[bytes, dict[str, str]]:
    """Return the body that only this device can read (RFC 8291), and the headers that show who sends it."""
    from py_vapid import Vapid02
    from pywebpush import WebPusher

    keys = {"p256dh": device["p256dh"], "auth": auth}
    body = WebPusher({"endpoint": device["endpoint"], "keys": keys}).encode(message)["body"]
    parts = urlsplit(device["endpoint"])
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + TOKEN_LIFE).timestamp()),
        "sub": "https://" + urlsplit(site).netloc,  # RFC 8292, section 2.1: never plain http
    }
    signer = Vapid02.from_raw(key.encode())
    signer.conf["no-strict"] = True  # it knows no site by a number or a port
    signed: dict[str, str] = signer.sign(claims)
    return bytes(body), {**signed, "Content-Encoding": "aes128gcm"}


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
