"""Whether the server that hands us a mail may send for the domain in MAIL FROM (SPF, RFC 7208).

SPF speaks of a connection, so only our own SMTP server can ask it. A server in front of ours is authorised
by nobody or, worse, by many: where one hands mail on, SPF says nothing of who wrote it and is not asked.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import spftrace
import structlog

from trato.channels.email.authentication import MethodResult
from trato.channels.email.own_check import LookupFailed
from trato.channels.email.records import Answer, Kind

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

INTERNAL: Final[Sequence[Network]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""Where servers of one's own stand: no domain's policy names these addresses."""

_WITHIN_S: Final = 8.0
_MAX_QUERIES: Final = 40
_KINDS: Final = {"TXT", "A", "AAAA", "MX", "PTR"}

log = structlog.get_logger(__name__)

Ask = Callable[[str, Kind], Answer]
"""Return the records of a name; raises `LookupFailed`. It keeps to its own time limit."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who handed us a mail: the address of the connection, and the names it gave (RFC 5321)."""

    address: str
    helo: str
    mail_from: str
    """The envelope's sender; empty is the null sender of a report."""

    def stands_in(self, networks: Sequence[Network]) -> bool:
        """Whether the connection comes from one of these networks; an unreadable address does."""
        try:
            address = ipaddress.ip_address(self.address.partition("%")[0])
        except ValueError:
            return True
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in networks)


def spf_of(peer: Peer, own_domain: str, passing_on: Sequence[Network], ask: Ask) -> MethodResult | None:
    """Return the result for the envelope's sender, or for HELO when it is null (RFC 7208 §2.4).

    None where the peer hands on what others have sent: it stands in `passing_on`, or it may send for our
    own domain, so it is our own provider, whom many domains authorise. Never raises; may block for about
    ten seconds.
    """
    if peer.stands_in(passing_on) or _check(peer, f"postmaster@{own_domain}", ask) == "pass":
        return None
    domain = peer.mail_from.rpartition("@")[2].lower().rstrip(".")
    identity = ("smtp.mailfrom", domain) if peer.mail_from else ("smtp.helo", peer.helo.lower().rstrip("."))
    return MethodResult("spf", _check(peer, peer.mail_from, ask), dict([identity]))


def _check(peer: Peer, sender: str, ask: Ask) -> str:
    limits = spftrace.Limits(time_limit=_WITHIN_S, max_queries=_MAX_QUERIES)
    evaluator = spftrace.Evaluator(_Resolver(ask), limits, receiver="trato")
    try:
        # Its loop is only of this call: what it awaits are our blocking look-ups.
        found = asyncio.run(evaluator.evaluate(peer.address.partition("%")[0], sender, peer.helo))
    except Exception as error:  # noqa: BLE001 - a stranger's record may bring out any flaw of the library
        log.warning("spf_not_checked", error=type(error).__name__)
        return "permerror"
    return str(found.verdict)


class _Resolver(spftrace.BaseResolver):
    """Our look-ups as the library asks for them: a result code and the values."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def _lookup(self, name: str, rtype: str) -> tuple[str, list[str]]:
        if rtype not in _KINDS:
            return "NOERROR", []
        try:
            answer = self._ask(name, cast("Kind", rtype))
        except LookupFailed:
            return "TIMEOUT", []
        return ("NOERROR" if answer.exists else "NXDOMAIN"), list(answer.values)
