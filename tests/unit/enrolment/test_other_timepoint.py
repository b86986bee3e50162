"""What the scan before randomization is called is for the protocol file to say: fields, anchor and question follow."""

from contracts.events.enrolment import VisitsScheduled
from contracts.protocol.load import parse
from contracts.protocol.versions import Versions
from contracts.vocabulary.response import Response
from services.enrolment.domain.obstacles import run_in_timepoints
from services.enrolment.domain.subject.heard import scanned
from tests.unit.protocol.test_versions import TEXT

from .world import SCAN, STUDY, World, recorded, scan

RENAMED = parse(TEXT.replace("POST_C2", "WEEK15").replace("post_c2", "week15"))


class Asked:
    """Assessment, which is asked for the timepoint by its own name."""

    async def standing(self, study, subject, timepoint, **_):
        assert timepoint == "WEEK15"
        return scan()


async def test_gate_2_reads_the_scan_under_the_name_of_its_timepoint() -> None:
    world = World()
    world.ctx.protocols[STUDY] = Versions.of(RENAMED)  # type: ignore[index]
    subject = await world.treated()
    object.__setattr__(world.ctx, "assessments", Asked())
    rows = {row["criterion"]: row for row in recorded(await world.authorize(subject))["rows"]}
    assert {one["field"] for one in rows["R03"]["inputs"]} >= {"week15_scan_on", "week15_response"}


async def test_control_schedules_from_the_anchor_of_that_name() -> None:
    world = World()
    world.ctx.protocols[STUDY] = Versions.of(RENAMED)  # type: ignore[index]
    subject = await world.subject(await world.treated())
    (planned,) = scanned(subject, RENAMED, "WEEK15", SCAN, Response.SD)
    assert isinstance(planned, VisitsScheduled)
    assert (planned.anchor, [visit.visit for visit in planned.visits]) == ("week15_scan", ["V4"])


def test_a_timepoint_counted_from_treatment_after_randomization_is_none_of_the_run_in() -> None:
    assert run_in_timepoints(RENAMED) == ("WEEK15",)
    moved = RENAMED.model_copy(
        update={"visits": tuple(v.model_copy(update={"anchor": "cycle_3"}) for v in RENAMED.visits)}
    )
    assert run_in_timepoints(moved) == ()
