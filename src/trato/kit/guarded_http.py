"""HTTP that leads only where it may: a host is looked up once, judged, and reached by what was judged."""

import asyncio
import ipaddress
import socket
import ssl
from typing import Final

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


class ForbiddenTarget(httpx.TransportError):
    """The host stands, or has just moved, where the request may not go."""


def may_reach(address: Address, *, allow_private: bool) -> bool:
    """Say whether a request may go to an address; link-local ones (cloud metadata) are never allowed."""
    for inner in _meant(address):
        if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
            return False
        if not inner.is_global and not allow_private:
            return False
    return True


def _meant(address: Address) -> list[Address]:
    """Return the address and any IPv4 address that it stands for."""
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return [address.ipv4_mapped]
        if address.sixtofour:
            found.append(address.sixtofour)
        if address.teredo:
            found.extend(address.teredo)
        if address in _NAT64:
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


class GuardedTransport(httpx.AsyncBaseTransport):
    """Looks a host up, refuses it if any of its addresses is forbidden, and connects to what it checked.

    The connection goes to the checked address itself, so a name that changes its mind in between (DNS
    rebinding) gains nothing; TLS still verifies the name. Connections are not kept: a kept one is known
    by its address, and two names may share that.
    """

    def __init__(
        self, *, allow_private: bool, allow_public: bool = True, verify: ssl.SSLContext | bool = True
    ) -> None:
        self._allow_private = allow_private
        self._allow_public = allow_public
        self._inner = httpx.AsyncHTTPTransport(
            verify=verify, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send to the first address that answers."""
        host = request.url.host
        addresses = await self._permitted(host, request.url.port or 443)
        request.extensions = {**request.extensions, "sni_hostname": host}
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            request.url = request.url.copy_with(host=str(address))
            try:
                return await self._inner.handle_async_request(request)
            except httpx.ConnectError:
                if not last:
                    raise
        raise ForbiddenTarget(f"{host} has no address")

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()

    async def _permitted(self, host: str, port: int) -> list[Address]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpx.ConnectError(f"{host} is not known: {error}") from error
        addresses = list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
        if not all(self._may_reach(address) for address in addresses):
            raise ForbiddenTarget(f"{host} leads into a network where this may not go")
        return addresses

    def _may_reach(self, address: Address) -> bool:
        public_enough = self._allow_public or not address.is_global
        return public_enough and may_reach(address, allow_private=self._allow_private)
