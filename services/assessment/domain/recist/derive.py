"""The response at each timepoint, from all that was seen up to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.vocabulary.lesions import NewLesion, NonTarget, Rule
from contracts.vocabulary.response import Response
from services.assessment.domain.recist.seen import Baseline, Criteria, Visit


@dataclass(frozen=True, slots=True)
class Part:
    """A response, the rule that gave it, and the lesions that it rests on. No response: no such lesions."""

    response: Response | None
    rule: Rule
    lesions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """One timepoint with the whole way to its response. Sums in tenths of a millimetre."""

    sum: int
    """Of what was measured: a part, where `missing` names lesions."""
    missing: tuple[str, ...]
    baseline: int
    nadir: int
    """Of the baseline and the complete sums before this timepoint."""
    target: Part
    non_target: Part
    overall: Part

    @property
    def response(self) -> Response:
        """The overall response. Without any lesion nothing can be evaluated."""
        return self.overall.response or Response.NE


def derive(baseline: Baseline, visits: Iterable[Visit], criteria: Criteria) -> tuple[Derived, ...]:
    """The response at each of the visits, which are in the order of their scans."""
    found: list[Derived] = []
    for visit in visits:
        found.append(_timepoint(baseline, found, visit, criteria))
    return tuple(found)


def _timepoint(baseline: Baseline, before: Sequence[Derived], visit: Visit, criteria: Criteria) -> Derived:
    missing = tuple(t.lesion for t in baseline.targets if visit.targets.get(t.lesion) is None)
    total = sum(visit.targets.get(t.lesion) or 0 for t in baseline.targets)
    nadir = min((baseline.sum, *(one.sum for one in before if not one.missing)))
    lasting = any(one.target.response is Response.PR for one in before) and not any(
        one.target.response is Response.PD for one in before
    )
    target = _target(baseline, visit, criteria, total=total, nadir=nadir, missing=missing, lasting=lasting)
    non_target = _non_target(baseline, visit)
    came_back = _came_back(baseline, before, visit, criteria)
    # A lesion that was new stays one that was not there at baseline, whatever becomes of it.
    new = visit.new is NewLesion.UNEQUIVOCAL or any(one.overall.rule is Rule.NEW_LESION for one in before)
    return Derived(
        total, missing, baseline.sum, nadir, target, non_target, _overall(target, non_target, came_back, new=new)
    )


def _target(
    baseline: Baseline,
    visit: Visit,
    criteria: Criteria,
    *,
    total: int,
    nadir: int,
    missing: tuple[str, ...],
    lasting: bool,
) -> Part:
    if not baseline.targets:
        return Part(None, Rule.NO_LESIONS)
    if not missing and not _remaining(baseline, visit, criteria):
        return Part(Response.CR, Rule.TARGETS_GONE)
    # What is missing could only add to the sum: growth that a part of it shows already is growth.
    if total - nadir >= criteria.increase and total >= criteria.growth * nadir:
        return Part(Response.PD, Rule.PARTIAL_SUM_GREW if missing else Rule.GREW_FROM_NADIR)
    if missing:
        return Part(Response.NE, Rule.NOT_ALL_MEASURED, missing)
    if total <= criteria.shrinkage * baseline.sum:
        return Part(Response.PR, Rule.SHRANK_FROM_BASELINE)
    if criteria.sticky and lasting:
        return Part(Response.PR, Rule.RESPONSE_LASTS)
    return Part(Response.SD, Rule.NEITHER)


def _remaining(baseline: Baseline, visit: Visit, criteria: Criteria) -> tuple[str, ...]:
    """The target lesions that are known to be there: nodes that are pathological, and whatever else has a size."""
    return tuple(
        t.lesion for t in baseline.targets if (visit.targets.get(t.lesion) or 0) >= (criteria.node if t.node else 1)
    )


def _non_target(baseline: Baseline, visit: Visit) -> Part:
    if not baseline.non_targets:
        return Part(None, Rule.NO_LESIONS)

    def those(state: NonTarget) -> tuple[str, ...]:
        return tuple(n for n in baseline.non_targets if visit.non_targets.get(n, NonTarget.NOT_ASSESSED) is state)

    if progressed := those(NonTarget.PROGRESSED):
        return Part(Response.PD, Rule.NON_TARGET_PROGRESSED, progressed)
    if unknown := those(NonTarget.NOT_ASSESSED):
        return Part(Response.NE, Rule.NON_TARGET_NOT_ASSESSED, unknown)
    if remaining := those(NonTarget.PRESENT):
        return Part(Response.NON_CR_NON_PD, Rule.NON_TARGETS_REMAIN, remaining)
    return Part(Response.CR, Rule.NON_TARGETS_GONE)


def _came_back(baseline: Baseline, before: Sequence[Derived], visit: Visit, criteria: Criteria) -> tuple[str, ...]:
    """After a complete response every lesion that is seen again is progression."""
    if not any(one.response is Response.CR for one in before):
        return ()
    there = (n for n in baseline.non_targets if visit.non_targets.get(n) is NonTarget.PRESENT)
    return (*_remaining(baseline, visit, criteria), *there)


def _overall(target: Part, non_target: Part, came_back: tuple[str, ...], *, new: bool) -> Part:
    if new:
        return Part(Response.PD, Rule.NEW_LESION)
    for part in (target, non_target):
        if part.response is Response.PD:
            return part
    if came_back:
        return Part(Response.PD, Rule.CAME_BACK, came_back)
    if target.response is None:
        return non_target
    gone = non_target.response in (None, Response.CR)
    if target.response is Response.CR and not gone:
        return Part(Response.PR, Rule.COMBINED, non_target.lesions)
    return target
