"""Allocation over a real log: 200 requests at once by two writers, and nothing is lost or doubled."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from services.chassis.facts import Outcome
from services.chassis.log.port import VersionConflict
from services.chassis.log.postgres import PostgresLog
from services.chassis.log.verify import verify
from services.chassis.refusal import Refused
from services.randomizer.domain.configuration import stratum_key
from services.randomizer.domain.refusals import ALREADY_ACTIVE, ALREADY_RANDOMIZED, CAP_REACHED
from services.randomizer.domain.state import INITIAL, evolve
from tests.conftest import Database
from tests.unit.randomizer.service import WITHIN_STRATUM, KindEnrolment, Service, by_method
from tests.unit.randomizer.test_evidence import rebuilt, unbound
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
            *(_patiently((here, there)[n % 2], subject(1 + n % 60), f"request {n}") for n in range(200)),
            return_exceptions=True,
        )
        refused = Counter(result.refusal for result in results if isinstance(result, Refused))
        answered = [result for result in results if isinstance(result, Outcome)]
        assert [one for one in results if not isinstance(one, Refused | Outcome)] == []
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

        assert unbound(await one.read(0, 100_000)) == [], "each allocation names the fact before it, whoever wrote that"
        counted = await here.counted()
        assert counted["randomization.subject-randomized"] == counted["randomizer.draw-recorded"] == 45
        assert counted["randomization.randomization-refused"] == 155
    finally:
        await one.close()
        await two.close()


async def _patiently(service: Service, of: str, key: str) -> Outcome:
    """As a client does who is told to repeat: who loses every race for the stream is answered the second time."""
    try:
        return await service.randomize(of, key)
    except VersionConflict:
        return await service.randomize(of, key)


async def test_of_two_activations_at_once_by_two_processes_one_wins(database: Database) -> None:
    one, two = await PostgresLog.open(database.url), await PostgresLog.open(database.url)
    try:
        here = Service(log=one)
        there = Service(log=two, sealer=here.sealer)
        await here.signed()
        results = await asyncio.gather(
            *((here, there)[n % 2].activate_only(f"activation {n}") for n in range(12)), return_exceptions=True
        )
        assert [type(result) for result in results].count(Outcome) == 1
        assert {result.refusal for result in results if isinstance(result, Refused)} == {ALREADY_ACTIVE}
        assert (await here.counted())["randomization.allocation-activated"] == 1
        await asyncio.gather(here.randomize(subject(1)), there.randomize(subject(2)))
        first, second = [(await s.ctx.allocation("RELUTH")).activation for s in (here, there)]
        assert first == second
    finally:
        await one.close()
        await two.close()


async def test_who_rebuilds_the_whole_chain_as_superuser_is_found_by_what_allocations_bind(database: Database) -> None:
    """Triggers off, an earlier fact changed, every hash made to fit: the chain holds again, the evidence does not."""
    log = await PostgresLog.open(database.url)
    try:
        service = Service(log=log)
        await service.activate()
        for n in range(1, 5):
            await service.randomize(subject(n))
        events = await log.read(0, 1000)
        assert unbound(events) == []
        arm = next(event for event in events if event.type == "randomization.arm-allocated")
        other = arm.payload.replace(b'"A"', b'"X"').replace(b'"B"', b'"A"').replace(b'"X"', b'"B"')
        forged = rebuilt(events, arm.position, other)
        admin = await asyncpg.connect(database.admin_url)
        try:
            await admin.execute("SET session_replication_role = replica")
            await admin.executemany(
                "UPDATE events SET payload = $2, hash = $3 WHERE pos = $1",
                [(event.position, event.payload, event.hash) for event in forged],
            )
            await admin.execute("UPDATE log_head SET hash = $1", forged[-1].hash)
        finally:
            await admin.close()
        after = await log.read(0, 1000)
        assert [event.hash for event in after] == [event.hash for event in forged]
        report = await verify(log, service.ctx.facts.registry)
        assert not [defect for defect in report.defects if defect.position is not None], "the chain itself holds"
        bound = [event.position for event in after if event.type == "randomizer.evidence-bound"]
        assert unbound(after) == bound[1:], "every allocation after the changed one tells of another past"
    finally:
        await log.close()
