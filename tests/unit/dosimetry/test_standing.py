"""Of whom nothing is recorded or told: a study without dosimetry, and a subject that was erased."""

from datetime import date
from pathlib import Path
from uuid import UUID

from contracts.events.course import RecordAnnulled, SubjectErased
from contracts.events.enrolment import ConsentSigned
from contracts.events.heard import Heard, heard
from tests.unit.given import event_id, history

from .world import (
    ANNULMENTS,
    CENTRE,
    CUMULATIVE,
    DOSES,
    INFUSIONS,
    PROTOCOL,
    QUALIFICATION,
    READ,
    SCANS,
    STUDY,
    SUBJECT,
    died,
    dosimetry,
    infusion,
    ready,
    scan,
)

ERASED = SubjectErased(study=STUDY, subject=SUBJECT, erased_on=date(2022, 11, 1))
WHO = {"study": STUDY, "subject": SUBJECT}
WHY = {"annul": str(UUID(int=1)), "reason": "another subject"}


async def test_a_study_without_dosimetry_is_told_so_by_every_route(tmp_path: Path) -> None:
    without = PROTOCOL.model_copy(update={"dosimetry": None})
    async with dosimetry(tmp_path, protocols={STUDY: without}) as api:
        asked = [await api.sends(path, body) for path, body in _commands()]
        asked += [await api.get(path, "investigator", "01") for path in (CENTRE, READ, DOSES, CUMULATIVE)]
        for answer in asked:
            assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:study-without-dosimetry")
        assert await api.count() == 0


async def test_a_study_that_is_not_run_here_is_unknown(tmp_path: Path) -> None:
    async with dosimetry(tmp_path, protocols={"OTHER": PROTOCOL}) as api:
        for path, body in _commands():
            assert (await api.sends(path, body)).json()["type"] == "urn:reluth:problem:unknown-study"


async def test_of_who_was_erased_nothing_is_told_of_any_moment_and_nothing_is_taken(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        made = await api.made(SCANS, scan())
        before = await api.count()
        await api.parts.hear(ERASED)
        await api.parts.catch_up()
        for query in ({}, {"as_of": "3"}, {"valid_at": "2022-02-03"}):
            for path in (READ, DOSES, CUMULATIVE):
                answer = await api.get(path, "investigator", "01", **query)
                assert (answer.status_code, answer.json()["context"]) == (410, {"erased_on": "2022-11-01"})
        for path, body in _commands(made):
            if path != CENTRE:
                answer = await api.sends(path, body)
                assert answer.json()["type"] == "urn:reluth:problem:subject-erased", path
        assert await api.count() == before


def _commands(made: str = WHY["annul"]) -> list[tuple[str, object]]:
    return [
        (CENTRE, QUALIFICATION),
        (INFUSIONS, infusion(2)),
        (SCANS, scan(72)),
        (ANNULMENTS, {**WHY, "annul": made}),
        (DOSES, {"cycle": 1}),
    ]


def test_what_is_heard_follows_annulments_and_ends_with_an_erasure() -> None:
    first, again = (
        ConsentSigned(**WHO, version=v, signed_on=d) for v, d in (("1", date(2022, 1, 10)), ("2", date(2022, 3, 1)))
    )
    gone, buried = RecordAnnulled(**WHO, annulled=event_id(1)), RecordAnnulled(**WHO, annulled=event_id(4))
    known = Heard(STUDY, SUBJECT)
    days = []
    for envelope in history(first, again, gone, died(), buried, ERASED, first):
        known = heard(known, envelope)
        days.append((known.consent_on, known.died_on))
    one, two, death = date(2022, 1, 10), date(2022, 3, 1), date(2022, 9, 1)
    assert days == [(one, None), (one, None), (two, None), (two, death), (two, None), (None, None), (None, None)]
    assert known == Heard(STUDY, SUBJECT, erased_on=ERASED.erased_on)
