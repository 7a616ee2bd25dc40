"""What an error of the database means to whoever asked, by SQLSTATE (PostgreSQL, appendix A)."""

import re

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
_FOREIGN_KEY = "23503"
_ABSENT = re.compile(r"Key \(([a-z_]+)\)=\(.*\) is not present in table")
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
    if state == _FOREIGN_KEY and (field := _missing(error)):
        return Invalid(
            "This names something that does not exist.", todo="Choose one that exists.", field=field
        )
    if state.startswith(_INTEGRITY):
        return Conflict(
            "The input contradicts what is stored.",
            todo="Reload the page and try again.",
        )
    return None


def _state(error: Exception) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    found = getattr(cause, "sqlstate", None)
    return str(found) if found else None


def _missing(error: Exception) -> str | None:
    """Return the column that names a row that is not there; None when it is one that others still name."""
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig is not None else error
    found = _ABSENT.match(str(getattr(cause, "detail", None) or ""))
    return found[1] if found else None


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
