"""Many subscribers in a process of their own; run as a module by `trato bench live`.

Speaks to its parent by lines: the order as JSON on stdin, `ready` when all are connected, then, after the
parent's `done`, one line of JSON with what was received.
"""

import asyncio
import json
import re
import sys
from array import array
from dataclasses import asdict, dataclass
from time import monotonic_ns
from typing import Any, Final, cast

import uvloop

DRAIN_S: Final = 10.0
GREETINGS: Final = (b"HTTP/1.1 200", b"raw")
_MARKS: Final = re.compile(rb'"bench": \{"n": (\d+), "sent_ns": (\d+)\}')


@dataclass(frozen=True, slots=True)
class Order:
    """What to listen to; `request` is sent as it is."""

    port: int
    subscribers: int
    request: str
    expected: int

    def line(self) -> bytes:
        """Return the order as it goes to the process."""
        return json.dumps(asdict(self)).encode() + b"\n"


class Subscriber(asyncio.Protocol):
    """One open stream; counts marks as they come. Lean, since it shares the machine with what it measures."""

    def __init__(self, order: Order, latencies_ns: "array[int]") -> None:
        self._order = order
        self._latencies_ns = latencies_ns
        self._pending = b""
        self._seen: set[bytes] = set()
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.complete: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast("asyncio.Transport", transport).write(self._order.request.encode())

    def data_received(self, data: bytes) -> None:
        """Count what came, with the time that it took."""
        now = monotonic_ns()
        if not self.connected.done():
            self._greeted(data)
        if self._pending:
            data = self._pending + data
        for number, sent_ns in _MARKS.findall(data):
            if number not in self._seen:
                self._seen.add(number)
                self._latencies_ns.append(now - int(sent_ns))
        # A mark stands within a line: what is behind the last line's end may be the begin of one.
        self._pending = b"" if data.endswith(b"\n") else data[data.rfind(b"\n") + 1 :]
        if len(self._seen) == self._order.expected and not self.complete.done():
            self.complete.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Say so, if it comes before anything else."""
        if not self.connected.done():
            self.connected.set_exception(error or ConnectionError("closed before an answer"))

    def _greeted(self, data: bytes) -> None:
        if data.startswith(GREETINGS):
            self.connected.set_result(None)
        else:
            self.connected.set_exception(ConnectionError(data[:200].decode(errors="replace")))


def figures(latencies_ns: "array[int]", order: Order) -> dict[str, Any]:
    """Return what the parent wants to know; `lost` counts events that a subscriber never got."""
    ordered = sorted(latencies_ns)
    return {
        "received": len(ordered),
        "lost": order.subscribers * order.expected - len(ordered),
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
    latencies_ns = array("q")
    subscribers: list[Subscriber] = []
    for _ in range(order.subscribers):
        _, subscriber = await loop.create_connection(
            lambda: Subscriber(order, latencies_ns), "127.0.0.1", order.port
        )
        subscribers.append(subscriber)
    await asyncio.gather(*(subscriber.connected for subscriber in subscribers))
    print("ready", flush=True)
    await reader.readline()
    await asyncio.wait([subscriber.complete for subscriber in subscribers], timeout=DRAIN_S)
    print(json.dumps(figures(latencies_ns, order)), flush=True)


if __name__ == "__main__":
    uvloop.run(listen())
