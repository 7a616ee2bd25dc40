"""The one table from domain errors to problem responses (RFC 9457), and the handlers that use it."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from trato.access import database, judged
from trato.access.errors import ChangedMeanwhile
from trato.access.idempotency import AnsweredBefore
from trato.access.problem_page import by_a_person, for_reader
from trato.kit import logs
from trato.kit.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMany,
    TooSlow,
    Unavailable,
    filled,
)
from trato.kit.ids import new_id
from trato.kit.words import translated

Handler = Callable[[Request, Exception], Awaitable[Response]]
Lost = Callable[[Request], Awaitable[Response | None]]

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[DomainError], int] = {
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    NotAllowed: 403,
    NotSignedIn: 401,
    TooSlow: 408,
    TooMany: 429,
    TooLarge: 413,
    Unavailable: 503,
}

TITLES: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "You are not signed in",
    403: "You may not do this",
    404: "Not found",
    405: "This cannot be done here",
    406: "This form is not offered",
    408: "It did not come in time",
    409: "It has changed meanwhile",
    413: "Too large",
    415: "This form is not understood",
    421: "This address is not served",
    422: "Something in the input is wrong",
    429: "Too many attempts",
    500: "Something went wrong here",
    503: "Not available now",
}

MALFORMED = "Something in the input is missing or has the wrong form."
MALFORMED_TODO = "Correct the fields that are named."
UNEXPECTED = "An unexpected error was noted; nothing that was confirmed is lost."
UNEXPECTED_TODO = "Try again. If it stays, tell your administrator the number of this problem."


def status_of(error: DomainError) -> int:
    """Return the HTTP status of an error: that of its nearest class in the table."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 400


def problem(
    status: int,
    *,
    kind: str,
    detail: str,
    todo: str = "",
    language: str = "en",
    values: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Return a problem response; title, detail and todo in `language` where we have them."""
    body: dict[str, Any] = {
        "type": kind,
        "title": translated(TITLES.get(status, HTTPStatus(status).phrase), language),
        "status": status,
        "detail": filled(translated(detail, language), values or {}),
    }
    if todo:
        body["todo"] = filled(translated(todo, language), values or {})
    body.update(more)
    return JSONResponse(
        body, status, headers={**(headers or {}), "Cache-Control": "no-store"}, media_type=MEDIA_TYPE
    )


def of_error(error: DomainError, language: str, **more: Any) -> JSONResponse:
    """Return the response for a domain error."""
    status = status_of(error)
    headers: dict[str, str] = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="trato"'
    if isinstance(error, TooMany) and error.retry_after_s:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, Invalid) and error.field:
        more["field"] = error.field
    if isinstance(error, ChangedMeanwhile):
        at = error.at.isoformat() if error.at is not None else None
        more |= {"version": error.version, "changed_by": error.by, "changed_at": at}
    return problem(
        status,
        kind=error.kind,
        detail=error.sentence,
        todo=error.next_step,
        values=error.values,
        language=language,
        headers=headers,
        **more,
    )


def install(app: FastAPI, lost: Lost | None = None) -> None:
    """Answer every failure of the app with a problem; no stack trace and no input goes back.

    `lost` makes the page for an address that is nobody's, where it has a better one than ours.
    """
    app.add_exception_handler(AnsweredBefore, _answered_before)
    app.add_exception_handler(DomainError, _shown(_domain, lost))
    app.add_exception_handler(RequestValidationError, _shown(_validation, lost))
    app.add_exception_handler(HTTPException, _shown(_http, lost))
    for kind in database.KINDS:
        app.add_exception_handler(kind, _shown(_database))
    app.add_exception_handler(Exception, _shown(unexpected))


def _shown(answer: Handler, lost: Lost | None = None) -> Handler:
    """Return the handler that answers the same, as a page where a person looks."""

    async def show(request: Request, error: Exception) -> Response:
        told = await answer(request, error)
        if lost is not None and _is_nowhere(request, told):
            found = await _found(lost, request)
            if found is not None:
                return found
        return shown(request, told)

    return show


def shown(request: Request, told: Response) -> Response:
    """Return an answer as a page when a person asked for it, in their language."""
    return for_reader(request, told, language_of(request))


def _is_nowhere(request: Request, told: Response) -> bool:
    """Say whether somebody opened an address where there is nothing, or that says nothing (`?page=x`)."""
    return request.method == "GET" and told.status_code in (404, 422) and by_a_person(request)


async def _found(lost: Lost, request: Request) -> Response | None:
    try:
        return await lost(request)
    except Exception as error:  # noqa: BLE001  the plain page needs nothing that can fail
        logs.log().warning("lost page", route=route_path(request.scope), why=logs.cause(error))
        return None


def language_of(request: Request) -> str:
    """Return the first language of `Accept-Language` that we speak (RFC 9110, section 12.5.4)."""
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in ("es", "en", "pt"):
            return tag
    return "en"


async def _answered_before(request: Request, error: Exception) -> Response:
    """Give the first answer again, and say so."""
    if not isinstance(error, AnsweredBefore):
        return await unexpected(request, error)
    first = error.answer
    return Response(
        first.body,
        first.status,
        headers={"Idempotency-Replayed": "true"},
        media_type=first.content_type or None,
    )


async def _domain(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        return await unexpected(request, error)
    more = {"set_up": request.state.set_up} if hasattr(request.state, "set_up") else {}
    return of_error(error, language_of(request), **more)


async def _database(request: Request, error: Exception) -> Response:
    """Tell apart what the database refused for the input's sake and what it could not do now."""
    known = database.meaning(error)
    if known is None:
        return await unexpected(request, error)
    logs.log().warning("database", route=route_path(request.scope), kind=known.kind, why=logs.cause(error))
    return of_error(known, language_of(request))


async def _validation(request: Request, error: Exception) -> JSONResponse:
    """Name the fields that are wrong and how; never what was sent, which may be a password."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    language = language_of(request)
    fields = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "detail": _detail(one, language)}
        for one in found
    ]
    first = fields[0] if fields else {"field": "", "detail": ""}
    return problem(
        422,
        kind="invalid",
        detail=MALFORMED,
        todo=MALFORMED_TODO,
        language=language,
        field=first["field"],
        errors=fields,
    )


def _detail(error: Mapping[str, Any], language: str) -> str:
    why = judged.of_body(error)
    return filled(translated(why.sentence, language), why.values)


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    kinds = {404: "not-found", 405: "not-offered", 401: "not-signed-in", 403: "not-allowed"}
    headers = dict(getattr(error, "headers", None) or {})
    return problem(
        status,
        kind=kinds.get(status, "bad-request"),
        detail=TITLES.get(status, HTTPStatus(status).phrase) + ".",
        language=language_of(request),
        headers=headers,
    )


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Log the error under a number and tell the client the number alone."""
    number = str(new_id())
    request.state.problem_id = number
    logs.log().error("unexpected error", problem_id=number, path=route_path(request.scope), exc_info=error)
    return problem(
        500,
        kind="unexpected",
        detail=UNEXPECTED,
        todo=UNEXPECTED_TODO,
        language=language_of(request),
        id=number,
    )


def route_path(scope: Mapping[str, Any]) -> str:
    """Return the route's pattern, never the path itself: paths can hold tokens."""
    route = scope.get("route")
    return str(getattr(route, "path", "(no route)"))
