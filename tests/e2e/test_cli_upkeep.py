"""Read models rebuilt, compared and switched while facts arrive; a subject parked, looked at and requeued."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contracts.events.enrolment import ConsentSigned
from contracts.events.envelope import Envelope
from services.analytics.domain import dossier
from services.analytics.projections import DOSSIERS
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from services.cli.main import app
from tests.e2e.command import reluth
from tests.e2e.conftest import Whole


async def command(whole: Whole, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command in a process of its own, while the system goes on in this one."""
    return await asyncio.to_thread(reluth, *arguments, "--state-dir", whole.system.options.state_dir)


async def held(whole: Whole) -> dict[str, Any]:
    """The participant flow, once analytics holds everything that was acknowledged to us."""
    positions = ",".join(f"{service}:{position}" for service, position in whole.api.positions.items())
    return await whole.api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=positions)


async def test_a_read_model_is_rebuilt_and_switched_under_load(whole: Whole) -> None:
    courses = cohort(12, seed=31)
    load = asyncio.create_task(play(whole.api, courses, run="load", set_day=whole.set_day, progress=lambda *_: None))
    rebuilt = await command(whole, "projections", "rebuild", "dossiers")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert "Equal to the build that serves." in rebuilt.stdout
    assert not load.done(), "facts arrived meanwhile"
    switched = await command(whole, "projections", "switch", "dossiers")
    assert switched.returncode == 0, switched.stdout + switched.stderr
    build = re.search(rf"dossiers v{DOSSIERS.version} build (\d+) serves", switched.stdout)
    assert build
    played = await load
    flow = await held(whole)
    assert flow["stands_on"]["complete"]
    assert flow["screened"] >= len(played.subjects) == len(courses)

    listed = await command(whole, "projections", "list")
    assert re.search(rf"analytics +dossiers +{DOSSIERS.version} +{build[1]} +serving +\d+ +0 +0", listed.stdout), (
        listed.stdout
    )
    again = await command(whole, "projections", "rebuild", "dossiers")
    assert again.returncode == 0, again.stdout
    assert "Equal to the build that serves." in again.stdout


def here(whole: Whole, *arguments: str) -> Result:
    """A command in this process, quicker; the system stands still meanwhile."""
    return CliRunner().invoke(app, [*arguments, "--state-dir", str(whole.system.options.state_dir)])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("projections", "rebuild", "nothing"), 2, "dossiers"),
        (("projections", "switch", "nothing"), 2, "dossiers"),
        (("projections", "switch", "dossiers", "--version", "9"), 4, "dossiers v9 has no finished build"),
        (("projections", "rebuild", "dossiers", "--service", "nobody"), 2, "enrolment, randomizer"),
        (("parked", "requeue", f"p_dossiers_v{DOSSIERS.version}_g1", "RELUTH/99-999"), 2, "reluth parked list"),
        (("parked", "show", "nobody", "RELUTH/99-999"), 2, "reluth parked list"),
        (("events", "tail", "--after", "-3"), 2, "--after"),
        (("verify", "--service", "nobody"), 2, "enrolment, randomizer"),
    ],
)
def test_what_is_not_there_is_said_not_to_be(whole: Whole, arguments: tuple[str, ...], code: int, says: str) -> None:
    result = here(whole, *arguments)
    assert result.exit_code == code, result.output
    assert says in result.output


class Broken:
    """A fold with a bug: it cannot take the consent of one subject."""

    def __init__(self) -> None:
        self.subject = ""

    def __call__(self, state: dossier.Dossier, envelope: Envelope[Any]) -> dossier.Dossier:
        if isinstance(envelope.fact, ConsentSigned) and envelope.fact.subject == self.subject:
            raise ZeroDivisionError("a text that quotes the fact")
        return dossier.fold(state, envelope)


@pytest.fixture
def broken() -> Iterator[Broken]:
    """The running program has the bug until the end of the test; the command is the mended program."""
    fold = Broken()
    DOSSIERS.step = fold
    yield fold
    DOSSIERS.step = dossier.fold


@pytest.fixture
async def parked(whole: Whole, broken: Broken) -> str:
    """A subject with two facts that wait for the fix; one beside it goes on."""
    day = cohort(1, seed=1)[0].before[0].on
    whole.set_day(day)
    subjects = []
    for number in (1, 2):
        body = {"site": "01", "sex": "F", "birth_month": "1955-03", "screened_on": day.isoformat()}
        answer = await whole.api.post(
            "enrolment", f"/studies/{STUDY}/subjects", body, key=f"parked-{number}", role="coordinator", site="01"
        )
        subjects.append(answer["recorded"][0]["fact"]["subject"])
    broken.subject = subjects[0]
    for subject in subjects:
        path = f"/studies/{STUDY}/subjects/{subject}"
        who = {"role": "investigator", "site": "01"}
        signed = {"version": "3.1", "signed_on": day.isoformat()}
        await whole.api.post("enrolment", f"{path}/consents", signed, key=f"parked-consent-{subject}", **who)
        died = {"died_on": day.isoformat(), "cause": "TUMOUR"}
        await whole.api.post("enrolment", f"{path}/deaths", died, key=f"parked-death-{subject}", **who)
    await held(whole)
    async with asyncio.timeout(30):  # readiness counts what is parked from time to time
        while "p_dossiers" not in (await whole.api.client.get(f"{whole.system.urls['analytics']}/health/ready")).text:
            await asyncio.sleep(0.05)
    return f"{STUDY}/{subjects[0]}"


def test_a_subject_that_cannot_be_folded_waits_and_is_requeued_after_the_fix(
    whole: Whole, broken: Broken, parked: str
) -> None:
    listed = here(whole, "parked", "list")
    assert listed.exit_code == 1
    found = re.findall(rf"analytics +(p_dossiers_v{DOSSIERS.version}_g\d+) +(RELUTH/\S+)", listed.stdout)
    assert {key for _, key in found} == {parked}, listed.stdout
    assert "quotes" not in listed.stdout
    for follower, key in found:  # each build that is kept up has parked it
        shown = here(whole, "parked", "show", follower, key)
        assert shown.exit_code == 0
        assert "ZeroDivisionError in the fold of enrolment.consent-signed" in shown.stdout
        waiting = re.findall(r"reluth\.enrolment \d+ +(\S+)", shown.stdout)
        assert waiting == ["enrolment.consent-signed", "enrolment.death-recorded"], "the later fact waits behind it"
        assert here(whole, "parked", "requeue", follower, key).exit_code == 1, "the bug is still there"
    broken.subject = ""
    for follower, key in found:
        requeued = here(whole, "parked", "requeue", follower, key)
        assert requeued.exit_code == 0, requeued.output
    assert here(whole, "parked", "list").exit_code == 0
    rebuilt = here(whole, "projections", "rebuild", "dossiers")
    assert "Equal to the build that serves." in rebuilt.stdout, rebuilt.output
