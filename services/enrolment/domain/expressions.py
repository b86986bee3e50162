"""The meaning of a protocol's expressions over a subject's findings, in Kleene logic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from contracts.events.enrolment import Input
from contracts.protocol import expression as ex
from contracts.protocol.criteria import Criterion
from contracts.protocol.factors import CodeFactor, CutFactor, CutLevel, Factor
from contracts.protocol.grammar import shape
from contracts.vocabulary.logic import Truth, all_of, any_of
from contracts.vocabulary.quantity import Scale
from services.enrolment.domain.scene import Found, Missing, Scene, Why
from services.enrolment.domain.terms import Extent, age, day_of, exactly, limit, measure, relation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A truth value, what it was derived from, and what is missing where that makes it undecided."""

    truth: Truth
    inputs: tuple[Input, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a factor, or None with what is missing."""

    code: str | None
    inputs: tuple[Input, ...] = ()
    missing: tuple[Missing, ...] = ()


def judge(criterion: Criterion, seen: Scene) -> Outcome:
    """The outcome of a criterion under its own freshness and its own rule for what is missing."""
    limits = {name: rule.days for rule in criterion.freshness for name in rule.fields}
    outcome = evaluate(criterion.expression, replace(seen, max_age_days=MappingProxyType(limits)))
    if outcome.truth is Truth.UNKNOWN and criterion.missing == "FALSE":
        return replace(outcome, truth=Truth.FALSE)
    return outcome


def evaluate(node: ex.Expression, seen: Scene) -> Outcome:
    """The outcome of an expression."""
    match node:
        case ex.All(all=parts):
            outcomes = [evaluate(part, seen) for part in parts]
            return _joined(all_of(outcome.truth for outcome in outcomes), outcomes)
        case ex.AnyOf(any=parts):
            outcomes = [evaluate(part, seen) for part in parts]
            return _joined(any_of(outcome.truth for outcome in outcomes), outcomes)
        case ex.Not(negated=part):
            outcome = evaluate(part, seen)
            return replace(outcome, truth=~outcome.truth)
        case ex.Compare(compare=comparison):
            left = measure(comparison.left, seen)
            right = measure(comparison.right, seen, shape(seen.protocol, comparison.left).scale)
            return _compared(left, comparison.operator, right)
        case ex.AgeAtLeast(age_at_least=rule):
            day = day_of(rule.at, seen)
            if isinstance(day, Missing):
                return Outcome(Truth.UNKNOWN, missing=(day,))
            years = age(rule.birth, day[0], rule.stated, seen)
            return _compared(years, ">=", replace(exactly(rule.years), inputs=(day[1],)))
        case ex.In(is_in=codes) | ex.Intersects(intersects=codes):
            return _codes(codes, seen)
        case ex.IsTrue(is_true=name):
            found = seen.look_up(name)
            if isinstance(found, Missing):
                return Outcome(Truth.UNKNOWN, missing=(found,))
            return Outcome(Truth.of(found.value is True), (found.input,))
        case ex.Known(known=name):
            found = seen.look_up(name)
            if isinstance(found, Missing):
                return Outcome(Truth.UNKNOWN, missing=(found,))
            return Outcome(Truth.TRUE, (found.input,))
        case ex.OfCriterion(criterion=identifier):
            return judge(seen.protocol.criterion[identifier], seen)
        case ex.StrataKnown():
            levels = [level_of(factor, seen) for factor in seen.protocol.factors]
            missing = _unique(gap for level in levels for gap in level.missing)
            inputs = _unique(each for level in levels for each in level.inputs)
            return Outcome(Truth.UNKNOWN if missing else Truth.TRUE, inputs, missing)


def level_of(factor: Factor, seen: Scene) -> Level:
    """The level of a stratification factor, from the values that counted on the factor's own day."""
    day = day_of(factor.as_of, seen)
    if isinstance(day, Missing):
        return Level(None, missing=(day,))
    then = replace(seen, at=day[0])
    match factor:
        case CutFactor():
            return _cut(factor, then)
        case CodeFactor():
            return _group(factor, then)


def _compared(left: Extent, operator: ex.Operator, right: Extent) -> Outcome:
    inputs, missing = left.inputs + right.inputs, left.missing + right.missing
    if missing:
        return Outcome(Truth.UNKNOWN, inputs, _unique(missing))
    truth = relation(left, operator, right)
    return Outcome(truth, inputs, left.open + right.open if truth is Truth.UNKNOWN else ())


def _joined(truth: Truth, parts: Sequence[Outcome]) -> Outcome:
    missing = _unique(gap for part in parts for gap in part.missing)
    inputs = _unique(each for part in parts for each in part.inputs)
    return Outcome(truth, inputs, missing if truth is Truth.UNKNOWN else ())


def _codes(node: ex.CodesOf, seen: Scene) -> Outcome:
    found = seen.look_up(node.field)
    if isinstance(found, Missing):
        return Outcome(Truth.UNKNOWN, missing=(found,))
    held = _held(found)
    if held & set(node.codes):
        return Outcome(Truth.TRUE, (found.input,))
    if held & set(node.unknown):
        return Outcome(Truth.UNKNOWN, (found.input,), (Missing(node.field, Why.UNDECIDED),))
    return Outcome(Truth.FALSE, (found.input,))


def _held(found: Found) -> frozenset[str]:
    return found.value if isinstance(found.value, frozenset) else frozenset({str(found.value)})


def _cut(factor: CutFactor, seen: Scene) -> Level:
    extent = measure(factor.measure, seen)
    if extent.missing:
        return Level(None, extent.inputs, _unique(extent.missing))
    scale = shape(seen.protocol, factor.measure).scale
    for level in factor.levels:
        if _within(extent, level, factor.unit, scale) is Truth.TRUE:
            return Level(level.code, extent.inputs)
    return Level(None, extent.inputs, extent.open)


def _within(extent: Extent, level: CutLevel, unit: str, scale: Scale | None) -> Truth:
    """A level holds its lower bound and not its upper one."""
    low, high = level.at_least, level.below
    return all_of(
        (
            Truth.TRUE if low is None else relation(extent, ">=", limit(low, unit, scale)),
            Truth.TRUE if high is None else relation(extent, "<", limit(high, unit, scale)),
        )
    )


def _group(factor: CodeFactor, seen: Scene) -> Level:
    found = seen.look_up(factor.field)
    if isinstance(found, Missing):
        return Level(None, missing=(found,))
    for level in factor.levels:
        if _held(found) & set(level.any_of):
            return Level(level.code, (found.input,))
    return Level(None, (found.input,), (Missing(factor.field, Why.UNDECIDED),))


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
