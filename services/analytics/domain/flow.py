"""Participant flow (CONSORT): how many subjects reached each step, and where the others are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.events.randomization import Annotation
from contracts.protocol.criteria import Criterion
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader, RunInExit, Verdict
from contracts.vocabulary.logic import Truth
from services.analytics.domain.dossier import Dossier


class NotIncluded(StrEnum):
    """Why a screened subject is not included, each subject under one reason: the first that applies."""

    DIED = "DIED"
    NOT_CONSENTED = "NOT_CONSENTED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_YET_DECIDED = "NOT_YET_DECIDED"


@dataclass(frozen=True, slots=True)
class Deaths:
    """Deaths by where the subject was."""

    not_included: int
    not_randomized: int
    randomized: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts that add up, whatever has arrived:

    `screened` = `included` + sum of `not_included`; `included` = `randomized` + sum of `exits` + `in_run_in`.
    `ahead` are subjects of whom later facts are here while those of enrolment are on their way; they are in no other
    count. `annotated` are randomized subjects by the error found later: they stay in every other count, and one with
    two errors is under both. `criteria_not_met` counts criteria, several of one subject that failed several.
    `assessed` counts subjects with at least one scan made for the timepoint, evaluable or not.
    """

    screened: int
    consented: int
    not_included: Mapping[NotIncluded, int]
    criteria_not_met: Mapping[str, int]
    included: int
    cycles: Mapping[int, int]
    exits: Mapping[RunInExit, int]
    in_run_in: int
    randomized: int
    annotated: Mapping[Annotation, int]
    assessed: Mapping[str, int]
    deaths: Deaths
    data_withdrawn: int
    ahead: int


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """What follows randomization, for one group of subjects."""

    randomized: int
    assessed: Mapping[str, int]
    deaths: int


def flow(dossiers: Iterable[Dossier], protocol: Protocol, reader: Reader) -> Flow:
    """Count the flow of a study, or of the part of it that the caller may see."""
    everybody = list(dossiers)
    known = [d for d in everybody if not _is_ahead(d)]
    included = [d for d in known if d.included_on is not None]
    left_out = [d for d in known if d.included_on is None]
    randomized = [d for d in included if d.randomized_on is not None]
    not_randomized = [d for d in included if d.randomized_on is None]
    reasons = Counter(_why_not(d) for d in left_out)
    exits = Counter(d.run_in_exit for d in not_randomized)
    run_in = [cycle.number for cycle in protocol.cycles if cycle.phase == "run_in"]
    before = [v.timepoint for v in protocol.visits if v.timepoint and v.anchor != "randomization"]
    return Flow(
        screened=len(known),
        consented=sum(d.consented_on is not None for d in known),
        not_included={reason: reasons[reason] for reason in NotIncluded},
        criteria_not_met=_criteria_not_met(left_out, protocol),
        included=len(included),
        cycles={number: sum(number in d.cycles for d in included) for number in run_in},
        exits={reason: exits[reason] for reason in RunInExit},
        in_run_in=exits[None],
        randomized=len(randomized),
        annotated={kind: sum(kind in d.annotations for d in randomized) for kind in Annotation},
        assessed=_assessed(included, before, reader) | _after_randomization(randomized, protocol, reader),
        deaths=Deaths(_died(left_out), _died(not_randomized), _died(randomized)),
        data_withdrawn=sum(d.erased_on is not None for d in known),
        ahead=len(everybody) - len(known),
    )


def arm_flow(dossiers: Iterable[Dossier], protocol: Protocol, reader: Reader) -> ArmFlow:
    """Count what follows randomization among these subjects; those not randomized are left out."""
    randomized = [d for d in dossiers if d.randomized_on is not None]
    return ArmFlow(len(randomized), _after_randomization(randomized, protocol, reader), _died(randomized))


def _is_ahead(dossier: Dossier) -> bool:
    if dossier.screened_on is None:
        return True
    return dossier.randomized_on is not None and dossier.included_on is None


def _why_not(dossier: Dossier) -> NotIncluded:
    if dossier.died_on is not None:
        return NotIncluded.DIED
    if dossier.consented_on is None:
        return NotIncluded.NOT_CONSENTED
    if dossier.gate_1 is Verdict.NOT_ELIGIBLE:
        return NotIncluded.NOT_ELIGIBLE
    return NotIncluded.NOT_YET_DECIDED


def _criteria_not_met(left_out: Iterable[Dossier], protocol: Protocol) -> dict[str, int]:
    """By the last verdict of each subject, in the order of the protocol file; only criteria that anybody failed."""
    failed = Counter(
        name
        for dossier in left_out
        if dossier.gate_1 is Verdict.NOT_ELIGIBLE
        for name, outcome in dossier.gate_1_rows.items()
        if (criterion := protocol.criterion.get(name)) is not None and outcome is _failing(criterion)
    )
    return {c.id: failed[c.id] for c in protocol.criteria if failed[c.id]}


def _failing(criterion: Criterion) -> Truth:
    """The outcome of its expression with which a criterion keeps a subject out."""
    return Truth.FALSE if criterion.kind == "inclusion" else Truth.TRUE


def _after_randomization(randomized: list[Dossier], protocol: Protocol, reader: Reader) -> dict[str, int]:
    every = (visit for visit in protocol.visits if visit.repeat is None)  # long-term follow-up is no box of the flow
    after = [v.timepoint for v in every if v.timepoint and v.anchor == "randomization"]
    return _assessed(randomized, after, reader)


def _assessed(dossiers: list[Dossier], timepoints: Iterable[str], reader: Reader) -> dict[str, int]:
    return {
        timepoint: sum(any(s.timepoint == timepoint and s.reader is reader for s in d.scans) for d in dossiers)
        for timepoint in timepoints
    }


def _died(dossiers: Iterable[Dossier]) -> int:
    return sum(d.died_on is not None for d in dossiers)
