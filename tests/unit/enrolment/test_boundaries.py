"""Every limit of every criterion is seen from both sides, every code in and out, every field missing.

The cases are written by hand; what they must cover is read off the protocol file, so that a new criterion, a new code
or another limit without its cases fails here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest

from contracts.protocol import expression as ex
from contracts.protocol.criteria import Criterion
from contracts.protocol.factors import CutFactor
from contracts.protocol.findings import GATE_DATE
from contracts.protocol.grammar import fields_read, shape, term_fields
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.quantity import Scale
from services.enrolment.domain.criteria import Row, evaluate
from services.enrolment.domain.findings import Observation
from services.enrolment.domain.scene import Missing, Scene, Why
from services.enrolment.domain.terms import measure
from tests.unit.enrolment.boundaries import MORE_OF_GATE_1, MORE_OF_GATE_2

from .test_criteria import GATE_1, GATE_1_TABLE, GATE_2_TABLE, PROTOCOL, Finding, held, judged, moment, row

Case = tuple[dict[str, str | None], Truth]
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
TABLES = {1: [*GATE_1_TABLE, *MORE_OF_GATE_1], 2: [*GATE_2_TABLE, *MORE_OF_GATE_2]}
ASKED = [criterion for criterion in PROTOCOL.criteria if criterion.enabled]
WHOLE = {Scale.COUNT, Scale.MONTHS, Scale.DAYS, Scale.YEARS}
STATED = frozenset({"age_years"})
"""Needed only while a birth month leaves the age open: `test_criteria` has its cases."""
ANOTHERS = {"randomized_cap": "a cap that nobody changed is that of the file"}


def cases(criterion: Criterion) -> list[Case]:
    return [(changes, outcome) for name, changes, outcome in TABLES[criterion.gate] if name == criterion.id]


@pytest.mark.parametrize(
    ("gate", "criterion", "changes", "outcome"),
    [(gate, *case) for gate, more in ((1, MORE_OF_GATE_1), (2, MORE_OF_GATE_2)) for case in more],
)
def test_more_limits(gate: int, criterion: str, changes: dict[str, str | None], outcome: Truth) -> None:
    assert row(criterion, judged(gate, **changes)).outcome is outcome


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_a_criterion_is_seen_true_false_and_unknown(criterion: Criterion) -> None:
    seen = {outcome for _, outcome in cases(criterion)}
    never = {U} if criterion.missing == "FALSE" else {F} if criterion.id == "R05" else set()
    assert seen == {T, F, U} - never


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_a_criterion_is_seen_without_each_of_its_fields(criterion: Criterion) -> None:
    read = fields_read(PROTOCOL, criterion.expression) - {GATE_DATE} - STATED - ANOTHERS.keys()
    absent = {name for changes, _ in cases(criterion) for name in read if value(criterion, changes, name) is None}
    assert read <= absent, read - absent


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_what_is_unknown_names_what_is_missing_for_it(criterion: Criterion) -> None:
    read = fields_read(PROTOCOL, criterion.expression) | _of_the_strata(criterion)
    for changes, outcome in cases(criterion):
        if outcome is U:
            found = row(criterion.id, judged(criterion.gate, **changes))
            named = {gap.field for gap in found.missing}
            assert named
            assert named <= read
            assert {name for name, value in changes.items() if value is None} & read <= named


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_a_criterion_is_seen_with_each_code_of_its_fields(criterion: Criterion) -> None:
    for node in leaves(criterion.expression):
        match node:
            case ex.In(is_in=codes) | ex.Intersects(intersects=codes):
                used: set[str] = set()
                for changes, _ in cases(criterion):
                    held_now = moment(criterion.gate, changes).observations.latest(codes.field, date(9999, 1, 1))
                    used |= set(held_now.finding.value.split(",")) if held_now else set()
                assert used >= set(PROTOCOL.field[codes.field].codes), (codes.field, used)
            case ex.IsTrue(is_true=name):
                values = [value(criterion, changes, name) for changes, _ in cases(criterion)]
                assert {"true", "false"} <= set(values), name


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_a_limit_is_seen_just_below_at_it_and_just_above(criterion: Criterion) -> None:
    for node in leaves(criterion.expression):
        if not isinstance(node, ex.Compare):
            continue
        step = a_step(node, moment(criterion.gate, {}))
        apart = [off for changes, _ in cases(criterion) if (off := distance(node, criterion, changes)) is not None]
        assert any(-step <= off < 0 for off in apart), f"just below: {node}"
        assert any(0 < off <= step for off in apart), f"just above: {node}"
        if not isinstance(node.compare.left, ex.DerivedTerm):  # a power of a creatinine is never a whole number
            assert 0 in apart, f"at it: {node}"


def leaves(node: ex.Expression) -> Iterator[ex.Expression]:
    match node:
        case ex.All(all=parts) | ex.AnyOf(any=parts):
            for part in parts:
                yield from leaves(part)
        case ex.Not(negated=part):
            yield from leaves(part)
        case ex.OfCriterion(criterion=identifier):
            yield from leaves(PROTOCOL.criterion[identifier].expression)
        case _:
            yield node


def value(criterion: Criterion, changes: dict[str, str | None], name: str) -> str | None:
    found = moment(criterion.gate, changes).observations.latest(name, date(9999, 1, 1))
    return found.finding.value if found else None


def _of_the_strata(criterion: Criterion) -> set[str]:
    """What the factors are derived from, for the criterion that asks for all of them."""
    if not any(isinstance(node, ex.StrataKnown) for node in leaves(criterion.expression)):
        return set()
    measured = {
        name
        for factor in PROTOCOL.factors
        for name in (term_fields(PROTOCOL, factor.measure) if isinstance(factor, CutFactor) else {factor.field})
    }
    return measured | {factor.as_of for factor in PROTOCOL.factors}


def distance(node: ex.Compare, criterion: Criterion, changes: dict[str, str | None]) -> Fraction | None:
    """How far the left side lies above the right one, in canonical units; None where one is not known."""
    seen = moment(criterion.gate, changes)
    left = measure(node.compare.left, seen)
    right = measure(node.compare.right, seen, shape(PROTOCOL, node.compare.left).scale)
    return None if left.missing or right.missing else left.low - right.low


def a_step(node: ex.Compare, seen: Scene) -> Fraction:
    """One day, one month, one of what is counted; else 2 % of the limit."""
    left = shape(PROTOCOL, node.compare.left)
    if left.date or left.scale in WHOLE:
        return Fraction(1)
    return abs(measure(node.compare.right, seen, left.scale).low) / 50


OF_AGE = [
    (criterion.id, name, rule.days)
    for criterion in ASKED
    if criterion.gate == 1
    for rule in criterion.freshness
    for name in rule.fields
]


@pytest.mark.parametrize(("criterion", "field", "days"), OF_AGE)
def test_a_value_counts_up_to_its_last_day(criterion: str, field: str, days: int) -> None:
    def seen(age: int) -> Row:
        return row(criterion, judged(observed={field: GATE_1 - timedelta(days=age)}))

    assert days == 28  # digest 2.1
    for age in (0, days - 1, days):
        assert seen(age).missing == (), age
    old = Missing(field, Why.TOO_OLD)
    found = seen(days + 1)
    assert old in found.missing or (field in ("largest_lesion", "largest_node") and found.outcome is T)


def test_a_value_that_is_too_old_does_not_hide_behind_another_that_decides() -> None:
    """A lesion of 34 mm is enough by itself: that the node was measured long ago changes nothing."""
    stale_node = judged(observed={"largest_node": GATE_1 - timedelta(days=29)})
    assert row("I11", stale_node).outcome is T
    stale_lesion = judged(observed={"largest_lesion": GATE_1 - timedelta(days=29)})
    assert row("I11", stale_lesion).outcome is U


@pytest.mark.parametrize(("gate", "active", "outcome"), [
    (date(2025, 2, 28), "2020-02-28", F),
    (date(2025, 2, 28), "2020-02-29", T),
    (date(2024, 2, 29), "2019-02-28", F),
    (date(2024, 2, 29), "2019-03-01", T),
])  # fmt: skip
def test_five_years_are_counted_back_from_the_gate(gate: date, active: str, outcome: Truth) -> None:
    tumour = {"other_solid_tumours": "OTHER", "other_tumour_active_on": active}
    recorded = [Observation(Finding(field=f, value=v, observed_on=date(2023, 12, 1))) for f, v in tumour.items()]
    found = evaluate(1, PROTOCOL, held(1, {}).plus(recorded), [], gate)
    assert row("E14", found).outcome is outcome


def test_a_slot_is_asked_by_no_gate_and_its_field_is_recorded_by_nobody() -> None:
    slots = [criterion for criterion in PROTOCOL.criteria if criterion.id.startswith("X")]
    assert [slot.id for slot in slots] == ["X01", "X02", "X03", "X04", "X05", "X06"]
    for slot in slots:
        assert not slot.enabled
        assert slot not in PROTOCOL.gate(slot.gate)
        assert (slot.provenance or "").startswith("Not in the paper")
        assert {PROTOCOL.field[name].supplied_by for name in fields_read(PROTOCOL, slot.expression)} == {"Amendment"}


def test_every_criterion_of_the_digest_is_asked() -> None:
    wanted = {
        *(f"I{n:02d}" for n in range(1, 17)),
        *(f"E{n:02d}" for n in range(1, 15)),
        *(f"R{n:02d}" for n in range(1, 10)),
    }
    assert {criterion.id for criterion in ASKED} == wanted
    assert {criterion.id for criterion in PROTOCOL.gate(2)} == {"E02", *(f"R{n:02d}" for n in range(1, 10))}
