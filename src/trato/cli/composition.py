"""What the process commands ask of the composition root, and what they do with it."""

import ipaddress
import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from trato.kit.errors import Conflict, Invalid
from trato.kit.process_tree import Role

if TYPE_CHECKING:
    from trato.settings import Settings

_BACKLOG = 2048
# A stream whose pings are not acknowledged for this long is over: a laptop that was shut says no goodbye,
# and its agent must not look present for the quarter of an hour that TCP would go on trying.
_UNANSWERED_MS = 45_000


class Composition(Protocol):
    """`trato.app`, as the commands see it."""

    def prepare(self, settings: "Settings", dsn: str) -> Sequence[str]:
        """Bring a migrated database to where work can begin; returns lines for the person who started us.

        The first start's link is such a line, and so are the demo's sign-ins. May use an event loop:
        it is called in a child that ends with it.
        """

    def roles(
        self, settings: "Settings", dsn: str, listener: socket.socket, *, traffic: bool
    ) -> Sequence[Role]:
        """Return web, work and route (and traffic); `listener` is web's, open already."""


def composition() -> Composition:
    """Import the whole application: once, in the parent, so that its roles share that memory."""
    from trato import app

    return app


def listen(settings: "Settings") -> socket.socket:
    """Open the web server's socket; raises `Conflict` when the port is taken.

    It belongs to the parent: while web is started again, who connects waits instead of being refused.
    """
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Conflict(
            f"Trato cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}.",
            todo="Choose another with --port, or stop what uses it.",
        ) from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; what we accept inherits it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNANSWERED_MS)
    return listener


def check_public_address(url: str) -> None:
    """Refuse an address at which browsers would not keep a session safe.

    `__Host-` cookies need HTTPS; browsers treat only loopback as safe without it.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" or _is_loopback(parts.hostname or ""):
        return
    raise Invalid(
        f"Nobody could sign in at {url}: without HTTPS a browser keeps sessions on this machine only.",
        todo="Give --tls-cert and --tls-key, or give the --public-url of a proxy with HTTPS before Trato.",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
