"""What pydantic found wrong, in our words: the place, the rule, what would be right, and never the value.

pydantic's own messages are not passed on, because some of them quote the input (a union's tag, a validator's f-string).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.chassis.http.problem import Violation

MAX_VIOLATIONS: Final = 50
MAX_DETAIL: Final = 300
_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_DATE: Final = "a date such as 2026-03-31"
_TIME: Final = "a time with its offset, such as 2026-03-31T14:05:00+02:00"
_NUMBER: Final = "a number such as 12.5"

_KNOWN: Final[Mapping[str, tuple[str, str | None]]] = {
    "missing": ("this field is missing", "a value for it"),
    "extra_forbidden": ("there is no such field", "leave it out"),
    "string_type": ("not a text", 'a text in quotes, such as "abc"'),
    "string_too_short": ("too short", "at least {min_length} characters"),
    "string_too_long": ("too long", "at most {max_length} characters"),
    "reluth_form": ("not of the required form", "{form}"),
    "string_pattern_mismatch": ("not of the required form", "a text that matches {pattern}"),
    "int_type": ("not a whole number", "a whole number such as 3"),
    "int_parsing": ("not a whole number", "a whole number such as 3"),
    "int_parsing_size": ("far too large a number", "a whole number such as 3"),
    "int_from_float": ("not a whole number", "a whole number such as 3"),
    "float_type": ("not a number", _NUMBER),
    "float_parsing": ("not a number", _NUMBER),
    "finite_number": ("not a finite number", _NUMBER),
    "decimal_type": ("not a number", _NUMBER),
    "decimal_parsing": ("not a number", _NUMBER),
    "decimal_max_digits": ("too many digits", "at most {max_digits} digits"),
    "decimal_max_places": ("too many decimal places", "at most {decimal_places} decimal places"),
    "decimal_whole_digits": ("too many digits before the point", "at most {whole_digits} digits before the point"),
    "bool_type": ("not true or false", "true or false"),
    "bool_parsing": ("not true or false", "true or false"),
    "enum": ("not one of the accepted values", "{expected}"),
    "literal_error": ("not one of the accepted values", "{expected}"),
    "union_tag_invalid": ("not one of the accepted kinds", "{expected_tags}"),
    "union_tag_not_found": ("the field that names the kind is missing", "{discriminator}"),
    "date_type": ("not a date", _DATE),
    "date_parsing": ("not a date", _DATE),
    "date_from_datetime_parsing": ("not a date", _DATE),
    "date_from_datetime_inexact": ("a time of day where a date is wanted", _DATE),
    "date_past": ("not in the past", "a date before today"),
    "date_future": ("not in the future", "a date after today"),
    "datetime_type": ("not a time", _TIME),
    "datetime_parsing": ("not a time", _TIME),
    "datetime_from_date_parsing": ("not a time", _TIME),
    "datetime_object_invalid": ("not a time", _TIME),
    "timezone_aware": ("a time without its offset", _TIME),
    "uuid_type": ("not a UUID", "a UUID such as 01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"),
    "uuid_parsing": ("not a UUID", "a UUID such as 01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"),
    "greater_than": ("too small", "more than {gt}"),
    "greater_than_equal": ("too small", "{ge} or more"),
    "less_than": ("too large", "less than {lt}"),
    "less_than_equal": ("too large", "{le} or less"),
    "multiple_of": ("not a multiple of the step", "a multiple of {multiple_of}"),
    "too_short": ("too few items", "at least {min_length} items"),
    "too_long": ("too many items", "at most {max_length} items"),
    "list_type": ("not a list", "a list in square brackets"),
    "tuple_type": ("not a list", "a list in square brackets"),
    "set_type": ("not a list", "a list in square brackets"),
    "dict_type": ("not an object", "an object in curly brackets"),
    "model_type": ("not an object", "an object in curly brackets"),
    "model_attributes_type": ("not an object", "an object in curly brackets"),
    "dataclass_type": ("not an object", "an object in curly brackets"),
}
_WRITTEN_BY_US: Final = frozenset({"value_error", "assertion_error"})


def violations(errors: Iterable[Mapping[str, Any]]) -> list[Violation]:
    """The errors of pydantic or of FastAPI as violations, the first of them at most."""
    found = [_violation(error) for _, error in zip(range(MAX_VIOLATIONS), errors, strict=False)]
    return list(dict.fromkeys(found))


def _violation(error: Mapping[str, Any]) -> Violation:
    where, pointer = _place(error.get("loc", ()))
    kind, context = str(error.get("type", "")), error.get("ctx") or {}
    if kind in _KNOWN:
        detail, right = _KNOWN[kind]
        return Violation(where=where, pointer=pointer, detail=detail, would_be_right=_filled(right, context))
    detail = "not acceptable here"
    if kind in _WRITTEN_BY_US or kind.startswith("reluth"):
        message = str(error.get("msg", "")).removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if message and not _quotes(message, error.get("input")):
            detail = message[:MAX_DETAIL]
    return Violation(where=where, pointer=pointer, detail=detail)


def _place(location: Sequence[Any]) -> tuple[str, str]:
    """Where it is. A key that does not look like a field's name is somebody's text and is left out."""
    first, *rest = location or ("body",)
    if first not in ("body", "query", "path", "header", "cookie"):
        first, rest = "body", list(location)
    steps = [str(step) for step in rest if isinstance(step, int) or _FIELD.fullmatch(str(step))]
    return str(first), "".join(f"/{step}" for step in steps)


def _filled(template: str | None, context: Mapping[str, Any]) -> str | None:
    if template is None:
        return None
    try:
        return template.format_map({name: str(value) for name, value in context.items()})[:MAX_DETAIL]
    except KeyError:
        return None


def _quotes(message: str, given: object) -> bool:
    """Whether a validator's message holds a text or number that was sent. Such a message stays inside."""
    heard = f" {_plain(message)} "
    return any(f" {_plain(leaf)} " in heard for leaf in _leaves(given) if _plain(leaf))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text.casefold()).split())


def _leaves(value: object) -> Iterable[str]:
    match value:
        case None | bool():
            return
        case Mapping():
            for key, item in value.items():
                if not _FIELD.fullmatch(str(key)):
                    yield str(key)
                yield from _leaves(item)
        case list() | tuple() | set() | frozenset():
            for item in value:
                yield from _leaves(item)
        case _ if hasattr(value, "model_dump"):
            yield from _leaves(value.model_dump())
        case _:
            yield str(value)
