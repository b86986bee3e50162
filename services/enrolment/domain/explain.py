"""Why a criterion stands in a subject's way, in words, and what would change that.

Knows the language of criteria and no criterion: what it says comes from the protocol file, and from what was recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from contracts.protocol import expression as ex
from contracts.protocol.criteria import Criterion
from contracts.protocol.findings import GATE_DATE
from contracts.protocol.grammar import fields_read
from contracts.vocabulary.logic import Truth
from services.enrolment.domain.criteria import Row
from services.enrolment.domain.expressions import Outcome, evaluate
from services.enrolment.domain.scene import Missing, Scene, Why
from services.enrolment.domain.words import OPPOSITE, label, rule, rule_of, values

FINDINGS = "RecordFindings"
"""The command by which a person states a value; what other commands supply follows from what they record."""


class Step(StrEnum):
    """What kind of thing would change an outcome."""

    RECORD = "RECORD"
    RENEW = "RENEW"
    CLARIFY = "CLARIFY"
    ANOTHER_VALUE = "ANOTHER_VALUE"
    ANOTHER_DAY = "ANOTHER_DAY"
    FOLLOWS = "FOLLOWS"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a value has to be for a comparison with a limit to come out right: `operator` may be `!=`."""

    operator: str
    limit: ex.NumberTerm


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change an outcome, why it has to, and the fields that it is about."""

    step: Step
    fields: tuple[str, ...]
    why: str
    words: str
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """All of these are needed."""

    parts: "tuple[Need, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of these is enough."""

    parts: "tuple[Need, ...]"


Need = Change | Together | Either


@dataclass(frozen=True, slots=True)
class Told:
    """A row in words. `why` and `would_change` are empty for one that passes by its own outcome."""

    rule: str
    why: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()
    need: Need | None = None


def tell(row: Row, seen: Scene) -> Told:
    """A row of a gate in words: the rule, what keeps it from passing, and what would make it pass."""
    criterion = seen.protocol.criterion[row.criterion]
    said = rule_of(seen.protocol, criterion)
    need = needed(criterion, seen)
    if need is None:
        return Told(said)
    changes = tuple(_changes(need))
    parts = need.parts if isinstance(need, Together) else (need,)
    return Told(said, tuple(dict.fromkeys(c.why for c in changes)), tuple(_words(part) for part in parts), need)


def needed(criterion: Criterion, seen: Scene) -> Need | None:
    """What would have to be otherwise for a criterion to pass; None where nothing has."""
    return _need(criterion.expression, _fresh(criterion, seen), criterion.kind == "inclusion")


def _fresh(criterion: Criterion, seen: Scene) -> Scene:
    limits = {name: each.days for each in criterion.freshness for name in each.fields}
    return replace(seen, max_age_days=MappingProxyType(limits))


def _need(node: ex.Expression, seen: Scene, goal: bool) -> Need | None:
    """What an expression needs to come out as `goal`."""
    outcome = evaluate(node, seen)
    if outcome.truth is Truth.of(goal):
        return None
    match node:
        case ex.Not(negated=part):
            return _need(part, seen, not goal)
        case ex.OfCriterion(criterion=identifier):
            other = seen.protocol.criterion[identifier]
            return _need(other.expression, _fresh(other, seen), goal)
        case ex.All(all=parts) | ex.AnyOf(any=parts):
            found = tuple(need for part in parts if (need := _need(part, seen, goal)) is not None)
            if len(found) == 1:
                return found[0]
            return Together(found) if isinstance(node, ex.All) is goal else Either(found)
        case _:
            return _leaf(node, outcome, seen, goal)


def _leaf(node: ex.Expression, outcome: Outcome, seen: Scene, goal: bool) -> Change:
    demand = rule(seen.protocol, node, goal)
    asked = _asked(node, goal)
    if outcome.missing:
        return _gap(outcome.missing, seen, demand, asked)
    used = [one for one in outcome.inputs if one.field != GATE_DATE]
    why = f"Asked for: {demand}. Recorded: {values(seen.protocol, used)}."
    step, fields, words = _step(node, seen, frozenset(one.field for one in outcome.inputs), demand)
    return Change(step, fields, why, words, asked)


def _gap(missing: tuple[Missing, ...], seen: Scene, demand: str, asked: Asked | None) -> Change:
    """Something that is not known: what to record is clear, whatever it will say."""
    first = missing[0].why
    fields = tuple(dict.fromkeys(gap.field for gap in missing))
    said = "; ".join(_said(gap, seen) for gap in missing)
    step = {Why.NOT_RECORDED: Step.RECORD, Why.TOO_OLD: Step.RENEW, Why.UNDECIDED: Step.CLARIFY}[first]
    verb = {Step.RECORD: "Record", Step.RENEW: "Record newly", Step.CLARIFY: "Clarify"}[step]
    names = ", ".join(label(seen.protocol, name) for name in fields)
    others = _suppliers(fields, seen)
    words = f"{verb}: {names}{f' (comes with {others})' if others else ''}. To pass: {demand}"
    return Change(step, fields, f"Asked for: {demand}. {said}.", words, asked)


def _said(gap: Missing, seen: Scene) -> str:
    name = label(seen.protocol, gap.field)
    held = seen.observations.latest(gap.field, seen.at)
    if gap.why is Why.NOT_RECORDED or held is None:
        return f"Not recorded: {name}"
    if gap.why is Why.TOO_OLD:
        days = seen.max_age_days[gap.field]
        return f"Too old: {name} of {held.finding.observed_on}, more than {days} days before {seen.at}"
    return f"Undecided: {name} ({held.finding.observed_on})"


def _step(node: ex.Expression, seen: Scene, used: frozenset[str], demand: str) -> tuple[Step, tuple[str, ...], str]:
    """What could make a known value another one. Days pass, measurements are repeated; what is past stays so."""
    read = {node.age_at_least.birth} if isinstance(node, ex.AgeAtLeast) else fields_read(seen.protocol, node) & used
    specs = [seen.protocol.field[name] for name in sorted(read - {GATE_DATE})]
    again = tuple(spec.name for spec in specs if not spec.past and spec.supplied_by == FINDINGS)
    if again:
        names = ", ".join(label(seen.protocol, name) for name in again)
        return Step.ANOTHER_VALUE, again, f"A later value of {names}. To pass: {demand}"
    fields = tuple(spec.name for spec in specs)
    if GATE_DATE in read:
        return Step.ANOTHER_DAY, fields, f"A gate on another day. To pass: {demand}"
    if all(spec.past for spec in specs):
        return Step.NOTHING, fields, f"Nothing, unless what is recorded is wrong: it is past. To pass: {demand}"
    follows = f"No finding: it comes with {_suppliers(fields, seen)}. To pass: {demand}"
    return Step.FOLLOWS, fields, follows


def _suppliers(fields: tuple[str, ...], seen: Scene) -> str:
    """The commands, in lower case words, by which fields come that nobody states as findings."""
    names = (seen.protocol.field[name].supplied_by for name in fields if name in seen.protocol.field)
    found = dict.fromkeys(name for name in names if name != FINDINGS)
    spaced = ("".join(f" {c.lower()}" if c.isupper() else c for c in name).strip() for name in found)
    return ", ".join(spaced)


def _asked(node: ex.Expression, goal: bool) -> Asked | None:
    """The limit of a simple comparison: one field with one number."""
    match node:
        case ex.Compare(compare=ex.Comparison(left=ex.FieldTerm(), operator=operator, right=ex.NumberTerm() as limit)):
            return Asked(operator if goal else OPPOSITE[operator], limit)
        case _:
            return None


def _changes(need: Need) -> Iterator[Change]:
    if isinstance(need, Change):
        yield need
    else:
        for part in need.parts:
            yield from _changes(part)


def _words(need: Need) -> str:
    match need:
        case Change(words=words):
            return words
        case Together(parts=parts):
            return "All of: " + "; ".join(f"({_words(part)})" for part in parts)
        case Either(parts=parts):
            return "One of: " + "; ".join(f"({_words(part)})" for part in parts)
