"""The read models of who listens to enrolment, on a real PostgreSQL: they keep what the model in memory keeps."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.chassis.inbox.postgres import PostgresStore
from services.chassis.projections.operations import Operations
from services.safety.consumers import projections
from tests.conftest import Database
from tests.unit.assessment import world as assessment
from tests.unit.dosimetry import world as dosimetry
from tests.unit.safety import world as safety
from tests.unit.safety.test_routes import record


@pytest.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=4)
    try:
        yield PostgresStore(pool)
    finally:
        await pool.close()


async def test_alerts_are_kept_found_and_rebuilt(store: PostgresStore, tmp_path: Path) -> None:
    async with safety.safety(tmp_path, store=store) as api:
        for subject in ("01-001", "02-001"):
            await api.parts.hear(safety.screened(subject), safety.consented(subject))
        for n, value in enumerate(["40", "60", "80", "45"], start=1):
            await record(api, f"a-{n}", value=value, sampled_on=f"2022-03-0{n}")
        await record(api, "b", "02-001", value="20")
        await api.parts.catch_up()
        listed = (await api.get("/alerts", "pv", consistency=12)).json()["items"]
        assert [(item["subject"], item["grade"]) for item in listed if item["open"]] == [("01-001", 3), ("02-001", 4)]
        assert [item["closed_by"] is None for item in listed].count(False) == 1
        mine = (await api.get("/alerts", "investigator", "02")).json()["items"]
        assert [item["subject"] for item in mine] == ["02-001"]
        page = (await api.get("/alerts", "pv", limit=2)).json()
        rest = (await api.get("/alerts", "pv", limit=2, cursor=page["next"])).json()
        assert page["items"] + rest["items"] == listed
        for projection, rows in zip(projections(), (2, 3), strict=True):
            rebuilt = await Operations(api.parts.projections).rebuild(projection.name)
            assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, rows, 0)


async def test_a_reading_is_taken_once_enrolment_was_heard(store: PostgresStore, tmp_path: Path) -> None:
    body = {"timepoint": "POST_C2", "scan_on": "2022-05-01", "modality": "CT", "response": "SD"}
    path = "/subjects/01-001/tumour-assessments"
    async with assessment.assessment(tmp_path, store=store) as api:
        assert (await api.post(path, body, "investigator", "01", key="k")).status_code == 409
        await api.parts.hear(assessment.screened(), assessment.consented(), assessment.included())
        assert (await api.post(path, body, "investigator", "01", key="k")).status_code == 201


async def test_who_was_heard_of_is_kept_whole_and_rebuilt(store: PostgresStore, tmp_path: Path) -> None:
    """Consents with the events that told of them, as JSON: an annulment finds them again."""
    async with dosimetry.dosimetry(tmp_path, store=store) as api:
        assert (await api.sends(dosimetry.INFUSIONS, dosimetry.infusion())).status_code == 409
        await api.parts.hear(dosimetry.screened(), dosimetry.consented(), dosimetry.included(), dosimetry.died())
        await api.parts.hear(dosimetry.screened("01-002"))
        await api.made(dosimetry.INFUSIONS, dosimetry.infusion())
        known = await api.context.register.subject("RELUTH", "01-001", until=lambda _: True, timeout=0)
        assert known is not None
        assert (known.consent_on, known.included_on, known.died_on) == (
            dosimetry.consented().signed_on,
            dosimetry.included().included_on,
            dosimetry.died().died_on,
        )
        rebuilt = await Operations(api.parts.projections).rebuild("subject_register")
        assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, 2, 0)
