"""The one way to the database: transactions for edges, a short path for the hot statements."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from trato.db.gathering import Gathering

LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 15_000

FAILURES: Final[tuple[type[Exception], ...]] = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server that dies between two messages confuses the driver
    OSError,
)
"""What a call of the database may raise: its refusals, and all the ways in which it can be away."""

# What the driver says when the server has hung up and it has not taken that in yet: nothing of ours went out.
_NOT_SENT: Final = "cannot switch to state"


class Database:
    """A pool of connections with limits on locks and statements.

    Only an edge (request, job, consumer, command) calls `begin`; services are given the connection.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._gatherings: dict[str, Gathering] = {}

    @classmethod
    def open(cls, dsn: str, *, pool_size: int = 8, application_name: str = "trato") -> Self:
        """Make the pool; connects on first use. `dsn` is any `postgresql://` URL."""
        engine = create_async_engine(
            with_driver(dsn),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=False,
            json_serializer=dumps,
            connect_args={
                "server_settings": {
                    "application_name": application_name,
                    "timezone": "UTC",
                    "lock_timeout": str(LOCK_TIMEOUT_MS),
                    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                    "idle_in_transaction_session_timeout": str(4 * STATEMENT_TIMEOUT_MS),
                    "jit": "off",
                },
            },
        )
        event.listen(engine.sync_engine, "handle_error", _discard_broken)
        event.listen(engine.sync_engine.pool, "checkout", _refuse_dead)
        return cls(engine)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction, committed when the block ends well."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection to read with; what it wrote is rolled back."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Open a REPEATABLE READ transaction: all reads in it see one moment."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @asynccontextmanager
    async def as_one(self) -> AsyncIterator["Database"]:
        """Give a database whose transactions are all parts of one, committed when the block ends well.

        On one connection, for one user at a time: work that uses several transactions becomes all or nothing.
        """
        async with self.engine.begin() as connection:
            yield _Part(connection)

    async def call(self, sql: str, *args: Any) -> Any:
        """Run ONE statement as its own transaction in one round trip and return its first value.

        Parameters are `$1`, `$2` …; JSON goes in and comes out as text. For the hot path: no ORM, no
        BEGIN, no COMMIT, the server commits the statement before it answers.
        """
        try:
            return await self._call(sql, args)
        except asyncpg.InternalClientError as error:
            if not str(error).startswith(_NOT_SENT):
                raise
            return await self._call(sql, args)  # over another connection

    async def _call(self, sql: str, args: Sequence[Any]) -> Any:
        lent = await self._lend()
        driver: Any = lent.driver_connection
        try:
            return await driver.fetchval(sql, *args)
        except asyncpg.InternalClientError:  # it was cut off between two messages of the server
            lent.invalidate()
            raise
        finally:
            if (
                driver.is_closed() and lent.is_valid
            ):  # SQLAlchemy did not see it break and would lend it again
                lent.invalidate()
            await greenlet_spawn(lent.close)

    async def _lend(self) -> Any:
        """Take a connection without a transaction of SQLAlchemy's; what hinders that rises as the driver's.

        SQLAlchemy wraps an error in one of its own only for statements that it runs itself.
        """
        try:
            return await greenlet_spawn(self.engine.sync_engine.raw_connection)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise error.__cause__ or error from None

    def gathering(self, function: str, row_type: str) -> Gathering:
        """Return the way to a function whose calls share commits when many come at once."""
        if function not in self._gatherings:
            self._gatherings[function] = Gathering(self.call, function, row_type)
        return self._gatherings[function]

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


class _Part(Database):
    """A database inside one open transaction: what it commits is a savepoint of that."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine)
        self._connection = connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self._connection.begin_nested():
            yield self._connection

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection

    async def call(self, sql: str, *args: Any) -> Any:
        async with self._connection.begin_nested():
            raw: Any = await self._connection.get_raw_connection()
            return await raw.driver_connection.fetchval(sql, *args)

    async def close(self) -> None:
        """Do nothing: the connection is its owner's."""


def with_driver(dsn: str) -> str:
    """Return the URL with our driver named, however it was written."""
    scheme, separator, rest = dsn.partition("://")
    if not separator or not scheme.startswith("postgres"):
        message = "a database URL begins with postgresql://"
        raise ValueError(message)
    return f"postgresql+asyncpg://{rest}"


def plain_dsn(dsn: str) -> str:
    """Return the URL as libpq and asyncpg take it, without SQLAlchemy's driver."""
    return "postgresql://" + dsn.partition("://")[2]


def dumps(value: Any) -> str:
    """Return JSON as every connection writes it: ids and instants as text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _refuse_dead(connection: Any, _record: Any, _lent: Any) -> None:
    """Have a connection that died in the pool opened anew, not lent; costs no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _discard_broken(context: Any) -> None:
    """After a restart of the server every pooled connection is dead: forget them all at once."""
    if isinstance(context.original_exception, asyncpg.InternalClientError):  # cut off between two messages
        context.is_disconnect = True
    if context.is_disconnect:
        context.invalidate_pool_on_disconnect = True
