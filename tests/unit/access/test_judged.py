"""What a checking library finds wrong is told in sentences of ours, which never hold what was given."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import jsonschema
import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError

from trato.access import judged
from trato.kit.inputs import Line, TimeZone
from trato.kit.words import LANGUAGES, catalogue


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (int, "hunter2", "A whole number is expected here."),
        (int, 1.5, "A whole number is expected here."),
        (int, " ", "This is missing."),
        (float, "hunter2", "A number is expected here."),
        (bool, "hunter2", "Only “true” or “false” is expected here."),
        (Annotated[int, Field(le=100)], 500, "This is 100 at most."),
        (Annotated[int, Field(gt=0)], 0, "This is to be more than 0."),
        (str, 3, "A text is expected here."),
        (Line, "", "This is missing."),
        (Line, "a\nb", "This is one line, without control characters."),
        (TimeZone, "hunter2", "This is not a time zone, such as America/Bogota."),
        (Annotated[str, Field(max_length=2)], "hunter2", "This has 2 characters at most."),
        (Annotated[str, Field(pattern="^a$")], "hunter2", "This does not have the form that is expected."),
        (Literal["a", "b", "c"], "hunter2", "One of these is expected here: 'a', 'b', 'c'."),
        (UUID, "", "This is missing."),
        (UUID, "hunter2", "This names nothing that is known here."),
        (date, "hunter2", "A date is expected here, such as 2026-12-24."),
        (datetime, "hunter2", "A date with its time is expected here, such as 2026-12-24T09:00:00Z."),
        (HttpUrl, "hunter2", "A complete address is expected here, such as https://www.example.com."),
        (list[str], "hunter2", "A list is expected here."),
        (dict[str, str], "hunter2", "Names with their values are expected here."),
        (Annotated[list[int], Field(min_length=1)], [], "This is missing."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "At most 1 are expected here."),
        (Form, {}, "This is missing."),
        (Form, {"name": "a", "nmae": "hunter2"}, "Nothing here is called “nmae”."),
    ],
)
def test_an_error_of_a_body_is_a_sentence(kind: Any, given: object, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(given)
    (error,) = refused.value.errors()
    found = judged.of_body(error)
    assert str(found) == told
    assert "hunter2" not in str(found)
    assert {"en", *catalogue()[found.sentence]} == set(LANGUAGES)


SCHEMA = {
    "type": "object",
    "properties": {
        "port": {"type": ["integer", "null"], "minimum": 1, "maximum": 65_535},
        "url": {"type": "string", "pattern": r"^https?://\S+$"},
        "secret": {"type": "string", "minLength": 32},
        "kind": {"enum": ["a", "b"]},
    },
    "required": ["url"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "This is missing."),
        ({"url": ""}, "This is missing."),
        ({"url": "hunter2"}, "A complete address is expected here, such as https://www.example.com."),
        ({"url": "http://a", "port": "hunter2"}, "A whole number is expected here."),
        ({"url": "http://a", "port": 0}, "This is 1 at least."),
        ({"url": "http://a", "secret": "hunter2"}, "This has 32 characters at least."),
        ({"url": "http://a", "kind": "hunter2"}, "One of these is expected here: a, b."),
        ({"url": "http://a", "hunter2": 1}, "This setting is not known here."),
    ],
)
def test_an_error_of_a_setting_is_a_sentence(given: object, told: str) -> None:
    (error,) = jsonschema.Draft202012Validator(SCHEMA).iter_errors(given)
    assert str(judged.of_setting(error)) == told
