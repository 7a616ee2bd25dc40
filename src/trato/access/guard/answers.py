"""Keeps the answer of a request that claimed its Idempotency-Key, or gives the claim back."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access import idempotency
from trato.access.idempotency import Answer, Claim
from trato.db.edge import Services
from trato.kit import clock

MAX_BYTES = 1_000_000


class KeptAnswers:
    """Listens to the answers of routes whose caller was checked and claimed (see `edge.Requirement`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        recorder = _Recorder(send, state, scope)
        try:
            await self._app(scope, receive, recorder.send)
        finally:
            await recorder.give_back()


class _Recorder:
    """Collects one answer; it is kept before its last byte leaves, so that a repetition finds it."""

    def __init__(self, send: Send, state: dict[str, Any], scope: Scope) -> None:
        self._send = send
        self._state = state
        self._scope = scope
        self._status = 0
        self._content_type = ""
        self._body = bytearray()
        self._kept = False

    async def send(self, message: Message) -> None:
        claimed = self._state.get("claim")
        if claimed is not None:
            await self._note(claimed, message)
        await self._send(message)

    async def _note(self, claimed: Claim, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = {name.lower(): value for name, value in message["headers"]}
            self._content_type = headers.get(b"content-type", b"").decode("latin-1")
            return
        self._body += message.get("body", b"")
        done = not message.get("more_body", False)
        if done and 200 <= self._status < 300 and len(self._body) <= MAX_BYTES:  # noqa: PLR2004 - RFC 9110
            shared = self._shared()
            answer = Answer(self._status, self._content_type, bytes(self._body))
            async with shared.db.begin() as c:
                await idempotency.keep(c, shared.secrets, claimed, answer, now=clock.now())
            self._kept = True

    async def give_back(self) -> None:
        """Release the claim of a request that was not performed."""
        claimed = self._state.get("claim")
        if claimed is not None and not self._kept:
            async with self._shared().db.begin() as c:
                await idempotency.release(c, claimed)

    def _shared(self) -> Services:
        shared: Services = self._scope["app"].state.services
        return shared
