"""Webhooks as a site's own people manage them: made once, shown without the secret, refused where nothing may go."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.events import course, enrolment, treatment
from contracts.events.catalogue import OWNERS
from services.chassis.webhooks.port import MOST
from services.enrolment.handlers.telling import TYPES

from .service import Site
from .service import enrolment as service

PATH = "/sites/01/webhooks"
BODY = {"url": "https://hospital.example/told", "events": ["enrolment.subject-screened"]}
UNKNOWN = "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with service(tmp_path) as site:
        await site.activate()
        yield site


async def delete(site: Site, path: str, *who: str) -> httpx.Response:
    headers = site.api.token(*(who or ("coordinator", "01")))
    return await site.api.client.delete(f"/studies/RELUTH{path}", headers=headers)


def code(answer: httpx.Response) -> Any:
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[1]


def test_what_can_be_asked_for_is_what_enrolment_publishes() -> None:
    ours = {topic for topic, owner in OWNERS.items() if owner == "enrolment"}
    published = [f for module in (enrolment, course, treatment) for f in module.FACTS if f.topic in ours]
    assert set(TYPES) == {fact.type_name for fact in published}
    assert "enrolment.treatment-assigned" not in TYPES


async def test_the_secret_is_shown_to_the_command_that_made_it_and_to_nobody_else(site: Site) -> None:
    made = await site.post(PATH, BODY, "coordinator", "01", key="one")
    assert made.status_code == 201
    webhook, secret = made.json()["id"], made.json()["secret"]
    assert secret.startswith("whsec_")
    again = await site.post(PATH, BODY, "coordinator", "01", key="one")
    assert again.json() == made.json()
    other = await site.post(PATH, {**BODY, "url": "https://other.example/"}, "coordinator", "01", key="one")
    assert code(other) == (422, "idempotency-key-reused")
    for path in (PATH, f"{PATH}/{webhook}", f"{PATH}/{webhook}/deliveries"):
        answer = await site.get(path, "coordinator", "01")
        assert answer.status_code == 200
        assert "secret" not in answer.text
        assert secret not in answer.text
    (listed,) = (await site.get(PATH, "investigator", "01")).json()["items"]
    assert listed == {name: value for name, value in made.json().items() if name != "secret"}
    assert listed["position"] == (await site.api.parts.log.head()).position, "what is recorded from now on"


async def test_another_sites_webhook_is_not_there(site: Site) -> None:
    webhook = (await site.post(PATH, BODY, "coordinator", "01")).json()["id"]
    for path in (f"/sites/02/webhooks/{webhook}", f"/sites/02/webhooks/{UNKNOWN}"):
        assert code(await site.get(path, "coordinator", "02")) == (404, "unknown-webhook")
        assert code(await site.post(f"{path}/replay", {"from": 1}, "coordinator", "02")) == (404, "unknown-webhook")
        assert code(await delete(site, path, "coordinator", "02")) == (404, "unknown-webhook")
    assert (await site.get("/sites/02/webhooks", "coordinator", "02")).json()["items"] == []
    assert (await site.get(f"{PATH}/{webhook}", "coordinator", "02")).status_code == 403


@pytest.mark.parametrize("url", ["http://hospital.example/", "https://10.0.0.1/", "https://u:p@h.example/", "x"])
async def test_nothing_goes_where_nothing_may_go(site: Site, url: str) -> None:
    refused = await site.post(PATH, {**BODY, "url": url}, "coordinator", "01")
    assert code(refused) == (422, "webhook-address-not-accepted")
    assert url == "x" or url not in refused.text


@pytest.mark.parametrize(
    "events",
    [
        ["enrolment.subject-number-issued"],
        ["enrolment.treatment-assigned"],
        ["randomization.subject-randomized"],
        ["enrolment.subject-screened"] * 2,
        ["x"],
    ],
)
async def test_what_nobody_is_told_cannot_be_asked_for(site: Site, events: list[str]) -> None:
    refused = await site.post(PATH, {**BODY, "events": events}, "coordinator", "01")
    assert code(refused) == (422, "unknown-event")


async def test_a_site_has_a_bounded_number(site: Site) -> None:
    for _ in range(MOST):
        assert (await site.post(PATH, BODY, "coordinator", "01")).status_code == 201
    assert code(await site.post(PATH, BODY, "coordinator", "01")) == (409, "too-many-webhooks")


async def test_a_replay_begins_at_a_position_that_there_is(site: Site) -> None:
    webhook = (await site.post(PATH, BODY, "coordinator", "01")).json()["id"]
    head = (await site.api.parts.log.head()).position
    for start, position in ((1, 0), (head, head - 1), (head + 1, head)):
        answer = await site.post(f"{PATH}/{webhook}/replay", {"from": start}, "coordinator", "01")
        assert (answer.status_code, answer.json()["position"]) == (200, position)
    beyond = await site.post(f"{PATH}/{webhook}/replay", {"from": head + 2}, "coordinator", "01")
    assert code(beyond) == (422, "beyond-the-end")


async def test_a_webhook_that_was_removed_is_gone_with_its_secret(site: Site) -> None:
    webhook = (await site.post(PATH, BODY, "coordinator", "01")).json()["id"]
    assert (await delete(site, f"{PATH}/{webhook}")).status_code == 204
    assert code(await delete(site, f"{PATH}/{webhook}")) == (404, "unknown-webhook")
    assert code(await site.get(f"{PATH}/{webhook}", "coordinator", "01")) == (404, "unknown-webhook")


async def test_the_command_that_made_a_removed_webhook_makes_it_no_second_time(site: Site) -> None:
    webhook = (await site.post(PATH, BODY, "coordinator", "01", key="one")).json()["id"]
    await delete(site, f"{PATH}/{webhook}")
    assert code(await site.post(PATH, BODY, "coordinator", "01", key="one")) == (410, "key-destroyed")


async def test_nothing_of_it_is_a_fact(site: Site) -> None:
    before = await site.api.parts.log.head()
    webhook = (await site.post(PATH, BODY, "coordinator", "01")).json()["id"]
    await site.post(f"{PATH}/{webhook}/replay", {"from": 1}, "coordinator", "01")
    await delete(site, f"{PATH}/{webhook}")
    assert await site.api.parts.log.head() == before
