"""Where webhooks may go: never into the installation's own network unless its administrator allows it."""

import asyncio
import ipaddress
import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

import httpx

from trato.kit.errors import Invalid

MAX_URL: Final = 2_000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


class ForbiddenTarget(httpx.TransportError):
    """The host stands, or has just moved, where webhooks may not go."""


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise Invalid unless this is an `https` URL that may lead outside.

    Plain `http` is for private targets, where an administrator allows them. The host is looked up, and
    checked again, at each delivery.
    """
    schemes = {"https", "http"} if allow_private else {"https"}
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        raise Invalid("That is not a valid URL.", field="url") from None
    if len(url) > MAX_URL or not parts.hostname or not port_is_valid:
        raise Invalid("That is not a valid URL.", field="url")
    if parts.scheme not in schemes:
        raise Invalid("The URL of a webhook begins with https://.", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid("The URL of a webhook has no user, password or fragment in it.", field="url")
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if not may_reach(address, allow_private=allow_private):
        raise Invalid(
            "Webhooks do not go into this network.",
            todo="Use a public address, or have TRATO_WEBHOOKS_ALLOW_PRIVATE set.",
            field="url",
        )


def may_reach(address: Address, *, allow_private: bool) -> bool:
    """Say whether webhooks may go to an address; link-local ones (cloud metadata) are never allowed."""
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

    def __init__(self, *, allow_private: bool, verify: ssl.SSLContext | bool = True) -> None:
        self._allow_private = allow_private
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
        if not all(may_reach(address, allow_private=self._allow_private) for address in addresses):
            raise ForbiddenTarget(f"{host} leads into a network where webhooks do not go")
        return addresses
