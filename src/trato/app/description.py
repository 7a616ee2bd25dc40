"""The description of the HTTP API (OpenAPI 3.1), made true where FastAPI can only guess.

What a route declares to `access.edge` says who may call it; failures are problem details (RFC 9457).
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from trato.access.cookies import SESSION
from trato.access.edge import Public, Requirement, declared
from trato.access.idempotency import MAX_KEY
from trato.access.problems import MEDIA_TYPE, TITLES

VISITORS: Final = "/api/v1/visitor/"
SAFE: Final = ("get", "head")

ABOUT: Final = """\
Lists come in pages of `{items, next_cursor}`: give `next_cursor` back as `cursor` until it is null.
What fails is told as problem details (RFC 9457): a stable `type`, a sentence in the language of
`Accept-Language`, and what to do next. A field or parameter that is not known here is refused. An
API key goes into `Authorization: Bearer trato_…`; the pages of the desk use a session's cookie. A
POST with an `Idempotency-Key` may be repeated for a day. A PATCH with `If-Match` is refused when
somebody else has changed the same thing meanwhile."""

PROBLEM: Final = {
    "title": "Problem",
    "description": "What went wrong, for programs (`type`) and for people (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "what it is; stable", "examples": ["not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "a sentence for a person"},
        "todo": {"type": "string", "description": "what to do next"},
        "field": {"type": "string", "description": "the first field that is wrong"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "id": {"type": "string", "description": "under which number the log has an unexpected error"},
    },
}

SCHEMES: Final = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "The session of somebody who signed in at the desk.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "`csrf` of the session, with everything that changes something.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `trato_…`; the scopes that it must have are named with each route.",
    },
    "visitor": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a visitor's session, from `POST /api/v1/visitor/session`.",
    },
}

KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "description": "The same key with the same request gives the same answer for a day.",
}
REPLAYED: Final = {
    "Idempotency-Replayed": {
        "schema": {"type": "string", "const": "true"},
        "description": "The answer is that of an earlier request with the same key.",
    }
}


def install(app: FastAPI) -> None:
    """Have the app describe itself truly at its own URL."""
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description of all routes, made once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = _with_short_names(FastAPI.openapi(app))
    app.openapi_schema = document
    document["info"]["description"] = ABOUT
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = SCHEMES
    said = dict(_declared(app))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, method, said.get((method, path)))
    return document


def _with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    """Call a schema whose name two slices share by it, and what visitors get of it `Visitor…`."""
    text = json.dumps(document)
    for name in document.get("components", {}).get("schemas", {}):
        module, _, short = name.rpartition("__")
        if module:
            plain = f"Visitor{short}" if "portal" in module else short
            text = text.replace(f'"{name}"', f'"{plain}"').replace(f'/{name}"', f'/{plain}"')
    named: dict[str, Any] = json.loads(text)
    return named


def _declared(app: FastAPI) -> Iterator[tuple[tuple[str, str], Requirement | Public]]:
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        found = next(declared(dependant), None) if dependant is not None else None
        if found is not None:
            for method in route.methods or ():
                yield (method.lower(), route.path or ""), found


def _complete(operation: dict[str, Any], path: str, method: str, said: Requirement | Public | None) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    statuses = {429, 503} | set(_refusals(operation, path, method))
    if isinstance(said, Requirement):
        statuses |= {401, 403, 422}
        operation["security"] = list(_security(said, method))
        operation["x-role"] = said.role.label
        if method == "post" and "multipart/form-data" not in _content(operation):
            operation.setdefault("parameters", []).append(KEY_PARAMETER)
            statuses.add(409)
            for status, answer in answers.items():
                if status.startswith("2"):
                    answer["headers"] = answer.get("headers", {}) | REPLAYED
    elif path.startswith(VISITORS) and path != f"{VISITORS}session":
        operation["security"] = [{"visitor": []}]
        statuses |= {401, 403, 422}
    else:
        operation["security"] = []
        statuses |= {401, 403} if path.startswith("/api/") else set()
    for status in sorted(statuses):
        answers[str(status)] = _problem(TITLES[status])
    answers["default"] = _problem("Whatever else went wrong")


def _content(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    return found


def _refusals(operation: dict[str, Any], path: str, method: str) -> Iterator[int]:
    if "{" in path:
        yield 404
    if operation.get("parameters") or operation.get("requestBody"):
        yield 422
    if method not in SAFE:
        yield from (404, 409, 413)


def _security(said: Requirement, method: str) -> Iterator[dict[str, list[str]]]:
    """Yield the ways in: a session, with its token for changes, or a key with its scopes."""
    yield {"session": []} if method in SAFE else {"session": [], "csrf": []}
    if said.scopes:
        yield {"key": sorted(said.scopes)}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": f"{description}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
