"""Who may do what here, by the table of the whole trial; who may not know the arm reads nothing."""

from pathlib import Path

import pytest

from contracts.events.catalogue import PUBLISHED, READERS, subscriptions
from contracts.events.registry import UnknownType
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.assessment import consumers as assessment
from services.cli.shown import withheld
from services.dosimetry.app import SERVICE
from services.dosimetry.consumers import REGISTRY
from services.dosimetry.policy import POLICY
from tests.e2e.access import ENDPOINTS, Endpoint
from tests.unit.given import history

from .world import READ, SUBJECT, dosimetry, ready

OURS = [endpoint for endpoint in ENDPOINTS if endpoint.service == "dosimetry"]
NAMED = {"study": "RELUTH", "site": "01", "subject": SUBJECT, "qualification": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"}
TELLING = [e for e in OURS if e.method == "GET" and e.about_a_subject]


async def test_the_table_has_every_endpoint_and_no_other(tmp_path: Path) -> None:
    async with dosimetry(tmp_path) as api:
        paths = api.app.openapi()["paths"]
    there = {(m.upper(), path) for path, found in paths.items() if path.startswith("/studies") for m in found}
    assert there == {(endpoint.method, endpoint.template) for endpoint in OURS}


async def test_every_endpoint_decides_as_the_table_says_for_every_role_at_every_site(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        wrong = []
        for endpoint in OURS:
            for role in Role:
                for sites in (("01",), ("02",), ()):
                    reach = endpoint.reach.get(role)
                    expected = reach == "A" or (reach == "o" and sites == ("01",))
                    answer = await api.client.request(
                        endpoint.method,
                        endpoint.template.format_map(NAMED),
                        headers=api.token(role, *sites),
                        json={} if endpoint.method == "POST" else None,
                    )
                    if (answer.status_code == 403) is expected:
                        wrong.append(f"{endpoint} as {role} at {sites}: {answer.status_code}")
        assert not wrong


@pytest.mark.parametrize("endpoint", TELLING, ids=str)
async def test_an_open_role_beside_a_closed_one_is_shown_its_own_site_alone(tmp_path: Path, endpoint: Endpoint) -> None:
    async with ready(tmp_path) as api:
        path = endpoint.template.format_map(NAMED)
        for closed in (Role.STATISTICIAN, Role.SAFETY_BOARD):
            for beside in sorted(set(Role) - {Role.STATISTICIAN, Role.SAFETY_BOARD}):
                for sites in (("01",), ("02",)):
                    token = api.issuer.mint("both", [closed, beside], sites)
                    answer = await api.client.get(path, headers={"Authorization": f"Bearer {token}"})
                    own = beside in SITE_ROLES and sites == ("01",)
                    assert answer.status_code == (200 if own else 403), (closed, beside, sites)


def test_whoever_may_not_know_the_arm_reads_no_subject_here() -> None:
    knowing = {*SITE_ROLES, Role.STATISTICIAN, Role.SAFETY_BOARD}
    for endpoint in TELLING:
        assert set(endpoint.reach) <= knowing
    assert not [action for action, roles in POLICY.table.items() if Role.READER in roles]


def test_the_service_of_the_blinded_readers_cannot_hear_a_word_of_it() -> None:
    assert "assessment" not in READERS["reluth.dosimetry"]
    assert "reluth.dosimetry" not in assessment.SUBSCRIPTIONS
    for fact in (fact for fact in PUBLISHED if fact.topic == "reluth.dosimetry"):
        with pytest.raises(UnknownType):
            assessment.REGISTRY.decode(fact.type_name, 1, b"{}")


def test_it_hears_enrolment_alone_and_of_it_nothing_that_tells_an_arm() -> None:
    assert tuple(SERVICE.subscriptions) == ("reluth.enrolment",) == subscriptions("dosimetry")
    foreign = {model.type_name for model in REGISTRY.models if not model.type_name.startswith("dosimetry.")}
    assert foreign == {
        "enrolment.subject-screened",
        "enrolment.consent-signed",
        "enrolment.subject-included",
        "enrolment.death-recorded",
        "enrolment.record-annulled",
        "enrolment.subject-erased",
    }


async def test_the_tail_of_facts_withholds_them(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        facts = [api.parts.facts.envelope(event).fact for event in await api.parts.log.read(0, 10)]
        assert facts
        assert all(withheld(one) for one in history(*facts))


async def test_no_read_is_there_for_another_sites_role_even_to_say_that_nobody_is_there(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        there = await api.get(READ, "investigator", "02")
        nobody = await api.get(READ.replace(SUBJECT, "01-999"), "investigator", "02")
        assert there.status_code == nobody.status_code == 403
        assert {**there.json(), "instance": ""} == {**nobody.json(), "instance": ""}
