"""The arm reaches nobody outside its scope: not by any read, refusal, header, page, log, command or topic.

Two ways of looking. Names and values: nothing that is called an arm, nothing whose value is one. And twins, whose whole
course is the same but for the arm: what is told of one must be what is told of the other.
"""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from contracts.vocabulary.roles import CLOSED_ROLES, SITE_ROLES, Role
from services.cli.catalogue import NAMES
from services.cli.demo.drive import STUDY
from tests.e2e.access import (
    AFTER_THE_LOCK,
    ARM_BEARING,
    ENDPOINTS,
    NOT_IN_THE_TRIAL,
    OPEN,
    TELLS_THE_DESIGN,
    TELLS_TREATMENT,
    Endpoint,
)
from tests.e2e.conftest import Whole
from tests.e2e.people import Callers, Person, filled, leaves, together
from tests.e2e.trial import Trial

READS = [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"]
EVERYBODY = [
    *(Person((role,), (site,)) for role in sorted(SITE_ROLES) for site in ("01", "02")),
    *(Person((role,)) for role in sorted(set(Role) - SITE_ROLES)),
]
_NAMES = re.compile(
    r"(.*_)?(arms?|treatments?)(_.*)?|(.*_)?block(_.*)?|trace|place|group|favourable|possible|.*_?counter|seed|nonce|tall(y|ies)"
)
_IN_WORDS = re.compile(r"\barm\W{0,4}[AB]\b|\b[AB]\W{0,4}arm\b|\bC[34]\b|\bsurveillance\b", re.IGNORECASE)
_NEW_EACH_TIME = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # ids
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*"  # when it was recorded
    r"|DTSTAMP:\d{8}T\d{6}Z"
)
_PLACES = frozenset({"position", "number", "randomization_number", "recorded_at", "next"})
_HEADERS_OF_THE_WIRE = frozenset({"date", "x-correlation-id", "reluth-position", "etag", "content-length"})


def told(text: str) -> list[str]:
    """What in an answer, a line or a message speaks of an arm."""
    found = _IN_WORDS.findall(text)
    try:
        document = json.loads(text)
    except ValueError:
        return found
    for keys, value in leaves(document):
        found += [f"/{'/'.join(keys)}" for key in keys[-1:] if _NAMES.fullmatch(key) or key in ("A", "B")]
        if value in ("A", "B"):
            found.append(f"/{'/'.join(keys)} is {value}")
    return found


def test_the_search_for_arms_finds_them() -> None:
    assert told('{"arm": "x"}')
    assert told('{"x": [{"stratum": "B"}]}')
    assert told('{"by_arm": {}}')
    assert told('{"counts": {"A": 3}}')
    assert told('{"trace": {"block": 1}}')
    assert told("the subject is in arm B")
    assert told("cycle C3")
    assert not told('{"subject": "01-001", "response": "SD", "site": "01"}')


def may_tell(person: Person, endpoint: Endpoint, subject: str) -> bool:
    """Whether this answer to this person may tell an arm: of the own site's subject, or to a closed role."""
    read = (endpoint.service, endpoint.template)
    if read not in ARM_BEARING | TELLS_TREATMENT:
        return False
    a_list = read in TELLS_TREATMENT and not endpoint.about_a_subject  # of the rows of the caller's own sites
    of_own_site = a_list or (endpoint.about_a_subject and subject[:2] in person.sites)
    return set(person.roles) <= CLOSED_ROLES or (set(person.roles) <= SITE_ROLES and of_own_site)


def of_one(endpoint: Endpoint) -> bool:
    """Whether the answer is about one subject: named in the address, or the one that a discrepancy is about."""
    return endpoint.about_a_subject or endpoint.template.endswith("/{discrepancy}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One read and its answer."""

    person: Person
    endpoint: Endpoint
    subject: str
    url: str
    answer: httpx.Response

    @property
    def told(self) -> str:
        """All that came back: headers and body."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.answer.headers.items())
        return f"{self.person} {self.url}: {self.answer.status_code} {told(headers)} {told(self.answer.text)}"


@pytest.fixture(scope="module")
async def callers(_running: Any) -> AsyncIterator[Callers]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield Callers(_running[0], client)


@pytest.fixture(scope="module")
async def crawled(callers: Callers, trial: Trial) -> list[Asked]:
    """Every read by everybody about everybody, now and in the past."""
    subjects = [*trial.twins("01").values(), *trial.twins("02").values(), trial.screened, "01-999"]
    known = await _known(callers, subjects)

    async def ask(person: Person, endpoint: Endpoint, subject: str, params: Mapping[str, str]) -> Asked:
        path = filled(endpoint, subject, **known.get(subject, {}))
        return Asked(person, endpoint, subject, path, await callers.call(person, endpoint, path, params=params))

    return await together(
        ask(person, endpoint, subject, params)
        for endpoint in READS
        for subject in (subjects if of_one(endpoint) else subjects[:1])
        for params in _variants(endpoint)
        for person in EVERYBODY
    )


def _variants(endpoint: Endpoint) -> Iterable[Mapping[str, str]]:
    yield {}
    if endpoint.template.endswith("/eligibility"):
        yield {"gate": "randomization"}
    if endpoint.template.endswith("/randomizations"):
        yield {"as_of": "1"}


async def _known(callers: Callers, subjects: Iterable[str]) -> dict[str, dict[str, str]]:
    """Ids of what there is about the subjects."""
    known: dict[str, dict[str, str]] = {}
    for subject in subjects:
        for service, what, name in (
            ("safety", f"subjects/{subject}/adverse-events", "adverse_event"),
            ("safety", f"subjects/{subject}/laboratory-results", "result"),
            ("randomizer", f"discrepancies?subject={subject}", "discrepancy"),
        ):
            url = f"{callers.system.urls[service]}/studies/{STUDY}/{what}"
            inspector = callers.token(Person((Role.INSPECTOR,)))
            items = (await callers.client.get(url, headers={"Authorization": f"Bearer {inspector}"})).json()["items"]
            if items:
                known.setdefault(subject, {})[name] = items[-1][name]
    return known


def test_everything_was_asked_by_everybody(crawled: list[Asked]) -> None:
    answered = {(a.endpoint.service, a.endpoint.template) for a in crawled if a.answer.status_code == 200}
    there = {(e.service, e.template) for e in READS if not any(name in e.template for name in NOT_IN_THE_TRIAL)}
    assert answered == there - AFTER_THE_LOCK
    assert {a.answer.status_code for a in crawled} == {200, 403, 404, 409}
    assert {(a.endpoint.service, a.endpoint.template) for a in crawled if a.answer.status_code == 409} >= AFTER_THE_LOCK


def test_the_arm_is_told_where_it_may_be(crawled: list[Asked], trial: Trial) -> None:
    """The crawl could see an arm: those who may know it are told the one that was allocated."""
    asked = [a for a in crawled if a.endpoint.service == "randomizer" and a.endpoint.about_a_subject]
    told_of = [a for a in asked if may_tell(a.person, a.endpoint, a.subject)]
    arms = {(str(a.person), a.subject): a.answer.json()["arm"] for a in told_of if a.answer.status_code == 200}
    assert len(arms) > 2 * len(SITE_ROLES)
    assert all(arm == trial.arms[subject] for (_, subject), arm in arms.items())
    by_arm = [a for a in crawled if a.endpoint.template.endswith("/by-arm") and a.answer.status_code == 200]
    assert all(told(a.answer.text) for a in by_arm)
    assert {a.person.roles[0] for a in by_arm} == CLOSED_ROLES


def test_no_read_tells_an_arm_to_anybody_else(crawled: list[Asked]) -> None:
    leaks = [
        asked.told
        for asked in crawled
        if not may_tell(asked.person, asked.endpoint, asked.subject)
        and (asked.endpoint.service, asked.endpoint.template) not in TELLS_THE_DESIGN
        and (told(asked.answer.text) or told("\n".join(asked.answer.headers.values())))
    ]
    assert not leaks


def _told_of(asked: Asked) -> str:
    """What is told of a subject, without what names it or says when and where it was recorded."""
    headers = {name: v for name, v in asked.answer.headers.items() if name not in _HEADERS_OF_THE_WIRE}
    is_json = "json" in asked.answer.headers.get("content-type", "")
    body = _without_places(asked.answer.json(), asked.subject) if is_json else asked.answer.text
    text = json.dumps([asked.answer.status_code, headers, body], sort_keys=True)
    return _NEW_EACH_TIME.sub("#", text).replace(asked.subject, "the subject")


def _without_places(value: Any, subject: str) -> Any:
    """Of a list of many subjects only the rows about this one."""
    match value:
        case dict():
            return {k: _without_places(v, subject) for k, v in value.items() if k not in _PLACES}
        case list():
            rows = [item for item in value if not isinstance(item, dict) or item.get("subject", subject) == subject]
            return [_without_places(item, subject) for item in rows]
        case _:
            return value


def first_difference(one: str, other: str) -> str:
    """Where two texts part, with a little of each."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(at - 60, 0) : at + 60]} | {other[max(at - 60, 0) : at + 60]}"


def _twins_differ(crawled: list[Asked], trial: Trial, *, where_it_may_be_told: bool) -> list[str]:
    """Reads in which more than the name tells the twins apart: two answers about them, or two rows of one list."""
    pair = trial.twins("01")
    by_what = {(a.person, str(a.endpoint), a.answer.request.url.query, a.subject): a for a in crawled}
    differing = []
    for (person, endpoint, query, subject), a in by_what.items():
        if of_one(a.endpoint) and subject != pair["A"]:
            continue
        if may_tell(person, a.endpoint, subject) is not where_it_may_be_told:
            continue
        twin = by_what[person, endpoint, query, pair["B"]] if of_one(a.endpoint) else a
        one, other = _told_of(replace(a, subject=pair["A"])), _told_of(replace(twin, subject=pair["B"]))
        if one != other:
            differing.append(f"{person} {a.url}: {first_difference(one, other)}")
    return differing


def test_twins_who_differ_in_nothing_but_the_arm_are_told_alike(crawled: list[Asked], trial: Trial) -> None:
    assert not _twins_differ(crawled, trial, where_it_may_be_told=False)


def test_twins_differ_for_those_who_may_know(crawled: list[Asked], trial: Trial) -> None:
    assert _twins_differ(crawled, trial, where_it_may_be_told=True)


async def test_refusals_tell_twins_alike(callers: Callers, trial: Trial) -> None:
    """Randomizing again, at the own site and as everybody else: the refusal says when, not to what."""
    endpoint = next(e for e in ENDPOINTS if str(e) == "randomizer POST /studies/{study}/randomizations")
    pair = trial.twins("01")
    for person in EVERYBODY:
        found = {}
        for arm, subject in pair.items():
            key = {"Idempotency-Key": f"again-{person}-{subject}".replace(" ", "-")}
            answer = await callers.call(
                person, endpoint, filled(endpoint, subject), json={"subject": subject}, headers=key
            )
            assert answer.status_code == (409 if person == Person((Role.RANDOMIZER,), ("01",)) else 403)
            assert not told(answer.text)
            asked = Asked(person, endpoint, subject, "", answer)
            found[arm] = re.sub(r"(randomization_number\W+)\d+", r"\1#", _told_of(asked))
        assert found["A"] == found["B"]


async def test_pages_for_operations_tell_no_arm(whole: Whole, trial: Trial) -> None:
    for service in NAMES:
        for page in sorted(OPEN):
            text = (await whole.api.client.get(whole.system.urls[service] + page)).text
            assert not [line for line in text.splitlines() if told(line)]


async def test_the_api_document_does_not_change_with_what_is_allocated(whole: Whole, trial: Trial) -> None:
    for service in NAMES:
        assert (await whole.api.client.get(f"{whole.system.urls[service]}/openapi.json")).content == (
            trial.contracts[service]
        )


def test_logs_tell_no_arm(trial: Trial) -> None:
    lines = trial.log.splitlines()
    assert sum("/randomizations" in line for line in lines) >= len(trial.arms)
    assert not [line for line in lines if told(line)]


# ---- the command line


async def _tail(whole: Whole, *arguments: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from services.cli.main import app; app()", "events", "tail", "--after", "0"),
        *("--state-dir", str(whole.system.options.state_dir), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode().splitlines()


KEPT_BACK = {
    "randomization.arm-allocated",
    "randomizer.draw-recorded",
    "randomizer.evidence-bound",
    "randomizer.seed-sealed",
    "randomizer.allocation-drafted",
    "randomizer.allocation-signed",
    "randomizer.allocation-configured",
}
HEARD = {"randomizer.authorization-heard", "randomizer.findings-heard"}
"""They foretell nothing, but what is private is kept back. When they come, delivery decides."""


async def test_the_feed_of_facts_keeps_the_arm_back_in_both_forms(whole: Whole, trial: Trial) -> None:
    in_words, as_json = await asyncio.gather(
        _tail(whole, "--service", "randomizer"), _tail(whole, "--service", "randomizer", "--json")
    )
    facts = [json.loads(line) for line in as_json]
    assert len(in_words) == len(facts) > 3 * len(trial.arms)
    assert {fact["type"] for fact in facts} >= KEPT_BACK | {"randomization.subject-randomized"}
    for line, fact in zip(in_words, facts, strict=True):
        kept_back = fact["type"] in KEPT_BACK | HEARD
        assert ("withheld" in line) is kept_back
        assert isinstance(fact["fact"], str) is kept_back
        assert (fact["event_id"] is None) is kept_back
        assert not told(line.replace("randomization.arm-allocated", ""))
        assert not told(json.dumps({**fact, "type": ""}))


# ---- Kafka


async def _messages(whole: Whole) -> dict[str, list[tuple[bytes, bytes, dict[str, str]]]]:
    """Every record of every topic there is."""
    state = whole.system.options.state_dir
    bootstrap = json.loads((state / "connections.json").read_text())["analytics"]["kafka_bootstrap"]
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as asking:
        topics = sorted(await asking.topics())
    found: dict[str, list[tuple[bytes, bytes, dict[str, str]]]] = {topic: [] for topic in topics}
    reading = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    async with reading:
        ends = await reading.end_offsets(reading.assignment())
        while any([await reading.position(part) < end for part, end in ends.items()]):
            for part, records in (await reading.getmany(timeout_ms=200)).items():
                found[part.topic] += [
                    (r.key or b"", r.value or b"", {name: value.decode() for name, value in r.headers}) for r in records
                ]
    return found


async def test_the_arm_travels_on_its_own_topic_and_on_no_other(whole: Whole, trial: Trial) -> None:
    topics = await _messages(whole)
    allocation = topics.pop("reluth.allocation")
    assert topics.pop("reluth.treatment"), "it may tell the arm as well: its readers are safety and analytics"
    facts = [json.loads(value) for key, value, _ in allocation if key]  # what a relay says of itself has no key
    arms = {fact["subject"]: fact["arm"] for fact in facts}
    assert arms.items() >= trial.arms.items()
    assert set(topics) >= {"reluth.enrolment", "reluth.randomization", "reluth.assessment", "reluth.safety"}
    assert all(topics[f"reluth.{name}"] for name in ("enrolment", "randomization", "assessment", "safety"))
    leaks = [
        (topic, found)
        for topic, records in topics.items()
        for key, value, headers in records
        if (found := told(value.decode(errors="replace")) + told(key.decode(errors="replace")) + _in_headers(headers))
    ]
    assert not leaks


async def test_nobody_is_given_what_would_open_the_chain_of_hashes(
    whole: Whole, trial: Trial, crawled: list[Asked]
) -> None:
    """A hash over few possible contents can be tried out, unless something in it cannot be guessed: the event's id."""
    topics = await _messages(whole)
    ids = {headers["ce_id"] for _, _, headers in topics.pop("reluth.allocation")}
    assert len(ids) >= len(trial.arms)
    elsewhere = [
        topic
        for topic, records in topics.items()
        for _, value, headers in records
        if not ids.isdisjoint({*headers.values()}) or any(i in value.decode(errors="replace") for i in ids)
    ]
    assert not elsewhere
    answers = "\n".join(asked.answer.text for asked in crawled) + trial.log
    assert not [event for event in ids if event in answers]


def _in_headers(headers: Mapping[str, str]) -> list[str]:
    return [name for name, value in headers.items() if _NAMES.fullmatch(name) or value in ("A", "B") or told(value)]
