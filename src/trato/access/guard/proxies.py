"""Who asks, by which scheme and host: told by a proxy when we trust it, otherwise by the connection."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORWARDED = (
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-real-ip",
    b"forwarded",
)
RELAYED = "relayed"  # in a request's state
_SCHEMES = {"http", "https", "ws", "wss"}


class TrustedProxies:
    """Sets `client`, `scheme` and `Host` from X-Forwarded-* of trusted proxies, and removes those headers.

    The chain is read from the right, from the proxy that spoke to us, and stops at the first address
    that is not a proxy of ours: what stands to the left of it, the client may have written itself.
    What comes with such headers from somebody else keeps the connection's address and is marked as RELAYED:
    there is a proxy that nobody told us of, so "this machine" says nothing of who asks.
    The server's own reading of these headers has to be off (`uvicorn.Config(proxy_headers=False)`).
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusted = networks(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] in ("http", "websocket"):
            self._resolve(scope)
        await self._app(scope, receive, send)

    def _resolve(self, scope: Scope) -> None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        peer = _address(scope["client"][0]) if scope.get("client") else None
        kept = [(name, value) for name, value in headers if name.lower() not in _FORWARDED]
        if peer is not None:
            scope["client"] = (str(peer), scope["client"][1])
        trusted = peer is not None and self._is_trusted(peer)
        if not trusted and len(kept) < len(headers):
            scope.setdefault("state", {})[RELAYED] = True
        if peer is not None and trusted:
            chain = _values(headers, b"x-forwarded-for")
            client, index = self._client(peer, chain)
            scope["client"] = (str(client), 0 if client != peer else scope["client"][1])
            scheme = _pick(_values(headers, b"x-forwarded-proto"), index, len(chain)).lower()
            if scheme in _SCHEMES:
                scope["scheme"] = scheme
            host = _pick(_values(headers, b"x-forwarded-host"), index, len(chain))
            if host:
                kept = [(name, value) for name, value in kept if name.lower() != b"host"]
                kept.append((b"host", host.encode("latin-1")))
        scope["headers"] = kept

    def _client(self, peer: Address, chain: Sequence[str]) -> tuple[Address, int]:
        """Return the nearest address that is not ours, and its place in the chain."""
        client, index = peer, len(chain)
        for place in range(len(chain) - 1, -1, -1):
            said = _address(chain[place])
            if said is None:
                break
            client, index = said, place
            if not self._is_trusted(said):
                break
        return client, index

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def networks(trusted: Iterable[str]) -> list[Network]:
    """Return the networks of `TRATO_TRUSTED_PROXIES`; raises ValueError for what is none."""
    return [ip_network(one.strip(), strict=False) for one in trusted if one.strip()]


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """Return the comma-separated values of all headers of this name, in order."""
    joined = ",".join(value.decode("latin-1") for key, value in headers if key.lower() == name)
    return [part.strip() for part in joined.split(",") if part.strip()]


def _pick(values: Sequence[str], index: int, chain: int) -> str:
    """Return the value that the client's own proxy wrote: at its place, or the one nearest to us."""
    if not values:
        return ""
    return values[index] if len(values) == chain and index < chain else values[-1]


def _address(text: str) -> Address | None:
    """Read an address with or without port, brackets or IPv4 mapping."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
