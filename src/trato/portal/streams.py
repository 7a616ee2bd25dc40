"""The stream of one visitor: the hub's events of one conversation, counted while it lasts."""

from contextlib import AbstractContextManager

from starlette.types import Receive, Scope, Send

from trato.live.stream import EventStream, MayListen
from trato.live.subscription import Subscription


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
