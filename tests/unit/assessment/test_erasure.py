"""Enrolment erased a subject: assessment tells nothing of it any more and takes nothing about it."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope, Provenance
from contracts.events.heard import Heard, heard
from services.assessment import consumers
from services.assessment.handlers.readings import COMMENT
from services.chassis.refusal import Refused
from services.chassis.sealing.port import KEY_DESTROYED

from .test_routes import post
from .world import INCLUDED, NOW, STUDY, SUBJECT, assessment, consented, included, screened

ERASED = SubjectErased(study=STUDY, subject=SUBJECT, erased_on=date(2022, 11, 1))
READS = "/subjects/01-001/tumour-assessments"


async def test_every_read_forgets_and_no_command_is_taken(tmp_path: Path) -> None:
    async with assessment(tmp_path) as hearing:
        await hearing.parts.hear(screened(), consented(), included())
        await hearing.parts.catch_up()
        assert (await post(hearing, comment="quite unchanged")).status_code == 201
        before = (await hearing.get(READS, "monitor")).headers["Reluth-Position"]
        await hearing.parts.hear(ERASED)
        await hearing.parts.catch_up()
        for path in (READS, f"{READS}/POST_C2", f"{READS}/POST_C2/evidence", f"{READS}/M2"):
            for query in ({}, {"as_of": before}):
                answer = await hearing.get(path, "investigator", "01", **query)
                assert (path, answer.status_code, answer.json()["context"]) == (path, 410, {"erased_on": "2022-11-01"})
        refused = await hearing.post(
            READS,
            {"timepoint": "M2", "scan_on": "2022-07-01", "modality": "CT", "response": "SD"},
            "investigator",
            "01",
            key="later",
        )
        assert refused.json()["type"] == "urn:reluth:problem:subject-erased"


async def test_the_key_of_this_service_is_destroyed_too_however_often_it_is_told(tmp_path: Path) -> None:
    async with assessment(tmp_path) as hearing:
        sealer = hearing.parts.sealer
        sealed = await sealer.seal(ERASED.key, "quite unchanged", purpose=COMMENT)
        other = await sealer.seal(f"{STUDY}/01-002", "unchanged", purpose=COMMENT)
        (reaction,) = consumers.reactions(hearing.context.context)
        for _ in range(2):
            await reaction.handler(_envelope(), "key")
        with pytest.raises(Refused) as refused:
            await sealer.unseal(sealed, purpose=COMMENT)
        assert refused.value.refusal is KEY_DESTROYED
        assert await sealer.unseal(other, purpose=COMMENT) == "unchanged"


def test_nothing_that_is_heard_later_brings_a_date_back() -> None:
    known = heard(INCLUDED, _envelope())
    assert known == Heard(STUDY, SUBJECT, erased_on=ERASED.erased_on)


def _envelope() -> Envelope[SubjectErased]:
    return Envelope(
        fact=ERASED,
        event_id=UUID(int=7),
        source="enrolment",
        stream="subject-RELUTH-01-001",
        version=9,
        position=9,
        recorded_at=NOW,
        chain="0" * 64,
        provenance=Provenance("test"),
    )
