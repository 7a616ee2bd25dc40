"""Many subscribers in a process of their own; run as a module by `trato bench live`.

Speaks to its parent by lines: the order as JSON on stdin, `ready` when all are connected, then, after the
parent's `done`, one line of JSON with what was received.
"""

import asyncio
import json
import re
import sys
from array import array
from dataclasses import asdict, dataclass, field
from time import monotonic_ns
from typing import Any, Final

DRAIN_S: Final = 10.0
_MARK: Final = re.compile(rb'"bench": \{"n": (\d+), "sent_ns": (\d+)\}')


@dataclass(frozen=True, slots=True)
class Order:
    """What to listen to; `request` is sent as it is, `end` ends each event on the wire."""

    port: int
    subscribers: int
    request: str
    expected: int

    def line(self) -> bytes:
        """Return the order as it goes to the process."""
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(slots=True)
class Tally:
    """What all subscribers got."""

    received: int = 0
    latencies_ns: "array[int]" = field(default_factory=lambda: array("q"))


class Subscriber(asyncio.Protocol):
    """One open stream; counts marks as they come."""

    def __init__(self, order: Order, tally: Tally) -> None:
        self._order = order
        self._tally = tally
        self._pending = b""
        self._seen: set[int] = set()
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.complete: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        if isinstance(transport, asyncio.Transport):
            transport.write(self._order.request.encode())

    def data_received(self, data: bytes) -> None:
        """Count what came, with the time that it took."""
        now = monotonic_ns()
        if not self.connected.done():
            if not data.startswith((b"HTTP/1.1 200", b"raw")):
                self.connected.set_exception(ConnectionError(data[:200].decode(errors="replace")))
                return
            self.connected.set_result(None)
        data = self._pending + data
        end = 0
        for mark in _MARK.finditer(data):
            end = mark.end()
            number = int(mark[1])
            if number not in self._seen:
                self._seen.add(number)
                self._tally.received += 1
                self._tally.latencies_ns.append(now - int(mark[2]))
        self._pending = data[max(end, len(data) - 200) :]
        if len(self._seen) == self._order.expected and not self.complete.done():
            self.complete.set_result(None)


def figures(tally: Tally, order: Order) -> dict[str, Any]:
    """Return what the parent wants to know; `lost` counts events that a subscriber never got."""
    ordered = sorted(tally.latencies_ns)
    return {
        "received": tally.received,
        "lost": order.subscribers * order.expected - tally.received,
        "p50_ms": percentile_ms(ordered, 0.5),
        "p99_ms": percentile_ms(ordered, 0.99),
    }


def percentile_ms(ordered_ns: list[int], share: float) -> float | None:
    """Return a percentile (nearest rank) in milliseconds; None of nothing."""
    if not ordered_ns:
        return None
    return round(ordered_ns[min(len(ordered_ns) - 1, int(share * len(ordered_ns)))] / 1e6, 2)


async def listen() -> None:
    """Follow the parent's order to its end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    order = Order(**json.loads(await reader.readline()))
    tally = Tally()
    subscribers: list[Subscriber] = []
    for _ in range(order.subscribers):
        _, subscriber = await loop.create_connection(
            lambda: Subscriber(order, tally), "127.0.0.1", order.port
        )
        subscribers.append(subscriber)
    await asyncio.gather(*(subscriber.connected for subscriber in subscribers))
    print("ready", flush=True)
    await reader.readline()
    await asyncio.wait([subscriber.complete for subscriber in subscribers], timeout=DRAIN_S)
    print(json.dumps(figures(tally, order)), flush=True)


if __name__ == "__main__":
    asyncio.run(listen())
