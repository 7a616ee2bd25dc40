"""How often one network may call our webhooks: more than any provider does, less than a flood."""

from time import monotonic
from typing import Final

from fastapi import Request

from trato.access import throttle
from trato.portal.limits import Limiter, Rate

# A provider that is told 429 sends again; one with more than this for a single centre sends in batches.
HOOKS: Final = Rate("hooks", burst=2_000, per_s=200)


def limit(request: Request) -> None:
    """Raise `TooMany` before the body is read when the network has called too often."""
    limiter: Limiter = request.app.state.hook_limiter
    limiter.take(HOOKS, throttle.network(request.client.host if request.client else None), monotonic())
