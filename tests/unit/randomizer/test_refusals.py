"""Every refusal of a randomization in every stratum: its code, what would make it pass, and no place or draw used."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Final

import pytest

from contracts.events.randomization import RandomizationRefused, Remedy
from services.chassis.refusal import Refusal, Refused
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.refusals.gates import RANDOMIZATION_NOT_AUTHORIZED
from services.randomizer.domain import refusals
from services.randomizer.domain.facts import DrawRecorded

from .service import Service
from .world import CONFIGURATION, TODAY, strata_of, subject

STRATA: Final = strata_of(CONFIGURATION)
FIRST, ASKING, NEXT = subject(1), subject(2), subject(3)
Doing = Callable[[Service], Awaitable[object]]


@dataclass(frozen=True)
class Why:
    """A reason to refuse: how it is written down, what would take it away, and how it comes and goes."""

    code: str
    remedy: str
    comes: Doing
    goes: Doing
    asks: bool = True
    """Whether enrolment is asked at all."""


def enrolment_does(**values: object) -> Doing:
    async def do(service: Service) -> None:
        for name, value in values.items():
            setattr(service.enrolment, name, value)

    return do


def by_enrolment(reason: Reason) -> Why:
    """As the real one refuses: one refusal for all that stands in the way."""
    told = {"reasons": [reason], "remedies": {reason: reason.remedy}}
    refused = Refused(RANDOMIZATION_NOT_AUTHORIZED, gate="randomization", verdict="NOT_ELIGIBLE", **told)
    return Why(reason, reason.remedy, enrolment_does(refusal=refused), enrolment_does(refusal=None))


def ours(refusal: Refusal, comes: Doing, goes: Doing, *, asks: bool) -> Why:
    return Why(refusal.code.replace("-", "_").upper(), refusal.remedy, comes, goes, asks)


def unusable(**changed: object) -> Why:
    return ours(refusals.AUTHORIZATION_UNUSABLE, enrolment_does(told=changed), enrolment_does(told={}), asks=True)


WHY: Final = {
    **{f"enrolment: {reason}": by_enrolment(reason) for reason in Reason},
    "recruitment is paused": ours(
        refusals.RECRUITMENT_PAUSED,
        lambda service: service.change("pause"),
        lambda service: service.change("resume"),
        asks=False,
    ),
    "the cap is reached": ours(
        refusals.CAP_REACHED,
        lambda service: service.change_cap(1, "down"),
        lambda service: service.change_cap(146, "up"),
        asks=False,
    ),
    "a factor has no level": ours(
        refusals.STRATA_INCOMPLETE, enrolment_does(lacking="F3"), enrolment_does(lacking=None), asks=True
    ),
    "authorized yesterday": unusable(authorized_on=TODAY - timedelta(days=1)),
    "authorized for somebody else": unusable(subject=subject(9)),
    "authorized in another study": unusable(study="OTHER"),
    "asked by somebody else": unusable(requested_by="dr-8"),
    "by other criteria": unusable(criteria_version="0.9"),
    "by another protocol file": unusable(protocol_sha256="0" * 64),
}


@pytest.mark.parametrize(("stratum", "name"), list(product(range(16), WHY)))
async def test_a_refused_randomization_says_why_and_leaves_the_next_place_of_its_stratum_to_the_next_subject(
    stratum, name
):
    why, service = WHY[name], Service()
    service.enrolment.strata = dict.fromkeys((FIRST, ASKING, NEXT), STRATA[stratum])
    await service.activate()
    await service.randomize(FIRST)

    await why.comes(service)
    before, allocations, asked = await service.log.head(), await service.history(), len(service.enrolment.asked)
    with pytest.raises(Refused) as caught:
        await service.randomize(ASKING)
    told = caught.value
    assert told.detail.get("remedies", {}).get(why.code, told.refusal.remedy) == why.remedy
    assert (len(service.enrolment.asked) - asked) == why.asks
    (written,) = [e.fact for e in await service.history(f"refusals-RELUTH-{ASKING}")]
    assert written == RandomizationRefused(
        study="RELUTH",
        subject=ASKING,
        code=why.code,
        refused_on=TODAY,
        remedies=(Remedy(reason=why.code, remedy=why.remedy),),
    )
    assert await service.history() == allocations, "the allocations are untouched"
    assert (await service.log.head()).position == before.position + 1, "nothing but the refusal is recorded"

    await why.goes(service)
    numbers = [(await service.randomize(one)).answer.body["randomization_number"] for one in (NEXT, ASKING)]
    assert numbers == [2, 3]
    draws = [e.fact.trace for e in await service.history() if isinstance(e.fact, DrawRecorded)]
    assert draws[0].next_counter == draws[1].first_counter, "no draw lies between"
    assert draws[1].next_counter == draws[2].first_counter
    order = [FIRST, NEXT, ASKING]
    told_arms = [(await service.randomize(one)).answer.body["arm"] for one in order]
    assert told_arms == await service.one_after_the_other(order)


@pytest.mark.parametrize("stratum", STRATA)
async def test_before_the_opening_a_request_is_refused_and_the_first_place_stays_free(stratum):
    service = Service()
    service.enrolment.strata = dict.fromkeys((ASKING, NEXT), stratum)
    with pytest.raises(Refused) as caught:
        await service.randomize(ASKING)
    assert caught.value.refusal == refusals.NOT_ACTIVE
    await service.activate()
    assert (await service.randomize(NEXT)).answer.body["randomization_number"] == 1
    draw = next(e.fact.trace for e in await service.history() if isinstance(e.fact, DrawRecorded))
    assert (draw.first_counter, draw.block, draw.place) == (0, 1, 1)


@pytest.mark.parametrize("stratum", STRATA)
async def test_a_subject_asked_for_again_uses_no_place(stratum):
    service = Service()
    service.enrolment.strata = dict.fromkeys((FIRST, NEXT), stratum)
    await service.activate()
    first = (await service.randomize(FIRST)).answer.body
    allocations = await service.history()
    with pytest.raises(Refused) as caught:
        await service.randomize(FIRST, "another key")
    assert caught.value.refusal == refusals.ALREADY_RANDOMIZED
    assert await service.history() == allocations
    assert [e.fact.code for e in await service.history(f"refusals-RELUTH-{FIRST}")] == ["ALREADY_RANDOMIZED"]
    second = (await service.randomize(NEXT)).answer.body
    assert [first["arm"], second["arm"]] == await service.one_after_the_other([FIRST, NEXT])


@pytest.mark.parametrize("steps", [("close",), ("close", "sign_lock")])
async def test_after_the_last_subject_everybody_is_refused_for_good(steps):
    service = Service()
    await service.activate()
    for step in steps:
        await service.change(step)
    allocations = await service.history()
    with pytest.raises(Refused) as caught:
        await service.randomize(ASKING)
    assert caught.value.refusal == refusals.ALLOCATION_OVER
    assert caught.value.refusal.remedy.startswith("Nothing")
    assert await service.history() == allocations
    assert service.enrolment.asked == []
    assert [e.fact.code for e in await service.history(f"refusals-RELUTH-{ASKING}")] == ["ALLOCATION_OVER"]


async def test_everything_that_stands_in_the_way_is_written_down_with_its_remedy_the_deciding_reason_first():
    service = Service()
    await service.activate()
    reasons = [Reason.NO_POST_C2, Reason.STRATA_INCOMPLETE]
    told = {"reasons": reasons, "remedies": {reason: reason.remedy for reason in reasons}}
    service.enrolment.refusal = Refused(RANDOMIZATION_NOT_AUTHORIZED, **told)
    with pytest.raises(Refused):
        await service.randomize(ASKING)
    (written,) = await service.history(f"refusals-RELUTH-{ASKING}")
    assert written.fact.code == "NO_POST_C2"
    assert written.fact.remedies == tuple(Remedy(reason=reason, remedy=reason.remedy) for reason in reasons)
    assert written.reason == "NO_POST_C2, STRATA_INCOMPLETE"


@pytest.mark.parametrize(
    ("detail", "codes"),
    [
        ({}, ["RANDOMIZATION_NOT_AUTHORIZED"]),
        ({"reasons": "PD"}, ["RANDOMIZATION_NOT_AUTHORIZED"]),
        ({"reasons": []}, ["RANDOMIZATION_NOT_AUTHORIZED"]),
        ({"reasons": [7, None, "not a code", "x" * 65]}, ["RANDOMIZATION_NOT_AUTHORIZED"]),
        ({"reasons": ["PD", "Jeanne Dupont"], "remedies": ["?"]}, ["PD"]),
        ({"reasons": ["PD"], "remedies": {"PD": ""}}, ["PD"]),
        ({"reasons": ["PD"], "remedies": {"PD": "y" * 900}}, ["PD"]),
    ],
)
async def test_whatever_enrolment_says_a_refusal_is_written_down_in_codes(detail, codes):
    service = Service()
    await service.activate()
    service.enrolment.refusal = Refused(RANDOMIZATION_NOT_AUTHORIZED, **detail)
    with pytest.raises(Refused):
        await service.randomize(ASKING)
    (written,) = [e.fact for e in await service.history(f"refusals-RELUTH-{ASKING}")]
    assert [one.reason for one in written.remedies] == codes
    assert written.code == codes[0]
    assert all(1 <= len(one.remedy) <= 500 for one in written.remedies)
