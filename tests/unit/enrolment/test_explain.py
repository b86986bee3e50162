"""What is said of a row names its labels and limits; what is said would change it does change it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.enrolment import Finding
from contracts.protocol import expression as ex
from contracts.protocol.criteria import Criterion, Freshness
from contracts.protocol.grammar import fields_read
from contracts.protocol.model import Protocol
from contracts.vocabulary.logic import Truth
from services.enrolment.domain.criteria import Row, evaluate
from services.enrolment.domain.explain import Change, Either, Need, Step, Together, needed, tell
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.scene import scene
from services.enrolment.domain.words import label, quantity, rule_of

from .test_boundaries import ASKED, TABLES, leaves
from .test_criteria import GATE_1, PROTOCOL, STABLE_BRAIN, judged, row

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
HAEMOGLOBIN = PROTOCOL.criterion["I13"]


def changes(need: Need | None) -> list[Change]:
    if need is None:
        return []
    return [need] if isinstance(need, Change) else [one for part in need.parts for one in changes(part)]


@pytest.mark.parametrize("criterion", ASKED, ids=lambda c: c.id)
def test_the_rule_in_words_names_every_label_and_every_limit(criterion: Criterion) -> None:
    said = rule_of(PROTOCOL, criterion)
    derived = {name for one in PROTOCOL.derived for name in one.inputs.model_dump().values() if name}
    for name in fields_read(PROTOCOL, criterion.expression) - derived - {"randomized_cap", "age_years"}:
        assert label(PROTOCOL, name) in said, name
    for node in leaves(criterion.expression):
        match node:
            case ex.Compare(compare=comparison):
                if isinstance(comparison.left, ex.DerivedTerm):
                    assert label(PROTOCOL, comparison.left.derived) in said
                if isinstance(comparison.right, ex.NumberTerm):
                    assert quantity(comparison.right.number, comparison.right.unit) in said
                if isinstance(comparison.right, ex.CapTerm):
                    assert str(PROTOCOL.cap[comparison.right.cap].limit) in said
            case ex.AgeAtLeast(age_at_least=age):
                assert f"at least {age.years} years" in said
            case ex.In(is_in=codes) | ex.Intersects(intersects=codes):
                assert all(code in said for code in codes.codes)
    for rule in criterion.freshness:
        assert f"at most {rule.days} days old" in said


@pytest.mark.parametrize(
    ("gate", "criterion", "changed"),
    [(gate, name, changed) for gate, table in TABLES.items() for name, changed, _ in table],
)
def test_a_row_says_why_exactly_when_it_does_not_pass(
    gate: int, criterion: str, changed: dict[str, str | None]
) -> None:
    verdict = judged(gate, **changed)
    found = row(criterion, verdict)
    told = tell(found, verdict.seen)
    assert bool(told.why) is bool(told.would_change) is (found.passes is not T)
    for gap in found.missing:
        assert any(gap.field in change.fields for change in changes(told.need))
        assert any(label(PROTOCOL, gap.field) in line for line in told.why)


def test_a_value_beyond_its_limit_is_told_with_its_unit_its_day_and_the_limit() -> None:
    verdict = judged(haemoglobin="7.9 g/dL")
    told = tell(row("I13", verdict), verdict.seen)
    assert told.why == ("Asked for: Haemoglobin above 8 g/dL. Recorded: Haemoglobin 7.9 g/dL (2026-03-01).",)
    assert told.would_change == ("A later value of Haemoglobin. To pass: Haemoglobin above 8 g/dL",)


def test_an_exclusion_is_told_by_what_must_not_be_so() -> None:
    verdict = judged(creatinine="152.5 umol/L")
    told = tell(row("E08", verdict), verdict.seen)
    rate = "Glomerular filtration rate by MDRD-4, IDMS-traceable creatinine"
    assert told.rule.startswith(f"{rate} below 40 mL/min/{{1.73_m2}}; at most 28 days old")
    assert told.why[0].startswith(f"Asked for: {rate} at least 40 mL/min/{{1.73_m2}}. Recorded: ")
    assert f"{rate} 39.9799… mL/min/{{1.73_m2}} (2026-03-01)" in told.why[0]  # cut, not rounded to what would pass
    assert [change.fields for change in changes(told.need)] == [("creatinine",)]


def test_what_is_missing_is_to_be_recorded_and_what_is_too_old_again() -> None:
    missing = judged(haemoglobin=None)
    told = tell(row("I13", missing), missing.seen)
    assert told.would_change == ("Record: Haemoglobin. To pass: Haemoglobin above 8 g/dL",)
    old = judged(observed={"haemoglobin": GATE_1 - timedelta(days=29)})
    told = tell(row("I13", old), old.seen)
    assert [change.step for change in changes(told.need)] == [Step.RENEW]
    assert "Too old: Haemoglobin of 2026-02-09, more than 28 days before 2026-03-10" in told.why[0]


@pytest.mark.parametrize(("changed", "criterion", "step"), [
    ({"first_prrt_cycles": "3"}, "I03", Step.NOTHING),
    ({"birth_month": "2008-03"}, "I01", Step.NOTHING),
    ({"birth_month": "2008-02"}, "I01", Step.CLARIFY),
    ({"first_prrt_best_response": "NE"}, "E01", Step.CLARIFY),
    ({"ecog": "3"}, "I07", Step.ANOTHER_VALUE),
    ({"consent_signed_on": "2026-03-11"}, "I16", Step.ANOTHER_DAY),
    ({"haemoglobin": None}, "I13", Step.RECORD),
])  # fmt: skip
def test_what_is_past_is_changed_by_nothing_but_a_correction(
    changed: dict[str, str | None], criterion: str, step: Step
) -> None:
    verdict = judged(1, **changed)
    told = tell(row(criterion, verdict), verdict.seen)
    assert [change.step for change in changes(told.need)] == [step]


def test_what_comes_with_another_command_says_so() -> None:
    verdict = judged(2, alive="false")
    (change,) = changes(tell(row("R01", verdict), verdict.seen).need)
    assert (change.step, change.fields) == (Step.FOLLOWS, ("alive",))


def test_alternatives_are_alternatives() -> None:
    verdict = judged(alt="101 U/L", liver_abnormality_due_to_tumour=None)
    need = tell(row("E10", verdict), verdict.seen).need
    assert isinstance(need, Either)
    assert [change.fields for change in changes(need)] == [("alt", "alt_uln"), ("liver_abnormality_due_to_tumour",)]
    brain = judged(**{**STABLE_BRAIN, "head_imaging_modality": "CT_PLAIN", "head_imaging_stable": "false"})
    need = tell(row("E13", brain), brain.seen).need
    assert isinstance(need, Either)
    assert any(isinstance(part, Together) for part in need.parts)


def test_an_overridden_row_still_says_what_it_would_have_needed() -> None:
    verdict = judged(ecog="3")
    found = row("I07", verdict)
    overridden = Row(
        found.criterion, found.kind, found.outcome, found.inputs, found.missing, found.warnings, UUID(int=1)
    )
    assert overridden.passes is T
    assert tell(overridden, verdict.seen).why


def test_no_words_of_an_evaluation_depend_on_a_criterion_by_name() -> None:
    renamed = HAEMOGLOBIN.model_copy(update={"id": "Q99"})
    parts = {name: getattr(PROTOCOL, name) for name in Protocol.model_fields}
    protocol = Protocol(**{**parts, "criteria": (renamed,)})
    verdict = evaluate(1, protocol, Observations(), [], GATE_1)
    assert tell(verdict.rows[0], verdict.seen).would_change == (
        "Record: Haemoglobin. To pass: Haemoglobin above 8 g/dL",
    )


OPERATORS: dict[str, object] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
AMOUNTS = st.decimals(min_value=Decimal(2), max_value=Decimal(25), places=2)


@settings(max_examples=300, deadline=None)
@for_all(
    kind=st.sampled_from(["inclusion", "exclusion"]),
    operator=st.sampled_from(["<", "<=", ">", ">=", "=="]),
    limit=AMOUNTS,
    first=st.one_of(st.none(), AMOUNTS),
    second=AMOUNTS,
    age=st.integers(0, 60),
    nested=st.integers(0, 2),
)
def test_what_would_change_a_simple_comparison_makes_it_pass_and_nothing_else_does(
    kind: str, operator: str, limit: Decimal, first: Decimal | None, second: Decimal, age: int, nested: int
) -> None:
    """Whatever is recorded first, a fresh value passes if and only if it is what was asked for."""
    expression: object = {
        "compare": {"left": {"field": "haemoglobin"}, "operator": operator, "right": {"number": limit, "unit": "g/dL"}}
    }
    for _ in range(nested):
        expression = {"not": {"not": expression}}
    fresh = Freshness(fields=("haemoglobin",), days=28, source="x")
    criterion = Criterion.model_validate(
        {"id": "Q01", "kind": kind, "gate": 1, "text": "x", "expression": expression, "source": "x"}
    ).model_copy(update={"freshness": (fresh,)})
    protocol = PROTOCOL.model_copy(update={"criteria": (criterion,)})

    def recorded(amount: Decimal, day: date) -> Observation:
        return Observation(Finding(field="haemoglobin", value=str(amount), unit="g/dL", observed_on=day))

    before = Observations().plus([recorded(first, GATE_1 - timedelta(days=age))] if first is not None else [])
    need = needed(criterion, scene(protocol, before, [], GATE_1))
    if need is None:
        assert evaluate(1, protocol, before, [], GATE_1).rows[0].passes is T
        return
    assert isinstance(need, Change)
    assert need.step is (Step.RECORD if first is None else Step.RENEW if age > 28 else Step.ANOTHER_VALUE)
    asked = need.asked
    assert asked is not None
    after = evaluate(1, protocol, before.plus([recorded(second, GATE_1)]), [], GATE_1)
    as_asked = OPERATORS[asked.operator](Fraction(second), Fraction(asked.limit.number))  # type: ignore[operator]
    assert (after.rows[0].passes is T) is as_asked
