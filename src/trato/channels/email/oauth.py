"""Access tokens for mailboxes that take no password (XOAUTH2), refreshed in time and kept in memory only."""

import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from trato.channels.email.settings import OAuth
from trato.channels.email.trouble import MailTrouble

_TIMEOUT_S: Final = 15.0
_SPARE_S: Final = 120.0  # asked anew this long before it ends, so that no session starts with a dying token
_DEFAULT_LIFE_S: Final = 3_600.0
_MAX_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    ends_at: float  # of the monotonic clock


class Tokens:
    """Keeps one access token for each way of asking."""

    def __init__(self) -> None:
        self._kept: dict[OAuth, _Token] = {}

    async def get(self, oauth: OAuth) -> str:
        """Return a token that is good for two minutes at least; raises `MailTrouble`."""
        kept = self._kept.get(oauth)
        if kept and kept.ends_at - _SPARE_S > time.monotonic():
            return kept.value
        token = await _ask(oauth)
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[oauth] = token
        return token.value

    def forget(self, oauth: OAuth) -> None:
        """Drop a token that a server has refused."""
        self._kept.pop(oauth, None)


async def _ask(oauth: OAuth) -> _Token:
    """Trade the refresh token for an access token (RFC 6749 §6)."""
    form = {"grant_type": "refresh_token", "client_id": oauth.client_id, "refresh_token": oauth.refresh_token}
    form |= {"client_secret": oauth.client_secret} if oauth.client_secret else {}
    form |= {"scope": oauth.scope} if oauth.scope else {}
    host = urlsplit(oauth.token_url).hostname or "the token URL"
    asked_at = time.monotonic()
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            response = await client.post(oauth.token_url, data=form)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MailTrouble(
            f"{host} did not answer ({type(error).__name__}): check the token URL and that this server "
            "may reach it"
        ) from error
    answer = _json(response)
    token = answer.get("access_token")
    if response.is_success and isinstance(token, str) and token:
        return _Token(token, asked_at + _life_s(answer))
    reason = str(answer.get("error") or f"status {response.status_code}")[:100]
    if reason == "invalid_grant":
        raise MailTrouble(f"{host} does not accept the refresh token any more: authorise the mailbox again")
    raise MailTrouble(f"{host} gave no access token ({reason}): check the client's id, secret and scope")


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _life_s(answer: dict[str, Any]) -> float:
    try:
        return float(answer.get("expires_in", _DEFAULT_LIFE_S))
    except (TypeError, ValueError):
        return _DEFAULT_LIFE_S
