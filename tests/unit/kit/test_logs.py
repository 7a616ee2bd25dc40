"""No secret and no customer's words reach a log line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from trato.kit import logs
from trato.kit.redaction import redacted, without_secrets

PRIVATE_NAMES = """
password new_password token csrf Authorization set-cookie secret totp_secret api_key private_key
recovery_codes text body html raw subject preview
"""


@pytest.fixture
def lines() -> Iterator[Any]:
    """Configure logging into a buffer and give a function that reads what was written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure(json=True, stream=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_is_json_with_time_and_level(lines: Any) -> None:
    logs.log().info("started", port=8000)
    (line,) = lines()
    assert (line["event"], line["level"], line["port"]) == ("started", "info", 8000)
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "name",
    PRIVATE_NAMES.split(),
)
def test_private_names_are_hidden_at_any_depth(lines: Any, name: str) -> None:
    logs.log().info("noted", **{"request": {"inner": [{name: "the very value"}]}, name: "the very value"})
    assert "the very value" not in json.dumps(lines())


@pytest.mark.parametrize(
    "value",
    [
        "key trato_AbCdEf12_0123456789abcdef0123456789abcdef failed",
        "Authorization: Bearer 0123456789abcdef",
        "connect postgresql://trato:0123456789abcdef@localhost/trato",
        "GET /api/v1/links/0123456789abcdef0123456789",
        "https://desk.example/link#0123456789abcdef0123456789",
    ],
)
def test_secrets_in_a_sentence_are_hidden(lines: Any, value: str) -> None:
    logging.getLogger("some.library").warning(value)
    logs.log().warning(value, detail=value)
    assert "0123456789abcdef" not in json.dumps(lines())
    assert "[hidden]" in lines()[0]["event"]


def test_what_is_not_secret_stays() -> None:
    given = {"status": 200, "route": "/api/v1/users/{user_id}", "took_ms": 1.5, "password": "", "n": None}
    assert redacted(given) == given
    assert without_secrets("the account trato_shop is new") == "the account trato_shop is new"


def fail(statement: str, parameters: dict[str, str], driver: Exception) -> None:
    raise IntegrityError(statement, parameters, driver)


def test_an_exception_shows_where_but_not_with_what(lines: Any) -> None:
    words = {"text": "customer said: my card is 4111"}
    quoted = ValueError("duplicate key\nDETAIL:  Key (email)=(pedro@example.com) already exists.")
    try:
        fail("INSERT INTO message VALUES (:text)", words, quoted)
    except IntegrityError:
        logs.log().exception("failed")
    said, *frames = lines()[0]["exception"].splitlines()
    assert said == "IntegrityError: (builtins.ValueError) duplicate key"
    assert any("test_logs.py" in frame and "in fail" in frame for frame in frames)
    assert "4111" not in "".join(frames)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("invalid input for query argument $1: 'my card is 4111' (expected int)"),
        ValueError("1 validation error for Message\ntext\n  too long [input_value='my card is 4111']"),
        RuntimeError("call failed [parameters: ('my card is 4111',)]"),
        ValueError('invalid input syntax for type integer: "my card is 4111"'),
        RuntimeError("x" * 500 + "4111"),
    ],
)
def test_what_drivers_quote_is_cut(error: Exception) -> None:
    assert "4111" not in logs.cause(error)
    assert logs.cause(error).startswith(type(error).__name__)


def test_causes_are_told_in_order(lines: Any) -> None:
    try:
        try:
            int({"n": "x"}["first"])
        except KeyError as error:
            raise RuntimeError("second") from error
    except RuntimeError:
        logging.getLogger("library").exception("failed")
    exception = lines()[0]["exception"]
    assert exception.index("RuntimeError: second") < exception.index("KeyError: 'first'")


def test_uvicorns_own_lines_of_requests_are_off(lines: Any) -> None:
    logging.getLogger("uvicorn.access").warning("GET /api/v1/links/whatever")
    logging.getLogger("uvicorn.error").warning("the socket is gone")
    assert [line["event"] for line in lines()] == ["the socket is gone"]
