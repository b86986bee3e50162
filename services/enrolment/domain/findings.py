"""Dated findings about a subject: checked against the dictionary when submitted, looked up by date at a gate."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from contracts.events.enrolment import Finding
from contracts.protocol.findings import FieldSpec
from contracts.protocol.model import Protocol
from contracts.vocabulary.quantity import MAX_DIGITS, convert

Value = bool | int | Decimal | date | str | frozenset[str]

EARLIEST: Final = date(1900, 1, 1)
_INTEGER: Final = re.compile(r"-?[0-9]{1,12}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH: Final = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Observation:
    """A recorded finding and the event that holds it (none: what the trial itself knows at this moment)."""

    finding: Finding
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything recorded about a subject, by field, in the order of recording."""

    by_field: Mapping[str, tuple[Observation, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def plus(self, more: Iterable[Observation]) -> "Observations":
        """These and then those."""
        fields = dict(self.by_field)
        for observation in more:
            name = observation.finding.field
            fields[name] = (*fields.get(name, ()), observation)
        return Observations(MappingProxyType(fields))

    def latest(self, name: str, at: date) -> Observation | None:
        """The last value on or before a day. For one day the one recorded later holds: it is the correction."""
        held = None
        for observation in self.by_field.get(name, ()):
            day = observation.finding.observed_on
            if day <= at and (held is None or day >= held.finding.observed_on):
                held = observation
        return held

    def on(self, name: str, day: date) -> Observation | None:
        """The value of exactly that day."""
        held = self.latest(name, day)
        return held if held is not None and held.finding.observed_on == day else None


@dataclass(frozen=True, slots=True)
class Submission:
    """A finding as it arrives: nothing about it is trusted yet."""

    field: str
    value: object
    observed_on: date
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a submission, and what would be right. Never repeats what was typed: it may identify."""

    place: str
    message: str


class _Wrong(ValueError):
    """What would be right, in words."""


def check(
    protocol: Protocol, submissions: Sequence[Submission], *, command: str, today: date
) -> tuple[tuple[Finding, ...], tuple[Fault, ...]]:
    """The findings in canonical form, and every fault. Nothing may be recorded unless there is no fault."""
    findings: list[Finding] = []
    faults: list[Fault] = []
    seen: set[tuple[str, date]] = set()
    for index, submission in enumerate(submissions):
        place = f"findings[{index}]"
        spec = protocol.field.get(submission.field)
        if spec is None:
            faults.append(Fault(f"{place}.field", "not a field of this protocol"))
            continue
        if spec.supplied_by != command:
            faults.append(Fault(f"{place}.field", f"{spec.name} is supplied by {spec.supplied_by}"))
            continue
        if (spec.name, submission.observed_on) in seen:
            faults.append(Fault(f"{place}.field", f"{spec.name} appears twice for one day"))
        seen.add((spec.name, submission.observed_on))
        if not EARLIEST <= submission.observed_on <= today:
            faults.append(Fault(f"{place}.observed_on", f"{spec.name}: a day from 1900 to today"))
        try:
            unit = _unit(spec, submission.unit)
        except _Wrong as wrong:
            faults.append(Fault(f"{place}.unit", f"{spec.name}: {wrong}"))
            continue
        try:
            text = _text(spec, submission.value, unit, submission.observed_on)
        except _Wrong as wrong:
            faults.append(Fault(f"{place}.value", f"{spec.name}: {wrong}"))
            continue
        findings.append(Finding(field=spec.name, value=text, unit=unit, observed_on=submission.observed_on))
    return tuple(findings), tuple(faults)


def read(spec: FieldSpec, text: str) -> Value:
    """The typed value of a recorded finding. Inverse of the canonical text that `check` wrote."""
    match spec.kind:
        case "boolean":
            return text == "true"
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "codes":
            return frozenset(text.split(","))
        case "code" | "month":
            return text


def text_of(value: Value) -> str:
    """The canonical text of a value, for findings that the trial itself supplies."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case frozenset():
            return ",".join(sorted(value))
        case _:
            return str(value)


def supplied(name: str, value: Value, observed_on: date, event_id: UUID | None = None) -> Observation:
    """Something that the trial itself knows, in the form of a finding."""
    return Observation(Finding(field=name, value=text_of(value), observed_on=observed_on), event_id)


def _unit(spec: FieldSpec, unit: str | None) -> str | None:
    if spec.kind == "decimal":
        if unit not in spec.accepts:
            raise _Wrong(f"a unit out of {', '.join(spec.accepts)} is needed")
        return unit
    if unit is not None and unit != spec.unit:
        raise _Wrong("is reported without a unit")
    return None


def _text(spec: FieldSpec, value: object, unit: str | None, observed_on: date) -> str:
    match spec.kind:
        case "boolean":
            return _boolean(value)
        case "integer" | "decimal":
            return _number(spec, value, unit)
        case "date":
            return _date(value, observed_on)
        case "month":
            return _month(value, observed_on)
        case "code":
            return _code(spec, value)
        case "codes":
            return _codes(spec, value)


def _boolean(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value in ("true", "false"):
        return str(value)
    raise _Wrong("true or false")


def _number(spec: FieldSpec, value: object, unit: str | None) -> str:
    pattern, shape = (
        (_INTEGER, "a whole number")
        if spec.kind == "integer"
        else (_DECIMAL, "a number with a point, at most 12 digits")
    )
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise _Wrong(shape)  # before its text is asked for: Python refuses to write very long integers
    # The shortest text of a JSON number is the text that was typed, as long as it has no more than 15 digits.
    text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise _Wrong(shape)
    number = Decimal(text)
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise _Wrong(shape)
    if spec.scale is None or spec.unit is None or spec.minimum is None or spec.maximum is None:
        raise TypeError(f"{spec.name} is a number without scale and bounds: the protocol was not checked")
    if not spec.minimum <= convert(number, unit or spec.unit, spec.unit, spec.scale) <= spec.maximum:
        raise _Wrong(f"from {spec.minimum} to {spec.maximum} {spec.unit} is plausible; check number and unit")
    return str(number)


def _date(value: object, observed_on: date) -> str:
    text = value.isoformat() if isinstance(value, date) else value
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise _Wrong("a day that exists, YYYY-MM-DD") from None
        if EARLIEST <= day <= observed_on:
            return text
        raise _Wrong("a day from 1900 to the day of observation")
    raise _Wrong("a day, YYYY-MM-DD")


def _month(value: object, observed_on: date) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value) or value > observed_on.isoformat()[:7]:
        raise _Wrong("a month not after the observation, YYYY-MM")
    return value


def _code(spec: FieldSpec, value: object) -> str:
    if not isinstance(value, str) or value not in spec.codes:
        raise _Wrong(f"one of {', '.join(spec.codes)}")
    return value


def _codes(spec: FieldSpec, value: object) -> str:
    given = value.split(",") if isinstance(value, str) else value
    right = f"one or more, each once, of {', '.join(spec.codes)}"
    if not isinstance(given, Sequence | frozenset | set) or not 0 < len(given) <= len(spec.codes):
        raise _Wrong(right)
    codes = {code for code in given if isinstance(code, str) and code in spec.codes}
    if len(codes) != len(given):
        raise _Wrong(right)
    if len(codes) > 1 and codes & set(spec.alone):
        raise _Wrong(f"{', '.join(spec.alone)} stands alone")
    return ",".join(sorted(codes))
