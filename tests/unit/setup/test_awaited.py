"""An account may be made without the secrets that its channel needs, as long as they are awaited."""

from types import SimpleNamespace
from typing import Any

import pytest

from trato.brands.service import split_settings
from trato.kit.errors import Invalid

SCHEMA = {
    "type": "object",
    "required": ["number", "token"],
    "properties": {"number": {"type": "string"}, "token": {"type": "string", "writeOnly": True}},
}


def test_what_is_awaited_need_not_be_there_and_all_else_must() -> None:
    connector: Any = SimpleNamespace(settings_schema=SCHEMA)
    assert split_settings(connector, {"number": "1"}, {}, ["token"]) == ({"number": "1"}, {})
    for given, awaited, field in (({"number": "1"}, [], "token"), ({}, ["token"], "number")):
        with pytest.raises(Invalid, match="is missing") as refused:
            split_settings(connector, given, {}, awaited)
        assert refused.value.field == f"settings.{field}"
