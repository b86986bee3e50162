"""What an expression may refer to: existing fields of the right kind, units of the right scale."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.protocol import expression as ex
from contracts.protocol.model import Protocol
from contracts.vocabulary.quantity import Scale, units_of

Finding = tuple[str, str]
"""A place and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a term yields: a date, a number on a scale, or a bare number (ratio, share)."""

    date: bool = False
    scale: Scale | None = None
    unit: str | None = None
    literal: bool = False


def check_expression(protocol: Protocol, node: ex.Expression, place: str) -> Iterator[Finding]:
    """Everything wrong with an expression and its parts."""
    match node:
        case ex.All(all=parts):
            for index, part in enumerate(parts):
                yield from check_expression(protocol, part, f"{place}.all[{index}]")
        case ex.AnyOf(any=parts):
            for index, part in enumerate(parts):
                yield from check_expression(protocol, part, f"{place}.any[{index}]")
        case ex.Not(negated=part):
            yield from check_expression(protocol, part, f"{place}.not")
        case ex.In(is_in=codes):
            yield from _codes(protocol, codes, "code", f"{place}.in")
        case ex.Intersects(intersects=codes):
            yield from _codes(protocol, codes, "codes", f"{place}.intersects")
        case ex.IsTrue(is_true=name):
            yield from need(protocol, name, f"{place}.is_true", "boolean")
        case ex.Known(known=name):
            yield from need(protocol, name, f"{place}.known")
        case ex.AgeAtLeast(age_at_least=age):
            yield from need(protocol, age.birth, f"{place}.age_at_least.birth", "month")
            yield from need(protocol, age.at, f"{place}.age_at_least.at", "date")
            if age.stated is not None:
                yield from need(protocol, age.stated, f"{place}.age_at_least.stated", "integer")
        case ex.OfCriterion(criterion=identifier):
            if identifier not in protocol.criterion:
                yield f"{place}.criterion", f"there is no criterion {identifier!r}"
        case ex.StrataKnown():
            if not protocol.factors:
                yield f"{place}.strata_known", "the file declares no stratification factors"
        case ex.Compare(compare=comparison):
            yield from _comparison(protocol, comparison, f"{place}.compare")


def check_term(protocol: Protocol, term: ex.Term, place: str) -> Iterator[Finding]:
    """Everything wrong with a term by itself."""
    match term:
        case ex.FieldTerm(field=name, plus_months=months):
            problems = list(need(protocol, name, f"{place}.field", "integer", "decimal", "date"))
            yield from problems
            if months and not problems and protocol.field[name].kind != "date":
                yield f"{place}.plus_months", f"{name!r} is no date"
        case ex.DerivedTerm(derived=name):
            if name not in protocol.derivation:
                yield f"{place}.derived", f"there is no derived value {name!r}"
        case ex.RatioTerm(ratio=ratio):
            yield from _same_scale(protocol, ratio.of, ratio.to, f"{place}.ratio.of", f"{place}.ratio.to")
        case ex.ShareTerm(share=share):
            yield from _same_scale(protocol, share.part, share.whole, f"{place}.share.part", f"{place}.share.whole")
        case ex.FullMonthsTerm(full_months=span):
            yield from need(protocol, span.since, f"{place}.full_months.since", "date")
            yield from need(protocol, span.until, f"{place}.full_months.until", "date")
        case ex.DaysTerm(days=span):
            yield from need(protocol, span.since, f"{place}.days.since", "date")
            yield from need(protocol, span.until, f"{place}.days.until", "date")
        case ex.CapTerm(cap=name):
            if name not in protocol.cap:
                yield f"{place}.cap", f"there is no cap {name!r}"
        case ex.NumberTerm():
            pass


def shape(protocol: Protocol, term: ex.Term) -> Shape:
    """What a term that passed `check_term` yields."""
    match term:
        case ex.FieldTerm(field=name):
            spec = protocol.field[name]
            return Shape(date=True) if spec.kind == "date" else Shape(scale=spec.scale, unit=spec.unit)
        case ex.DerivedTerm(derived=name):
            return Shape(scale=protocol.derivation[name].scale, unit=protocol.derivation[name].unit)
        case ex.FullMonthsTerm():
            return Shape(scale=Scale.MONTHS, unit="mo")
        case ex.DaysTerm():
            return Shape(scale=Scale.DAYS, unit="d")
        case ex.CapTerm():
            return Shape(scale=Scale.COUNT, unit="1")
        case ex.NumberTerm(unit=unit):
            return Shape(unit=unit, literal=True)
        case ex.RatioTerm() | ex.ShareTerm():
            return Shape()


def fields_read(protocol: Protocol, node: ex.Expression) -> frozenset[str]:
    """The fields whose findings an expression may read, those of derived values included."""
    match node:
        case ex.All(all=parts) | ex.AnyOf(any=parts):
            return frozenset().union(*(fields_read(protocol, part) for part in parts))
        case ex.Not(negated=part):
            return fields_read(protocol, part)
        case ex.In(is_in=codes) | ex.Intersects(intersects=codes):
            return frozenset({codes.field})
        case ex.IsTrue(is_true=name) | ex.Known(known=name):
            return frozenset({name})
        case ex.AgeAtLeast(age_at_least=age):
            return frozenset({age.birth, age.at} | ({age.stated} if age.stated else set()))
        case ex.Compare(compare=comparison):
            return term_fields(protocol, comparison.left) | term_fields(protocol, comparison.right)
        case ex.OfCriterion(criterion=identifier):
            return fields_read(protocol, protocol.criterion[identifier].expression)
        case ex.StrataKnown():
            return frozenset()


def term_fields(protocol: Protocol, term: ex.Term) -> frozenset[str]:
    """The fields whose findings a term may read."""
    match term:
        case ex.FieldTerm(field=name):
            return frozenset({name})
        case ex.DerivedTerm(derived=name):
            inputs = protocol.derivation[name].inputs
            return frozenset(str(value) for value in inputs.model_dump().values() if value is not None)
        case ex.RatioTerm(ratio=ratio):
            return frozenset({ratio.of, ratio.to})
        case ex.ShareTerm(share=share):
            return frozenset({share.part, share.whole})
        case ex.FullMonthsTerm(full_months=span) | ex.DaysTerm(days=span):
            return frozenset({span.since, span.until})
        case ex.CapTerm(cap=name):
            raised_by = protocol.cap[name].raised_by
            return frozenset({raised_by} if raised_by else ())
        case ex.NumberTerm():
            return frozenset()


def references(node: ex.Expression) -> frozenset[str]:
    """The criteria that an expression refers to."""
    match node:
        case ex.OfCriterion(criterion=identifier):
            return frozenset({identifier})
        case ex.All(all=parts) | ex.AnyOf(any=parts):
            return frozenset().union(*(references(part) for part in parts))
        case ex.Not(negated=part):
            return references(part)
        case _:
            return frozenset()


def need(protocol: Protocol, name: str, place: str, *kinds: str) -> Iterator[Finding]:
    """The field exists and is of one of these kinds (any kind when none is given)."""
    spec = protocol.field.get(name)
    if spec is None:
        yield place, f"there is no field {name!r}"
    elif kinds and spec.kind not in kinds:
        yield place, f"{name!r} is of kind {spec.kind}, needed here: {' or '.join(kinds)}"


def _codes(protocol: Protocol, node: ex.CodesOf, kind: str, place: str) -> Iterator[Finding]:
    problems = list(need(protocol, node.field, f"{place}.field", kind))
    yield from problems
    if problems:
        return
    permitted = protocol.field[node.field].codes
    for key, codes in (("codes", node.codes), ("unknown", node.unknown)):
        for code in codes:
            if code not in permitted:
                yield f"{place}.{key}", f"{code!r} is not a code of {node.field!r}: {', '.join(permitted)}"
    for code in set(node.codes) & set(node.unknown):
        yield f"{place}.unknown", f"{code!r} cannot count and be undecided at once"


def _same_scale(protocol: Protocol, one: str, other: str, place: str, other_place: str) -> Iterator[Finding]:
    problems = [
        *need(protocol, one, place, "integer", "decimal"),
        *need(protocol, other, other_place, "integer", "decimal"),
    ]
    yield from problems
    if not problems and protocol.field[one].scale is not protocol.field[other].scale:
        yield place, f"{one!r} and {other!r} are not measured on one scale"


def _comparison(protocol: Protocol, node: ex.Comparison, place: str) -> Iterator[Finding]:
    problems = [
        *check_term(protocol, node.left, f"{place}.left"),
        *check_term(protocol, node.right, f"{place}.right"),
    ]
    yield from problems
    if problems:
        return
    left, right = shape(protocol, node.left), shape(protocol, node.right)
    if left.literal:
        yield f"{place}.left", "a limit stands on the right"
    elif left.date is not right.date:
        yield place, "a date and a number cannot be compared"
    elif right.literal:
        yield from _limit(left, right.unit, f"{place}.right.unit")
    elif left.scale is not right.scale:
        yield place, f"{_called(left.scale)} and {_called(right.scale)} cannot be compared"


def _limit(measured: Shape, unit: str | None, place: str) -> Iterator[Finding]:
    if measured.scale is None:
        if unit is not None:
            yield place, f"a ratio has no unit, {unit!r} does not belong here"
    elif unit is None:
        yield place, f"a limit on {measured.scale.value} needs a unit: {', '.join(units_of(measured.scale))}"
    elif unit not in units_of(measured.scale):
        accepted = ", ".join(units_of(measured.scale))
        yield place, f"{unit!r} is not a unit of {measured.scale.value}; accepted: {accepted}"


def _called(scale: Scale | None) -> str:
    return scale.value if scale else "a bare number"
