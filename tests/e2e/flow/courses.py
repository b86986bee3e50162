"""191 invented courses that come out as digest 6.2 has it, whatever the allocation makes of the 146.

Who meets which fate is fixed by a seed and known here: the boxes of the flow are told from it, to the subject.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import Any

from services.cli.demo.cohort import Action, Course, Step, cohort

SEED = 62
PER_SITE = (20, 16, 14, 13, 12, 11, 10, 9, 9, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2)
"""Inclusions by site (digest 6.2), 176 in all."""
SITES = {f"{n:02d}": f"Centre {n:02d}" for n in range(1, 23)}


class Fate(StrEnum):
    """What becomes of a screened subject before randomization."""

    NEVER_CONSENTED = "NEVER_CONSENTED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    WITHDRAWN_BEFORE_C1 = "WITHDRAWN_BEFORE_C1"
    PD_BEFORE_C2 = "PD_BEFORE_C2"
    TOXICITY_BEFORE_C2 = "TOXICITY_BEFORE_C2"
    DEATH_BEFORE_C2 = "DEATH_BEFORE_C2"
    TOXICITY_AFTER_C2 = "TOXICITY_AFTER_C2"
    DEATH_AFTER_C2 = "DEATH_AFTER_C2"
    PD_AT_SCAN = "PD_AT_SCAN"
    WITHDRAWN_AFTER_SCAN = "WITHDRAWN_AFTER_SCAN"
    PHYSICIAN_AFTER_SCAN = "PHYSICIAN_AFTER_SCAN"
    RANDOMIZED_PR = "RANDOMIZED_PR"
    RANDOMIZED_SD = "RANDOMIZED_SD"


FATES: Mapping[Fate, int] = {
    Fate.NEVER_CONSENTED: 3,
    Fate.NOT_ELIGIBLE: 12,
    Fate.WITHDRAWN_BEFORE_C1: 1,
    Fate.PD_BEFORE_C2: 3,
    Fate.TOXICITY_BEFORE_C2: 2,
    Fate.DEATH_BEFORE_C2: 1,
    Fate.TOXICITY_AFTER_C2: 1,
    Fate.DEATH_AFTER_C2: 1,
    Fate.PD_AT_SCAN: 19,
    Fate.WITHDRAWN_AFTER_SCAN: 1,
    Fate.PHYSICIAN_AFTER_SCAN: 1,
    Fate.RANDOMIZED_PR: 13,
    Fate.RANDOMIZED_SD: 133,
}
NOT_INCLUDED = frozenset({Fate.NEVER_CONSENTED, Fate.NOT_ELIGIBLE})
RANDOMIZED = frozenset({Fate.RANDOMIZED_PR, Fate.RANDOMIZED_SD})
EXITS: Mapping[Fate, str] = {
    Fate.WITHDRAWN_BEFORE_C1: "WITHDRAWAL",
    Fate.PD_BEFORE_C2: "PROGRESSION",
    Fate.TOXICITY_BEFORE_C2: "TOXICITY",
    Fate.DEATH_BEFORE_C2: "DEATH",
    Fate.TOXICITY_AFTER_C2: "TOXICITY",
    Fate.DEATH_AFTER_C2: "DEATH",
    Fate.PD_AT_SCAN: "PROGRESSION",
    Fate.WITHDRAWN_AFTER_SCAN: "WITHDRAWAL",
    Fate.PHYSICIAN_AFTER_SCAN: "PHYSICIAN",
}
CYCLES_BEFORE_EXIT: Mapping[Fate, int] = {
    Fate.WITHDRAWN_BEFORE_C1: 0,
    Fate.PD_BEFORE_C2: 1,
    Fate.TOXICITY_BEFORE_C2: 1,
    Fate.DEATH_BEFORE_C2: 1,
}
"""Cycles given before the run-in ended; two where nothing stands."""

FAILING: tuple[tuple[str, str, str], ...] = (
    ("I03", "first_prrt_cycles", "3"),
    ("I07", "ecog", "3"),
    ("I13", "haemoglobin", "80"),
    ("I14", "neutrophils", "1.5"),
    ("I15", "platelets", "79"),
    ("E03", "first_prrt_haematological_grade", "4"),
    ("E04", "unresolved_prior_ae_grade", "2"),
    ("E06", "differentiation", "POOR"),
    ("E08", "creatinine", "300"),
    ("E09", "nephrotic_syndrome", "true"),
    ("E11", "bilirubin", "60"),
    ("E12", "uncontrolled_disease", "true"),
)
"""The criterion that each of the twelve fails, and the value by which it does."""


@dataclass
class Treated:
    """Who of the arm with cycles misses some: the first two get none of them, the next five only the first."""

    turn: Iterator[int] = field(default_factory=count)

    def cycles(self) -> int:
        """How many of two cycles the next subject of that arm gets."""
        turn = next(self.turn)
        return 0 if turn < 2 else 1 if turn < 7 else 2


@dataclass(frozen=True, slots=True)
class Fated(Course):
    """A course with its fate."""

    fate: Fate = Fate.RANDOMIZED_SD
    criterion: str | None = None
    treated: Treated = field(default_factory=Treated)
    second_cycle_on: date | None = None

    def after(self, arm: str) -> tuple[Step, ...]:
        """The assessments and events of the demo, and the cycles or the surveillance of the arm."""
        if self.randomized_on is None or self.second_cycle_on is None:
            return ()
        steps = [step for step in Course.after(self, arm) if step.action not in (Action.CYCLE, Action.SURVEILLANCE)]
        last = next((s.on for s in steps if _ends_treatment(s)), date.max)
        if arm == "A":
            on = max(self.randomized_on, self.second_cycle_on + timedelta(days=49)) + timedelta(days=3)
            for cycle in (3, 4)[: self.treated.cycles()]:
                if on < last:
                    steps.append(Step(on, Action.CYCLE, f"cycle-{cycle}", _dose(cycle, on)))
                on += timedelta(days=50)
        else:
            on = self.randomized_on + timedelta(days=3)
            steps.append(Step(on, Action.SURVEILLANCE, "surveillance", {"started_on": on.isoformat()}))
        return tuple(sorted(steps, key=lambda step: step.on))


def _ends_treatment(step: Step) -> bool:
    return step.action is Action.DEATH or (step.action is Action.ASSESS and step.body["response"] == "PD")


def courses() -> tuple[Fated, ...]:
    """All of them, in the order of their screening."""
    chance = Random(SEED)
    fates = [fate for fate, number in FATES.items() for _ in range(number)]
    chance.shuffle(fates)
    places = _places(chance, fates)
    usual = _usual(len(fates))
    failing, treated = iter(FAILING), Treated()
    found = []
    for number, (fate, site) in enumerate(zip(fates, places, strict=True), start=1):
        criterion = next(failing) if fate is Fate.NOT_ELIGIBLE else None
        found.append(_course(number, site, next(usual), fate, criterion, treated))
    return tuple(found)


def _places(chance: Random, fates: list[Fate]) -> list[str]:
    """A site for each: as many inclusions at each as the digest has, the others anywhere."""
    inclusions = [site for site, number in zip(SITES, PER_SITE, strict=True) for _ in range(number)]
    chance.shuffle(inclusions)
    return [chance.choice(list(SITES)) if fate in NOT_INCLUDED else inclusions.pop() for fate in fates]


def _usual(size: int) -> Iterator[Course]:
    """Courses of the demo that reach randomization; what is left out of them is decided here."""
    return (course for course in cohort(size * 2, SEED, tuple(SITES)) if course.randomized_on)


def _course(
    number: int, site: str, usual: Course, fate: Fate, criterion: tuple[str, str, str] | None, treated: Treated
) -> Fated:
    steps = {step.name: step for step in usual.before}
    days = {name: step.on for name, step in steps.items()}
    name = criterion[0] if criterion else None
    second = days["cycle-2"]
    response = {Fate.PD_AT_SCAN: "PD", Fate.RANDOMIZED_PR: "PR"}.get(fate, "SD")
    steps["post-c2"] = replace(steps["post-c2"], body={**steps["post-c2"].body, "response": response})
    if criterion:
        steps["findings"] = replace(steps["findings"], body={"findings": _failed(steps["findings"].body, criterion)})
    end = _end(fate, days)
    kept = [step for step in steps.values() if _stays(step, fate, end, days)]
    ordered = tuple(sorted([*kept, *end], key=lambda step: step.on))
    randomized_on = usual.randomized_on if fate in RANDOMIZED else None
    return Fated(number, site, ordered, randomized_on, f"{SEED}/{number}", fate, name, treated, second)


def _stays(step: Step, fate: Fate, end: list[Step], days: Mapping[str, date]) -> bool:
    if fate in RANDOMIZED:
        return True
    if fate is Fate.NEVER_CONSENTED:
        return step.action is Action.SCREEN
    if fate is Fate.NOT_ELIGIBLE:
        entered = (Action.SCREEN, Action.CONSENT, Action.FINDINGS, Action.INCLUDE)
        return step.action in entered and step.on <= days["include"]
    if fate in (Fate.PD_AT_SCAN, Fate.WITHDRAWN_AFTER_SCAN, Fate.PHYSICIAN_AFTER_SCAN):
        return step.on <= days["post-c2"]
    return step.on < end[0].on or step.action is Action.INCLUDE


def _end(fate: Fate, days: Mapping[str, date]) -> list[Step]:
    """How the run-in ends, for those whose own scan does not say so."""
    first, second, scan = days["cycle-1"], days["cycle-2"], days["post-c2"]
    on = {
        Fate.NOT_ELIGIBLE: days["include"] + timedelta(days=1),
        Fate.WITHDRAWN_BEFORE_C1: days["include"],
        Fate.PD_BEFORE_C2: second - timedelta(days=8),
        Fate.TOXICITY_BEFORE_C2: second - timedelta(days=8),
        Fate.DEATH_BEFORE_C2: first + timedelta(days=40),
        Fate.TOXICITY_AFTER_C2: scan - timedelta(days=5),
        Fate.DEATH_AFTER_C2: scan - timedelta(days=5),
        Fate.WITHDRAWN_AFTER_SCAN: scan + timedelta(days=3),
        Fate.PHYSICIAN_AFTER_SCAN: scan + timedelta(days=3),
    }.get(fate)
    if on is None:
        return []
    if fate is Fate.NOT_ELIGIBLE:
        return [Step(on, Action.NON_INCLUSION, "non-inclusion", {"decided_on": on.isoformat()})]
    if fate in (Fate.DEATH_BEFORE_C2, Fate.DEATH_AFTER_C2):
        return [Step(on, Action.DEATH, "death", {"died_on": on.isoformat(), "cause": "TUMOUR"})]
    return [Step(on, Action.EXIT, "exit", {"reason": EXITS[fate], "ended_on": on.isoformat()})]


def _failed(body: Mapping[str, Any], criterion: tuple[str, str, str]) -> list[dict[str, Any]]:
    _, field_, value = criterion
    return [{**one, "value": value} if one["field"] == field_ else dict(one) for one in body["findings"]]


def _dose(cycle: int, on: date) -> dict[str, Any]:
    return {"cycle": cycle, "given_on": on.isoformat(), "prescribed_mbq": "7400", "administered_mbq": "7388.0"}
