"""Where a listener under test puts what it reads: in memory, failing when the test says so."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.support.until import until

from trato.channel_sdk import Account, Connector, Inbound, InboundEvent, Sentence


@dataclass
class MemorySink:
    """Keeps events by provider id, as receipts do; `refuse` may raise in the place of keeping."""

    cursor: Mapping[str, Any] = field(default_factory=dict)
    refuse: Callable[[InboundEvent], None] = lambda _: None
    kept: dict[str, InboundEvent] = field(default_factory=dict)
    handed_in: list[str] = field(default_factory=list)
    said: list[str | None] = field(default_factory=list)

    async def deliver(self, event: InboundEvent) -> None:
        self.refuse(event)
        provider_id: str = event.provider_id  # type: ignore[union-attr]
        self.handed_in.append(provider_id)
        self.kept.setdefault(provider_id, event)

    async def save_cursor(self, cursor: Mapping[str, Any]) -> None:
        self.cursor = dict(cursor)

    async def ok(self) -> None:
        self._say(None)

    async def failing(self, message: str, sentences: Sequence[Sentence] = ()) -> None:
        assert message == " ".join(each.text for each in sentences) or not sentences
        self._say(message)

    def _say(self, message: str | None) -> None:
        if not self.said or self.said[-1] != message:
            self.said.append(message)

    @property
    def messages(self) -> list[Inbound]:
        return [event for event in self.kept.values() if isinstance(event, Inbound)]

    async def until_kept(self, count: int, *, within_s: float = 60) -> None:
        await until(lambda: len(self.kept) >= count, f"{count} kept; said {self.said}", within_s=within_s)


def account_of(kind: str, settings: Mapping[str, Any], *secret_names: str) -> Account:
    """Return an account as a connector gets it; the named settings are its secrets."""
    secrets = {name: settings[name] for name in secret_names if name in settings}
    plain = {name: value for name, value in settings.items() if name not in secrets}
    return Account(uuid4(), kind, kind, "key", plain, secrets, b"s" * 32)


@contextlib.asynccontextmanager
async def running_listener(connector: Connector, account: Account, sink: MemorySink) -> AsyncIterator[None]:
    """Listen as long as the block runs; an end before that is an error."""
    task = asyncio.create_task(connector.listen(account, sink))
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
