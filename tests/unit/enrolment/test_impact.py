"""Past decisions made again under another version: exactly those that it would have made otherwise are named."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.response import Response
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.findings import Submission
from services.enrolment.domain.impact import Impact, Replay
from tests.unit.given import refused
from tests.unit.protocol.test_versions import version

from .world import C1, C2, INCLUDED, OBSERVED, PROTOCOL, STUDY, World, scan, submissions

DAY = timedelta(days=1)
HIGHER = version("a1", "paper-2022", ("right: {number: 8, unit: g/dL}", "right: {number: 9, unit: g/dL}"))


async def impact(world: World, protocol: Protocol, study: str = STUDY) -> Impact:
    replay = Replay(study, protocol)
    for event in await world.log.read(0, 100_000):
        replay.read(world.ctx.facts.envelope(event))
    return replay.impact()


async def enrolled(world: World, **findings: object) -> str:
    """Somebody for whom inclusion was asked, whatever came of it."""
    subject = await world.screen()
    await world.consent(subject)
    await world.findings(subject, submissions(**findings))
    return subject


async def randomizable(world: World, **findings: object) -> str:
    subject = await enrolled(world, **findings)
    await world.include(subject)
    await world.cycle(subject, 1, C1)
    await world.cycle(subject, 2, C2)
    world.assessments.answer = scan(Response.SD)
    await world.authorize(subject)
    return subject


@pytest.fixture
async def world() -> World:
    world = World()
    await world.activate()
    await world.delegate()
    return world


async def test_exactly_the_subjects_between_the_two_limits_are_named_with_their_rows(world: World) -> None:
    subjects = {}
    for haemoglobin in ("8.1", "9", "9.1", "12"):
        subjects[haemoglobin] = await enrolled(world, haemoglobin=haemoglobin)
        await world.include(subjects[haemoglobin])
    out = await enrolled(world, haemoglobin="7.9")
    await refused(world.include(out), refusals.gates.NOT_ELIGIBLE)
    before = await world.facts()
    found = await impact(world, HIGHER)
    assert found.decisions == 5
    assert {one.subject for one in found.differences} == {subjects["8.1"], subjects["9"]}
    first = found.differences[0]
    assert (first.gate, first.on, first.verdict_then, first.verdict_now) == (
        "inclusion", INCLUDED, Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE,
    )  # fmt: skip
    (changed,) = first.criteria
    assert changed.then is not None
    assert changed.now is not None
    assert (changed.criterion, changed.then.outcome, changed.now.outcome) == ("I13", "TRUE", "FALSE")
    assert changed.now.inputs[0].value == "8.1"
    assert await world.facts() == before


async def test_a_wider_criterion_would_have_let_in_whom_it_kept_out(world: World) -> None:
    out = await enrolled(world, haemoglobin="7.9")
    await refused(world.include(out), refusals.gates.NOT_ELIGIBLE)
    wider = version("a1", "paper-2022", ("right: {number: 8, unit: g/dL}", "right: {number: 7, unit: g/dL}"))
    (one,) = (await impact(world, wider)).differences
    assert (one.subject, one.verdict_then, one.verdict_now) == (out, Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE)


async def test_what_was_recorded_later_was_not_known_then(world: World) -> None:
    subject = await enrolled(world, haemoglobin="8.5")
    await world.include(subject)
    await world.findings(subject, submissions(haemoglobin="12"))  # corrected after the decision
    assert [one.subject for one in (await impact(world, HIGHER)).differences] == [subject]
    assert await _unchanged(world)


async def test_gate_2_is_made_again_on_its_own_evidence(world: World) -> None:
    subject = await randomizable(world)
    scan_read = "- fields: [post_c2_response, post_c2_scan_on]\n        days: "
    shorter = version("a1", "paper-2022", (f"{scan_read}28", f"{scan_read}6"))
    found = await impact(world, shorter)
    (one,) = found.differences
    assert (one.subject, one.gate, one.verdict_now) == (subject, "randomization", Verdict.PENDING)
    assert [changed.criterion for changed in one.criteria] == ["R03"]
    assert found.decisions == 2


async def test_strata_that_would_be_others_are_named(world: World) -> None:
    subject = await randomizable(world)
    months = version(
        "a1",
        "paper-2022",
        ("{code: LT18, below: 18,", "{code: LT18, below: 36,"),
        ("{code: GE18, at_least: 18,", "{code: GE18, at_least: 36,"),
    )
    (one,) = (await impact(world, months)).differences
    assert (one.subject, one.strata) == (subject, (("F1", "GE18", "LT18"),))
    assert one.verdict_then is one.verdict_now is Verdict.ELIGIBLE


async def test_visits_whose_windows_move_are_counted(world: World) -> None:
    subject = await enrolled(world)
    await world.include(subject)
    await world.cycle(subject, 1, C1)
    week_5 = "anchor: cycle_1\n    target: {days: 35}"
    moved = version("a1", "paper-2022", (week_5, week_5.replace("35", "36")))
    found = await impact(world, moved)
    assert (found.moved, found.added, found.dropped, found.differences) == (1, 0, 0, [])
    assert found.any


async def test_another_study_is_not_looked_at(world: World) -> None:
    await world.include(await enrolled(world, haemoglobin="8.5"))
    assert (await impact(world, HIGHER)).decisions == 1
    other = await impact(world, HIGHER, "OTHER")
    assert (other.decisions, other.any) == (0, False)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.tuples(
            st.decimals(7, 14, places=1), st.integers(0, 4), st.integers(40, 120), st.integers(0, 40), st.booleans()
        ),
        min_size=1,
        max_size=4,
    )
)
async def test_under_the_version_itself_nothing_would_differ(
    values: list[tuple[object, int, int, int, bool]],
) -> None:
    world = World()
    await world.activate()
    await world.delegate()
    asked = 0
    for haemoglobin, ecog, creatinine, age, goes_on in values:
        observed = OBSERVED - age * DAY
        subject = await world.screen()
        await world.consent(subject)
        rest = submissions(without=("haemoglobin",), ecog=ecog, creatinine=str(creatinine))
        await world.findings(subject, (*rest, Submission("haemoglobin", str(haemoglobin), observed, "g/dL")))
        outcome = await _tried(world, subject)
        asked += outcome != "PENDING"
        if goes_on and outcome == "ELIGIBLE":
            await world.cycle(subject, 1, C1)
            await world.cycle(subject, 2, C2)
            world.assessments.answer = scan(Response.SD)
            await world.findings(subject, submissions(date(2022, 6, 1), creatinine=str(creatinine)))
            await world.authorize(subject)
            asked += 1
    found = await impact(world, PROTOCOL)
    assert found.decisions == asked
    assert not found.any


async def _tried(world: World, subject: str) -> str:
    try:
        await world.include(subject)
    except Refused as no:
        return str(no.detail["verdict"])
    return "ELIGIBLE"


async def _unchanged(world: World) -> bool:
    return not (await impact(world, PROTOCOL)).any
