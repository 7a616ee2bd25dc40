"""Asks a source over HTTP: signed, guarded, in a few seconds, and one that does not answer is let rest."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import httpx
import structlog

from trato.cards.contract import MAX_ANSWER
from trato.decide.breaker import Breaker
from trato.kit import bounded
from trato.kit.clock import now
from trato.kit.guarded_http import ForbiddenTarget, GuardedTransport
from trato.webhooks import signing

log = structlog.get_logger()

EXTRA: Final = "cards"  # its place in `Services.extras`
ASK_S: Final = 3.0
PRESS_S: Final = 10.0  # to do something may take longer than to look something up
AT_ONCE: Final = 4  # questions to one source from one process
_OK: Final = 200
_NOTHING: Final = 204


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered: `body` is None where there is nothing to show, or `problem` says what is wrong.

    `problem` is one of slow, down, forbidden, refused (with the `status`), unsigned, large, resting.
    """

    body: bytes | None = None
    problem: str | None = None
    status: int | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A source as it is asked."""

    id: UUID
    url: str
    secret: str


class Asker:
    """One in each web process: it remembers which sources do not answer, and rests from them."""

    def __init__(
        self,
        *,
        ask_s: float = ASK_S,
        press_s: float = PRESS_S,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._limits = {False: ask_s, True: press_s}
        # As decision 0019 has it: administrators name these, also in the own network; plain HTTP only there.
        self._clients = {
            scheme: httpx.AsyncClient(
                transport=GuardedTransport(allow_private=True, allow_public=scheme == "https", verify=verify),
                timeout=None,  # noqa: S113  one limit over the whole question, below
                follow_redirects=False,
            )
            for scheme in ("https", "http")
        }
        self._breakers: dict[UUID, Breaker] = {}
        self._gates: dict[UUID, asyncio.Semaphore] = {}

    async def aclose(self) -> None:
        """Close what is open."""
        for client in self._clients.values():
            await client.aclose()

    def forget(self, source_id: UUID) -> None:
        """Ask a source as if nothing had been: it was changed."""
        self._breakers.pop(source_id, None)

    async def ask(
        self, target: Target, message: UUID, payload: bytes, *, pressed: bool = False, by_hand: bool = False
    ) -> Answer:
        """Send a body and return the answer, its signature checked; never raises for what the source does.

        A source that did not answer lately is left alone, unless a person presses for it. What waits for
        other questions to the same source says nothing about the source.
        """
        limit_s = self._limits[pressed]
        gate = self._gates.setdefault(target.id, asyncio.Semaphore(AT_ONCE))
        try:
            async with asyncio.timeout(limit_s):
                await gate.acquire()
        except TimeoutError:
            return Answer(problem="slow")
        try:
            before = self._breakers.get(target.id, Breaker())
            if before.rests(now()) and not (by_hand or pressed):
                return Answer(problem="resting", retry_at=before.until)
            answer = await self._post(target, message, payload, limit_s)
        finally:
            gate.release()
        return self._noted(target, before, answer)

    def _noted(self, target: Target, before: Breaker, answer: Answer) -> Answer:
        """Keep how the source stands; of questions that failed together, the first one counts."""
        answered = answer.problem is None
        stands = self._breakers.get(target.id, Breaker())
        if answered or stands == before:
            stands = self._breakers[target.id] = before.after(now(), answered=answered)
        if not answered:
            log.info("cards.no_answer", source=str(target.id), problem=answer.problem, status=answer.status)
        return Answer(answer.body, answer.problem, answer.status, stands.until)

    async def _post(self, target: Target, message: UUID, payload: bytes, limit_s: float) -> Answer:
        try:
            async with asyncio.timeout(limit_s):
                return await self._exchange(target, message, payload)
        except TimeoutError:
            return Answer(problem="slow")
        except ForbiddenTarget:
            return Answer(problem="forbidden")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError):
            return Answer(problem="down")

    async def _exchange(self, target: Target, message: UUID, payload: bytes) -> Answer:
        headers = signing.headers(target.secret, message, now(), payload)
        headers |= {"user-agent": "Trato cards", "accept": "application/json", "accept-encoding": "identity"}
        client = self._clients["http" if target.url.lower().startswith("http:") else "https"]
        async with client.stream("POST", target.url, content=payload, headers=headers) as response:
            if response.status_code not in {_OK, _NOTHING}:
                return Answer(problem="refused", status=response.status_code)
            body = await bounded.whole(response.aiter_raw(), MAX_ANSWER)
        if body is None:
            return Answer(problem="large")
        if not signing.is_signed(
            target.secret, signing.message_id_of(message), response.headers, body, now()
        ):
            return Answer(problem="unsigned")
        return Answer(body if response.status_code == _OK else None)
