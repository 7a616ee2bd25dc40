"""What every request passes before it reaches a route, outermost first."""

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp

from trato.access.guard.answers import KeptAnswers
from trato.access.guard.headers import SecurityHeaders
from trato.access.guard.hosts import SafeHost
from trato.access.guard.limits import BodyLimit
from trato.access.guard.proxies import TrustedProxies
from trato.access.guard.requests import Requests


def guarded(
    app: ASGIApp, *, trusted_proxies: Sequence[str], body_limits: Mapping[str, int] | None = None
) -> ASGIApp:
    """Return the app behind all guards.

    `body_limits` gives path prefixes whose requests may be larger than the usual 1 MB, in bytes.
    """
    app = KeptAnswers(app)
    app = BodyLimit(app, larger=body_limits or {})
    app = SafeHost(app)
    app = Requests(app)
    app = SecurityHeaders(app)
    return TrustedProxies(app, trusted_proxies)
