"""Errors after the fact over a real log, by two writers at once, while subjects are randomized."""

import asyncio

import pytest

from contracts.events.randomization import Annotation
from services.chassis.facts import Outcome
from services.chassis.log.port import Batch, Recorded
from services.chassis.log.postgres import PostgresLog
from services.chassis.refusal import Refused
from services.randomizer.domain.refusals import ANNOTATED_ALREADY, RESOLVED_ALREADY
from tests.conftest import Database
from tests.unit.randomizer.afterwards import VerifyingEnrolment, annotate, other_level, resolve, verify
from tests.unit.randomizer.service import Service
from tests.unit.randomizer.world import STRATUM, subject

A, B = subject(1), subject(2)


async def test_of_many_who_say_the_same_at_two_processes_one_is_heard_and_no_allocation_notices(
    database: Database,
) -> None:
    one, two = await PostgresLog.open(database.url), await PostgresLog.open(database.url)
    try:
        enrolment = VerifyingEnrolment({A: other_level(STRATUM, "F3")})
        here = Service(log=one, enrolment=enrolment)
        there = Service(log=two, enrolment=enrolment, sealer=here.sealer)
        await here.activate()
        for who in (A, B):
            await here.randomize(who)
        both = (here, there)
        said = await asyncio.gather(
            *(annotate(both[n % 2], Annotation.INELIGIBLE, A, key=f"person {n}") for n in range(20)),
            *(annotate(both[n % 2], Annotation.RANDOMIZED_TWICE, A, B, key=f"pair {n}") for n in range(10)),
            *(verify(both[n % 2], A, f"verification {n}") for n in range(6)),
            *(both[n % 2].randomize(subject(10 + n)) for n in range(30)),
            return_exceptions=True,
        )
        annotated, paired, verified, randomized = said[:20], said[20:30], said[30:36], said[36:]
        for attempts in (annotated, paired):
            assert [type(result) for result in attempts].count(Outcome) == 1
            assert {r.refusal for r in attempts if isinstance(r, Refused)} == {ANNOTATED_ALREADY}
        assert all(isinstance(result, Outcome) for result in (*verified, *randomized))
        counted = await here.counted()
        assert counted["randomization.randomization-annotated"] == 3, "one, and one under each of two numbers"
        assert counted["randomization.strata-verified"] == 6
        assert counted["randomization.discrepancy-opened"] == 4, "one for each annotation, one for the difference"
        numbers = sorted(one.number for one in (await here.ctx.allocation("RELUTH")).randomized.values())
        assert numbers == list(range(1, 33))

        opened = next(r.answer.body["discrepancy"] for r in annotated if isinstance(r, Outcome))
        resolved = await asyncio.gather(
            *(resolve(both[n % 2], opened, f"resolution {n}") for n in range(10)), return_exceptions=True
        )
        assert [type(result) for result in resolved].count(Outcome) == 1
        assert {r.refusal for r in resolved if isinstance(r, Refused)} == {RESOLVED_ALREADY}
    finally:
        await one.close()
        await two.close()


class LostAnswers:
    """A log that writes, and is gone before it says so."""

    def __init__(self, log: PostgresLog) -> None:
        self._log = log
        self.lose = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    async def append(self, batch: Batch) -> Recorded:
        recorded = await self._log.append(batch)
        if self.lose:
            self.lose = False
            raise ConnectionResetError
        return recorded


async def test_an_annotation_whose_answer_was_lost_is_answered_when_it_is_sent_again(database: Database) -> None:
    log = await PostgresLog.open(database.url)
    try:
        lossy = LostAnswers(log)
        service = Service(log=lossy, enrolment=VerifyingEnrolment())  # type: ignore[arg-type]
        await service.activate()
        await service.randomize(A)
        lossy.lose = True
        with pytest.raises(ConnectionResetError):
            await annotate(service, Annotation.WRONG_PERSON, A)
        again = await annotate(service, Annotation.WRONG_PERSON, A)
        assert again.replayed
        counted = await service.counted()
        assert counted["randomization.randomization-annotated"] == counted["randomization.discrepancy-opened"] == 1
    finally:
        await log.close()
