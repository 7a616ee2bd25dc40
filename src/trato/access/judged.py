"""What is wrong with one value of an input, as a sentence of ours instead of the checking library's.

A body is judged by pydantic, the settings of a channel by their JSON Schema; neither speaks to people.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from trato.kit.errors import Unfit

_MISSING: Final = "This is missing."
_OTHER: Final = "This does not have the form that is expected."

# By the name that pydantic gives to the error (https://docs.pydantic.dev/latest/errors/validation_errors);
# the blanks are those of its context. A name that ends in `_` stands for all that begin so.
_SENTENCES: Final = {
    "missing": "This is missing.",
    "extra_forbidden": "Nothing here is called “{name}”.",
    "string_type": "A text is expected here.",
    "string_too_short": "This has {min_length} characters at least.",
    "string_too_long": "This has {max_length} characters at most.",
    "int_": "A whole number is expected here.",
    "float_": "A number is expected here.",
    "decimal_": "A number is expected here.",
    "decimal_max_digits": "This number is too long.",
    "decimal_max_places": "This has {decimal_places} decimals at most.",
    "decimal_whole_digits": "This number is too long.",
    "bool_": "Only “true” or “false” is expected here.",
    "greater_than": "This is to be more than {gt}.",
    "greater_than_equal": "This is {ge} at least.",
    "less_than": "This is to be less than {lt}.",
    "less_than_equal": "This is {le} at most.",
    "literal_error": "One of these is expected here: {expected}.",
    "enum": "One of these is expected here: {expected}.",
    "union_tag_": "One of these is expected here: {expected_tags}.",
    "uuid_": "This names nothing that is known here.",
    "date_": "A date is expected here, such as 2026-12-24.",
    "datetime_": "A date with its time is expected here, such as 2026-12-24T09:00:00Z.",
    "timezone_": "A date with its time is expected here, such as 2026-12-24T09:00:00Z.",
    "url_": "A complete address is expected here, such as https://www.example.com.",
    "list_type": "A list is expected here.",
    "tuple_type": "A list is expected here.",
    "set_type": "A list is expected here.",
    "dict_type": "Names with their values are expected here.",
    "mapping_type": "Names with their values are expected here.",
    "model_": "Names with their values are expected here.",
    "too_short": "At least {min_length} are expected here.",
    "too_long": "At most {max_length} are expected here.",
}
_ALTERNATIVES: Final = ("expected", "expected_tags")

# What JSON Schema calls the rule, as pydantic calls its breach, and the blank that the rule's value fills.
_RULES: Final = {
    "required": ("missing", ""),
    "enum": ("literal_error", "expected"),
    "minLength": ("string_too_short", "min_length"),
    "maxLength": ("string_too_long", "max_length"),
    "minimum": ("greater_than_equal", "ge"),
    "exclusiveMinimum": ("greater_than", "gt"),
    "maximum": ("less_than_equal", "le"),
    "exclusiveMaximum": ("less_than", "lt"),
    "minItems": ("too_short", "min_length"),
    "maxItems": ("too_long", "max_length"),
}
_TYPES: Final = {
    "string": "string_type",
    "integer": "int_type",
    "number": "float_type",
    "boolean": "bool_type",
    "array": "list_type",
    "object": "dict_type",
}
_ADDRESS_RULES: Final = ("^http", "^(http")  # a pattern that begins so is one of addresses


def of_body(error: Mapping[str, Any]) -> Unfit:
    """Return the sentence for one error of pydantic's; it holds names of fields, never what was given."""
    own = (error.get("ctx") or {}).get("error")
    if isinstance(own, Unfit):
        return own
    given = error.get("input")
    if isinstance(given, str) and not given.strip() and error["type"] != "extra_forbidden":
        return Unfit(_MISSING)
    if error["type"] == "too_short" and error["ctx"]["min_length"] == 1:
        return Unfit(_MISSING)
    where: Sequence[str | int] = error["loc"]
    return _told(error["type"], {**(error.get("ctx") or {}), "name": str(where[-1])[:60] if where else ""})


def of_setting(error: Any) -> Unfit:
    """Return the sentence for one error of jsonschema's; it never holds what was given."""
    rule, wanted = str(error.validator), error.validator_value
    if isinstance(error.instance, str) and not error.instance.strip():
        return Unfit(_MISSING)
    if rule == "pattern" and str(wanted).startswith(_ADDRESS_RULES):
        return _told("url_parsing", {})
    if rule == "additionalProperties":
        return Unfit("This setting is not known here.")
    if rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else [one for one in wanted if one != "null"]
        return _told(_TYPES.get(kinds[0], ""), {})
    kind, blank = _RULES.get(rule, ("", ""))
    shown = ", ".join(map(str, wanted)) if isinstance(wanted, list) else wanted
    return _told(kind, {blank: shown} if blank else {})


def _told(kind: str, context: Mapping[str, Any]) -> Unfit:
    values = {
        name: str(value).replace(" or ", ", ") if name in _ALTERNATIVES else value
        for name, value in context.items()
    }
    known = kind if kind in _SENTENCES else f"{kind.partition('_')[0]}_"
    if kind == "union_tag_invalid":
        known = "union_tag_"
    return Unfit(_SENTENCES.get(known, _OTHER), values=values)
