"""What follows from the lesions of one reader, timepoint by timepoint, beside what that reader stated."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.protocol.tumour_response import TumourResponse
from contracts.vocabulary.clinical import Reader
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.state import SubjectAssessments
from services.assessment.domain.recist.derive import Derived, derive
from services.assessment.domain.recist.of_facts import baseline_of, criteria_of, visit_of


@dataclass(frozen=True, slots=True)
class Beside:
    """One timepoint: what was stated, and what was derived; None where nothing was measured."""

    timepoint: str
    baseline: str
    stated: Response
    derived: Derived | None

    @property
    def differs(self) -> bool:
        """Whether there is something to ask about. What cannot be derived contradicts nothing."""
        return self.derived is not None and self.derived.response is not self.stated


def derivations(
    state: SubjectAssessments, reader: Reader, rules: TumourResponse, order: tuple[str, ...]
) -> Mapping[str, Beside]:
    """By timepoint, each compared with the last baseline before it; `order`: the timepoints of the protocol.

    A timepoint at which nothing was measured has no derived response, and counts as not evaluable for those after it.
    """
    found: dict[str, Beside] = {}
    for baseline in rules.baselines:
        chosen = state.baseline(baseline, reader)
        readings = [
            one
            for timepoint in order
            if rules.baseline_of(timepoint, order) == baseline and (one := state.of(timepoint, reader)) is not None
        ]
        followed = baseline_of(chosen.fact.targets, chosen.fact.non_targets) if chosen is not None else None
        visits = [visit_of(one.fact.seen) for one in readings]
        derived = derive(followed, visits, criteria_of(rules)) if followed is not None else [None] * len(readings)
        for one, outcome in zip(readings, derived, strict=True):
            measured = outcome if one.fact.seen is not None else None
            found[one.fact.timepoint] = Beside(one.fact.timepoint, baseline, one.fact.response, measured)
    return found
