"""Every route, as every role, with what exists, what does not and what is broken.

Nothing fails, and there is no answer that the description of the API does not name.
"""

import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jsonschema
import pytest
from tests.support.installation import DeskUser, Installation, installation

from trato.demo import shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

NEVER = {  # they end what the walk stands on
    ("delete", "/api/v1/session"),
    ("delete", "/api/v1/sessions"),
    ("delete", "/api/v1/sessions/{session_id}"),
    ("get", "/api/v1/live"),  # lasts
    ("get", "/api/v1/visitor/live"),
}
BROKEN: tuple[bytes, ...] = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b"\xff\xfe",
    b'{"\\u0000": "\\ud800"}',
    b"[" * 5_000,
    b'{"id": 1e999, "text": 99999999999999999999999999}',
)
VALUES: tuple[Any, ...] = (None, "", "\x00", "\ud800", "x" * 5_000, -1, 2**70, True, [None], str(uuid4()))


class Described:
    """The description of the API, and whether an answer is one that it names."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if (method, path) not in NEVER:
                    yield method, path, operation

    def check(self, operation: Mapping[str, Any], answer: httpx.Response) -> None:
        where = f"{answer.request.method} {answer.request.url} {answer.status_code} {answer.text[:300]!r}"
        assert answer.status_code != 500, where
        named = operation["responses"].get(str(answer.status_code)) or operation["responses"]["default"]
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", where
            assert str(answer.status_code) in operation["responses"] or answer.status_code in (
                400,
                405,
                415,
            ), where
        else:
            assert str(answer.status_code) in operation["responses"], where
        content = named.get("content", {})
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if not answer.content:
            return
        assert kind in content or content == {}, where
        if kind.endswith("json") and "schema" in content.get(kind, {}):
            self.validate(answer.json(), content[kind]["schema"], where)

    def validate(self, value: Any, schema: Mapping[str, Any], where: str) -> None:
        whole = {**schema, "components": self.document["components"]}
        checker = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        error = jsonschema.exceptions.best_match(checker.iter_errors(value))
        assert error is None, f"{where}: {list(error.absolute_path)} {error.message}"

    def example(self, schema: Mapping[str, Any]) -> Any:
        """Return the least body that has the right form."""
        if "$ref" in schema:
            return self.example(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for choices in ("anyOf", "oneOf", "allOf"):
            if choices in schema:
                return self.example(schema[choices][0])
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        made = {
            "object": lambda: {name: self.example(one) for name, one in schema.get("properties", {}).items()},
            "array": lambda: [self.example(schema["items"])] if schema.get("minItems") else [],
            "integer": lambda: schema.get("minimum", 1),
            "number": lambda: schema.get("minimum", 1),
            "boolean": lambda: False,
        }.get(schema.get("type", ""))
        text = {"uuid": str(uuid4()), "date-time": "2030-01-01T00:00:00Z"}.get(schema.get("format", ""), "x")
        return made() if made else text.ljust(schema.get("minLength", 0), "x")

    def body(self, operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = (
            operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        )
        return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One running demo shop for all of these."""
    with reachable_folder() as folder, installation(folder) as found:
        found.start("--demo")
        yield found


@contextmanager
def reachable_folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="trato-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
async def described(http: httpx.AsyncClient) -> Described:
    return Described((await http.get("/api/openapi.json")).json())


class Known:
    """Ids of things that exist, by the names that paths have for them."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    async def learn(self, desk: DeskUser) -> "Known":
        inbox = await desk.do("GET", "/inbox?tab=all")
        conversation = next(one for one in inbox["items"] if one["case_id"])
        whole = await desk.do("GET", f"/conversations/{conversation['id']}")
        self.ids = {
            "conversation_id": conversation["id"],
            "contact_id": conversation["contact_id"],
            "case_id": conversation["case_id"],
            "message_id": whole["messages"][0]["id"],
            "account_id": conversation["account_id"],
            "brand_id": conversation["brand_id"],
            "user_id": (await desk.do("GET", "/users"))["items"][-1]["id"],
        }
        return self

    def path(self, template: str, *, there: bool = True) -> str:
        return re.sub(
            r"\{([^}]+)\}", lambda m: self.ids.get(m[1], str(uuid4())) if there else str(uuid4()), template
        )


@pytest.fixture
async def known(desk: DeskUser) -> Known:
    return await Known().learn(desk)


@pytest.fixture
async def someone(up: Installation) -> AsyncIterator[Any]:
    """Sign somebody of a role in, each with a connection of their own."""
    opened: list[httpx.AsyncClient] = []

    async def sign_in(role: str) -> DeskUser:
        client = httpx.AsyncClient(base_url=up.url, timeout=30, trust_env=False)
        opened.append(client)
        user = DeskUser(client)
        if role == "nobody":
            user.headers = {"Origin": up.url}
            return user
        return await user.sign_in(next(one for one in shop.STAFF if one.role == role))

    yield sign_in
    for client in opened:
        await client.aclose()


ROLES = ["nobody", *sorted({one.role for one in shop.STAFF})]


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_read_is_as_described(
    described: Described, known: Known, someone: Any, role: str
) -> None:
    user = await someone(role)
    read = 0
    for method, path, operation in described.operations():
        if method != "get":
            continue
        for there in (True, False):
            answer = await user.http.get(known.path(path, there=there), headers=user.headers)
            described.check(operation, answer)
            read += answer.status_code == 200
        for query in ("limit=0", "limit=x", "cursor=%00", "cursor=W10", "q=%00", "unknown=1", "after=-1"):
            described.check(
                operation, await user.http.get(f"{known.path(path)}?{query}", headers=user.headers)
            )
    assert read > (20 if role != "nobody" else 2)


@pytest.mark.parametrize("role", ["nobody", "administrator"])
async def test_broken_bodies_are_refused_in_words(
    described: Described, known: Known, someone: Any, role: str
) -> None:
    user = await someone(role)
    sent = 0
    for method, path, operation in described.operations():
        schema = described.body(operation)
        if method == "get" or schema is None or "/visitor/" in path:
            continue
        headers = {**user.headers, "Content-Type": "application/json"}
        for body in BROKEN:
            answer = await user.http.request(method, known.path(path), content=body, headers=headers)
            described.check(operation, answer)
            sent += 1
    assert sent > 200


async def test_each_field_with_each_strange_value(described: Described, known: Known, desk: DeskUser) -> None:
    """By an administrator, who may do all; paths name nothing that exists, so that nothing goes on."""
    sent = 0
    for method, path, operation in described.operations():
        schema = described.body(operation)
        guarded = {"session", "csrf"} in [set(way) for way in operation["security"]]
        if method == "get" or schema is None or not guarded:
            continue
        there = method == "patch" and path != "/api/v1/organisation"
        good = described.example(schema)
        for name in good:
            for value in VALUES:
                answer = await desk.http.request(
                    method,
                    known.path(path, there=there),
                    content=_json({**good, name: value}),
                    headers={**desk.headers, "Content-Type": "application/json"},
                )
                described.check(operation, answer)
                sent += 1
                if answer.status_code == 401:  # a password was given that was right for once
                    await desk.sign_in()
    assert sent > 500


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
