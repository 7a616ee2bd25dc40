"""Delivers to all endpoints at once, each in its own order, so that a slow receiver holds up only itself."""

import asyncio
import ssl
from typing import Final
from uuid import UUID

import httpx
import structlog

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.clock import now
from trato.kit.guarded_http import GuardedTransport
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox
from trato.live import service as log_service
from trato.webhooks import deliveries, signing
from trato.webhooks.deliveries import Claimed, Outcome

log = structlog.get_logger()

TIMEOUT_S: Final = 15.0  # Standard Webhooks advises 15 to 30
SWEEP_S: Final = 1.0
STOP_S: Final = 1.5  # less than a process has to end (kit.process_tree)
AT_ONCE: Final = 100


class Sender:
    """Runs in each worker; a lease per endpoint keeps one process at a time on it."""

    def __init__(
        self,
        db: Database,
        wake: Wake,
        secrets: SecretBox,
        *,
        allow_private: bool = False,
        timeout_s: float = TIMEOUT_S,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._db = db
        self._wake = wake
        self._secrets = secrets
        self._timeout_s = timeout_s
        self._owner = new_id()
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(allow_private=allow_private, verify=verify),
            timeout=None,  # noqa: S113  one limit over the whole attempt, below
            follow_redirects=False,
        )
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Deliver until cancelled; an attempt cut off is made again, under the same id."""
        rung, stop = self._wake.subscribe(log_service.WAKE_TOPIC)
        try:
            while True:
                rung.clear()
                try:
                    await self._start(rung)
                except Exception as error:  # noqa: BLE001  the database is away
                    log.warning("webhooks.database_away", error=str(error))
                try:
                    async with asyncio.timeout(SWEEP_S):
                        await rung.wait()
                except TimeoutError:
                    continue
        finally:
            stop()
            await self._stop()

    async def _stop(self) -> None:
        """Let the attempts under way end, for a moment; free the endpoints for the other workers."""
        self._stopping = True
        if running := list(self._running.values()):
            await asyncio.wait(running, timeout=STOP_S)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        await self._client.aclose()
        try:
            async with self._db.begin() as c:
                await deliveries.release_all(c, self._owner)
        except Exception as error:  # noqa: BLE001  the database is away: the leases run out by themselves
            log.warning("webhooks.leases_not_released", error=str(error))

    async def _start(self, rung: asyncio.Event) -> None:
        await log_service.sequence(self._db)
        async with self._db.connect() as c:
            found = await deliveries.ready(c)
        for endpoint_id in found:
            if endpoint_id not in self._running and len(self._running) < AT_ONCE:
                self._running[endpoint_id] = asyncio.create_task(
                    self._serve(endpoint_id, rung), name=f"webhook {endpoint_id}"
                )

    async def _serve(self, endpoint_id: UUID, rung: asyncio.Event) -> None:
        try:
            while not self._stopping and await self.deliver_next(endpoint_id):
                pass
        except Exception:
            log.exception("webhook.broken", endpoint=str(endpoint_id))
            await asyncio.sleep(SWEEP_S)
        finally:
            del self._running[endpoint_id]
            rung.set()  # something may have come for it in its last moment

    async def deliver_next(self, endpoint_id: UUID) -> bool:
        """Make the endpoint's next attempt; False when there is none to make now."""
        async with self._db.begin() as c:
            claimed = await deliveries.claim(c, endpoint_id, self._owner)
        if claimed is None:
            return False
        outcome = await self._post(claimed)
        async with self._db.begin() as c:
            await deliveries.settle(c, claimed, outcome)
        if not outcome.accepted:
            log.info(
                "webhook.refused",
                endpoint=str(endpoint_id),
                delivery=str(claimed.delivery_id),
                status=outcome.status_code,
                error=outcome.error,
            )
        return True

    async def _post(self, claimed: Claimed) -> Outcome:
        try:
            secret = self._secrets.open(claimed.sealed_secret).decode()
        except ValueError as error:
            return Outcome(error=str(error))
        payload = signing.body(claimed.event.envelope)
        headers = signing.headers(secret, claimed.delivery_id, now(), payload)
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream("POST", claimed.url, content=payload, headers=headers) as response,
            ):
                # What the receiver says is not read: its status is all that counts.
                return Outcome(response.status_code, retry_after_s=_wish(response))
        except TimeoutError:
            return Outcome(error=f"no answer within {self._timeout_s:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # no codec takes some hosts
            return Outcome(error=str(error) or type(error).__name__)
        except Exception as error:
            # An attempt that failed, as any other: what nobody settles is tried for ever.
            log.exception("webhook.not_sent", endpoint=str(claimed.endpoint_id))
            return Outcome(error=f"{type(error).__name__}: {error}")


def _wish(response: httpx.Response) -> float | None:
    given = response.headers.get("retry-after", "")
    return float(given) if given.isascii() and given.isdecimal() else None
