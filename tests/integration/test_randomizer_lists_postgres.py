"""A list over a real log: requests of two processes at once, and each row goes to one subject, in order."""

import asyncio

from services.chassis.facts import Outcome
from services.chassis.log.postgres import PostgresLog
from services.chassis.refusal import Refused
from services.randomizer.domain.configuration import stratum_key
from services.randomizer.domain.listing.check import Design
from services.randomizer.domain.refusals import ALREADY_RANDOMIZED, CAP_REACHED, LIST_EXHAUSTED
from services.randomizer.domain.state import INITIAL, evolve
from tests.conftest import Database
from tests.unit.randomizer.lists import arms_of, correct, opened_by, smaller
from tests.unit.randomizer.service import KindEnrolment, Service
from tests.unit.randomizer.world import CONFIGURATION, strata_of, subject


async def test_a_hundred_and_fifty_requests_by_two_processes_read_each_row_once_and_in_order(
    database: Database,
) -> None:
    """The list was made for a cap of 20; the cap is raised, so that the end of one stratum's rows is reached."""
    protocol, strata = smaller(20), strata_of(CONFIGURATION)
    sheet = correct(Design.of(protocol, 20), (4, 6), "postgres")
    enrolment = KindEnrolment({subject(n): strata[0 if n % 4 else 5] for n in range(1, 51)})
    one, two = await PostgresLog.open(database.url), await PostgresLog.open(database.url)
    try:
        here = Service(protocol, one, enrolment)
        there = Service(protocol, two, enrolment, here.sealer)
        await opened_by(here, sheet)
        await here.change_cap(100)
        results = await asyncio.gather(
            *((here, there)[n % 2].randomize(subject(1 + n % 50), f"request {n}") for n in range(150)),
            return_exceptions=True,
        )
        refused = [result.refusal for result in results if isinstance(result, Refused)]
        made = arms_of(sheet)
        rows = [made[stratum_key(strata[n])] for n in (0, 5)]
        expected = min(len(rows[0]), 38) + min(len(rows[1]), 12)  # subjects of each stratum, as far as its rows go
        assert sum(isinstance(result, Outcome) for result in results) == expected
        assert len(refused) == 150 - expected
        assert set(refused) == {ALREADY_RANDOMIZED, LIST_EXHAUSTED}
        assert CAP_REACHED not in refused

        state = (await here.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state
        taken: dict[str, list[str | None]] = {}
        for item in state.randomized.values():
            taken.setdefault(stratum_key(item.stratum), []).append(item.arm)
        assert {key: made[key][: len(arms)] for key, arms in taken.items()} == taken
        assert len(taken[stratum_key(strata[0])]) == len(rows[0]) < 38
    finally:
        await one.close()
        await two.close()
