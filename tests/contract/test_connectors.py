"""What every connector keeps, whoever wrote it: read from its folder and its samples alone."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import jsonschema
import pytest

from trato.brands.service import secret_names, split_settings
from trato.channel_sdk import Account, Broken, Connector, Delivery, Hook, Inbound
from trato.channels import load_connectors, resource

CONNECTORS = list(load_connectors().values())
LANGUAGES = {"es", "en", "pt"}
every_connector = pytest.mark.parametrize("connector", CONNECTORS, ids=lambda c: c.kind)


def folder(connector: Connector) -> Path:
    return Path(str(resources.files(type(connector).__module__.rpartition(".")[0])))


def samples(connector: Connector, pattern: str) -> list[Path]:
    return sorted((folder(connector) / "samples").glob(pattern))


@every_connector
def test_its_kind_is_its_folder(connector):
    assert re.fullmatch(r"[a-z][a-z0-9]{1,30}", connector.kind)
    assert folder(connector).name == connector.kind


@every_connector
def test_it_brings_its_words_its_icon_and_its_readme(connector):
    strings = json.loads(resource(connector, "strings.json") or "{}")
    assert set(strings) == LANGUAGES
    fields = set(connector.settings_schema["properties"])
    for words in strings.values():
        assert words["name"]
        assert set(words["settings"]) == fields
        assert all(words["settings"][field]["title"] for field in fields)
    icon = resource(connector, "icon.svg") or ""
    assert icon.startswith("<svg")
    assert not re.search(r"<script|on\w+=|href|javascript:", icon, re.IGNORECASE)
    assert len(resource(connector, "README.md") or "") > 100


@every_connector
def test_its_sentences_have_the_same_places_in_each_language_and_none_is_missing(connector):
    strings = json.loads(resource(connector, "strings.json") or "{}")
    places = [
        {code: set(re.findall(r"{([a-z_]+)}", text)) for code, text in words.get("sentences", {}).items()}
        for words in strings.values()
    ]
    assert places[0] == places[1] == places[2]
    code = "".join(file.read_text("utf-8") for file in folder(connector).glob("*.py"))
    assert not [name for name in places[0] if f'"{name}"' not in code], "nobody says these"
    assert set(re.findall(r'(?:say|Trouble|Refused|Ended)\(\s*"([a-z_]+)"', code)) <= set(places[0])


@every_connector
def test_its_settings_are_a_schema_and_secrets_never_become_settings(connector):
    jsonschema.Draft202012Validator.check_schema(connector.settings_schema)
    secrets = secret_names(connector)

    class Loose(Connector):
        settings_schema: ClassVar[Mapping[str, Any]] = {**connector.settings_schema, "required": []}

    settings, kept = split_settings(Loose(), dict.fromkeys(secrets, "x" * 40), {})
    assert set(kept) == secrets
    assert not secrets & set(settings)


@every_connector
def test_a_stranger_at_its_hook_leaves_nothing_behind(connector):
    for body in (b"", b"{", b"\xff\xfe", b"[]", b'{"a": ' * 2_000, json.dumps({"id": None}).encode()):
        reply = connector.parse(Hook("x", "POST", {}, {}, body), [an_account(connector, {})])
        assert reply.events == {}


@every_connector
def test_its_samples_read_as_they_say_and_the_same_each_time(connector):
    for file in samples(connector, "*.json"):
        sample = json.loads(file.read_text("utf-8"))
        account = an_account(connector, sample.get("settings", {}))
        hook = signed(sample, account)
        events = list(connector.parse(hook, [account]).events.get(account.id, ()))
        found = [shown(event, expected) for event, expected in zip(events, sample["expect"], strict=True)]
        assert found == sample["expect"], file.name
        again = list(connector.parse(hook, [account]).events.get(account.id, ()))
        assert ids(events) == ids(again), file.name
        forged = Hook(hook.endpoint, hook.method, hook.headers, hook.query, hook.body + b" ")
        assert connector.parse(forged, [account]).events == {}, file.name


@every_connector
def test_its_originals_can_be_read_again(connector):
    settings = folder(connector) / "samples/account/settings.json"
    for file in samples(connector, "*.eml"):
        raw, account = file.read_bytes(), an_account(connector, json.loads(settings.read_text("utf-8")))
        event = connector.read(raw, account, provider_id="p1")
        assert event is not None, file.name
        assert asdict(event) == asdict(connector.read(raw, account, provider_id="p1")), file.name


def ids(events: Iterable[object]) -> list[str]:
    return [event.provider_id for event in events if isinstance(event, Inbound | Delivery | Broken)]


def an_account(connector: Connector, values: dict[str, Any]) -> Account:
    secrets = secret_names(connector)
    return Account(
        id=UUID(int=1),
        kind=connector.kind,
        name="sample",
        public_key="sample",
        settings={k: v for k, v in values.items() if k not in secrets},
        secrets={k: v for k, v in values.items() if k in secrets},
        signing_key=b"k" * 32,
    )


def signed(sample: dict[str, Any], account: Account) -> Hook:
    """Return the sample's request; a header `hmac-sha256:NAME` is the body's HMAC under that secret."""
    body = (
        sample["body"] if isinstance(sample["body"], str) else json.dumps(sample["body"], ensure_ascii=False)
    )
    headers = {}
    for name, value in sample.get("headers", {}).items():
        if value.startswith("hmac-sha256:"):
            secret = str(account.secrets[value.partition(":")[2]]).encode()
            value = hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()  # noqa: PLW2901  the same header
        headers[name.lower()] = value
    return Hook("sample", sample.get("method", "POST"), headers, sample.get("query", {}), body.encode())


def shown(event: object, expected: dict[str, Any]) -> dict[str, Any]:
    return {name: type(event).__name__ if name == "kind" else getattr(event, name, None) for name in expected}
