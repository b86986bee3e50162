"""Strata derived by rule from dated values; MDRD-4 against reference values."""

from datetime import date
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest

from contracts.events.enrolment import Finding
from contracts.protocol.load import load
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.formulas import mdrd4
from services.enrolment.domain.strata import StrataUnknown, derive

PROTOCOL = load()
INCLUDED = date(2026, 3, 10)
RANDOMIZED = date(2026, 7, 10)
HISTORY = date(2026, 2, 21)

SUBJECT = {
    "birth_month": "1960-05",
    "sex": "M",
    "first_prrt_last_dose_on": "2023-01-15",
    "first_progression_on": "2025-11-20",
    "progression_types": "RADIOLOGICAL",
    "intercurrent_therapies": "NONE",
    "creatinine": "80 umol/L",
}


def note(field: str, value: str, on: date, event: int = 0) -> Observation:
    text, _, unit = value.partition(" ")
    finding = Finding(field=field, value=text, unit=unit or None, observed_on=on)
    return Observation(finding, UUID(int=event) if event else None)


def levels(*more: Observation, protocol=PROTOCOL, **changes: str | None) -> dict[str, str]:
    values = {field: value for field, value in {**SUBJECT, **changes}.items() if value is not None}
    held = Observations().plus([note(field, value, HISTORY) for field, value in values.items()]).plus(more)
    context = [note("included_on", INCLUDED.isoformat(), INCLUDED)]
    return {level.factor: level.level for level in derive(protocol, held, context, RANDOMIZED)}


F1 = {"LT18": {"first_progression_on": "2024-07-14"}, "GE18": {"first_progression_on": "2024-07-15"}}
F2 = {
    "RADIOLOGIC": {"progression_types": "BIOLOGICAL,RADIOLOGICAL"},
    "NON_RADIOLOGIC": {"progression_types": "BIOLOGICAL,CLINICAL"},
}
F3 = {"LT60": {"creatinine": "112 umol/L"}, "GE60": {"creatinine": "105 umol/L"}}
F4 = {"YES": {"intercurrent_therapies": "EVEROLIMUS,SSA_CONTINUED"}, "NO": {"intercurrent_therapies": "SSA_CONTINUED"}}


@pytest.mark.parametrize(("f1", "f2", "f3", "f4"), list(product(F1, F2, F3, F4)))
def test_all_sixteen_strata(f1, f2, f3, f4):
    expected = {"F1": f1, "F2": f2, "F3": f3, "F4": f4}
    assert levels(**F1[f1], **F2[f2], **F3[f3], **F4[f4]) == expected


@pytest.mark.parametrize(("therapies", "level"), [
    ("NONE", "NO"), ("SSA_CONTINUED", "NO"), ("SSA_STARTED_OR_ESCALATED", "YES"), ("CHEMOTHERAPY", "YES"),
    ("EVEROLIMUS", "YES"), ("TKI", "YES"), ("LOCOREGIONAL", "YES"), ("OTHER", "YES"),
])  # fmt: skip
def test_which_therapies_are_a_line(therapies, level):
    assert levels(intercurrent_therapies=therapies)["F4"] == level


@pytest.mark.parametrize("field", [f for f in SUBJECT if f != "intercurrent_therapies"] + ["intercurrent_therapies"])
def test_what_is_not_known_gives_no_stratum(field):
    with pytest.raises(StrataUnknown) as refused:
        levels(**{field: None})
    assert field in {gap.field for gaps in refused.value.missing.values() for gap in gaps}


def test_renal_function_is_refreshed_and_history_is_as_of_inclusion():
    worse = note("creatinine", "150 umol/L", date(2026, 7, 1))
    later = note("creatinine", "80 umol/L", date(2026, 7, 11))
    again = note("progression_types", "CLINICAL", date(2026, 6, 1))
    assert levels(worse)["F3"] == "LT60"
    assert levels(worse, later)["F3"] == "LT60"  # after randomization
    assert levels(again)["F2"] == "RADIOLOGIC"  # after inclusion
    correction = note("progression_types", "CLINICAL", HISTORY)
    assert levels(correction)["F2"] == "NON_RADIOLOGIC"


def test_each_level_names_the_events_that_it_came_from():
    context = [note("included_on", INCLUDED.isoformat(), INCLUDED, 99)]
    held = Observations().plus(
        note(field, value, HISTORY, number) for number, (field, value) in enumerate(SUBJECT.items(), start=1)
    )
    evidence = {level.factor: level.inputs for level in derive(PROTOCOL, held, context, RANDOMIZED)}
    sources = {factor: {each.event_id for each in inputs if each.event_id} for factor, inputs in evidence.items()}
    number = {field: UUID(int=index) for index, field in enumerate(SUBJECT, start=1)}
    assert sources == {
        "F1": {number["first_prrt_last_dose_on"], number["first_progression_on"]},
        "F2": {number["progression_types"]},
        "F3": {number["creatinine"], number["sex"], number["birth_month"]},
        "F4": {number["intercurrent_therapies"]},
    }
    assert any(each.field == "gfr" and len(each.value) > 30 for each in evidence["F3"])  # unrounded


# Reference values of safety 2.5 (R package nephro 1.5, 88.42 umol/L per mg/dL)
GOLDEN = [
    ("M", 65, "150", "40.75", "43.31"),
    ("F", 65, "120", "39.12", "41.58"),
    ("M", 75, "88.42", "72.85", "77.42"),
    ("F", 75, "88.42", "54.05", "57.45"),
    ("M", 50, "100", "68.62", "72.94"),
    ("F", 50, "80", "65.87", "70.01"),
    ("M", 80, "130", "46.08", "48.98"),
    ("F", 40, "60", "96.06", "102.10"),
]


@pytest.mark.parametrize(("sex", "age", "umol", "idms", "older"), GOLDEN)
def test_mdrd_reproduces_the_reference_values(sex, age, umol, idms, older):
    constants = PROTOCOL.derivation["gfr"].constants
    for scale, expected in ((Decimal(175), idms), (Decimal(186), older)):
        with_scale = constants.model_copy(update={"scale": scale})
        rate = mdrd4(Decimal(umol) / Decimal("88.42"), age, female=sex == "F", constants=with_scale)
        assert round(rate, 2) == Decimal(expected)


@pytest.mark.parametrize(("creatinine", "age"), [("0", 60), ("-1", 60), ("1", 0)])
def test_mdrd_is_not_defined_without_creatinine_or_age(creatinine, age):
    with pytest.raises(ValueError, match="positive"):
        mdrd4(Decimal(creatinine), age, female=True, constants=PROTOCOL.derivation["gfr"].constants)


def gfr_of(creatinine: str, unit: str = "umol/L") -> Decimal:
    held = Observations().plus(
        [note(f, v, HISTORY) for f, v in {**SUBJECT, "creatinine": f"{creatinine} {unit}"}.items()]
    )
    context = [note("included_on", INCLUDED.isoformat(), INCLUDED)]
    derived = derive(PROTOCOL, held, context, RANDOMIZED)
    return next(Decimal(each.value) for level in derived for each in level.inputs if each.field == "gfr")


def test_a_rate_that_rounds_to_sixty_but_lies_below_is_below():
    just_below = "107.35"
    assert round(gfr_of(just_below)) == 60
    assert Decimal("59.9") < gfr_of(just_below) < 60
    assert levels(creatinine=f"{just_below} umol/L")["F3"] == "LT60"


def test_creatinine_means_the_same_in_either_unit():
    assert gfr_of("88.42") == gfr_of("1", "mg/dL")


def test_a_birth_month_that_straddles_the_limit_asks_for_the_age_and_no_other_does():
    sampled = date(2026, 5, 10)  # born in May: 65 or 66 that day
    near, far = (note("creatinine", f"{value} umol/L", sampled) for value in ("107", "80"))
    assert levels(far)["F3"] == "GE60"
    with pytest.raises(StrataUnknown) as refused:
        levels(near)
    assert {gap.field for gap in refused.value.missing["F3"]} == {"age_years"}
    assert levels(near, note("age_years", "65", sampled))["F3"] == "GE60"
    assert levels(near, note("age_years", "66", sampled))["F3"] == "LT60"
