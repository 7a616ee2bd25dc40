"""What an error of the database means to whoever asked, by SQLSTATE (PostgreSQL, appendix A)."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from trato.kit.errors import Conflict, DomainError, Invalid, Unavailable

KINDS: tuple[type[Exception], ...] = (
    DBAPIError,
    NoConnectionFree,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)

_LOST = (NoConnectionFree, asyncpg.InterfaceError, asyncpg.InternalClientError, ConnectionError)
_DATA = "22"
_INTEGRITY = "23"
# Connection, transaction rollback (deadlock), resources, lock not available, shutdown, and a time limit.
_PASSING = ("08", "40", "53", "55P03", "57")


def meaning(error: Exception) -> DomainError | None:
    """Return the domain error for one of the database's, None for a mistake of ours."""
    state = _state(error)
    if isinstance(getattr(error, "orig", error), ValueError):  # the driver could not write a value down
        state = _DATA
    if state is None:
        return _unavailable() if _is_lost(error) else None
    if state.startswith(_PASSING):
        return _unavailable()
    if state.startswith(_DATA):
        return Invalid(
            "Something in the input cannot be stored.",
            todo="Look for strange characters or very large numbers.",
        )
    if state.startswith(_INTEGRITY):
        return Conflict(
            "The input contradicts what is stored, or names something that is not there.",
            todo="Reload the page and try again.",
        )
    return None


def _state(error: Exception) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    found = getattr(cause, "sqlstate", None)
    return str(found) if found else None


def _is_lost(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    if isinstance(error, FileNotFoundError):
        return error.filename is None  # a socket that is not there; files have names
    return isinstance(error, _LOST)


def _unavailable() -> Unavailable:
    return Unavailable(
        "The database does not answer now; nothing that was confirmed is lost.", todo="Try again."
    )
