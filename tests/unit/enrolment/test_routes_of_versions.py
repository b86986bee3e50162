"""The API of versions: what a site works by, what its subjects sign, and who has to sign again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.protocol.versions import Versions
from tests.unit.protocol.test_versions import version

from .service import Site, enrolment
from .test_routes import S
from .world import CONSENTED, OPENED, PROTOCOL, REQUESTED, STUDY

AMENDED = version("a1", "paper-2022")
NEXT = (REQUESTED + timedelta(days=1)).isoformat()
BEFORE = (REQUESTED - timedelta(days=30)).isoformat()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as site:
        site.api.context.context.protocols[STUDY] = Versions((PROTOCOL, AMENDED))  # type: ignore[index]
        await site.activate()
        yield site


async def _approved(site: Site) -> None:
    met = {
        "requirement": "ETHICS_APPROVAL",
        "met_on": OPENED.isoformat(),
        "reference": "TMF-9",
        "version": "a1",
    }
    await site.done("/sites/01/requirements", met, "sponsor")


async def test_a_site_shows_its_versions_with_their_days_and_the_one_in_force(site: Site) -> None:
    body = {"protocol_version": "a1", "effective_on": BEFORE}
    answer = await site.post("/sites/01/amendments", body, "sponsor")
    assert answer.json()["context"]["missing"] == [{"requirement": "ETHICS_APPROVAL", "why": "OTHER_PROTOCOL_VERSION"}]
    await _approved(site)
    made = await site.done("/sites/01/amendments", body, "sponsor")
    assert made["recorded"][0]["fact"]["protocol_sha256"] == AMENDED.sha256
    shown = (await site.get("/sites/01", "monitor")).json()
    assert shown["protocol_version"] == "a1"
    assert shown["ready"], "what the site was opened on still counts"
    assert shown["protocol_versions"] == [
        {"protocol_version": "paper-2022", "effective_on": None},
        {"protocol_version": "a1", "effective_on": BEFORE},
    ]
    eligibility = (await site.get("/sites/01", "monitor", valid_at=OPENED.isoformat())).json()
    assert eligibility["protocol_version"] == "paper-2022"


async def test_one_adopted_ahead_is_shown_and_not_in_force(site: Site) -> None:
    await _approved(site)
    await site.done("/sites/01/amendments", {"protocol_version": "a1", "effective_on": NEXT}, "sponsor")
    shown = (await site.get("/sites/01", "monitor")).json()
    assert shown["protocol_version"] == "paper-2022"
    assert shown["protocol_versions"][-1] == {"protocol_version": "a1", "effective_on": NEXT}


async def test_who_has_to_sign_again_is_listed_until_they_have(site: Site) -> None:
    subject = await site.screen()
    await site.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    other = await site.screen()
    assert (await site.get("/sites/01/reconsents")).json()["reconsents"] == []
    approved = {"version": "2.0", "approved_from": BEFORE, "reconsent_by": BEFORE}
    await site.done("/sites/01/consent-versions", approved, "sponsor")
    (due,) = (await site.get("/sites/01/reconsents")).json()["reconsents"]
    assert due == {
        "subject": subject,
        "signed": "1.0",
        "signed_on": CONSENTED.isoformat(),
        "to_sign": "2.0",
        "due_by": BEFORE,
        "overdue": True,
    }
    assert other not in str(due)
    signed = {"version": "2.0", "signed_on": BEFORE, "copy_given": True}
    made = await site.done(f"{S}/consents", signed)
    assert made["recorded"][0]["fact"]["copy_given"] is True
    assert (await site.get("/sites/01/reconsents")).json()["reconsents"] == []
    shown = (await site.get("/sites/01", "monitor")).json()
    assert shown["consents"][-1] == approved
