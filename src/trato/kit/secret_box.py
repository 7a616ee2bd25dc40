"""Encryption at rest with a key that lives outside the database."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trato.kit.durable import sync_folder
from trato.kit.errors import Invalid, NotFound

KEY_BYTES = 32
NONCE_BYTES = 12


class SecretBox:
    """AES-256-GCM (NIST SP 800-38D) under one key, and keys derived from it (HKDF, RFC 5869)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            message = f"the secret key has {len(key)} bytes instead of {KEY_BYTES}"
            raise ValueError(message)
        self._key = key
        self._seal = AESGCM(self.derive("seal"))

    @classmethod
    def read(cls, file: Path) -> "SecretBox":
        """Read the key file; raises `NotFound` without one, `Invalid` for what is no key."""
        try:
            return cls(bytes.fromhex(file.read_text("ascii").strip()))
        except FileNotFoundError:
            raise NotFound(
                f"The key file {file} is missing.",
                todo="Put back the secret.key that the installation was made with, or set TRATO_SECRET_KEY.",
            ) from None
        except ValueError:
            raise Invalid(
                f"{file} holds no key: 64 hex digits are expected.", todo="Put the right secret.key there."
            ) from None

    @classmethod
    def load(cls, file: Path) -> "SecretBox":
        """Read the key file, made when missing and readable by its owner alone."""
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_suffix(f".{os.getpid()}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as target:
                target.write(os.urandom(KEY_BYTES).hex() + "\n")
                target.flush()
                os.fsync(target.fileno())
            try:
                os.link(fresh, file)  # never over an existing key, also with two processes at once
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
            sync_folder(file.parent)
        return cls.read(file)

    def fingerprint(self) -> str:
        """Return what tells keys apart without telling the key."""
        return self.derive("fingerprint").hex()[:32]

    def seal(self, clear: bytes) -> bytes:
        """Return the encrypted bytes, with their nonce before them."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, clear, None)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed; raises ValueError when the key or the bytes are not the same."""
        try:
            return self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except InvalidTag as error:
            message = "a secret cannot be read with this installation's key"
            raise ValueError(message) from error

    def derive(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for one purpose; the same purpose gives the same key."""
        return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(
            self._key
        )
