"""Many at once, over HTTP, on real servers: the same key is one fact, a subject has one arm, the cap holds."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.events.catalogue import OWNERS, TOPICS
from contracts.events.enrolment import SubjectScreened
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import ALLOCATION_TOPIC, ArmAllocated, RandomizationRefused, SubjectRandomized
from services.chassis.log.verify import PAGE
from services.cli.demo.cohort import Action, Course, cohort
from services.cli.demo.drive import STUDY, play
from services.cli.running import find, inside
from tests.e2e.conftest import Whole

COPIES = 50
SUBJECTS, CALLS, ROOM = 60, 200, 45
LARGEST_BLOCK = 6
_NEEDED = {Action.SCREEN, Action.CONSENT, Action.FINDINGS, Action.INCLUDE, Action.CYCLE, Action.ASSESS}


def courses(size: int, first: int) -> list[Course]:
    """Different subjects, in different strata, who are to be randomized on one day, with no more than that takes."""
    found: dict[Any, list[Course]] = defaultdict(list)
    for number in range(first, first + 100_000):
        course = cohort(1, seed=number)[0]
        if course.randomized_on is None:
            continue
        steps = tuple(step for step in course.before if step.action in _NEEDED)
        alike = found[course.randomized_on]
        alike.append(replace(course, number=number, site=("01", "02", "03")[len(alike) % 3], before=steps))
        if len(alike) == size:
            return alike
    raise AssertionError("no such day")


async def prepared(whole: Whole, size: int, first: int) -> tuple[dict[str, str], date]:
    """Play that many subjects up to their randomization. Their sites, and the day, at which the calendar stands."""
    some = courses(size, first)
    played = await play(whole.api, some, run=f"prepared-{first}", set_day=whole.set_day, progress=lambda *_: None)
    assert not played.refused
    assert some[0].randomized_on
    whole.set_day(some[0].randomized_on)
    return {played.subjects[course.number]: course.site for course in some}, some[0].randomized_on


async def post(
    whole: Whole, service: str, path: str, body: Mapping[str, Any], *, key: str, role: str, site: str | None = None
) -> httpx.Response:
    """One request; a service that says "later" is asked again with the same key, as a site system does."""
    headers = {"Authorization": f"Bearer {whole.api.token(role, site)}", "Idempotency-Key": key}
    async with asyncio.timeout(120):
        while True:
            url = f"{whole.system.urls[service]}/studies/{STUDY}{path}"
            try:
                response = await whole.api.client.post(url, json=dict(body), headers=headers)
            except httpx.TransportError:  # no answer says nothing of what was done: the key does
                continue
            if response.status_code != 503:
                return response
            await asyncio.sleep(float(response.headers["retry-after"]))


def code(response: httpx.Response) -> str:
    return str(response.json()["type"]).rpartition(":")[2]


async def recorded(whole: Whole, service: str) -> list[Envelope[Fact]]:
    """Everything in a service's log."""
    facts: list[Envelope[Fact]] = []
    async with inside(find(whole.system.options.state_dir), service) as opened:
        while page := await opened.log.read(len(facts), PAGE):
            facts += [opened.facts.envelope(event) for event in page]
    return facts


def _about(service: str, subject: str, site: str, day: date) -> tuple[str, dict[str, Any], dict[str, Any], str, str]:
    """A POST of the service, another body, the role that may, and the type of the fact that it leads to."""
    on = day.isoformat()
    match service:
        case "enrolment":
            body = {"site": site, "sex": "F", "birth_month": "1955-03", "screened_on": on}
            return "/subjects", body, {"birth_month": "1956-03"}, "coordinator", SubjectScreened.type_name
        case "randomizer":
            other = {"subject": f"{site}-999"}
            return "/randomizations", {"subject": subject}, other, "randomizer", SubjectRandomized.type_name
        case "assessment":
            scan = {"timepoint": "M2", "scan_on": on, "modality": "CT", "response": "SD"}
            path = f"/subjects/{subject}/tumour-assessments"
            return path, scan, {"response": "PD"}, "investigator", "assessment.tumour-assessed"
        case _:
            sample = {"analyte": "PLATELETS", "value": "151", "unit": "10*9/L", "sampled_on": on}
            path = f"/subjects/{subject}/laboratory-results"
            return path, sample, {"value": "150"}, "coordinator", "safety.laboratory-result-recorded"


async def test_one_key_fifty_times_at_once_is_one_fact_and_one_answer(whole: Whole) -> None:
    sites, day = await prepared(whole, 1, first=200_000)
    ((subject, site),) = sites.items()
    for service in ("enrolment", "randomizer", "assessment", "safety"):
        if service == "assessment":
            day += timedelta(days=61)
            whole.set_day(day)
        path, body, other, role, fact = _about(service, subject, site, day)
        before = Counter(e.fact.type_name for e in await recorded(whole, service))[fact]
        key, who = f"fifty-{service}", {"role": role, "site": site}
        answers = await asyncio.gather(*(post(whole, service, path, body, key=key, **who) for _ in range(COPIES)))
        assert {a.status_code for a in answers} == {201}, answers[0].text
        assert len({a.content for a in answers}) == 1, service
        assert sum("idempotent-replayed" not in a.headers for a in answers) == 1, service
        facts = [e for e in await recorded(whole, service) if e.fact.type_name == fact]
        assert len(facts) == before + 1, service
        assert str(facts[-1].event_id) in answers[0].text

        changed = await post(whole, service, path, {**body, **other}, key=key, **who)
        assert changed.status_code == 422
        assert code(changed) == "idempotency-key-reused"
        assert changed.headers["content-type"] == "application/problem+json"
        again = await post(whole, service, path, body, key=key, **who)
        assert again.content == answers[0].content


async def test_two_hundred_calls_for_sixty_subjects_at_once(whole: Whole) -> None:
    sites, _ = await prepared(whole, SUBJECTS, first=300_000)
    randomized_before = sum(isinstance(e.fact, SubjectRandomized) for e in await recorded(whole, "randomizer"))
    cap = {"cap": randomized_before + ROOM, "reason": "a cap that can be reached"}
    changed = await post(whole, "randomizer", "/allocation/cap", cap, key="cap-down", role="sponsor")
    assert changed.status_code == 201
    try:
        calls = [(s, key) for s in sites for key in ("first", "first", "second")]
        calls += [(s, "third") for s in sites]
        calls = calls[:CALLS]
        Random(5).shuffle(calls)
        answers = await asyncio.gather(
            *(
                post(
                    whole,
                    "randomizer",
                    "/randomizations",
                    {"subject": s},
                    key=f"200-{s}-{key}",
                    role="randomizer",
                    site=sites[s],
                )
                for s, key in calls
            )
        )
    finally:
        back = {"cap": 146, "reason": "as the protocol says"}
        await post(whole, "randomizer", "/allocation/cap", back, key="cap-up", role="sponsor")
    given: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
    for (s, key), answer in zip(calls, answers, strict=True):
        assert answer.status_code in (201, 409), answer.text
        if answer.status_code == 201:
            given[s].add((key, answer.content))
        else:
            assert code(answer) in ("already-randomized", "cap-reached")
            assert answer.json()["remedy"]
    assert len(given) == ROOM, "as many as the cap leaves room for"
    assert all(len(arms) == 1 for arms in given.values()), "one key of a subject is answered with an arm"
    refused = Counter(code(a) for a in answers if a.status_code == 409)
    assert refused["cap-reached"] >= SUBJECTS - ROOM

    log = await recorded(whole, "randomizer")
    mine = [e.fact for e in log if isinstance(e.fact, SubjectRandomized) and e.fact.subject in sites]
    assert sorted(f.subject for f in mine) == sorted(given), "each once, and those who were told so"
    codes = Counter(e.fact.code for e in log if isinstance(e.fact, RandomizationRefused) and e.fact.subject in sites)
    assert codes.keys() == {"ALREADY_RANDOMIZED", "CAP_REACHED"}
    distinct = {(s, key) for (s, key), a in zip(calls, answers, strict=True) if a.status_code == 409}
    assert sum(codes.values()) >= len(distinct), "every refused command left its reason"
    _balanced(log)
    await _only_on_its_topic(whole, log)


def _balanced(log: list[Envelope[Fact]]) -> None:
    """In each stratum, after each allocation, the arms differ by half the largest block at most."""
    stratum_of: dict[str, Any] = {}
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for envelope in log:
        match envelope.fact:
            case SubjectRandomized(subject=s, stratum=stratum):
                stratum_of[s] = tuple((level.factor, level.level) for level in stratum)
            case ArmAllocated(subject=s, arm=arm):
                count = counts[stratum_of[s]]
                count[arm] += 1
                assert abs(count["A"] - count["B"]) <= LARGEST_BLOCK / 2, (s, count)
    assert len(counts) > 2, "the subjects are of several strata"


async def _only_on_its_topic(whole: Whole, log: list[Envelope[Fact]]) -> None:
    """Everything on every topic: arms are on `reluth.allocation`, each once, and nowhere else."""
    settings = find(whole.system.options.state_dir).settings("randomizer")
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        on_topics = {TopicPartition(t, p) for t in TOPICS for p in consumer.partitions_for_topic(t) or ()}
        if not on_topics:
            await consumer._client.set_topics(TOPICS)
            on_topics = {TopicPartition(t, p) for t in TOPICS for p in consumer.partitions_for_topic(t) or ()}
        consumer.assign(on_topics)
        wanted = sum(isinstance(e.fact, ArmAllocated) for e in log)
        arms: Counter[str] = Counter()
        async with asyncio.timeout(60):
            ends = await consumer.end_offsets(on_topics)
            while sum(arms.values()) < wanted or any([await consumer.position(tp) < end for tp, end in ends.items()]):
                for tp, records in (await consumer.getmany(timeout_ms=500)).items():
                    for record in records:
                        if record.key is None:  # what a relay says of itself
                            continue
                        told = json.loads(record.value)
                        if tp.topic == ALLOCATION_TOPIC:
                            arms[told["subject"]] += 1
                        else:
                            assert "arm" not in told, (tp.topic, told)
                            assert OWNERS[tp.topic]
    finally:
        await consumer.stop()
    assert set(arms.values()) == {1}
    assert arms.keys() == {e.fact.subject for e in log if isinstance(e.fact, ArmAllocated)}
