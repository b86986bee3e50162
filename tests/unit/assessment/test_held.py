"""Comments in which somebody is found: held, looked at, released or discarded; and gone with their subject."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.events.course import SubjectErased
from contracts.vocabulary.roles import Role
from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .world import NOW, STUDY, SUBJECT, assessment, consented, included, screened

PATH = f"/subjects/{SUBJECT}/tumour-assessments"
BODY = {"timepoint": "POST_C2", "scan_on": "2022-05-01", "modality": "CT", "response": "SD"}
NAMED = "Compared with Mme Kerbrat at the workstation"
HELD = "/sites/01/quarantine"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield api


async def post(api: Api[Services], comment: str = NAMED, key: str = "k", **changed: Any) -> Any:
    return await api.post(PATH, {**BODY, "comment": comment, **changed}, "investigator", "01", key=key)


async def test_a_comment_that_names_somebody_is_held_until_another_account_lets_it_pass(api: Api[Services]) -> None:
    refused = await post(api)
    assert refused.json()["type"] == "urn:reluth:problem:text-quarantined"
    assert "Kerbrat" not in refused.text
    assert await api.parts.types() == []
    path = f"{HELD}/{refused.json()['context']['quarantine']}"
    (listed,) = (await api.get(HELD, "coordinator", "01")).json()["items"]
    assert (listed["subject"], listed["purpose"]) == (SUBJECT, "assessment.comment")
    assert (await api.get(path, "investigator", "01")).json()["text"] == NAMED
    own = await api.post(f"{path}/release", {"reason": "EPONYM"}, "investigator", "01", key="own")
    assert own.json()["type"] == "urn:reluth:problem:own-text-not-released"
    token = {**api.token("investigator", "02", "01"), "Idempotency-Key": "other"}
    address = f"/studies/{STUDY}{path}/release"
    released = await api.client.post(address, json={"reason": "EPONYM"}, headers=token)
    assert released.status_code == 201, released.text
    assert (await post(api)).status_code == 201, "the very same command"
    assert (await api.get(f"{PATH}/POST_C2", "investigator", "01")).json()["comment"] == NAMED
    assert await api.parts.types() == [
        "assessment.text-opened",
        "assessment.text-released",
        "assessment.tumour-assessed",
    ]
    assert b"Kerbrat" not in b"".join(event.payload for event in await api.parts.log.read(0, 100))


async def test_a_comment_is_held_only_where_nothing_else_refuses_the_reading(api: Api[Services]) -> None:
    refused = await post(api, timepoint="M3")
    assert refused.json()["type"] == "urn:reluth:problem:timepoint-unknown"
    assert (await api.get(HELD, "investigator", "01")).json()["items"] == []


async def test_a_comment_of_a_re_reading_is_held_as_well(api: Api[Services]) -> None:
    assert (await post(api, "unchanged")).status_code == 201
    again = {key: value for key, value in BODY.items() if key != "timepoint"} | {
        "comment": NAMED,
        "reason": "Once more",
    }
    refused = await api.post(f"{PATH}/POST_C2/re-readings", again, "investigator", "01", key="again")
    assert refused.json()["type"] == "urn:reluth:problem:text-quarantined"
    assert len(await api.parts.types()) == 1


async def test_a_held_comment_is_discarded(api: Api[Services]) -> None:
    url = f"/studies/{STUDY}{HELD}/{(await post(api)).json()['context']['quarantine']}"
    gone = [await api.client.delete(url, headers=api.token("investigator", "01")) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 404]


async def test_what_is_held_of_a_subject_goes_with_it(api: Api[Services]) -> None:
    text = (await post(api)).json()["context"]["quarantine"]
    assert len((await api.get(HELD, "investigator", "01")).json()["items"]) == 1
    await api.context.context.texts.forget(f"{STUDY}/{SUBJECT}", "subject-erased")
    await api.parts.hear(SubjectErased(study=STUDY, subject=SUBJECT, erased_on=NOW.date()))
    assert (await api.get(HELD, "investigator", "01")).json()["items"] == []
    assert (await api.get(f"{HELD}/{text}", "investigator", "01")).status_code == 404


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_who_sees_and_settles_what_is_held(api: Api[Services], role: Role, sites: tuple[str, ...]) -> None:
    path, own = f"{HELD}/{UUID(int=1)}", sites == ("01",)
    listed = await api.get(HELD, role.value, *sites)
    assert listed.status_code == (200 if own and role in (Role.INVESTIGATOR, Role.COORDINATOR) else 403)
    answers = [
        await api.get(path, role.value, *sites),
        await api.post(f"{path}/release", {"reason": "EPONYM"}, role.value, *sites, key="r"),
        await api.client.delete(f"/studies/{STUDY}{path}", headers=api.token(role.value, *sites)),
    ]
    assert {one.status_code for one in answers} == {404 if own and role is Role.INVESTIGATOR else 403}
