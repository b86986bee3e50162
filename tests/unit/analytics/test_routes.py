"""The API: who may see which figure, what the figures say, and no way for the arm to leave the closed part."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.analytics.domain.completion import Needless
from services.analytics.policy import POLICY, READ_BY_ARM
from services.analytics.routes import router
from services.chassis.auth.policy import Scope
from services.chassis.inbox.inbox import Inbox

from .service import REGISTRY, Api, Service, running
from .world import (
    PROTOCOL,
    alert_raised,
    allocation_activated,
    arm_allocated,
    assessed_at_gate,
    consented,
    cycle,
    day,
    included,
    questionnaire,
    run_in_ended,
    screened,
    site_activated,
    subject_randomized,
    tumour_assessed,
    whole_journey,
)

TEAM, CLOSED = {Role.SPONSOR, Role.MONITOR}, {Role.STATISTICIAN, Role.SAFETY_BOARD}
DCR, DCR_BY_ARM = "/endpoints/dcr-6-months", "/endpoints/dcr-6-months/by-arm"

# Path: roles at any site, roles at their own site.
TABLE: dict[str, tuple[set[Role], frozenset[Role]]] = {
    "/participant-flow": (TEAM | CLOSED | {Role.INSPECTOR}, SITE_ROLES),
    "/participant-flow/by-arm": (CLOSED, frozenset()),
    "/disease-status": (TEAM | CLOSED, SITE_ROLES),
    "/questionnaires/completion": (TEAM | CLOSED, SITE_ROLES),
    DCR: (TEAM | CLOSED, frozenset()),
    DCR_BY_ARM: (CLOSED, frozenset()),
    "/alerts": ({Role.PV, Role.SAFETY_BOARD}, SITE_ROLES),
    "/positions": (set(Role), frozenset()),
}
ARMS = {"01-001": "A", "01-002": "B", "02-001": "B", "02-002": "A"}


def cohort() -> Iterator[Fact]:
    """Four randomized subjects at two sites, one who left the run-in, one who was not eligible."""
    yield from (site_activated("01"), site_activated("02"), allocation_activated(146))
    for number, (subject, arm) in enumerate(ARMS.items(), 1):
        yield from (screened(subject), consented(subject), assessed_at_gate(subject), included(subject))
        yield from (cycle(1, subject), cycle(2, subject), tumour_assessed(-10, "SD", "POST_C2", subject))
        yield from (arm_allocated(subject, arm, number), subject_randomized(subject, number))
    for subject, response in {"01-001": "SD", "01-002": "PD", "02-001": "NE", "02-002": "PR"}.items():
        yield tumour_assessed(183, response, "M6", subject)
    yield from (questionnaire("M6", 183, subject="01-001"), questionnaire("M6", 150, subject="02-001"))
    yield from (screened("02-003"), consented("02-003"), assessed_at_gate("02-003"), included("02-003"))
    yield from (cycle(1, "02-003"), run_in_ended("02-003"))
    yield from (screened("01-003"), consented("01-003"))
    yield assessed_at_gate("01-003", Verdict.NOT_ELIGIBLE, I13=Truth.FALSE, E05=Truth.FALSE)
    yield alert_raised("01-001", UUID(int=1))
    yield alert_raised("02-001", UUID(int=2))


@pytest.fixture(scope="module")
async def settled(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """The cohort for tests that only read."""
    async with running(Service(), tmp_path_factory.mktemp("settled")) as api:
        await api.service.told(*cohort())
        yield api


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with running(Service(), tmp_path) as api:
        await api.service.told(*cohort())
        yield api


def test_the_table_has_every_route() -> None:
    paths = {route.path.removeprefix("/studies/{study}") for route in router.routes if isinstance(route, APIRoute)}
    assert paths == set(TABLE)


@pytest.mark.parametrize(("path", "role", "sites"), list(product(TABLE, Role, [("01",), ("02",), ()])))
async def test_every_route_for_every_role_and_site(settled: Api, path: str, role: Role, sites: tuple[str, ...]) -> None:
    anywhere, own_site = TABLE[path]
    permitted = role in anywhere or (role in own_site and sites)
    assert (await settled.get(path, role, *sites)).status_code == (200 if permitted else 403)


def test_the_policy_itself_gives_arms_to_the_closed_roles_alone() -> None:
    assert POLICY.table[READ_BY_ARM] == dict.fromkeys(CLOSED, Scope.ALL_SITES)


async def test_nobody_comes_in_without_a_token(settled: Api) -> None:
    for path in TABLE:
        assert (await settled.client.get(f"/studies/RELUTH{path}")).status_code == 401


@pytest.mark.parametrize("path", ["/participant-flow", "/disease-status", "/questionnaires/completion", "/alerts"])
@pytest.mark.parametrize("role", sorted(SITE_ROLES))
async def test_site_roles_see_their_own_site_alone(settled: Api, path: str, role: Role) -> None:
    told = json.dumps(await settled.read(path, role, "01"))
    assert "02-00" not in told
    assert told == json.dumps(await settled.read(path, role, "01", site="01"))
    assert (await settled.get(path, role, "01", site="02")).status_code == 403


async def test_somebody_of_two_sites_sees_both(settled: Api) -> None:
    found = await settled.read("/disease-status", "investigator", "01", "02")
    assert {row["site"] for row in found["items"]} == {"01", "02"}


def told_of_arms(body: Any) -> set[str]:
    """Keys and texts of a body that belong to arms, strata or cycles after randomization."""
    words = {"arm", "arms", "stratum", "strata", "by_arm", "factor", "level", "cycle_3", "cycle_4", "GE18", "LT60"}
    names = {arm.name for arm in PROTOCOL.arms} | {arm.code for arm in PROTOCOL.arms}
    found: set[str] = set()

    def walk(value: object) -> None:
        match value:
            case dict():
                found.update(value.keys() & (words | {"3", "4"}))
                for item in value.values():
                    walk(item)
            case list():
                for item in value:
                    walk(item)
            case str() if value in words | names:
                found.add(value)

    walk(body)
    return found


@pytest.mark.parametrize(("role", "sites"), list(product(sorted(set(Role) - CLOSED), [("01",), ("02",), ()])))
async def test_no_route_tells_an_arm_outside_the_closed_part(settled: Api, role: Role, sites: tuple[str, ...]) -> None:
    for path in TABLE:
        answer = await settled.get(path, role, *sites)
        assert told_of_arms(answer.json()) == set(), (path, role)


@pytest.mark.parametrize("role", sorted(CLOSED))
async def test_open_routes_tell_no_arm_even_to_the_unblinded(settled: Api, role: Role) -> None:
    for path in TABLE:
        if not path.endswith("by-arm"):
            assert told_of_arms((await settled.get(path, role)).json()) == set(), path
    assert {"arm", "arms", "A", "B"} <= told_of_arms(await settled.read(DCR_BY_ARM, role))


async def test_pooled_answers_do_not_depend_on_the_arms(tmp_path: Path) -> None:
    """The same facts with every arm turned round give the same answers on every open route."""
    answers = []
    for turned in (False, True):
        async with running(Service(), tmp_path / str(turned)) as api:
            facts = [
                arm_allocated(f.subject, "B" if ARMS[f.subject] == "A" else "A", f.randomization_number)  # type: ignore[attr-defined]
                if turned and f.type_name == "randomization.arm-allocated"
                else f
                for f in cohort()
            ]
            await api.service.told(*facts)
            answers.append(
                [
                    await api.read(path, role)
                    for path, (anywhere, _) in TABLE.items()
                    if not path.endswith("by-arm")
                    for role in sorted(anywhere)
                ]
            )
    assert answers[0] == answers[1]


@pytest.mark.parametrize("other", sorted(set(Role) - CLOSED))
async def test_a_closed_role_beside_an_open_one_opens_nothing(settled: Api, other: Role) -> None:
    for path in ("/participant-flow/by-arm", DCR_BY_ARM):
        answer = await settled.client.get(
            f"/studies/RELUTH{path}", headers=settled.token("statistician", other, sites=("01",))
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:reluth:problem:open-role-beside-closed")
        assert answer.json()["context"] == {"roles": [other.value]}


async def test_participant_flow(settled: Api) -> None:
    found = await settled.read("/participant-flow", "sponsor")
    del found["stands_on"]
    assert found == {
        "study": "RELUTH",
        "site": None,
        "sites_activated": 2,
        "randomization_cap": 146,
        "screened": 6,
        "consented": 6,
        "not_included": {"DIED": 0, "NOT_CONSENTED": 0, "NOT_ELIGIBLE": 1, "NOT_YET_DECIDED": 0},
        "criteria_not_met": {"I13": 1},
        "included": 5,
        "cycles": {"1": 5, "2": 4},
        "exits": {
            "PROGRESSION": 1, "TOXICITY": 0, "WITHDRAWAL": 0, "PHYSICIAN": 0, "DEATH": 0,
            "NOT_EVALUABLE": 0, "CAP_REACHED": 0, "WINDOW_EXPIRED": 0,
        },
        "in_run_in": 0,
        "randomized": 4,
        "annotated": {"INELIGIBLE": 0, "WRONG_STRATUM": 0, "RANDOMIZED_TWICE": 0, "WRONG_PERSON": 0},
        "assessed": {"POST_C2": 4, "M2": 0, "M4": 0, "M6": 4},
        "deaths": {"not_included": 0, "not_randomized": 0, "randomized": 0},
        "data_withdrawn": 0,
        "enrolment_on_its_way": 0,
    }  # fmt: skip
    one = await settled.read("/participant-flow", "investigator", "02")
    assert (one["site"], one["sites_activated"], one["screened"], one["randomized"]) == ("02", 1, 3, 2)


async def test_disease_control_pooled(settled: Api) -> None:
    found = await settled.read(DCR, "sponsor")
    assert found["definition"] == {
        "endpoint": "DCR6",
        "label": "Disease control six months after randomization",
        "reader": "INVESTIGATOR",
        "analysis": "sensitivity analysis; the primary analysis reads CENTRAL_ADJUDICATED (ruling 10)",
        "population": "all randomized subjects",
        "timepoint": "M6",
        "window_first_day": 153,
        "window_last_day": 213,
        "as_of": day(400).isoformat(),
    }
    assert found["figure"] == {
        "randomized": 4,
        "success": 2,
        "failure": 2,
        "reasons": {"PD": 1, "DEATH": 0, "NEW_THERAPY": 0, "NE_AT_6M": 1, "MISSING": 0},
        "pending": 0,
        "final": True,
        "estimate": (
            estimate := {
                "x": 2,
                "n": 4,
                "percent": "50.0",
                "percent_lower": "6.8",
                "percent_upper": "93.2",
                "proportion": "0.500000000000",
                "lower": "0.067585986489",
                "upper": "0.932414013511",
                "confidence": "0.95",
                "method": "Clopper-Pearson",
            }
        ),
        "estimate_window_closed": estimate,
    }


async def test_completion_of_questionnaires(settled: Api) -> None:
    found = await settled.read("/questionnaires/completion", "sponsor")
    rows = {(row["occasion"], row["questionnaire"]): row for row in found["rows"]}
    assert len(rows) == 9 * 2
    assert rows["M6", "QLQ_C30"] == {
        "occasion": "M6",
        "visits": ["V7"],
        "counted_from": "randomization",
        "questionnaire": "QLQ_C30",
        "population": 4,
        "received": 2,
        "received_in_window": 1,
        "missing": 1,
        "not_due": 0,
        "not_expected": dict.fromkeys(Needless, 0) | {"PROGRESSION": 1},
        "completion": {"x": 2, "n": 3, "percent": "66.7", "proportion": "0.666666666667"},
        "available": {"x": 2, "n": 4, "percent": "50.0", "proportion": "0.500000000000"},
    }
    assert rows["M6", "QLQ_GINET21"]["received"] == 0
    assert rows["BASELINE", "QLQ_C30"]["population"] == 5, "included, randomized or not"
    own = await settled.read("/questionnaires/completion", "investigator", "01")
    assert [r["population"] for r in own["rows"] if r["occasion"] == "M6"] == [2, 2]
    early = await settled.read("/questionnaires/completion", "sponsor", as_of=day(100).isoformat())
    assert [(r["not_due"], r["completion"]) for r in early["rows"] if r["occasion"] == "M6"] == [
        (4, "not estimable"),
        (4, "not estimable"),
    ]


async def test_disease_control_by_arm(settled: Api) -> None:
    found = await settled.read(DCR_BY_ARM, "statistician")
    assert [(a["arm"], a["figure"]["success"], a["figure"]["randomized"]) for a in found["arms"]] == [
        ("A", 2, 2),
        ("B", 0, 2),
    ]
    assert found["arm_on_its_way"] == 0
    assert found["stands_on"]["projections"] == {"allocated": 2, "dossiers": 6}
    flow = await settled.read("/participant-flow/by-arm", "safety_board")
    assert [(a["arm"], a["randomized"], a["assessed"]["M6"]) for a in flow["arms"]] == [("A", 2, 2), ("B", 2, 2)]


async def test_a_subject_whose_arm_is_on_its_way_is_counted_apart(api: Api) -> None:
    await api.service.told(screened("01-009"), included("01-009"), subject_randomized("01-009", 5))
    for path in (DCR_BY_ARM, "/participant-flow/by-arm"):
        found = await api.read(path, "statistician")
        assert found["arm_on_its_way"] == 1
    assert (await api.read(DCR, "statistician"))["figure"]["randomized"] == 5


async def test_who_is_pending_is_in_no_denominator(settled: Api) -> None:
    figure = (await settled.read(DCR, "sponsor", as_of=day(190).isoformat()))["figure"]
    assert (figure["success"], figure["failure"], figure["pending"], figure["final"]) == (0, 1, 3, False)
    assert (figure["estimate"]["x"], figure["estimate"]["n"]) == (0, 1)
    assert figure["estimate_window_closed"] == "not estimable"


async def test_nothing_is_estimated_from_nobody(settled: Api) -> None:
    figure = (await settled.read(DCR, "sponsor", as_of=day(-1).isoformat()))["figure"]
    assert (figure["randomized"], figure["estimate"]) == (0, "not estimable")


@pytest.mark.parametrize("path", [DCR, DCR_BY_ARM, "/disease-status"])
async def test_a_cut_off_in_the_future_is_refused(settled: Api, path: str) -> None:
    answer = await settled.get(path, "statistician", as_of=day(401).isoformat())
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:reluth:problem:cut-off-in-future")
    assert (await settled.get(path, "statistician", as_of=day(400).isoformat())).status_code == 200


async def test_today_is_the_day_of_the_trial_not_of_the_server(api: Api) -> None:
    api.service.now = api.service.now.replace(hour=23, minute=30)  # half past midnight in Paris
    assert (await api.read(DCR, "sponsor"))["definition"]["as_of"] == day(401).isoformat()


@pytest.mark.parametrize("reader", ["CENTRAL_ADJUDICATED", "CENTRAL", "investigator", ""])
async def test_a_reader_that_is_not_there_is_refused(settled: Api, reader: str) -> None:
    assert (await settled.get(DCR, "sponsor", reader=reader)).status_code == 422


async def test_another_study_is_not_here(settled: Api) -> None:
    for path in TABLE:
        answer = await settled.client.get(f"/studies/OTHER{path}", headers=settled.token("safety_board"))
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:unknown-study"), path


async def test_disease_status(settled: Api) -> None:
    rows = {row["subject"]: row for row in (await settled.read("/disease-status", "monitor"))["items"]}
    assert {subject: row["status"] for subject, row in rows.items()} == {
        "01-001": "CONTROLLED",
        "01-002": "PROGRESSED",
        "02-001": "NOT_EVALUABLE",
        "02-002": "CONTROLLED",
        "02-003": "PROGRESSED",
    }
    assert rows["01-002"] == {
        "subject": "01-002",
        "site": "01",
        "status": "PROGRESSED",
        "since": day(183).isoformat(),
        "t": 184,
        "last_response": "PD",
        "last_scan_on": day(183).isoformat(),
        "progressed_on": day(183).isoformat(),
        "new_therapy_on": None,
        "randomized_on": day(0).isoformat(),
        "adverse_events": 0,
        "serious_adverse_events": 0,
    }
    assert rows["02-003"]["t"] is None


async def test_disease_status_as_of_a_day_shows_nothing_that_came_later(api: Api) -> None:
    await api.service.told(*(f for facts in whole_journey("03-001").values() for f in facts))
    found = await api.read("/disease-status", "monitor", as_of=day(-5).isoformat(), site="03")
    (row,) = found["items"]
    assert (row["status"], row["randomized_on"], row["new_therapy_on"], row["t"]) == ("CONTROLLED", None, None, None)
    assert (row["adverse_events"], row["serious_adverse_events"]) == (1, 1)
    (before_onset,) = (await api.read("/disease-status", "monitor", as_of=day(-61).isoformat(), site="03"))["items"]
    assert before_onset["adverse_events"] == 0
    assert (await api.read("/disease-status", "monitor", as_of=day(-141).isoformat(), site="03"))["items"] == []


async def test_lists_come_in_pages(settled: Api) -> None:
    seen: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await settled.read("/disease-status", "sponsor", limit=2, **cursor)
        seen.append([row["subject"] for row in page["items"]])
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [["01-001", "01-002"], ["02-001", "02-002"], ["02-003"]]
    first = await settled.read("/alerts", "pv", limit=1)
    second = await settled.read("/alerts", "pv", limit=1, cursor=first["next"])
    assert [first["items"][0]["subject"], second["items"][0]["subject"]] == ["02-001", "01-001"]
    assert second["next"] is None


async def test_alerts(settled: Api) -> None:
    (row,) = (await settled.read("/alerts", "pharmacist", "01"))["items"]
    assert (row["subject"], row["site"], row["rule"], row["priority"], row["grade"], row["position"]) == (
        "01-001", "01", "PLATELETS_G3", 1, 3, 2,
    )  # fmt: skip


async def test_every_figure_says_what_it_stands_on(settled: Api) -> None:
    found = await settled.read("/positions", "ops")
    assert found["positions"] == {
        "reluth.enrolment": 70,
        "reluth.treatment": 0,
        "reluth.randomization": 18,
        "reluth.allocation": 16,
        "reluth.assessment": 20,
        "reluth.safety": 4,
    }
    assert found["projections"] == {"alerts": 2, "allocated": 2, "conduct": 1, "dossiers": 6, "questionnaires": 1}
    assert (found["protocol_sha256"], found["complete"], found["parked"]) == (PROTOCOL.sha256, True, 0)
    for path, (anywhere, _) in TABLE.items():
        body = await settled.read(path, sorted(anywhere)[0])
        stands_on = body.get("stands_on", body)
        assert stands_on["positions"].items() <= found["positions"].items()
        assert stands_on["protocol_sha256"] == PROTOCOL.sha256
    assert "reluth.allocation" not in (await settled.read(DCR, "sponsor"))["stands_on"]["positions"]


async def test_a_read_waits_for_the_position_it_is_asked_for(api: Api) -> None:
    assert (await api.get(DCR, "sponsor", consistency="reluth.assessment:20")).status_code == 200
    late = await api.get(DCR, "sponsor", consistency="reluth.assessment:22")
    assert late.status_code == 503
    waiting = asyncio.create_task(api.get(DCR, "sponsor", consistency="assessment:22"))
    await api.service.told(tumour_assessed(184, "SD", "M6", "01-001"))
    answer = await waiting
    assert (answer.status_code, answer.json()["stands_on"]["positions"]["reluth.assessment"]) == (200, 22)


async def test_topics_with_a_prefix_are_named_as_the_contracts_name_them(tmp_path: Path) -> None:
    async with running(Service(topic_prefix="staging."), tmp_path) as api:
        await api.service.told(*cohort())
        for consistency in ("reluth.randomization:18", "randomizer:16", "enrolment:70"):
            found = await api.read("/positions", "ops", consistency=consistency)
        assert (found["positions"]["reluth.enrolment"], found["positions"]["reluth.allocation"]) == (70, 16)


async def test_a_hole_before_a_known_message_is_said(api: Api) -> None:
    lost = api.service.published.message(tumour_assessed(185, "SD", "M6", "01-001"))
    await api.service.told(tumour_assessed(185, "SD", "M6", "01-002"))
    found = (await api.read(DCR, "sponsor"))["stands_on"]
    assert (found["complete"], found["missing"], found["positions"]["reluth.assessment"]) == (
        False, ["reluth.assessment"], 20,
    )  # fmt: skip
    await api.service.deliver(lost)
    found = (await api.read(DCR, "sponsor"))["stands_on"]
    assert (found["complete"], found["positions"]["reluth.assessment"]) == (True, 24)


async def test_while_a_read_model_is_behind_the_inbox_no_figure_is_given(api: Api) -> None:
    service = api.service
    stored_alone = Inbox(service.store, REGISTRY, [])
    kept_up, service.inbox = service.inbox, stored_alone
    await service.told(tumour_assessed(184, "SD", "M6", "01-001"))
    service.inbox = kept_up
    for path in TABLE:
        answer = await api.get(path, "safety_board")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2"), path
    await service.kept.start()
    assert (await api.read(DCR, "sponsor"))["stands_on"]["positions"]["reluth.assessment"] == 22


async def test_a_subject_whose_facts_cannot_be_applied_is_said(api: Api) -> None:
    good = api.service.published.message(consented("01-001"))
    await api.service.deliver(replace(good, value=b'{"study":"RELUTH","subject":"01-001"}'))
    found = (await api.read(DCR, "sponsor"))["stands_on"]
    assert (found["complete"], found["parked"]) == (False, 1)
