"""A protocol's rules and a subject's values in words, by the labels of the protocol file."""

from collections.abc import Iterable
from typing import Final

from contracts.events.enrolment import Input
from contracts.protocol import expression as ex
from contracts.protocol.criteria import Criterion
from contracts.protocol.grammar import shape
from contracts.protocol.model import Protocol

OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_OF_NUMBERS: Final = {
    "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "other than",
}  # fmt: skip
_OF_DATES: Final = {
    "<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "==": "on", "!=": "not on",
}  # fmt: skip
_UNITS: Final = {"1": "", "mo": "months", "d": "days", "wk": "weeks", "a": "years"}
_SHOWN_DECIMALS: Final = 4


def rule_of(protocol: Protocol, criterion: Criterion) -> str:
    """What a criterion says: for an inclusion what has to be so, for an exclusion what must not."""
    said = rule(protocol, criterion.expression)
    aged = (
        f"; at most {fresh.days} days old: {', '.join(label(protocol, name) for name in fresh.fields)}"
        for fresh in criterion.freshness
    )
    return said + "".join(aged)


def rule(protocol: Protocol, node: ex.Expression, holds: bool = True) -> str:
    """What an expression says, or (`holds` false) what is so where it does not hold."""
    match node:
        case ex.All(all=parts):
            return _joined(protocol, parts, "and" if holds else "or", holds)
        case ex.AnyOf(any=parts):
            return _joined(protocol, parts, "or" if holds else "and", holds)
        case ex.Not(negated=part):
            return rule(protocol, part, not holds)
        case ex.Compare(compare=comparison):
            return _comparison(protocol, comparison, holds)
        case ex.In(is_in=codes) | ex.Intersects(intersects=codes):
            said = "one of" if holds else "none of"
            return f"{label(protocol, codes.field)}: {said} {', '.join(codes.codes)}"
        case ex.IsTrue(is_true=name):
            return f"{label(protocol, name)}: {'yes' if holds else 'no'}"
        case ex.Known(known=name):
            return f"{label(protocol, name)}: {'recorded' if holds else 'not recorded'}"
        case ex.AgeAtLeast(age_at_least=age):
            how = _OF_NUMBERS[">=" if holds else "<"]
            born, on = label(protocol, age.birth), label(protocol, age.at)
            return f"{born}: {how} {age.years} years of age on the day of {on}"
        case ex.OfCriterion(criterion=identifier):
            return rule(protocol, protocol.criterion[identifier].expression, holds)
        case ex.StrataKnown():
            names = ", ".join(factor.name for factor in protocol.factors)
            return f"{'every factor has a level' if holds else 'a factor has no level'}: {names}"


def label(protocol: Protocol, name: str) -> str:
    """How the protocol file calls a field or a derived value."""
    return protocol.derivation[name].label if name in protocol.derivation else protocol.field[name].label


def quantity(number: object, unit: str | None) -> str:
    """A number with its unit. What is longer than four decimals is cut, never rounded: 59.99999 is not 60."""
    whole, point, decimals = str(number).partition(".")
    cut = f"{whole}.{decimals[:_SHOWN_DECIMALS]}…" if len(decimals) > _SHOWN_DECIMALS else whole + point + decimals
    return f"{cut} {_UNITS.get(unit, unit)}".rstrip() if unit else cut


def values(protocol: Protocol, inputs: Iterable[Input]) -> str:
    """The values that were used, each with its label, its unit and its day."""
    return "; ".join(_value(protocol, one) for one in inputs)


def _value(protocol: Protocol, used: Input) -> str:
    spec = protocol.field.get(used.field)
    if spec is not None and spec.kind == "boolean":
        said = "yes" if used.value == "true" else "no"
    elif spec is None or spec.kind in ("decimal", "integer"):
        said = quantity(used.value, used.unit or (spec.unit if spec else None))
    else:
        said = used.value.replace(",", ", ")
    day = f" ({used.observed_on})" if used.observed_on else ""
    return f"{label(protocol, used.field)} {said}{day}"


def _joined(protocol: Protocol, parts: Iterable[ex.Expression], word: str, holds: bool) -> str:
    said = [rule(protocol, part, holds) for part in parts]
    nested = [f"({one})" if f" {'or' if word == 'and' else 'and'} " in one else one for one in said]
    return f" {word} ".join(nested)


def _comparison(protocol: Protocol, comparison: ex.Comparison, holds: bool) -> str:
    operator = comparison.operator if holds else OPPOSITE[comparison.operator]
    words = _OF_DATES if shape(protocol, comparison.left).date else _OF_NUMBERS
    return f"{_term(protocol, comparison.left)} {words[operator]} {_term(protocol, comparison.right)}"


def _term(protocol: Protocol, term: ex.Term) -> str:
    match term:
        case ex.FieldTerm(field=name, plus_months=months):
            moved = f" {'plus' if months > 0 else 'less'} {abs(months)} months" if months else ""
            return label(protocol, name) + moved
        case ex.NumberTerm(number=number, unit=unit):
            return quantity(number, unit)
        case ex.DerivedTerm(derived=name):
            return label(protocol, name)
        case ex.RatioTerm(ratio=ratio):
            return f"{label(protocol, ratio.of)} over {label(protocol, ratio.to)}"
        case ex.ShareTerm(share=share):
            return f"share of {label(protocol, share.part)} in {label(protocol, share.whole)}"
        case ex.FullMonthsTerm(full_months=span):
            return f"full months from {label(protocol, span.since)} to {label(protocol, span.until)}"
        case ex.DaysTerm(days=span):
            return f"days from {label(protocol, span.since)} to {label(protocol, span.until)}"
        case ex.CapTerm(cap=name):
            return f"the cap {name} ({protocol.cap[name].limit} unless changed)"
