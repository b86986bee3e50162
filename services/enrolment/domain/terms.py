"""What the terms of a protocol's expressions are worth.

A term yields an *extent*: the lowest and the highest value it can have, as exact fractions in the canonical unit of
its scale. They are equal unless a birth month leaves the age open. A date is the number of its day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from contracts.events.enrolment import Input
from contracts.protocol import expression as ex
from contracts.protocol.findings import Derived
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.month import add_months, age_bounds, full_months_between
from contracts.vocabulary.quantity import Scale, as_decimal, convert, units_of
from services.enrolment.domain.formulas import mdrd4
from services.enrolment.domain.scene import Found, Missing, Scene, Why

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a term can be. `missing`: nothing is known. `open`: what would close the gap between low and high."""

    low: Fraction = _NOTHING
    high: Fraction = _NOTHING
    inputs: tuple[Input, ...] = ()
    missing: tuple[Missing, ...] = ()
    open: tuple[Missing, ...] = ()


def exactly(value: Fraction | int, *inputs: Input) -> Extent:
    """An extent without a gap."""
    return Extent(Fraction(value), Fraction(value), inputs)


def measure(term: ex.Term, seen: Scene, scale: Scale | None = None) -> Extent:
    """What a term can be. A bare limit takes the scale of what it is compared with."""
    match term:
        case ex.NumberTerm(number=number, unit=unit):
            return limit(number, unit, scale)
        case ex.FieldTerm(field=name, plus_months=months):
            return _field(name, seen, months)
        case ex.DerivedTerm(derived=name):
            return _derived(seen.protocol.derivation[name], seen)
        case ex.RatioTerm(ratio=ratio):
            return _quotient(_field(ratio.of, seen), _field(ratio.to, seen), ratio.to)
        case ex.ShareTerm(share=share):
            part, whole = _field(share.part, seen), _field(share.whole, seen)
            if not (part.missing or whole.missing) and not 0 <= part.low <= whole.low:
                return Extent(inputs=part.inputs + whole.inputs, missing=(Missing(share.part, Why.UNDECIDED),))
            return _quotient(part, whole, share.whole)
        case ex.FullMonthsTerm(full_months=span):
            return _span(span, seen, full_months_between)
        case ex.DaysTerm(days=span):
            return _span(span, seen, lambda since, until: (until - since).days)
        case ex.CapTerm(cap=name):
            cap = seen.protocol.cap[name]
            if cap.raised_by is not None and isinstance(seen.look_up(cap.raised_by), Found):
                return _field(cap.raised_by, seen)
            return exactly(cap.limit)


def limit(number: Decimal, unit: str | None, scale: Scale | None) -> Extent:
    """A number of the protocol file on a scale; a ratio has neither unit nor scale."""
    return exactly(Fraction(number) if unit is None or scale is None else _canonical(number, unit, scale))


def relation(left: Extent, operator: ex.Operator, right: Extent) -> Truth:
    """Whether the relation holds for every pair of values within the extents, for none, or only for some."""
    match operator:
        case "<":
            always, never = left.high < right.low, left.low >= right.high
        case "<=":
            always, never = left.high <= right.low, left.low > right.high
        case ">":
            always, never = left.low > right.high, left.high <= right.low
        case ">=":
            always, never = left.low >= right.high, left.high < right.low
        case "==":
            always = left.low == left.high == right.low == right.high
            never = left.high < right.low or right.high < left.low
    return Truth.of(always) if always or never else Truth.UNKNOWN


def age(birth: str, day: date, stated: str | None, seen: Scene) -> Extent:
    """Full years on a day. A stated age closes the gap if it was stated for that very day and the month allows it."""
    found = seen.look_up(birth)
    if isinstance(found, Missing):
        return Extent(missing=(found,))
    youngest, oldest = age_bounds(str(found.value), day)
    if youngest == oldest:
        return exactly(oldest, found.input)
    told = seen.look_up_on(stated, day) if stated else None
    if told is not None and isinstance(told.value, int) and told.value in (youngest, oldest):
        return exactly(told.value, found.input, told.input)
    gap = Missing(stated or birth, Why.UNDECIDED)
    return Extent(Fraction(youngest), Fraction(oldest), (found.input,), open=(gap,))


def day_of(name: str, seen: Scene) -> tuple[date, Input] | Missing:
    """The date that a field holds, with its evidence."""
    found = seen.look_up(name)
    if isinstance(found, Missing):
        return found
    if not isinstance(found.value, date):
        raise TypeError(f"{name} is no date: the protocol was not checked")
    return found.value, found.input


def _field(name: str, seen: Scene, plus_months: int = 0) -> Extent:
    found = seen.look_up(name)
    if isinstance(found, Missing):
        return Extent(missing=(found,))
    match found.value:
        case date() as day:
            return exactly((add_months(day, plus_months) if plus_months else day).toordinal(), found.input)
        case int() | Decimal() as number:
            spec = seen.protocol.field[name]
            if spec.scale is not None and spec.unit is not None:
                unit = found.observation.finding.unit or spec.unit
                return exactly(_canonical(Decimal(number), unit, spec.scale), found.input)
    raise TypeError(f"{name} is neither a date nor a number on a scale: the protocol was not checked")


def _canonical(number: Decimal, unit: str, scale: Scale) -> Fraction:
    return convert(number, unit, units_of(scale)[0], scale)


def _quotient(of: Extent, to: Extent, reference: str) -> Extent:
    inputs, missing = of.inputs + to.inputs, of.missing + to.missing
    if missing:
        return Extent(inputs=inputs, missing=missing)
    if to.low <= 0:
        return Extent(inputs=inputs, missing=(Missing(reference, Why.UNDECIDED),))
    return Extent(of.low / to.low, of.high / to.low, inputs)


def _span(span: ex.Span, seen: Scene, count: Callable[[date, date], int]) -> Extent:
    since, until = day_of(span.since, seen), day_of(span.until, seen)
    if isinstance(since, Missing) or isinstance(until, Missing):
        return Extent(
            inputs=tuple(end[1] for end in (since, until) if not isinstance(end, Missing)),
            missing=tuple(end for end in (since, until) if isinstance(end, Missing)),
        )
    return exactly(count(since[0], until[0]), since[1], until[1])


def _derived(derived: Derived, seen: Scene) -> Extent:
    """MDRD-4 with the age on the day of the sample. The older of two possible ages gives the lower rate."""
    names, constants = derived.inputs, derived.constants
    sample, sex = seen.look_up(names.creatinine), seen.look_up(names.sex)
    sampled_on = sample.observation.finding.observed_on if isinstance(sample, Found) else seen.at
    years = age(names.birth, sampled_on, names.stated_age, seen)
    missing = tuple(each for each in (sample, sex) if isinstance(each, Missing)) + years.missing
    inputs = (*(each.input for each in (sample, sex) if isinstance(each, Found)), *years.inputs)
    if isinstance(sample, Missing) or isinstance(sex, Missing) or missing:
        return Extent(inputs=inputs, missing=missing)
    if years.low < 1:
        return Extent(inputs=inputs, missing=(Missing(names.birth, Why.UNDECIDED),))
    unit = sample.observation.finding.unit or units_of(Scale.CREATININE)[0]
    creatinine = as_decimal(convert(Decimal(str(sample.value)), unit, "mg/dL", Scale.CREATININE))
    female = sex.value == constants.female_code
    low = mdrd4(creatinine, int(years.high), female=female, constants=constants)
    high = mdrd4(creatinine, int(years.low), female=female, constants=constants)
    shown = str(low) if low == high else f"{low}..{high}"
    return Extent(
        _canonical(low, derived.unit, derived.scale),
        _canonical(high, derived.unit, derived.scale),
        (*inputs, Input(field=derived.name, value=shown, unit=derived.unit, observed_on=sampled_on)),
        open=years.open,
    )
