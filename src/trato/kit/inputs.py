"""Kinds of input that every slice takes: checked at the edge, with a sentence that says what is expected."""

import re
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, Base64Bytes, Field, StringConstraints

from trato.kit.errors import Unfit
from trato.kit.text import clean

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _no_controls(value: str) -> str:
    if _CONTROLS.search(value):
        raise Unfit("This is one line, without control characters.")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise Unfit("This is not a time zone, such as America/Bogota.")
    return value


def _language(value: str) -> str:
    if not _TAG.fullmatch(value):
        raise Unfit("This is not a language, such as es or pt-BR.")
    return value


# A name or title: one line with something in it, blanks around it taken off.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_no_controls)]
# The same, and it may be empty.
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_no_controls)]
# A picture in Base64: more characters than one of the largest size takes are not read.
GivenPicture = Annotated[Base64Bytes, Field(max_length=420_000)]
# Text of several lines; control characters are left out of it.
Prose = Annotated[str, AfterValidator(clean)]
TimeZone = Annotated[str, AfterValidator(_zone)]
LanguageTag = Annotated[str, StringConstraints(max_length=12), AfterValidator(_language)]  # BCP 47


def unchanged(**rules: Any) -> Any:
    """Return the field of a change that may be left out and cannot be null; it has no default to tell."""
    return Field(default=None, json_schema_extra=_without_default, **rules)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
