"""The read models of safety: rows that give their state again, and a rebuild that gives the same rows."""

from pathlib import Path

from contracts.events import treatment
from contracts.events.catalogue import subscriptions
from services.chassis.projections.operations import Operations
from services.chassis.register import SUBJECTS
from services.safety.consumers import REGISTRY, SUBSCRIPTIONS, projections

from .test_routes import record
from .world import consented, safety, screened


async def test_a_rebuild_from_nothing_gives_the_same_rows(tmp_path: Path) -> None:
    async with safety(tmp_path) as api:
        await api.parts.hear(screened(), consented(), screened("02-001"), consented("02-001"))
        for n, value in enumerate(["40", "60", "80", "45"], start=1):
            assert (await record(api, f"a-{n}", value=value, sampled_on=f"2022-03-0{n}")).status_code == 201
        assert (await record(api, "b", "02-001", value="40")).status_code == 201
        await api.parts.catch_up()
        for projection, rows in zip(projections(), (2, 3), strict=True):
            rebuilt = await Operations(api.parts.projections).rebuild(projection.name)
            assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, rows, 0)


def test_no_allocation_has_a_way_in_and_treatment_is_known_but_read_by_nothing_yet() -> None:
    assert SUBSCRIPTIONS == ("reluth.enrolment", "reluth.treatment") == subscriptions("safety")
    readable = {model.type_name for model in REGISTRY.models}
    assert {name for name in readable if not name.startswith("safety.")} == {
        "enrolment.subject-screened",
        "enrolment.consent-signed",
        "enrolment.subject-included",
        "enrolment.death-recorded",
        "enrolment.record-annulled",
        "enrolment.subject-erased",
        *(fact.type_name for fact in treatment.FACTS),
    }
    assert not set(SUBJECTS.handles) & set(treatment.FACTS)
