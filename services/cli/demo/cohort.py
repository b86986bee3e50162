"""The courses of invented subjects: pure, the same for the same seed. No figure here says anything of the drug."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

START = date(2022, 1, 10)
SITES = ("01", "02", "03")
DAYS_BETWEEN_SCREENINGS = 3
RUN_IN_PROGRESSION, NOT_ELIGIBLE, DEATH_BY_M6, NEW_THERAPY = 0.13, 0.08, 0.04, 0.03
NOT_EVALUABLE_AT_M6 = 0.04
PROGRESSION_BY_VISIT = {"A": (0.03, 0.03, 0.04), "B": (0.08, 0.10, 0.12)}  # M2, M4, M6; digest 6.4, rounded


class Action(StrEnum):
    """One call of a site system."""

    SCREEN = "screen"
    CONSENT = "consent"
    FINDINGS = "findings"
    INCLUDE = "include"
    CYCLE = "cycle"
    LABORATORY = "laboratory"
    ADVERSE_EVENT = "adverse-event"
    ASSESS = "assess"
    RANDOMIZE = "randomize"
    DEATH = "death"
    NEW_THERAPY = "new-therapy"
    NON_INCLUSION = "non-inclusion"
    EXIT = "exit"
    SURVEILLANCE = "surveillance"
    DEVIATION = "deviation"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens on one day. `name` is unique within the subject: it becomes the idempotency key."""

    on: date
    action: Action
    name: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """One invented subject: the steps up to randomization, and what follows from the arm that it gets."""

    number: int
    site: str
    before: tuple[Step, ...]
    randomized_on: date | None
    seed: str

    def after(self, arm: str) -> tuple[Step, ...]:
        """The assessments and events after randomization. The arm is known to the site, as in an open-label trial."""
        if self.randomized_on is None:
            return ()
        followed = list(_after(self.seed, self.randomized_on, arm))
        progressed = next((step.on for step in followed if step.body.get("response") == "PD"), date.max)
        return _ordered([*_treatment(self.seed, self.randomized_on, arm, progressed), *followed])


def cohort(size: int, seed: int, sites: Sequence[str] = SITES) -> tuple[Course, ...]:
    """`size` courses, one screening every few days, sites in turn."""
    return tuple(_course(number, sites[(number - 1) % len(sites)], f"{seed}/{number}") for number in range(1, size + 1))


def _course(number: int, site: str, seed: str) -> Course:
    chance = Random(f"{seed}/run-in")
    screened = START + timedelta(days=DAYS_BETWEEN_SCREENINGS * number)
    included = screened + timedelta(days=chance.randint(8, 14))
    first = included
    second = first + timedelta(days=56 + chance.randint(-3, 5))
    scan = second + timedelta(days=49 + chance.randint(-3, 5))
    eligible = chance.random() >= NOT_ELIGIBLE
    progressed = chance.random() < RUN_IN_PROGRESSION
    steps = [
        Step(screened, Action.SCREEN, "screen", _person(seed)),
        Step(screened, Action.CONSENT, "consent", {"version": "3.1", "signed_on": screened.isoformat()}),
        Step(
            screened + timedelta(days=5),
            Action.FINDINGS,
            "findings",
            {"findings": list(_findings(seed, screened + timedelta(days=4), eligible))},
        ),
        Step(included, Action.INCLUDE, "include", {"included_on": included.isoformat()}),
    ]
    if not eligible:
        return Course(number, site, tuple(steps), None, seed)
    for cycle, given in ((1, first), (2, second)):
        steps += [
            Step(given, Action.CYCLE, f"cycle-{cycle}", _cycle(chance, cycle, given)),
            *_laboratory(seed, f"after-cycle-{cycle}", given + timedelta(days=35)),
        ]
    steps += _adverse_events(seed, first)
    response = "PD" if progressed else chance.choices(("PR", "SD"), (9, 91))[0]
    steps.append(Step(scan, Action.ASSESS, "post-c2", _assessment("POST_C2", scan, response)))
    if progressed:
        return Course(number, site, _ordered(steps), None, seed)
    randomized = scan + timedelta(days=chance.randint(5, 14))
    steps += [
        Step(
            randomized,
            Action.FINDINGS,
            "creatinine",
            {"findings": [_creatinine(seed, randomized - timedelta(days=2))]},
        ),
        Step(randomized, Action.RANDOMIZE, "randomize"),
    ]
    return Course(number, site, _ordered(steps), randomized, seed)


def _after(seed: str, randomized_on: date, arm: str) -> Iterator[Step]:
    chance = Random(f"{seed}/after")
    draws = [chance.random() for _ in range(3)]
    died = chance.random() < DEATH_BY_M6
    new_therapy = chance.random() < NEW_THERAPY
    not_evaluable = chance.random() < NOT_EVALUABLE_AT_M6
    risks = PROGRESSION_BY_VISIT.get(arm, PROGRESSION_BY_VISIT["B"])
    for visit, day, draw, risk in zip(("M2", "M4", "M6"), (61, 122, 183), draws, risks, strict=True):
        on = randomized_on + timedelta(days=day + chance.randint(-6, 6))
        if visit == "M6" and died:
            yield Step(on, Action.DEATH, "death", {"died_on": on.isoformat(), "cause": "TUMOUR"})
            return
        if visit == "M4" and new_therapy:
            yield Step(on, Action.NEW_THERAPY, "new-therapy", {"started_on": on.isoformat(), "therapy": "EVEROLIMUS"})
        if draw < risk:
            yield Step(on, Action.ASSESS, visit, _assessment(visit, on, "PD"))
            return
        response = "NE" if visit == "M6" and not_evaluable else chance.choices(("PR", "SD"), (14, 86))[0]
        yield Step(on, Action.ASSESS, visit, _assessment(visit, on, response))


def _treatment(seed: str, randomized_on: date, arm: str, progressed_on: date) -> Iterator[Step]:
    """Two more cycles eight weeks apart, the second unless a progression came first; or surveillance."""
    chance = Random(f"{seed}/treatment")
    third = randomized_on + timedelta(days=chance.randint(1, 10))
    fourth = third + timedelta(days=56 + chance.randint(-3, 5))
    if arm != "A":
        yield Step(third, Action.SURVEILLANCE, "surveillance", {"started_on": third.isoformat()})
        return
    for cycle, given in ((3, third), (4, fourth)):
        if given < progressed_on:
            yield Step(given, Action.CYCLE, f"cycle-{cycle}", _cycle(chance, cycle, given))


def _ordered(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.on))  # stable: within a day as written


def _person(seed: str) -> dict[str, Any]:
    chance = Random(f"{seed}/person")
    year = 2022 - min(86, max(31, round(chance.gauss(66, 9))))
    return {"sex": "M" if chance.random() < 0.53 else "F", "birth_month": f"{year}-{chance.randint(1, 12):02d}"}


def _cycle(chance: Random, cycle: int, given: date) -> dict[str, Any]:
    administered = 7400 + chance.randint(-2200, 900) / 10
    return {
        "cycle": cycle,
        "given_on": given.isoformat(),
        "prescribed_mbq": "7400",
        "administered_mbq": f"{administered:.1f}",
    }


def _assessment(timepoint: str, on: date, response: str) -> dict[str, Any]:
    return {"timepoint": timepoint, "scan_on": on.isoformat(), "modality": "CT", "response": response}


def _creatinine(seed: str, on: date) -> dict[str, Any]:
    value = Random(f"{seed}/creatinine").randint(58, 104)
    return {"field": "creatinine", "value": str(value), "unit": "umol/L", "observed_on": on.isoformat()}


def _findings(seed: str, on: date, eligible: bool) -> Iterator[dict[str, Any]]:
    """Everything that gate 1 asks for; `eligible=False` has too few platelets."""
    chance = Random(f"{seed}/findings")
    last_dose = date(2018, 1, 1) + timedelta(days=chance.randint(0, 500))
    progression = last_dose + timedelta(days=30 * (chance.randint(13, 17) if chance.random() < 0.3 else 28))
    values: list[tuple[str, str, str | None]] = [
        ("histology_on", "2016-03-14", None),
        ("primary_site", chance.choices(("ILEUM", "JEJUNUM", "COLON"), (80, 12, 8))[0], None),
        ("who_grade", "G1", None),
        ("differentiation", "WELL", None),
        ("ki67", "2", "%"),
        ("first_prrt_cycles", "4", "1"),
        ("first_prrt_last_dose_on", last_dose.isoformat(), None),
        ("first_prrt_best_response", chance.choice(("PR", "SD")), None),
        ("first_prrt_haematological_grade", chance.choice("0123"), "1"),
        ("first_prrt_renal_grade", "0", "1"),
        ("first_progression_on", progression.isoformat(), None),
        ("progression_types", "RADIOLOGICAL" if chance.random() < 0.85 else "BIOLOGICAL", None),
        ("intercurrent_therapies", "EVEROLIMUS" if chance.random() < 0.25 else "NONE", None),
        ("unresolved_prior_ae_grade", "0", "1"),
        ("board", "RENATEN", None),
        ("board_decision", "RETREAT", None),
        ("board_decided_on", (on - timedelta(days=20)).isoformat(), None),
        ("reimbursed", "true", None),
        ("ecog", chance.choices("012", (50, 42, 8))[0], "1"),
        ("life_expectancy_attested", "true", None),
        ("uncontrolled_disease", "false", None),
        ("nephrotic_syndrome", "false", None),
        ("ebrt_marrow", "0", "%"),
        ("sstr_imaging_on", (on - timedelta(days=30)).isoformat(), None),
        ("sstr_modality", "GA68_PET", None),
        ("lesions_seen", "10", "1"),
        ("lesions_sstr_positive", "10", "1"),
        ("uptake_reference", "LIVER", None),
        ("uptake_comparison", "ABOVE", None),
        ("ct_mri_modality", "CT", None),
        ("largest_lesion", str(chance.randint(14, 70)), "mm"),
        ("largest_node", "0", "mm"),
        ("lesions_total", str(chance.randint(3, 20)), "1"),
        ("haemoglobin", str(chance.randint(105, 150)), "g/L"),
        ("neutrophils", f"{chance.randint(18, 60) / 10}", "10*9/L"),
        ("platelets", str(chance.randint(110, 320)) if eligible else "64", "10*9/L"),
        ("alt", str(chance.randint(15, 60)), "U/L"),
        ("alt_uln", "45", "U/L"),
        ("ast", str(chance.randint(15, 50)), "U/L"),
        ("ast_uln", "40", "U/L"),
        ("bilirubin", str(chance.randint(5, 19)), "umol/L"),
        ("bilirubin_uln", "21", "umol/L"),
        ("brain_metastases", "NEVER", None),
        ("other_solid_tumours", "NONE", None),
    ]
    for name, value, unit in values:
        yield {"field": name, "value": value, "unit": unit, "observed_on": on.isoformat()}
    yield _creatinine(seed, on)


def _laboratory(seed: str, name: str, on: date) -> Iterator[Step]:
    """Blood counts five weeks after a cycle, when platelets are lowest (digest 6.5)."""
    chance = Random(f"{seed}/{name}")
    depth = chance.lognormvariate(0, 0.45)
    counts = (
        ("PLATELETS", max(8.0, 232 * chance.lognormvariate(0, 0.28) * (1 - 0.24 * depth)), "10*9/L", "150", "400"),
        ("NEUTROPHILS", max(0.2, 4.1 * chance.lognormvariate(0, 0.34) * (1 - 0.22 * depth)), "10*9/L", "1.8", "7.5"),
        ("HAEMOGLOBIN", 12.6 + chance.gauss(0, 1.2) - 0.5 * depth, "g/dL", "12", "17"),
    )
    for analyte, value, unit, lower, upper in counts:
        body = {
            "analyte": analyte,
            "value": f"{value:.1f}",
            "unit": unit,
            "lower_limit": lower,
            "upper_limit": upper,
            "sampled_on": on.isoformat(),
        }
        yield Step(on, Action.LABORATORY, f"{analyte.lower()}-{name}", body)


_TERMS = (
    (10028813, 0.23),
    (10047700, 0.17),
    (10016256, 0.11),
    (10012727, 0.07),
)  # nausea, vomiting, fatigue, diarrhoea


def _adverse_events(seed: str, first_cycle: date) -> Iterator[Step]:
    """Adverse events of the first cycle, by the probabilities per cycle of digest 6.6."""
    chance = Random(f"{seed}/adverse-events")
    for term, probability in _TERMS:
        if chance.random() >= probability:
            continue
        onset = first_cycle + timedelta(days=chance.randint(0, 3))
        told = onset + timedelta(days=1)
        grade = chance.choices((1, 2, 3), (60, 33, 7))[0]
        body = {
            "term": term,
            "grade": grade,
            "onset_on": onset.isoformat(),
            "aware_at": f"{told.isoformat()}T08:30:00+01:00",
            "seriousness": ["HOSPITALISATION"] if grade == 3 else [],
            "causality": "PROBABLE",
        }
        yield Step(told, Action.ADVERSE_EVENT, f"ae-{term}", body)
