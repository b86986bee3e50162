"""Allocation over a real log: 200 requests at once by two writers, and nothing is lost or doubled."""

import asyncio
from collections import Counter

import pytest

from services.chassis.facts import Outcome
from services.chassis.log.postgres import PostgresLog
from services.chassis.refusal import Refused
from services.randomizer.domain.configuration import stratum_key
from services.randomizer.domain.refusals import ALREADY_RANDOMIZED, CAP_REACHED
from services.randomizer.domain.state import INITIAL, evolve
from tests.conftest import Database
from tests.unit.randomizer.service import WITHIN_STRATUM, KindEnrolment, Service, by_method
from tests.unit.randomizer.world import CONFIGURATION, strata_of, subject


@pytest.mark.parametrize("method", ["blocks", "minimization", "big stick", "two stages"])
async def test_two_hundred_requests_for_sixty_subjects_end_at_the_cap_with_each_subject_once(
    database: Database, method: str
) -> None:
    strata = strata_of(CONFIGURATION)
    enrolment = KindEnrolment({subject(n): strata[n % 3] for n in range(1, 61)})
    one, two = await PostgresLog.open(database.url), await PostgresLog.open(database.url)
    try:
        here = Service(by_method(method, 45), one, enrolment)
        there = Service(by_method(method, 45), two, enrolment, here.sealer)
        await here.activate()
        results = await asyncio.gather(
            *((here, there)[n % 2].randomize(subject(1 + n % 60), f"request {n}") for n in range(200)),
            return_exceptions=True,
        )
        refused = Counter(result.refusal for result in results if isinstance(result, Refused))
        answered = [result for result in results if isinstance(result, Outcome)]
        assert len(answered) == 45
        assert set(refused) <= {ALREADY_RANDOMIZED, CAP_REACHED}
        assert refused.total() == 155

        state = (await here.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state
        allocated = list(state.randomized.values())
        assert [item.number for item in allocated] == list(range(1, 46))
        assert {o.answer.body["subject"]: o.answer.body["arm"] for o in answered} == {
            item.subject: item.arm for item in allocated
        }
        for upto in range(1, 46):
            cells: dict[str, Counter[str | None]] = {}
            for item in allocated[:upto]:
                cells.setdefault(stratum_key(item.stratum), Counter())[item.arm] += 1
            bound = WITHIN_STRATUM.get(method, upto)
            assert all(abs(cell["A"] - cell["B"]) <= bound for cell in cells.values())
        serial = await here.one_after_the_other([item.subject for item in allocated])
        assert serial == [item.arm for item in allocated]

        counted = await here.counted()
        assert counted["randomization.subject-randomized"] == counted["randomizer.draw-recorded"] == 45
        assert counted["randomization.randomization-refused"] == 155
    finally:
        await one.close()
        await two.close()
