"""What every request finds: the shared things, and a transaction committed before the answer leaves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox

TOPICS = ("events", "jobs", "routing")


@dataclass(frozen=True, slots=True)
class Services:
    """The things a process shares, wired once by the composition root."""

    db: Database
    wake: Wake
    store: Store
    secrets: SecretBox
    public: PublicAddress
    extras: dict[str, Any] = field(default_factory=dict)  # what upper layers put beside, by their own name


def services(request: Request) -> Services:
    """Return the shared things of the app that serves this request."""
    found: Services = request.app.state.services
    return found


async def transaction(shared: Annotated[Services, Depends(services)]) -> AsyncIterator[AsyncConnection]:
    """Give the route a transaction; it is committed, and the others are woken, before the answer leaves."""
    async with shared.db.begin() as connection:
        yield connection
    shared.wake.ring(*TOPICS)


async def reading(shared: Annotated[Services, Depends(services)]) -> AsyncIterator[AsyncConnection]:
    """Give the route a connection to read with."""
    async with shared.db.connect() as connection:
        yield connection


async def one_moment(shared: Annotated[Services, Depends(services)]) -> AsyncIterator[AsyncConnection]:
    """Give the route reads that all see the same moment."""
    async with shared.db.snapshot() as connection:
        yield connection


Shared = Annotated[Services, Depends(services)]
# scope="function": the block ends, and so commits, before the response is sent.
Tx = Annotated[AsyncConnection, Depends(transaction, scope="function")]
Read = Annotated[AsyncConnection, Depends(reading, scope="function")]
Moment = Annotated[AsyncConnection, Depends(one_moment, scope="function")]
