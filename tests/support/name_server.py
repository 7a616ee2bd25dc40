"""A name server of the tests' own, on loopback: answers from a table, or says nothing."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

Zone = Mapping[str, Sequence[tuple[str, str]]]
"""Records by name: `("TXT", '"v=spf1 -all"')`, as a zone file writes them."""


class NameServer:
    """`silent` holds names that get no answer; `asked` what was asked, in order."""

    def __init__(self, zone: Zone) -> None:
        self.zone = dict(zone)
        self.silent: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.port = 0

    def resolver(self) -> dns.resolver.Resolver:
        """Return a resolver that asks here and nowhere else."""
        found = dns.resolver.Resolver(configure=False)
        found.nameservers = ["127.0.0.1"]
        found.port = self.port
        return found

    def answer(self, wire: bytes) -> bytes | None:
        """Return the answer to one question, None for silence."""
        query = dns.message.from_wire(wire)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        records = self.zone.get(name)
        if records is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        values = [value for found, value in records or () if found == kind]
        if values:
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *values))
        return response.to_wire()


@contextlib.contextmanager
def running_name_server(zone: Zone) -> Iterator[NameServer]:
    """Serve the table by UDP as long as the block runs."""
    names = NameServer(zone)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, socket = self.request
            if (answer := names.answer(wire)) is not None:
                socket.sendto(answer, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        names.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield names
        finally:
            server.shutdown()
            thread.join()
