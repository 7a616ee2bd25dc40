"""Structured logs: one configuration for ours and for the libraries', without secrets or message bodies."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from trato.kit.redaction import redacted

# Drivers quote the data they choke on; all after these marks may be a customer's words.
_QUOTED_DATA = re.compile(
    r"(DETAIL:|\[SQL:|\[parameters:|query argument \$\d+:|input_value=|invalid input (syntax|value) for).*",
    re.DOTALL,
)
MAX_CAUSE = 200
# What these say below a warning is their own, and may hold what was sent.
_QUIET = ("alembic", "asyncio", "httpcore", "httpcore2", "httpx", "httpx2", "mail.log", "openai", "uvicorn")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(
    *, json: bool | None = None, level: int | str = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all logs to `stream` (standard error), as JSON lines unless a person is watching.

    `level` is a name in small letters or a number of logging; what is below is left out.
    """
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[level.upper()] if isinstance(level, str) else level
    as_json = not stream.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        plain_exception,
        hide_private,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=True)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = name != "uvicorn.access"  # our own line per request has no query and no token
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def hide_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide secrets and message content in every field of a line."""
    return cast("EventDict", redacted(dict(event)))


def plain_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace exception information by where it happened and a cause without quoted data."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    elif isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    if isinstance(given, tuple) and given[1] is not None:
        event["exception"] = describe(given[1])
    return event


def describe(error: BaseException) -> str:
    """Return the chain of an exception: types, causes and frames; never local values."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__)).rstrip()
        parts.append(f"{cause(current)}\n{frames}".rstrip())
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n-- because of --\n".join(parts)


def cause(error: BaseException) -> str:
    """Return one line: the exception's type and what it says, without the data that drivers quote."""
    said = _QUOTED_DATA.sub("", str(error)).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:MAX_CAUSE] if said else ''}".rstrip(": ")


def log(**bound: Any) -> structlog.stdlib.BoundLogger:
    """Return a logger with these fields on every line."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(**bound))
