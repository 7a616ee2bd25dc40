"""Access tokens for mailboxes that take no password (XOAUTH2), refreshed in time and kept in memory only.

Some providers give a new refresh token with each access token and end the old one: the new one is kept with
the account before the access token is used, or the account would die at the next refresh.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog

from trato.channels.email.settings import OAuth
from trato.channels.email.trouble import MailTrouble
from trato.kit.guarded_http import ForbiddenTarget, GuardedTransport

_TIMEOUT_S: Final = 15.0
_SPARE_S: Final = 120.0  # asked anew this long before it ends, so that no session starts with a dying token
_DEFAULT_LIFE_S: Final = 3_600.0
_MAX_KEPT: Final = 1_000
_MAX_EARLIER: Final = 50
_SECRET: Final = "oauth_refresh_token"  # noqa: S105  the name of a setting

log = structlog.get_logger(__name__)


class AuthorisationEnded(MailTrouble):
    """The provider does not take the refresh token any more."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    ends_at: float  # of the monotonic clock
    refreshed_with: str
    next_refresh: str
    """The refresh token to ask with the next time: another one where the provider changes it."""
    unkept: bool = False
    """Whether `next_refresh` could not be kept with the account yet."""
    earlier: frozenset[str] = frozenset()
    """Refresh tokens that these have come from: a listener goes on with the one that it began with."""

    @property
    def serves(self) -> frozenset[str]:
        """The refresh tokens whose holders are served by this access token."""
        return self.earlier | {self.refreshed_with, self.next_refresh}

    def is_for(self, refresh_token: str) -> bool:
        """Whether it is good for somebody with this refresh token, and for two minutes at least."""
        return refresh_token in self.serves and self.ends_at - _SPARE_S > time.monotonic()


class Tokens:
    """Keeps one access token for each account and way of asking."""

    def __init__(self) -> None:
        self._kept: dict[OAuth, _Token] = {}
        self._locks: defaultdict[OAuth, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, oauth: OAuth) -> str:
        """Return a token that is good for two minutes at least; raises `MailTrouble`."""
        way = replace(oauth, refresh_token="")
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
            self._locks.clear()
        async with self._locks[way]:
            kept = self._kept.get(way)
            if kept is None or not kept.is_for(oauth.refresh_token):
                kept = await self._refresh(oauth, kept)
            if kept.unkept:
                kept = await _keep(oauth, kept)
            self._kept[way] = kept
            return kept.value

    def forget(self, oauth: OAuth) -> None:
        """Drop a token that a server has refused."""
        way = replace(oauth, refresh_token="")
        if kept := self._kept.get(way):
            self._kept[way] = replace(kept, ends_at=0.0)

    async def _refresh(self, oauth: OAuth, before: _Token | None) -> _Token:
        """Ask with the newest refresh token that is known, and once more if another process was faster."""
        known = await _current(oauth)
        if before and before.unkept and known == before.refreshed_with:
            known = before.next_refresh
        try:
            found = await _ask(oauth, known)
        except AuthorisationEnded:
            newer = await _current(oauth)
            if newer == known:
                raise
            found = await _ask(oauth, newer)
        if before and found.refreshed_with in before.serves:
            found = replace(found, earlier=_few(before.serves | {oauth.refresh_token}))
        else:
            found = replace(found, earlier=frozenset({oauth.refresh_token}))
        self._kept[replace(oauth, refresh_token="")] = found
        return found


def _few(earlier: frozenset[str]) -> frozenset[str]:
    """Forget them all when there are many: whoever comes with one of them costs one more refresh."""
    return earlier if len(earlier) <= _MAX_EARLIER else frozenset()


async def _current(oauth: OAuth) -> str:
    """Return the refresh token as it is kept now; the one that we began with when that cannot be read."""
    if oauth.keeper is None:
        return oauth.refresh_token
    try:
        return await oauth.keeper.current(_SECRET) or oauth.refresh_token
    except Exception as error:  # noqa: BLE001  the database is away: the one that we have may do
        log.warning("refresh_token_not_read", error=type(error).__name__)
        return oauth.refresh_token


async def _keep(oauth: OAuth, token: _Token) -> _Token:
    """Keep the new refresh token with the account; when that fails now it is tried at the next use."""
    if oauth.keeper is None:
        return token
    try:
        await oauth.keeper.replace(_SECRET, token.refreshed_with, token.next_refresh)
    except Exception as error:  # noqa: BLE001  the access token serves meanwhile
        log.warning("refresh_token_not_kept", error=type(error).__name__)
        return token
    return replace(token, unkept=False)


async def _ask(oauth: OAuth, refresh_token: str) -> _Token:
    """Trade the refresh token for an access token (RFC 6749 §6)."""
    form = {"grant_type": "refresh_token", "client_id": oauth.client_id, "refresh_token": refresh_token}
    form |= {"client_secret": oauth.client_secret} if oauth.client_secret else {}
    form |= {"scope": oauth.scope} if oauth.scope else {}
    url = urlsplit(oauth.token_url)
    host = url.hostname or oauth.token_url
    asked_at = time.monotonic()
    # Secrets go by plain HTTP only within a network of one's own.
    transport = GuardedTransport(allow_private=True, allow_public=url.scheme == "https")
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, transport=transport) as client:
            response = await client.post(oauth.token_url, data=form)
    except ForbiddenTarget as error:
        raise MailTrouble("token_url_forbidden", host=host) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MailTrouble("token_no_answer", host=host, said=type(error).__name__) from error
    answer = _json(response)
    token = answer.get("access_token")
    if response.is_success and isinstance(token, str) and token:
        given = answer.get("refresh_token")
        following = given if isinstance(given, str) and given else refresh_token
        unkept = following != refresh_token
        return _Token(token, asked_at + _life_s(answer), refresh_token, following, unkept=unkept)
    reason = str(answer.get("error") or f"status {response.status_code}")[:100]
    if reason == "invalid_grant":
        raise AuthorisationEnded("authorisation_ended", host=host)
    raise MailTrouble("no_token", host=host, said=reason)


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
