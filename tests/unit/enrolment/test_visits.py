"""Visits as a site records them, what deviates, what time makes so, and the calendar."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from contracts.events.treatment import FormDone
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import DeviationKind
from contracts.vocabulary.response import Response
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.enrolment.domain.amendments import ApproveConsentVersion
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.subject.visits import PerformVisit, scheduled_by
from services.enrolment.domain.visit_book import book_of
from services.enrolment.handlers import sites, subjects
from services.enrolment.handlers.timer import look
from services.enrolment.handlers.visits import take_note_of_time
from services.enrolment.views.readers import VISITS

from .service import Site, enrolment
from .test_consumers import assessed, randomized, tell
from .world import C1, C2, INCLUDED, PROTOCOL, REQUESTED, SCAN, STUDY, World

L1 = C1 + timedelta(days=35)
L1_FORMS = ("HAEMATOLOGY", "ADVERSE_EVENTS")


async def visited(
    world: World, subject: str, visit: str = "L1", on: date = L1, forms: tuple[str, ...] = L1_FORMS
) -> list[str]:
    """Record a visit; the kinds of deviations that were recorded beside it."""
    done = tuple(FormDone(form=form, done=True) for form in forms)
    cmd = PerformVisit(STUDY, subject, visit, on, done)
    outcome = await subjects.record(world.ctx, world.call(), cmd)
    return [one["fact"]["deviation"] for one in outcome.answer.body["recorded"] if "deviation" in one["fact"]]


@pytest.mark.parametrize(("days", "forms", "expected"), [
    (28, L1_FORMS, []),
    (42, L1_FORMS, []),
    (27, L1_FORMS, ["VISIT_OUTSIDE_WINDOW"]),
    (43, L1_FORMS, ["VISIT_OUTSIDE_WINDOW"]),
    (35, ("HAEMATOLOGY",), ["FORM_MISSING"]),
    (35, (*L1_FORMS, "RENAL"), []),
])  # fmt: skip
async def test_what_deviates_at_a_visit_is_recorded_beside_it(
    days: int, forms: tuple[str, ...], expected: list[str]
) -> None:
    world = World()
    subject = await world.treated()
    assert await visited(world, subject, on=C1 + timedelta(days=days), forms=forms) == expected
    kinds = [(one.kind.value, one.severity.value, one.visit) for one in (await world.subject(subject)).deviations]
    assert kinds == [(kind, "MINOR", "L1") for kind in expected]


async def test_a_visit_before_an_earlier_one_is_out_of_order() -> None:
    world = World()
    subject = await world.treated()
    forms = tuple(form.id for form in PROTOCOL.forms_at["L2"][0])
    assert await visited(world, subject, "L2", C2 + timedelta(days=35), forms) == []
    late = C2 + timedelta(days=40)
    assert await visited(world, subject, "L1", late) == ["VISIT_OUTSIDE_WINDOW", "VISIT_ORDER"]


async def test_who_leaves_the_run_in_is_followed_for_survival() -> None:
    world = World()
    subject = await world.treated()
    await world.end_run_in(subject, RunInExit.TOXICITY, SCAN)
    found = book_of((await world.subject(subject)).history).standings(PROTOCOL, REQUESTED, arm=True)
    standing = {one.slot.visit: one.status.value for one in found}
    assert standing["SE6"] == "PLANNED"
    assert standing["V3"] == "CANCELLED"


async def test_the_visits_of_an_arm_are_scheduled_where_readers_of_scans_never_look() -> None:
    world = World()
    subject = await world.treated()
    await tell(world, randomized(subject))
    state = await world.subject(subject)
    for arm, visit in (("A", "VA3"), ("B", "VB0")):
        told = TreatmentAssigned(study=STUDY, subject=subject, arm=arm, cycles=(), assigned_on=REQUESTED)
        (fact,) = scheduled_by(state, PROTOCOL, [told])
        assert fact.topic == "reluth.treatment"
        assert [one.visit for one in fact.visits] == [visit]  # type: ignore[attr-defined]


async def test_a_visit_that_was_missed_is_recorded_once_however_often_somebody_looks() -> None:
    world = World()
    subject = await world.treated()
    assert await take_note_of_time(world.ctx, STUDY, [subject]) == 1
    first = [one.visit for one in (await world.subject(subject)).deviations]
    assert first == ["L1"]
    assert await asyncio.gather(*(take_note_of_time(world.ctx, STUDY, [subject]) for _ in range(5))) == [0] * 5
    world.today += timedelta(days=28)
    found = await asyncio.gather(*(take_note_of_time(world.ctx, STUDY, [subject]) for _ in range(5)))
    assert sum(found) == len((await world.subject(subject)).deviations) - 1
    visits = [one.visit for one in (await world.subject(subject)).deviations]
    assert len(visits) == len(set(visits))


async def test_a_visit_entered_late_that_was_on_time_was_not_missed() -> None:
    world = World()
    subject = await world.treated()
    await take_note_of_time(world.ctx, STUDY, [subject])
    assert [one.kind for one in (await world.subject(subject)).deviations] == [DeviationKind.VISIT_MISSED]
    assert await visited(world, subject) == []
    assert (await world.subject(subject)).deviations == ()
    assert await take_note_of_time(world.ctx, STUDY, [subject]) == 0


async def test_a_study_act_under_a_consent_that_should_be_signed_anew_is_a_major_deviation() -> None:
    world = World()
    subject = await world.treated()
    until = L1 - timedelta(days=1)
    cmd = ApproveConsentVersion(STUDY, "01", "2.0", C1, until)
    await sites.approve_consent(world.ctx, world.call(), cmd)
    assert await visited(world, subject) == ["CONSENT_VERSION"]
    (found,) = (await world.subject(subject)).deviations
    assert (found.severity.value, found.occurred_on) == ("MAJOR", L1)


async def test_up_to_the_last_day_of_the_new_consent_the_old_one_is_good_enough() -> None:
    world = World()
    subject = await world.treated()
    await sites.approve_consent(world.ctx, world.call(), ApproveConsentVersion(STUDY, "01", "2.0", C1, L1))
    assert await visited(world, subject) == []


async def test_the_timer_asks_the_write_side_about_whom_the_read_model_suggests(site: Site) -> None:
    subject = await site.ready_to_randomize()
    served = site.api.context
    await site.api.parts.catch_up()
    assert await look(served.context, served.views) == 1
    assert await look(served.context, served.views) == 0  # the read model still suggests it: the write side knows
    await site.api.parts.catch_up()
    assert await look(served.context, served.views) == 0
    assert (await site.get(f"/subjects/{subject}/deviations")).json()["deviations"][0]["deviation"] == "VISIT_MISSED"


async def test_the_read_model_and_the_write_side_have_the_same_book() -> None:
    world = World()
    subject = await world.treated()
    await tell(world, assessed(Response.SD), 1)
    await tell(world, randomized(subject), 2)
    await visited(world, subject)
    row = VISITS.initial(f"{STUDY}/{subject}")
    for envelope in await world.history(subject):
        if isinstance(envelope.fact, VISITS.handles):
            row = VISITS.from_row({**VISITS.to_row(VISITS.fold(row, envelope)), "key": ""})
    assert row.book == book_of((await world.subject(subject)).history)


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    async with enrolment(tmp_path) as made:
        yield made


def body(**more: object) -> dict[str, object]:
    return {
        "visit": "L1",
        "performed_on": L1.isoformat(),
        "forms": [{"form": form} for form in L1_FORMS],
        "findings": [{"field": "platelets", "value": "180", "unit": "10*9/L", "observed_on": L1.isoformat()}],
        "survival_contact": {"last_alive_on": L1.isoformat()},
        **more,
    }


async def test_a_visit_is_recorded_with_all_that_belongs_to_it(site: Site) -> None:
    subject = await site.ready_to_randomize()
    made = await site.done(f"/subjects/{subject}/visits", body(note="Everything as planned"))
    types = [one["type"].split(".")[1] for one in made["recorded"]]
    assert types == ["visit-performed", "findings-recorded", "survival-contact-recorded"]
    assert "planned" not in str(made)
    shown = (await site.get(f"/subjects/{subject}/visits")).json()["visits"]
    (visit,) = [one for one in shown if one["visit"] == "L1"]
    assert (visit["status"], visit["done_on"]) == ("DONE", L1.isoformat())
    assert {form["form"] for form in visit["forms"] if form["done"]} == set(L1_FORMS)


async def test_one_part_that_is_refused_leaves_nothing_and_every_error_is_named(site: Site) -> None:
    subject = await site.ready_to_randomize()
    before = await site.api.parts.types()
    sent = body(
        findings=[
            {"field": "platelets", "value": "lots", "unit": "10*9/L", "observed_on": L1.isoformat()},
            {"field": "no_such_field", "value": "1", "observed_on": L1.isoformat()},
        ],
        survival_contact={"last_alive_on": (INCLUDED - timedelta(days=1)).isoformat()},
        forms=[{"form": "RANDOMIZATION"}],
    )
    answer = await site.post(f"/subjects/{subject}/visits", sent, key="one")
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:reluth:problem:visit-not-accepted"
    errors = [(one["pointer"], one["code"]) for one in problem["context"]["errors"]]
    assert errors == [
        ("/visit", "form-not-of-visit"),
        ("/findings/0/value", "findings-not-accepted"),
        ("/findings/1/field", "findings-not-accepted"),
        ("/survival_contact", "not-included"),
    ]
    assert await site.api.parts.types() == before


async def test_a_repeated_visit_gets_its_first_answer(site: Site) -> None:
    subject = await site.ready_to_randomize()
    first = await site.post(f"/subjects/{subject}/visits", body(), key="same")
    again = await site.post(f"/subjects/{subject}/visits", body(), key="same")
    assert (first.status_code, again.json()) == (201, first.json())
    other = await site.post(f"/subjects/{subject}/visits", body(), key="other")
    assert other.json()["context"]["errors"][0]["code"] == "visit-already-recorded"


async def test_a_cycle_beside_a_visit_needs_who_may_give_one(site: Site) -> None:
    subject = await site.ready_to_randomize()
    cycle = {"cycle": 2, "given_on": C2.isoformat(), "administered_mbq": "7400"}
    answer = await site.post(f"/subjects/{subject}/visits", body(cycle=cycle), "coordinator", "01")
    assert (answer.status_code, answer.json()["context"]["action"]) == (403, "administer-cycle")


async def test_lists_of_visits_are_filtered_by_status_day_and_site(site: Site) -> None:
    subject = await site.ready_to_randomize()
    await site.api.parts.catch_up()
    missed = (await site.get("/visits", "monitor", status="MISSED")).json()["items"]
    assert [(one["subject"], [v["visit"] for v in one["visits"]]) for one in missed] == [(subject, ["L1"])]
    soon = (await site.get("/visits", "monitor", due_by=C1.isoformat())).json()["items"]
    assert [v["visit"] for v in soon[0]["visits"]] == ["V1"]
    assert (await site.get("/visits", "monitor", site="02")).json()["items"] == []


async def test_a_reported_deviation_is_listed_and_one_that_tells_the_arm_only_to_its_readers(site: Site) -> None:
    subject = await site.ready_to_randomize()
    open_ = {"severity": "MAJOR", "occurred_on": C1.isoformat(), "note": "Frozen sample thawed"}
    await site.done(f"/subjects/{subject}/deviations", open_, "monitor")
    await site.done(f"/subjects/{subject}/deviations", {**open_, "severity": "MINOR", "tells_arm": True}, "monitor")
    own = (await site.get(f"/subjects/{subject}/deviations")).json()["deviations"]
    assert [one["severity"] for one in own] == ["MAJOR", "MINOR"]
    seen = (await site.get(f"/subjects/{subject}/deviations", "monitor")).json()["deviations"]
    assert [one["severity"] for one in seen] == ["MAJOR"]
    await site.api.parts.catch_up()
    for who, count in (
        (("monitor",), 1),
        (("statistician",), 2),
        (("coordinator", "01"), 2),
        (("coordinator", "02"), 0),
    ):
        items = (await site.get("/deviations", *who)).json()["items"]
        assert len(items) == count, who
    grave = (await site.get("/deviations", "statistician", severity="MINOR", kind="REPORTED")).json()["items"]
    assert [one["severity"] for one in grave] == ["MINOR"]
    assert "thawed" not in str(own)


async def test_the_list_of_deviations_is_for_oversight_and_the_own_site(site: Site) -> None:
    for role in Role:
        answer = await site.get("/deviations", role.value, "02")
        may = role in SITE_ROLES or role not in (Role.READER, Role.OPS)
        assert (answer.status_code == 200) is may, role
        if role in SITE_ROLES:
            assert (await site.get("/deviations", role.value, "02", site="01")).status_code == 403


def events_in(raw: bytes) -> list[Any]:
    """The events of a calendar as another program finds them."""
    return list(Calendar.from_ical(raw).walk("VEVENT"))


async def test_the_calendar_of_a_subject_can_be_read_by_other_programs(site: Site) -> None:
    subject = await site.ready_to_randomize()
    answer = await site.get(f"/subjects/{subject}/visits.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    raw = answer.content
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    events = events_in(raw)
    by_id = {str(event["uid"]): event for event in events}
    assert len(by_id) == len(events) > 3
    lab = by_id[f"{STUDY}-{subject}-L1@reluth".lower()]
    assert (lab["dtstart"].dt, lab["dtend"].dt) == (L1, L1 + timedelta(days=1))
    assert str(lab["status"]) == "CANCELLED"  # missed by now
    assert "Window 2022-04-05 to 2022-04-19" in str(lab["description"])
    before = int(lab["sequence"])
    moved = C1 + timedelta(days=36)
    await site.done(f"/subjects/{subject}/visits", {"visit": "L1", "performed_on": moved.isoformat()})
    after = await site.get(f"/subjects/{subject}/visits.ics")
    (again,) = [e for e in events_in(after.content) if str(e["uid"]) == str(lab["uid"])]
    assert (again["dtstart"].dt, str(again["status"])) == (moved, "CONFIRMED")
    assert int(again["sequence"]) > before
