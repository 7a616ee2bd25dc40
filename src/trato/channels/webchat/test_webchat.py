"""The web chat connector: its settings refuse what would open it to everybody, and say what is missing."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import jsonschema
import pytest

from trato.channel_sdk import Account, Outbound, Party
from trato.channels.webchat.connector import Webchat, connector


def account(settings: Mapping[str, Any], secrets: Mapping[str, Any] | None = None) -> Account:
    return Account(
        uuid4(), "webchat", "Tienda", "pk", settings=settings, secrets=secrets or {}, signing_key=bytes(32)
    )


@pytest.mark.parametrize(
    "origin",
    ["https://tienda.example", "https://www.tienda.example:8443", "http://localhost:3000", "http://127.0.0.1:8000"],
)  # fmt: skip
def test_an_exact_origin_is_accepted(origin: str) -> None:
    jsonschema.validate({"origins": [origin]}, Webchat.settings_schema)


@pytest.mark.parametrize(
    "origin",
    ["*", "null", "https://*", "https://*.example", "http://tienda.example", "https://tienda.example/", "", "https://"],
)  # fmt: skip
def test_a_wildcard_or_a_loose_origin_is_refused(origin: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"origins": [origin]}, Webchat.settings_schema)


def test_secrets_are_write_only_and_long() -> None:
    properties = Webchat.settings_schema["properties"]
    for name in ("identity_secret", "previous_identity_secret"):
        assert properties[name]["writeOnly"] is True
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"origins": [], name: "short"}, Webchat.settings_schema)


async def test_sending_twice_is_harmless_and_waits_for_the_visitor_to_see_it() -> None:
    message = Outbound(uuid4(), uuid4(), "visitor", to=[Party("visitor", "v")], text="Hola")
    first = await connector.send(message, account({}))
    assert first == await connector.send(message, account({}))
    assert first.delivered is False


async def test_check_says_what_keeps_it_from_working() -> None:
    bare = {check.name: check.ok for check in await connector.check(account({"origins": []}))}
    assert bare == {"origins": False, "encryption": True, "identity": False}
    ready = await connector.check(
        account({"origins": ["https://tienda.example"]}, {"identity_secret": "s" * 32})
    )
    assert all(check.ok for check in ready)
