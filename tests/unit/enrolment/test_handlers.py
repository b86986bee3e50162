"""Units of work over a log in memory: what is appended together, what happens at once, what is answered again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from contracts.events.enrolment import (
    EligibilityAssessed,
    FindingsRecorded,
    RandomizationAuthorized,
    SiteActivated,
    SubjectIncluded,
    SubjectScreened,
    VisitsScheduled,
)
from contracts.events.fact import Fact
from contracts.protocol.versions import Versions
from contracts.vocabulary.clinical import RunInExit, Sex, Verdict
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.response import Response
from services.chassis.facts import Facts, Outcome, PreconditionFailed
from services.chassis.http.moment import Moment
from services.chassis.log.port import KeyReused
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.gates import AuthorizeRandomization
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.obstacles import Requester
from services.enrolment.domain.reasons import REMEDIES, Reason
from services.enrolment.domain.site import site_stream
from services.enrolment.domain.subject.entry import RecordFindings, ScreenSubject, SignConsent
from services.enrolment.handlers import gate, subjects
from services.enrolment.handlers.context import Context
from tests.unit.given import refused

from .world import (
    C1,
    C2,
    CONSENTED,
    INCLUDED,
    OBSERVED,
    OPENED,
    REQUESTED,
    SCAN_EVENT,
    SCREENED,
    STUDY,
    World,
    recorded,
    scan,
    submissions,
)


@pytest.fixture
def world() -> World:
    return World()


class TestNumbers:
    async def test_the_number_and_the_subject_are_one_append(self, world: World) -> None:
        await world.screened()
        issued, opened = (await world.facts())[-2:]
        assert isinstance(issued, SubjectNumberIssued)
        assert isinstance(opened, SubjectScreened)
        assert (issued.sequence, issued.subject, opened.subject) == (1, "01-001", "01-001")
        assert SubjectNumberIssued.topic is None

    async def test_screenings_at_once_neither_collide_nor_skip(self, world: World) -> None:
        await world.activate()
        numbers = await asyncio.gather(*(world.screen() for _ in range(60)))
        assert sorted(numbers) == [f"01-{n:03d}" for n in range(1, 61)]

    async def test_each_site_counts_by_itself(self, world: World) -> None:
        await world.activate("01")
        await world.activate("02")
        assert [await world.screen("01"), await world.screen("02"), await world.screen("01")] == [
            "01-001",
            "02-001",
            "01-002",
        ]

    async def test_a_repeated_screening_is_the_same_subject(self, world: World) -> None:
        await world.activate()
        cmd = ScreenSubject(STUDY, "01", Sex.MALE, "1950-01", SCREENED)
        answers = await asyncio.gather(*(subjects.screen(world.ctx, world.call("once"), cmd) for _ in range(50)))
        assert len({str(answer.answer) for answer in answers}) == 1
        assert answers[0].version == 1
        assert [type(fact) for fact in await world.facts()].count(SubjectScreened) == 1

    async def test_the_same_key_for_another_request_is_refused(self, world: World) -> None:
        subject = await world.screened()
        cmd = SignConsent(STUDY, subject, "1.0", CONSENTED)
        await subjects.record(world.ctx, world.call("k", request="one"), cmd)
        with pytest.raises(KeyReused):
            await subjects.record(world.ctx, world.call("k", request="two"), cmd)


class TestInclusion:
    async def test_invariant_2_the_evaluation_and_the_inclusion_are_one_append(self, world: World) -> None:
        subject = await world.eligible()
        before = len(await world.facts())
        outcome = await world.include(subject)
        assessed, included, due = (await world.history(subject))[-3:]
        assert isinstance(assessed.fact, EligibilityAssessed)
        assert isinstance(included.fact, SubjectIncluded)
        assert isinstance(due.fact, VisitsScheduled)
        assert assessed.fact.verdict is Verdict.ELIGIBLE
        assert included.fact.assessment == assessed.event_id
        assert (due.fact.anchor, due.fact.anchor_on) == ("inclusion", INCLUDED)
        assert outcome.position == before + 3 == due.position

    async def test_the_evaluation_keeps_every_row_and_the_protocol_it_was_made_with(self, world: World) -> None:
        subject = await world.included()
        fact = next(e.fact for e in await world.history(subject) if isinstance(e.fact, EligibilityAssessed))
        protocol = world.ctx.protocol(STUDY)
        assert [row.criterion for row in fact.rows] == [criterion.id for criterion in protocol.gate(1)]
        assert fact.protocol_sha256 == protocol.sha256

    async def test_what_is_unknown_never_passes_and_is_named(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(without=("platelets",)))
        no = await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        assert no.detail["verdict"] == Verdict.PENDING
        assert no.detail["rows"] == [
            {
                "criterion": "I15",
                "text": "Platelets at least 80 000 /mm3",
                "outcome": "UNKNOWN",
                "passes": "UNKNOWN",
                "missing": [{"field": "platelets", "why": "NOT_RECORDED"}],
            }
        ]

    async def test_what_fails_and_what_is_unknown_are_named_together(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(without=("ecog",), haemoglobin="8.0", primary_site="PANCREAS"))
        no = await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        rows = no.detail["rows"]
        assert isinstance(rows, list)
        passes = {row["criterion"]: row["passes"] for row in rows if isinstance(row, dict)}
        assert passes == {"I02": "FALSE", "I07": "UNKNOWN", "I13": "FALSE", "E05": "FALSE"}
        assert no.detail["verdict"] == Verdict.NOT_ELIGIBLE

    async def test_an_inclusion_that_cannot_be_decided_yet_leaves_nothing_behind(self, world: World) -> None:
        subject = await world.consented()
        before = await world.facts()
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        assert await world.facts() == before

    async def test_that_somebody_was_found_not_eligible_is_recorded_once_per_command(self, world: World) -> None:
        """Digest T3: the participant flow has to say why; repeating the refused command says it no louder."""
        subject = await world.eligible()
        await world.findings(subject, submissions(platelets="79"))
        once, again = world.call(), world.call()
        for call in (once, once, again):
            await refused(world.include(subject, call=call), refusals.gates.NOT_ELIGIBLE)
        found = [e.fact for e in await world.history(subject) if isinstance(e.fact, EligibilityAssessed)]
        assert [fact.verdict for fact in found] == [Verdict.NOT_ELIGIBLE] * 2
        assert {row.criterion for row in found[0].rows if row.outcome == "FALSE" and row.criterion[0] == "I"} == {"I15"}
        await world.findings(subject, submissions(platelets="81"))
        assert (await world.include(subject)).answer.status == 201

    async def test_invariant_2_a_correction_recorded_later_counts(self, world: World) -> None:
        subject = await world.eligible()
        await world.findings(subject, submissions(platelets="79"))
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)

    async def test_a_finding_dated_after_the_inclusion_is_not_seen(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(INCLUDED + timedelta(days=1)))
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)

    async def test_two_inclusions_at_once_include_once(self, world: World) -> None:
        subject = await world.eligible()
        results = await asyncio.gather(*(world.include(subject) for _ in range(8)), return_exceptions=True)
        assert sum(isinstance(result, Outcome) for result in results) == 1
        assert {result.refusal for result in results if isinstance(result, Refused)} == {
            refusals.standing.ALREADY_INCLUDED
        }
        assert [type(e.fact) for e in await world.history(subject)].count(SubjectIncluded) == 1

    async def test_a_finding_that_slips_in_before_the_inclusion_is_decided_on(self, world: World) -> None:
        subject = await world.eligible()
        spoilt = submissions(platelets="79")
        real = world.log.append
        slipped = False

        async def append(batch: object) -> object:
            nonlocal slipped
            types = [event.type for one in batch.appends for event in one.events]  # type: ignore[attr-defined]
            if SubjectIncluded.type_name in types and not slipped:
                slipped = True
                cmd = RecordFindings(STUDY, subject, spoilt)
                # Another process has no turn to wait for.
                await subjects.record(other, world.call(), cmd)
            return await real(batch)  # type: ignore[arg-type]

        other_facts = Facts(world.log, world.ctx.facts.registry, "enrolment")
        other = Context(
            other_facts, world.ctx.protocols, world.ctx.clock, world.assessments, world.ctx.sealer, world.ctx.quarantine
        )
        world.log.append = append  # type: ignore[method-assign, assignment]
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        assert slipped
        kinds = [type(e.fact) for e in (await world.history(subject))[-2:]]
        assert kinds == [FindingsRecorded, EligibilityAssessed]

    async def test_guards_come_before_the_gate(self, world: World) -> None:
        subject = await world.eligible()
        await refused(world.include(subject, REQUESTED + timedelta(days=1)), refusals.common.IN_THE_FUTURE)
        await refused(world.include(subject, SCREENED - timedelta(days=1)), refusals.standing.BEFORE_SCREENING)
        await refused(world.include(subject, CONSENTED - timedelta(days=1)), refusals.standing.NO_CONSENT)
        await refused(world.include("01-999"), refusals.standing.UNKNOWN_SUBJECT)
        await world.death(subject, OBSERVED)
        await refused(world.include(subject), refusals.standing.DEAD)

    async def test_consent_and_inclusion_may_share_a_day(self, world: World) -> None:
        subject = await world.screened()
        await world.consent(subject, INCLUDED)
        await world.findings(subject)
        await world.include(subject)

    async def test_no_inclusion_without_consent(self, world: World) -> None:
        await refused(world.include(await world.screened()), refusals.standing.NO_CONSENT)

    async def test_if_match_names_the_state_that_was_decided_on(self, world: World) -> None:
        subject = await world.eligible()
        with pytest.raises(PreconditionFailed):
            await world.include(subject, call=world.call(if_match=2))
        assert (await world.include(subject, call=world.call(if_match=3))).version == 6


class TestAuthorization:
    async def test_the_authorization_holds_all_its_evidence(self, world: World) -> None:
        subject = await world.treated()
        fact = recorded(await world.authorize(subject))
        history = await world.history(subject)
        assert {level["factor"]: level["level"] for level in fact["strata"]} == {
            "F1": "GE18",
            "F2": "RADIOLOGIC",
            "F3": "GE60",
            "F4": "NO",
        }
        assert (fact["tumour_assessment"], fact["tumour_assessment_position"]) == (str(SCAN_EVENT), 7)
        assert fact["consent"] == str(history[1].event_id)
        (included,) = (e.fact for e in history if isinstance(e.fact, SubjectIncluded))
        (assessed,) = (e.event_id for e in history if isinstance(e.fact, EligibilityAssessed))
        assert fact["inclusion_assessment"] == str(included.assessment) == str(assessed)
        (activated, *_) = await world.ctx.facts.history(site_stream(STUDY, "01"))
        assert (fact["site_activation"], fact["delegation"]) == (str(activated.event_id), str(world.delegation))
        assert fact["requested_by"] == "acc-1"
        assert all(row["outcome"] == ("FALSE" if row["criterion"] == "E02" else "TRUE") for row in fact["rows"])
        recorded_here = {str(envelope.event_id) for envelope in history}
        sources = {i["event_id"] for level in fact["strata"] for i in level["inputs"] if i["event_id"]}
        assert sources
        assert sources <= recorded_here
        assert fact["authorized_on"] == REQUESTED.isoformat()

    async def test_what_only_the_randomizer_can_count_is_left_to_it(self, world: World) -> None:
        fact = recorded(await world.authorize(await world.treated()))
        assert {row["criterion"] for row in fact["rows"]} == {"E02", "R01", "R02", "R03", "R04", "R05", "R08", "R09"}

    async def test_renal_function_is_that_of_today_the_other_strata_those_of_inclusion(self, world: World) -> None:
        subject = await world.treated()
        later = submissions(C2, creatinine="85", progression_types=["CLINICAL"], intercurrent_therapies=["TKI"])
        await world.findings(subject, later)
        fact = recorded(await world.authorize(subject))
        levels = {level["factor"]: level["level"] for level in fact["strata"]}
        assert levels == {"F1": "GE18", "F2": "RADIOLOGIC", "F3": "LT60", "F4": "NO"}

    async def test_the_same_key_gets_the_same_authorization_whatever_happened_since(self, world: World) -> None:
        subject = await world.treated()
        first = await world.authorize(subject, world.call("once"))
        world.assessments.answer = scan(Response.PD)
        await world.death(subject)
        again = await world.authorize(subject, world.call("once"))
        assert again.answer == first.answer
        assert again.replayed
        assert world.assessments.asked == 1
        assert [type(fact) for fact in await world.facts()].count(RandomizationAuthorized) == 1

    @pytest.mark.parametrize(
        ("answer", "reasons"),
        [
            (None, [Reason.NO_POST_C2]),
            (scan(Response.PD), [Reason.PD]),
            (scan(Response.NE), [Reason.NE]),
            (scan(Response.NON_CR_NON_PD), [Reason.NE]),
            (scan(Response.SD, C2), [Reason.NO_POST_C2, Reason.POST_C2_TOO_OLD]),
            (scan(Response.SD, REQUESTED - timedelta(days=29)), [Reason.POST_C2_TOO_OLD]),
        ],
    )
    async def test_invariant_3_the_scan_must_show_control(
        self, world: World, answer: ScanEvidence | None, reasons: list[Reason]
    ) -> None:
        subject = await world.treated()
        world.assessments.answer = answer
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == reasons

    async def test_a_scan_of_28_days_ago_still_counts(self, world: World) -> None:
        subject = await world.treated()
        world.assessments.answer = scan(Response.CR, REQUESTED - timedelta(days=28))
        await world.authorize(subject)

    async def test_invariant_3_not_included_and_not_treated_are_both_named(self, world: World) -> None:
        subject = await world.eligible()
        world.assessments.answer = scan()
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.NOT_INCLUDED, Reason.CYCLES_INCOMPLETE, Reason.STRATA_INCOMPLETE]

    async def test_invariant_3_one_cycle_is_not_two(self, world: World) -> None:
        subject = await world.included()
        await world.cycle(subject, 1, C1)
        world.assessments.answer = scan()
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.CYCLES_INCOMPLETE]

    async def test_who_signed_nothing_is_not_randomized(self, world: World) -> None:
        no = await refused(world.authorize(await world.screened()), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        reasons = no.detail["reasons"]
        assert isinstance(reasons, list)
        assert reasons[:2] == [Reason.NO_CONSENT, Reason.NOT_INCLUDED]

    async def test_the_dead_are_not_randomized(self, world: World) -> None:
        subject = await world.treated()
        await world.death(subject)
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.NOT_ALIVE, Reason.RUN_IN_ENDED]
        rows = no.detail["rows"]
        assert isinstance(rows, list)
        assert [row["criterion"] for row in rows if isinstance(row, dict)] == ["R01"]

    async def test_who_left_the_run_in_is_not_randomized(self, world: World) -> None:
        subject = await world.treated()
        await world.end_run_in(subject, RunInExit.WITHDRAWAL)
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.RUN_IN_ENDED]

    async def test_the_requester_must_be_a_randomizer(self, world: World) -> None:
        subject = await world.treated()
        no = await refused(
            world.authorize(subject, roles=("coordinator",)), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED
        )
        assert no.detail["reasons"] == [Reason.CRITERIA_NOT_MET]

    @pytest.mark.parametrize(
        "delegation",
        [
            {"person": "acc-2"},
            {"duty": Duty.ENTER_DATA},
            {"where": "02"},
            {"until": REQUESTED - timedelta(days=1)},
        ],
        ids=["of another person", "with another duty", "at another site", "until yesterday"],
    )
    async def test_who_was_not_entrusted_with_it_here_and_today_does_not_randomize(
        self, world: World, delegation: dict[str, Any]
    ) -> None:
        subject = await world.treated()
        await world.end_delegation(world.delegation, OPENED)
        await world.activate("02")
        await world.delegate(**delegation)
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.NOT_DELEGATED]
        assert no.detail["remedies"] == {Reason.NOT_DELEGATED: Reason.NOT_DELEGATED.remedy}
        await world.delegate(on=REQUESTED)
        fact = recorded(await world.authorize(subject))
        assert fact["delegation"] == str(world.delegation)

    async def test_a_paused_site_randomizes_and_includes_nobody_and_all_else_goes_on(self, world: World) -> None:
        subject = await world.treated()
        other = await world.screen()
        await world.consent(other)
        await world.findings(other)
        await world.pause(REQUESTED)
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.SITE_CLOSED]
        await refused(world.include(other, REQUESTED), refusals.sites.SITE_PAUSED)
        await refused(world.screen(on=REQUESTED), refusals.sites.SITE_PAUSED)
        await world.include(other)  # what happened before the pause is entered in it
        await world.findings(subject, submissions(REQUESTED, without=("histology_on",)))
        await world.alive(subject, REQUESTED)
        await world.resume(REQUESTED)
        assert (await world.authorize(subject)).answer.status == 201

    async def test_every_reason_says_what_would_change_it(self) -> None:
        assert set(REMEDIES) == set(Reason)
        assert all(remedy.endswith(".") for remedy in REMEDIES.values())
        assert len(set(REMEDIES.values())) == len(Reason)

    async def test_strata_that_cannot_be_derived_are_named(self, world: World) -> None:
        subject = await world.treated()
        protocol = world.ctx.protocol(STUDY)
        factor = protocol.factors[3].model_copy(update={"field": "head_imaging_modality"})
        without = protocol.model_copy(update={"factors": (*protocol.factors[:3], factor)})
        world.ctx.protocols[STUDY] = Versions.of(without)  # type: ignore[index]
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert no.detail["reasons"] == [Reason.STRATA_INCOMPLETE]

    async def test_a_refused_authorization_leaves_nothing_behind(self, world: World) -> None:
        subject = await world.treated(Response.PD)
        before = await world.facts()
        await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert await world.facts() == before

    async def test_assessment_that_does_not_answer_authorizes_nothing(self, world: World) -> None:
        subject = await world.treated()

        class Silent:
            async def standing(
                self, study: str, subject: str, timepoint: str, *, as_of: datetime | None = None
            ) -> ScanEvidence | None:
                raise Unavailable("assessment")

        ctx = Context(
            world.ctx.facts, world.ctx.protocols, world.ctx.clock, Silent(), world.ctx.sealer, world.ctx.quarantine
        )
        cmd = AuthorizeRandomization(STUDY, subject, Requester("acc-1", ("randomizer",)))
        with pytest.raises(Unavailable):
            await gate.authorize_randomization(ctx, world.call(), cmd)


class TestOneOrder:
    """What closes a site or takes a duty back comes before or after what it forbids, never beside it."""

    async def _slipping_in(self, world: World, before: type[Fact], doing: Callable[[], Awaitable[object]]) -> list[int]:
        """Do something, once, just before a fact of that type is written. Returns how often that was tried."""
        real, tried = world.log.append, [0]

        async def append(batch: Any) -> Any:
            if before.type_name in [event.type for one in batch.appends for event in one.events]:
                tried[0] += 1
                if tried[0] == 1:
                    await doing()
            return await real(batch)

        world.log.append = append  # type: ignore[method-assign]
        return tried

    async def test_a_pause_that_comes_first_forbids_the_authorization(self, world: World) -> None:
        subject = await world.treated()
        tried = await self._slipping_in(world, RandomizationAuthorized, lambda: world.pause(REQUESTED))
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert (no.detail["reasons"], tried) == ([Reason.SITE_CLOSED], [1])

    async def test_a_duty_taken_back_first_forbids_the_authorization(self, world: World) -> None:
        subject = await world.treated()
        taken_back = partial(world.end_delegation, world.delegation, REQUESTED)
        tried = await self._slipping_in(world, RandomizationAuthorized, taken_back)
        no = await refused(world.authorize(subject), refusals.gates.RANDOMIZATION_NOT_AUTHORIZED)
        assert (no.detail["reasons"], tried) == ([Reason.NOT_DELEGATED], [1])

    async def test_a_pause_that_comes_first_forbids_the_inclusion(self, world: World) -> None:
        subject = await world.eligible()
        tried = await self._slipping_in(world, SubjectIncluded, lambda: world.pause(INCLUDED))
        await refused(world.include(subject), refusals.sites.SITE_PAUSED)
        assert tried == [1]

    async def test_a_pause_that_comes_first_forbids_the_screening(self, world: World) -> None:
        await world.activate()
        tried = await self._slipping_in(world, SubjectScreened, lambda: world.pause(SCREENED))
        await refused(world.screen(), refusals.sites.SITE_PAUSED)
        assert tried == [1]

    async def test_a_point_of_the_checklist_that_is_corrected_first_keeps_the_site_closed(self, world: World) -> None:
        tried = await self._slipping_in(world, SiteActivated, lambda: world.meet("TRAINING", REQUESTED))
        no = await refused(world.activate(), refusals.sites.SITE_NOT_READY)
        assert no.detail["missing"] == [{"requirement": "TRAINING", "why": "MET_LATER"}]
        assert tried == [1]

    async def test_a_screening_in_between_does_not_even_make_it_decide_again(self, world: World) -> None:
        subject = await world.treated()
        tried = await self._slipping_in(world, RandomizationAuthorized, world.screen)
        assert (await world.authorize(subject)).answer.status == 201
        assert tried == [1]


NOW = Moment()


class TestStrata:
    async def test_those_of_the_day_of_the_authorization_are_those_that_it_names(self, world: World) -> None:
        subject = await world.treated()
        fact = recorded(await world.authorize(subject))
        before = await world.facts()
        _, _, found, loaded = await gate.strata(world.ctx, STUDY, subject, REQUESTED, NOW)
        assert [level.model_dump(mode="json") for level in found] == fact["strata"]
        assert loaded.version == len(await world.history(subject))
        assert await world.facts() == before

    async def test_what_was_corrected_since_counts_and_what_happened_since_does_not(self, world: World) -> None:
        subject = await world.treated()
        world.today = REQUESTED + timedelta(days=30)
        await world.findings(subject, submissions(REQUESTED + timedelta(days=1), creatinine="200"))
        _, _, unchanged, _ = await gate.strata(world.ctx, STUDY, subject, REQUESTED, NOW)
        assert [level.level for level in unchanged] == ["GE18", "RADIOLOGIC", "GE60", "NO"]
        await world.findings(subject, submissions(creatinine="200", progression_types=["CLINICAL"]))
        _, _, corrected, _ = await gate.strata(world.ctx, STUDY, subject, REQUESTED, NOW)
        assert [level.level for level in corrected] == ["GE18", "NON_RADIOLOGIC", "LT60", "NO"]
        newest = (await world.history(subject))[-1].event_id
        assert newest in {found.event_id for level in corrected for found in level.inputs}

    async def test_what_is_missing_is_named_for_each_factor(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(without=("creatinine",)))
        no = await refused(gate.strata(world.ctx, STUDY, subject, REQUESTED, NOW), refusals.gates.STRATA_UNKNOWN)
        missing = no.detail["missing"]
        assert isinstance(missing, dict)
        assert set(missing) == {"F1", "F2", "F3", "F4"}  # three of them are facts of an inclusion that there is not
        assert missing["F3"] == [{"field": "creatinine", "why": "NOT_RECORDED"}]

    async def test_nobody_has_strata_tomorrow_or_without_having_been_screened(self, world: World) -> None:
        subject = await world.treated()
        tomorrow = world.today + timedelta(days=1)
        await refused(gate.strata(world.ctx, STUDY, subject, tomorrow, NOW), refusals.common.IN_THE_FUTURE)
        await refused(gate.strata(world.ctx, STUDY, "01-777", REQUESTED, NOW), refusals.standing.UNKNOWN_SUBJECT)
        await refused(gate.strata(world.ctx, "OTHER", subject, REQUESTED, NOW), refusals.common.UNKNOWN_STUDY)


class TestExplain:
    async def test_the_dry_run_is_the_same_evaluation_and_appends_nothing(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(without=("platelets",)))
        before = await world.facts()
        world.today = INCLUDED
        gated, _ = await gate.explain(world.ctx, STUDY, subject, "inclusion", NOW)
        no = await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        assert gated.verdict == no.detail["verdict"] == Verdict.PENDING
        assert [row.criterion for row in gated.rows if row.passes is not Truth.TRUE] == ["I15"]
        assert await world.facts() == before

    async def test_gate_2_is_explained_without_a_requester(self, world: World) -> None:
        subject = await world.treated()
        gated, _ = await gate.explain(world.ctx, STUDY, subject, "randomization", NOW)
        assert (gated.verdict, gated.left_out, gated.reasons) == (Verdict.ELIGIBLE, ("R06", "R07", "R09"), ())
        assert [level.level for level in gated.strata] == ["GE18", "RADIOLOGIC", "GE60", "NO"]

    async def test_there_is_no_third_gate(self, world: World) -> None:
        subject = await world.screened()
        await refused(gate.explain(world.ctx, STUDY, subject, "exit", NOW), refusals.gates.UNKNOWN_GATE)
        await refused(gate.explain(world.ctx, STUDY, "01-777", "inclusion", NOW), refusals.standing.UNKNOWN_SUBJECT)
        await refused(gate.explain(world.ctx, "OTHER", subject, "inclusion", NOW), refusals.common.UNKNOWN_STUDY)


async def test_consent_and_findings_at_once_end_in_one_order(world: World) -> None:
    subject = await world.screened()
    await asyncio.gather(world.consent(subject), world.findings(subject), return_exceptions=True)
    folded = await world.subject(subject)
    assert folded.consent is not None


async def test_fifty_findings_at_once_are_all_recorded(world: World) -> None:
    subject = await world.consented()
    given = submissions()[:1]
    await asyncio.gather(*(world.findings(subject, given) for _ in range(50)))
    assert len((await world.subject(subject)).findings.by_field[given[0].field]) == 50


async def test_the_deviation_of_a_dose_stands_in_the_answer(world: World) -> None:
    subject = await world.included()
    assert (await world.cycle(subject, 1, C1)).answer.body["deviations"] == []
    late = await world.cycle(subject, 2, C1 + timedelta(days=64), mbq="6000")
    assert late.answer.body["deviations"] == ["DOSE_OUTSIDE_TOLERANCE", "CYCLE_LATE"]


async def test_a_day_is_that_of_the_trial_and_not_of_greenwich(world: World) -> None:
    class Late(World):
        def now(self):  # type: ignore[no-untyped-def]
            return super().now().replace(hour=23, minute=30)

    late = Late(today=date(2022, 2, 1))
    await late.activate()
    await late.screen(on=date(2022, 2, 2))
    with pytest.raises(Refused):
        await late.screen(on=date(2022, 2, 3))
