"""JSON as it must arrive: UTF-8, bounded, without anything that a later layer would change or choke on.

Python's parser takes more than RFC 8259 and PostgreSQL takes less: NaN, numbers that become infinite or zero, NUL, half
surrogate pairs, a key given twice of which the last wins. In a record of a trial none of these may pass silently.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from services.chassis.http.problem import Violation
from services.chassis.http.refusals import JSON_TOO_DEEP, MALFORMED_JSON, UNACCEPTABLE_JSON
from services.chassis.refusal import Refusal

MAX_INT: Final = 2**63 - 1
MAX_INT_DIGITS: Final = 19
MAX_EXPONENT_DIGITS: Final = 3
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_ZERO: Final = re.compile(r"-?0*\.?0*(?:[eE].*)?")


class UnacceptableJson(Exception):
    """A body that is not taken, with the reason and the places."""

    def __init__(self, refusal: Refusal, errors: tuple[Violation, ...] = ()) -> None:
        super().__init__(refusal.code)
        self.refusal, self.errors = refusal, errors


class _Flaw:
    """Stands in the parsed document where something unacceptable stood."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        self.detail = detail


class _Twice(dict[str, Any]):
    """An object in which a key was given twice."""


def parse(body: bytes, *, max_depth: int) -> Any:
    """The value of a JSON text, fractions as Decimal. Raises `UnacceptableJson`.

    Depth is counted on the bytes before the parser runs, since the parser recurses.
    """
    if body.count(b"[") + body.count(b"{") > max_depth and _depth(body) > max_depth:
        raise UnacceptableJson(JSON_TOO_DEEP)
    try:
        text = body.decode("utf-8")
        suspicious: list[object] = []
        value = json.loads(
            text,
            parse_int=lambda digits: _integer(digits, suspicious),
            parse_float=lambda digits: _float(digits, suspicious),
            parse_constant=lambda name: _note(_Flaw("not a JSON number"), suspicious),
            object_pairs_hook=lambda pairs: _object(pairs, suspicious),
        )
    except ValueError:
        raise UnacceptableJson(MALFORMED_JSON) from None
    # Only an escape can bring in a NUL or half a surrogate pair, so most bodies need no walk.
    if suspicious or "\\u" in text:
        errors = tuple(Violation(where="body", pointer=place, detail=why) for place, why in _flaws(value, ""))
        if errors:
            raise UnacceptableJson(UNACCEPTABLE_JSON, errors[:50])
    return value


def _depth(body: bytes) -> int:
    """The deepest nesting. An unfinished string swallows the rest, so that hostile quotes cost one pass, not many."""
    depth = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(body):
        match found[0]:
            case b"[" | b"{":
                depth += 1
                deepest = max(deepest, depth)
            case b"]" | b"}":
                depth -= 1
    return deepest


def _note(flaw: object, suspicious: list[object]) -> object:
    suspicious.append(flaw)
    return flaw


def _integer(digits: str, suspicious: list[object]) -> object:
    if len(digits.lstrip("-")) <= MAX_INT_DIGITS and abs(value := int(digits)) <= MAX_INT:
        return value
    return _note(_Flaw("far too large a number"), suspicious)


def _float(digits: str, suspicious: list[object]) -> object:
    _, _, exponent = digits.lower().partition("e")
    if len(exponent.lstrip("+-0")) > MAX_EXPONENT_DIGITS:  # even of a zero: an exact zero would be written out
        return _note(_Flaw("a number of an impossible size"), suspicious)
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        return _note(_Flaw("far too large a number"), suspicious)
    if value == 0 and not _ZERO.fullmatch(digits):
        return _note(_Flaw("a number too small to be kept"), suspicious)
    return Decimal(digits)


def _object(pairs: list[tuple[str, Any]], suspicious: list[object]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        value = _Twice(value)
        _note(value, suspicious)
    return value


def _flaws(value: object, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case _Flaw():
            yield place, value.detail
        case str():
            if trouble := _trouble(value):
                yield place, trouble
        case list():
            for index, item in enumerate(value):
                yield from _flaws(item, f"{place}/{index}")
        case dict():
            if isinstance(value, _Twice):
                yield place, "a field is given twice in this object"
            for key, item in value.items():
                if trouble := _trouble(key):
                    yield place, f"{trouble}, in the name of a field"
                yield from _flaws(item, f"{place}/{key}" if _FIELD.fullmatch(key) else place)


def _trouble(text: str) -> str | None:
    if "\x00" in text:
        return "a NUL character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "half a surrogate pair, which is no character"
    return None
