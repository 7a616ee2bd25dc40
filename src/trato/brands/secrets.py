"""Secrets of channel accounts: encrypted, and those that a provider changes kept beside what was put in."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from trato.brands.tables import account
from trato.db.engine import Database
from trato.kit.secret_box import SecretBox


def opened_secrets(box: SecretBox, put_in: bytes | None, renewed: bytes | None) -> dict[str, Any]:
    """Return the secrets in clear; what the provider has changed since goes before what was put in."""
    parts = [json.loads(box.open(sealed)) for sealed in (put_in, renewed) if sealed]
    return {name: value for part in parts for name, value in part.items()}


class AccountSecrets:
    """What a connector is given to renew secrets of one account (`SecretKeeper`)."""

    def __init__(self, db: Database, box: SecretBox, account_id: UUID) -> None:
        self._db = db
        self._box = box
        self._one = (account.c.id == account_id) & account.c.removed_at.is_(None)

    async def current(self, name: str) -> str | None:
        """Return a secret as it is kept now."""
        async with self._db.connect() as c:
            row = (await c.execute(select(account.c.secrets, account.c.renewed).where(self._one))).first()
        return None if row is None else opened_secrets(self._box, row.secrets, row.renewed).get(name)

    async def replace(self, name: str, old: str, new: str) -> None:
        """Keep `new` unless the secret is not `old` any more. What was put in stays as it is beside it.

        So the account is not taken for a changed one, and its listener goes on.
        """
        query = select(account.c.secrets, account.c.renewed).where(self._one).with_for_update()
        async with self._db.begin() as c:
            row = (await c.execute(query)).first()
            if row is None or opened_secrets(self._box, row.secrets, row.renewed).get(name) != old:
                return
            renewed = opened_secrets(self._box, None, row.renewed) | {name: new}
            sealed = self._box.seal(json.dumps(renewed).encode())
            await c.execute(update(account).where(self._one).values(renewed=sealed))
