"""Guards about lesions: what may be chosen at a baseline, and what may be said of it later (RECIST 1.1, 3.1)."""

from collections import Counter
from collections.abc import Iterable

from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.protocol.tumour_response import TumourResponse
from contracts.vocabulary.lesions import NewLesion
from services.assessment.domain.recist.of_facts import TENTHS
from services.assessment.domain.refusals import lesions
from services.chassis.refusal import Refused


def must_be_choosable(
    targets: Iterable[TargetLesion], non_targets: Iterable[NonTargetLesion], rules: TumourResponse
) -> None:
    """Few enough, in few enough organs, large enough to be measured. Raises `Refused`."""
    measured = tuple(targets)
    named = Counter((*(one.lesion for one in measured), *(one.lesion for one in non_targets)))
    if twice := [lesion for lesion, times in named.items() if times > 1]:
        raise Refused(lesions.LESION_TWICE, lesions=twice)
    if not named:
        raise Refused(lesions.NO_LESIONS)
    if len(measured) > rules.max_targets:
        raise Refused(lesions.TOO_MANY_TARGETS, targets=len(measured), permitted=rules.max_targets)
    for organ, number in Counter(one.organ for one in measured).items():
        if number > rules.max_targets_per_organ:
            raise Refused(
                lesions.TOO_MANY_IN_ORGAN, organ=organ.value, targets=number, permitted=rules.max_targets_per_organ
            )
    for one in measured:
        least = rules.measurable_node_mm if one.node else rules.measurable_mm
        if one.tenths < least * TENTHS:
            raise Refused(lesions.NOT_MEASURABLE, lesion=one.lesion, least_mm=least)


def must_be_followed(
    seen: Seen, targets: Iterable[TargetLesion], non_targets: Iterable[NonTargetLesion], baseline: str
) -> None:
    """Only lesions of the baseline are spoken of, and new ones have an organ. Raises `Refused`."""
    followed = (
        (seen.targets, [one.lesion for one in targets]),
        (seen.non_targets, [one.lesion for one in non_targets]),
    )
    for said, names in followed:
        if strange := sorted(set(said) - set(names)):
            raise Refused(lesions.LESION_UNKNOWN, lesions=strange, permitted=names, baseline=baseline)
    if (seen.new is NewLesion.NONE) is not (not seen.new_organs):
        raise Refused(lesions.NEW_LESION_INCOMPLETE)
