"""One cohort's way through five services: what the sites were told is what the projections say."""

from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from tests.e2e.conftest import Whole


async def test_a_cohort_from_screening_to_the_endpoint(whole: Whole) -> None:
    courses = cohort(12, seed=7)
    played = await play(whole.api, courses, run="journey", set_day=whole.set_day, progress=lambda *_: None)
    assert not whole.api.replayed
    held = ",".join(f"{service}:{position}" for service, position in whole.api.positions.items())
    flow = await whole.api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=held)
    randomized = sum(played.arms.values())
    assert flow["screened"] >= len(courses)
    assert flow["randomized"] >= randomized > 0
    assert flow["stands_on"]["complete"]

    subject = played.subjects[next(c.number for c in courses if c.randomized_on)]
    course = next(c for c in courses if played.subjects[c.number] == subject)
    seen = await whole.api.get(
        "randomizer", f"/studies/{STUDY}/randomizations/{subject}", role="investigator", site=course.site
    )
    visits = await whole.api.get(
        "enrolment", f"/studies/{STUDY}/subjects/{subject}/visits", role="coordinator", site=course.site
    )
    assert seen["arm"] in played.arms
    assert {"V5", "V6", "V7"} <= {visit["visit"] for visit in visits["visits"]}
    by_arm = await whole.api.get(
        "analytics", f"/studies/{STUDY}/endpoints/dcr-6-months/by-arm", role="statistician", reader="INVESTIGATOR"
    )
    assert sum(group["figure"]["randomized"] for group in by_arm["arms"]) >= randomized

    told, replayed = whole.api.acknowledged, whole.api.replayed
    again = await play(whole.api, courses, run="journey", set_day=whole.set_day, progress=lambda *_: None)
    assert again.arms == played.arms
    assert again.subjects == played.subjects
    assert whole.api.acknowledged - told == whole.api.replayed - replayed > 0, "nothing is recorded a second time"
