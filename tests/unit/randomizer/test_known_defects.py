"""Defects that other systems for randomization have had, one test each: they would be red if we had them.

Named after the defect. What concerns imported lists and guessed seeds stands with the lists and with the seeds.
"""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.randomization import (
    Annotation,
    ArmAllocated,
    RandomizationAnnotated,
    StrataVerified,
    SubjectRandomized,
)
from services.chassis.log.port import LogUnavailable
from services.chassis.unavailable import Unavailable
from services.randomizer.custody import key_of
from services.randomizer.domain.configuration import stratum_key
from services.randomizer.domain.facts import DrawRecorded

from .service import METHODS, MORNING, FlakyLog, KindEnrolment, Service, by_method, running
from .world import (
    CONFIGURATION,
    SEED,
    STRATUM,
    TODAY,
    activation,
    given,
    randomize,
    small,
    strata_of,
    subject,
    trial,
)

STRATA = strata_of(CONFIGURATION)


@pytest.fixture
async def api(tmp_path):
    service = Service()
    await service.activate()
    async with running(service, tmp_path) as api:
        yield api


async def draws_of(service: Service) -> list[DrawRecorded]:
    return [e.fact for e in await service.history() if isinstance(e.fact, DrawRecorded)]


class Together(KindEnrolment):
    """Lets nobody go on before this many have come."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self._met = asyncio.Barrier(n)

    async def authorize(self, study, subject, key):
        authorized = await super().authorize(study, subject, key)
        await self._met.wait()
        return authorized


async def test_two_requests_that_have_read_the_same_state_take_one_slot():
    """edc-randomization: the first free row is read without a lock, by two requests at once."""
    enrolment = Together(12)
    here = Service(enrolment=enrolment)
    there = Service(log=here.log, sealer=here.sealer, enrolment=enrolment)
    await here.activate()
    await asyncio.gather(*((here, there)[n % 2].randomize(subject(n)) for n in range(1, 13)))
    draws = await draws_of(here)
    assert [draw.randomization_number for draw in draws] == list(range(1, 13))
    places = [(draw.trace.block, draw.trace.place) for draw in draws]
    assert len(set(places)) == 12


async def test_entry_k_plus_1_is_given_before_k():
    """rtsm-core: rows that another transaction holds are skipped."""
    log = FlakyLog(lambda: MORNING)
    enrolment = KindEnrolment({subject(n): STRATA[n % 3] for n in range(1, 61)})
    here = Service(log=log, enrolment=enrolment)
    there = Service(log=log, sealer=here.sealer, enrolment=enrolment)
    await here.activate()
    log.before = 5
    asked = [(here, there)[n % 2].randomize(subject(n)) for n in range(1, 61)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(result, LogUnavailable) for result in results) == 5
    of_stratum: dict[str, list[DrawRecorded]] = {}
    stratum_of = {e.fact.subject: e.fact.stratum for e in await here.history() if isinstance(e.fact, SubjectRandomized)}
    for draw in await draws_of(here):
        of_stratum.setdefault(stratum_key(stratum_of[draw.subject]), []).append(draw)
    assert len(of_stratum) == 3
    for draws in of_stratum.values():
        assert draws[0].trace.first_counter == 0
        for one, following in pairwise(draws):
            assert one.trace.next_counter == following.trace.first_counter, "none is skipped, none comes early"
            places = ((one.trace.block, one.trace.place + 1), (one.trace.block + 1, 1))
            assert (following.trace.block, following.trace.place) == places[one.trace.place == one.trace.size]


async def test_a_slot_that_was_rolled_back_is_used_later_out_of_order():
    """rtsm-core: the row of a transaction that failed becomes free again, when later rows are taken already."""
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.activate()
    await service.randomize(subject(1))
    log.before = 1
    with pytest.raises(LogUnavailable):
        await service.randomize(subject(2))
    order = [subject(n) for n in (1, 3, 4, 2)]
    answers = {one: (await service.randomize(one)).answer.body for one in order}
    assert [answers[one]["randomization_number"] for one in order] == [1, 2, 3, 4]
    assert [answers[one]["arm"] for one in order] == await service.one_after_the_other(order)


async def test_a_slot_is_used_again_after_an_error():
    """REDCap: the record of an allocation failed behind it, and its row was given to the next."""
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.activate()
    log.after = 1
    with pytest.raises(LogUnavailable):
        await service.randomize(subject(1))
    second = (await service.randomize(subject(2))).answer.body
    first = (await service.randomize(subject(1))).answer.body
    assert (first["randomization_number"], second["randomization_number"]) == (1, 2)
    one, two = await draws_of(service)
    assert one.trace.next_counter == two.trace.first_counter
    assert (one.trace.place, two.trace.place) == (1, 2)


@pytest.mark.parametrize(
    "more",
    [
        {"covariates": {"site": "02", "F1": "GE18"}},
        {"strata": [{"factor": "F1", "level": "GE18"}]},
        {"stratum": "F1=GE18"},
        {"F1": "GE18"},
        {"site": "02"},
        {"siteId": "02"},
        {"arm": "A"},
        {"randomization_date": "2022-01-01"},
        {"authorization": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"},
    ],
)
async def test_covariates_of_the_caller_win_over_those_on_record(api, more):
    """rtsm-core: `covariates.site` of the body wins over the subject's own site."""
    before = await api.service.log.head()
    answer = await api.post("/randomizations", {"subject": "01-001", **more}, "randomizer", "01")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{next(iter(more))}"]
    assert await api.service.log.head() == before


@pytest.mark.parametrize(
    "more",
    [
        {"state": {"A": 3, "B": 5}},
        {"allocated": []},
        {"counts": {"A": 3}},
        {"position": 7},
        {"index": 0},
        {"seed": "ReLUTH-2021-09-14"},
        {"u": 0.5},
    ],
)
async def test_the_state_comes_from_the_client(api, more):
    """unbiased: who asks hands in what was allocated so far, and may hand in what they like."""
    before = await api.service.log.head()
    answer = await api.post("/randomizations", {"subject": "01-001", **more}, "randomizer", "01")
    assert answer.status_code == 422
    assert await api.service.log.head() == before


async def test_a_query_tells_the_state(api):
    """unbiased, by the address: what is asked for in it decides nothing."""
    asked = "/randomizations?as_of=1&stratum=F1%3DGE18&site=02&arm=B&index=0"
    one = await api.post(asked, {"subject": "01-001"}, "randomizer", "01", key="k-1")
    two = await api.post(asked, {"subject": "01-002"}, "randomizer", "01", key="k-2")
    assert [answer.json()["randomization_number"] for answer in (one, two)] == [1, 2]
    levels = [(level.factor, level.level) for level in STRATUM]
    assert [(level["factor"], level["level"]) for level in one.json()["stratum"]] == levels
    arms = [answer.json()["arm"] for answer in (one, two)]
    assert arms == await api.service.one_after_the_other(["01-001", "01-002"])


def test_the_same_seed_draws_the_same_after_the_design_has_changed():
    """rtsm-core: a draw depends on the seed and an index alone, and the index begins again with each list."""
    designs = [CONFIGURATION, small(), small(sizes=(4,)), small((2, 1), (3, 6)), small(study="OTHER")]
    drawn = [
        SEED.words(config.study, config.sha256)(stratum, counter)
        for config in designs
        for stratum in ("F1=LOW", "F1=HIGH", "")
        for counter in range(50)
    ]
    assert len(set(drawn)) == len(drawn)


async def test_an_amendment_to_the_same_design_draws_the_same_again():
    """rtsm-core: as above, for a design that is brought into force a second time."""
    service = Service()
    await service.activate()
    words = [await service.ctx.custodian.draws(await service.ctx.allocation("RELUTH"))]
    await service.activate("amend", 2)
    words.append(await service.ctx.custodian.draws(await service.ctx.allocation("RELUTH")))
    first, second = ([draw("s", n) for n in range(200)] for draw in words)
    assert set(first).isdisjoint(second)


@settings(deadline=None)
@for_all(st.lists(st.integers(0, 1), min_size=1, max_size=40))
def test_the_place_is_the_number_of_subjects_so_far(order):
    """Phoenix: the row is found by counting all subjects, so that one stratum moves another's place."""
    config = small()
    strata = strata_of(config)
    story = trial(config, [strata[n] for n in order])
    for n, stratum in enumerate(strata):
        alone = trial(config, [stratum] * order.count(n))
        here = [story.arms[subject(at)] for at, which in enumerate(order, start=1) if which == n]
        assert here == list(alone.arms.values())


def test_after_the_last_row_the_first_one_comes_again():
    """Phoenix: a list of 24 rows is read modulo 24. There is no list here: no draw is ever taken a second time."""
    config = small(sizes=(4,), factors=0)
    story = trial(config, [()] * 400)
    traces = [fact.trace for fact in story.facts if isinstance(fact, DrawRecorded)]
    taken = [n for trace in traces for n in range(trace.first_counter, trace.next_counter)]
    assert taken == list(range(len(taken)))
    arms = "".join(story.arms.values())
    assert not [period for period in range(4, 201, 4) if arms == (arms[:period] * 400)[:400]]


def test_blocks_of_two_tell_every_second_allocation():
    """Phoenix: after each odd subject the next arm is certain."""
    assert min(CONFIGURATION.sizes) > CONFIGURATION.ratio_sum
    story = given(activation(), *(randomize(subject(n)) for n in range(1, 121)))
    draws = [fact for fact in story.facts if isinstance(fact, DrawRecorded)]
    assert not [draw for draw in draws if draw.trace.place == 2 and draw.favourable == draw.possible]
    certain = sum(draw.favourable == draw.possible for draw in draws) / len(draws)
    assert certain < 1 / 2, "of blocks of two it is one half"


def found(wrong):
    """What is written down when the first subject turns out to be ineligible, of another stratum, and so on."""
    told = {"study": "RELUTH", "subject": "01-001"}
    if isinstance(wrong, Annotation):
        return RandomizationAnnotated(**told, annotation=wrong, discovered_on=TODAY)
    told |= {"stratum": wrong, "differs": ("F1",), "criteria_version": "1.0", "sources": ()}
    return StrataVerified(**told, verified_on=TODAY)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("wrong", [*Annotation, STRATA[-1]])
async def test_who_was_randomized_in_error_drops_from_the_balance(method, wrong):
    """Sealed Envelope: a randomization marked as made in error no longer counts, and later arms become other ones."""
    service = Service(by_method(method, 146))
    await service.activate()
    configuration = (await service.ctx.allocation("RELUTH")).configuration
    before = [randomize(subject(n), STRATA[n % 4]) for n in range(1, 10)]
    after = [randomize(subject(n), STRATA[n % 4]) for n in range(10, 30)]
    plain = given(activation(configuration), *before)
    marked = plain.followed_by([found(wrong)])
    assert marked.state.tallies == plain.state.tallies
    assert marked.state.randomized == plain.state.randomized
    for command in after:
        plain, marked = plain.and_then(command), marked.and_then(command)
    assert marked.arms == plain.arms
    assert "01-001" in marked.arms


async def test_an_error_is_answered_with_an_empty_arm(api):
    """OpenClinica's client: an exception becomes an empty code, which is stored as the allocation."""
    service = api.service
    before = await service.log.head()
    service.enrolment.failure = Unavailable("enrolment")
    answers = [await api.post("/randomizations", {"subject": "01-001"}, "randomizer", "01")]
    service.enrolment.failure = None
    await service.sealer.destroy(key_of("RELUTH"), "a test")
    service.ctx.custodian._open.clear()
    answers.append(await api.post("/randomizations", {"subject": "01-001"}, "randomizer", "01"))
    assert [answer.status_code for answer in answers] == [503, 410]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "arm" not in answer.json()
    assert await service.log.head() == before
    there = await api.get("/randomizations/01-001", "investigator", "01")
    assert there.status_code == 404


def test_an_allocation_without_an_arm_cannot_be_written_down():
    """OpenClinica's client, at the other end."""
    with pytest.raises(ValueError, match="arm"):
        ArmAllocated(study="RELUTH", subject="01-001", randomization_number=1, arm="")
