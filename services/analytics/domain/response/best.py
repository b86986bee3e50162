"""The best overall response: the best timepoint up to the first progression, with what it needs to count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from contracts.protocol.tumour_response import TumourResponse
from contracts.vocabulary.response import Response

ORDER: Final = (Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD, Response.PD, Response.NE)
"""From best to worst (RECIST 1.1, 4.4.1)."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """An overall response, so many days after randomization."""

    day: int
    response: Response


@dataclass(frozen=True, slots=True)
class BestRules:
    """`stable_days`: the first day on which disease that is stable counts as such (RECIST 1.1, 4.4.3).

    `confirm_days`: how long after a response it has to be there again. `between_ne`: as many assessments between the
    two may be not evaluable.
    """

    stable_days: int
    confirm_days: int
    between_ne: int

    @classmethod
    def of(cls, rules: TumourResponse) -> Self:
        """Those of the protocol file."""
        return cls(rules.stable_days, rules.confirm_days, rules.confirm_not_evaluable)


@dataclass(frozen=True, slots=True)
class Best:
    """A best overall response and the assessment that it is taken from; None and None: nothing was assessed."""

    response: Response | None
    day: int | None


def until_progression(assessments: Sequence[Assessed]) -> tuple[Assessed, ...]:
    """The assessments in the order of their days, up to and with the first progression."""
    found: list[Assessed] = []
    for one in sorted(assessments, key=lambda one: one.day):
        found.append(one)
        if one.response is Response.PD:
            break
    return tuple(found)


def best(assessments: Sequence[Assessed], rules: BestRules) -> Best:
    """Without confirmation. Stable disease that is assessed too early is not evaluable."""
    return _best([(one, _in_time(one, rules)) for one in until_progression(assessments)])


def confirmed_best(assessments: Sequence[Assessed], rules: BestRules) -> Best:
    """With confirmation: a response that is not there again is stable disease, if it was assessed late enough."""
    known = until_progression(assessments)
    return _best([(one, _confirmed(known, n, rules)) for n, one in enumerate(known)])


def first_response(assessments: Sequence[Assessed]) -> int | None:
    """The day of the first CR or PR before any progression."""
    known = until_progression(assessments)
    return next((one.day for one in known if one.response in (Response.CR, Response.PR)), None)


def first_confirmed_response(assessments: Sequence[Assessed], rules: BestRules) -> int | None:
    """The day of the first CR or PR that is confirmed later."""
    known = until_progression(assessments)
    found = (one.day for n, one in enumerate(known) if _confirmed(known, n, rules) in (Response.CR, Response.PR))
    return next(found, None)


def first_benefit(assessments: Sequence[Assessed], rules: BestRules) -> int | None:
    """The day of the first response, or of the first disease that is stable for long enough."""
    known = until_progression(assessments)
    return next((one.day for one in known if _in_time(one, rules).controls_disease), None)


def _best(found: Sequence[tuple[Assessed, Response]]) -> Best:
    if not found:
        return Best(None, None)
    assessed, response = min(found, key=lambda one: (ORDER.index(one[1]), one[0].day))
    return Best(response, assessed.day)


def _in_time(one: Assessed, rules: BestRules) -> Response:
    waits = one.response in (Response.SD, Response.NON_CR_NON_PD)
    return Response.NE if waits and one.day < rules.stable_days else one.response


def _confirmed(known: Sequence[Assessed], n: int, rules: BestRules) -> Response:
    one = known[n]
    if one.response not in (Response.CR, Response.PR):
        return _in_time(one, rules)
    enough = (Response.CR,) if one.response is Response.CR else (Response.CR, Response.PR)
    between = 0
    for later in known[n + 1 :]:
        if later.response is Response.NE:
            between += 1
        elif later.response not in enough:
            break
        elif later.day >= one.day + rules.confirm_days and between <= rules.between_ne:
            return one.response
    # What was seen was at least stable; too early even for that, it is not evaluable.
    return Response.SD if one.day >= rules.stable_days else Response.NE
