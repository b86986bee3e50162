"""Sites adopt an amendment on days of their own: an authorization under either version is good, under no other."""

from contracts.protocol.versions import Versions
from services.randomizer.domain.facts import EvidenceBound
from services.randomizer.domain.refusals import AUTHORIZATION_UNUSABLE
from tests.unit.given import refused

from .service import Service
from .world import RELUTH

AMENDED = RELUTH.model_copy(update={"protocol_version": "a1", "criteria_version": "1.1", "amends": "paper-2022"})
NEVER_READ = RELUTH.model_copy(update={"protocol_version": "a2", "criteria_version": "1.2", "amends": "a1"})


def of_two_versions() -> Service:
    service = Service(AMENDED)
    service.ctx.protocols[RELUTH.study.id] = Versions((RELUTH, AMENDED))  # type: ignore[index]
    return service


async def test_subjects_of_sites_with_either_version_are_allocated_and_the_evidence_says_which() -> None:
    service = of_two_versions()
    await service.activate()
    for subject, version in (("01-001", RELUTH), ("02-001", AMENDED)):
        service.enrolment.protocol = version
        assert (await service.randomize(subject)).answer.status == 201
    bound = [one.fact for one in await service.history() if isinstance(one.fact, EvidenceBound)]
    assert [(one.criteria_version, one.protocol_sha256) for one in bound] == [
        (RELUTH.criteria_version, RELUTH.sha256),
        ("1.1", AMENDED.sha256),
    ]


async def test_a_version_that_was_not_read_here_allocates_nobody() -> None:
    service = of_two_versions()
    await service.activate()
    service.enrolment.protocol = NEVER_READ
    caught = await refused(service.randomize("01-001"), AUTHORIZATION_UNUSABLE)
    assert caught.detail["fault"] == "other-criteria-version"


async def test_the_hash_of_one_version_with_the_criteria_of_another_is_no_version() -> None:
    service = of_two_versions()
    await service.activate()
    service.enrolment.told = {"criteria_version": "1.0"}
    caught = await refused(service.randomize("01-001"), AUTHORIZATION_UNUSABLE)
    assert caught.detail["fault"] == "other-criteria-version"
