"""What leaves in pieces: the events of one visitor's conversation, and files."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from trato.db.edge import Services
from trato.live.hub import Hub
from trato.live.stream import EventStream, MayListen
from trato.live.subscription import Subscription

HUB = "hub"  # its place in `Services.extras`


def hub_of(shared: Services) -> Hub:
    """Return the hub of this process."""
    found: Hub = shared.extras[HUB]
    return found


class VisitorStream(EventStream):
    """An event stream that holds a place among the visitor's few."""

    def __init__(
        self, subscription: Subscription, may_listen: MayListen, place: AbstractContextManager[None]
    ) -> None:
        super().__init__(subscription, may_listen)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream (ASGI); raises `TooMany` before anything was sent."""
        try:
            with self._place:
                await super().__call__(scope, receive, send)
        finally:
            self._subscription.close()  # also when there was no place


async def download(shared: Services, row: Mapping[str, Any]) -> StreamingResponse:
    """Return a stored file that no browser shows by itself, whatever it is."""
    return StreamingResponse(
        await shared.store.stream(row["store_key"]),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['filename'])}",
            "Content-Length": str(row["size"]),
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )
