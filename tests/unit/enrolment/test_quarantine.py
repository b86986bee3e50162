"""A note in which somebody is found is held, shown to few, released by another account, and forgotten in time."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.chassis.quarantine.port import MOST
from services.chassis.unavailable import Unavailable
from services.enrolment.domain.facts import TextOpened, TextReleased
from services.enrolment.handlers.erasure import Erasures, forget

from .service import Site
from .service import enrolment as service
from .world import CONSENTED, STUDY

TEXT = "Vue par Mme Marguerite Kervella, score de Dupont"
PATH = "/sites/01/quarantine"
WRITER = ("investigator", "01")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with service(tmp_path) as site:
        await site.activate()
        yield site


async def noted(site: Site, subject: str, text: str = TEXT, *who: str) -> httpx.Response:
    body = {"severity": "MINOR", "occurred_on": CONSENTED.isoformat(), "note": text}
    return await site.post(f"/subjects/{subject}/deviations", body, *(who or ("monitor",)))


async def recruited(site: Site) -> str:
    subject = await site.screen()
    await site.include(subject)
    return subject


def code(answer: httpx.Response) -> Any:
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[1]


def held_in(answer: httpx.Response) -> str:
    assert code(answer) == (422, "text-quarantined"), answer.text
    assert "Kervella" not in answer.text
    found: str = answer.json()["context"]["quarantine"]
    return found


async def delete(site: Site, path: str, *who: str) -> httpx.Response:
    return await site.api.client.delete(f"/studies/RELUTH{path}", headers=site.api.token(*who))


async def test_nothing_is_recorded_and_the_text_is_held_sealed(site: Site) -> None:
    subject = await recruited(site)
    before = await site.api.parts.log.head()
    text = held_in(await noted(site, subject))
    assert await site.api.parts.log.head() == before
    kept = site.api.context.context.quarantine.kept
    assert "Kervella" not in repr(kept)
    (listed,) = (await site.get(PATH, "coordinator", "01")).json()["items"]
    assert (listed["id"], listed["subject"]) == (text, subject)
    assert listed["hits"]
    assert "text" not in listed
    assert held_in(await noted(site, subject)) == text, "the same text has the same id"
    assert (await site.get(f"{PATH}/{text}", *WRITER)).json()["text"] == TEXT
    assert (await site.get(f"{PATH}/{text}", "coordinator", "01")).status_code == 403
    assert code(await site.get(f"/sites/02/quarantine/{text}", "investigator", "02"))[0] == 404
    assert (await site.get("/sites/02/quarantine", "investigator", "02")).json()["items"] == []


async def test_what_was_released_passes_for_the_same_subject_and_field_alone(site: Site) -> None:
    subject, other = await recruited(site), await recruited(site)
    text = held_in(await noted(site, subject))
    path, body = f"{PATH}/{text}/release", {"reason": "EPONYM"}
    released = await site.post(path, body, *WRITER, key="one")
    assert released.status_code == 201, released.text
    assert (await site.post(path, body, *WRITER, key="one")).json() == released.json()
    assert code(await site.post(path, body, *WRITER)) == (409, "text-already-released")
    assert code(await site.get(f"{PATH}/{text}", *WRITER)) == (409, "text-already-released")
    assert code(await delete(site, f"{PATH}/{text}", *WRITER)) == (404, "unknown-quarantined-text")
    assert (await noted(site, subject)).status_code == 201
    held_in(await noted(site, subject, TEXT + "."))
    held_in(await noted(site, other))
    withdrawal = {"scope": "FOLLOW_UP", "withdrawn_on": "2022-04-01", "note": TEXT}
    held_in(await site.post(f"/subjects/{subject}/withdrawals", withdrawal, *WRITER))
    log = site.api.parts.log
    facts = [e for e in await log.read(0, 1000) if e.type == TextReleased.type_name]
    assert len(facts) == 1
    assert TextReleased.topic is None
    assert b"Kervella" not in b"".join(e.payload for e in await log.read(0, 1000))


async def test_nobody_releases_a_text_of_the_same_account(site: Site) -> None:
    subject = await recruited(site)
    text = held_in(await noted(site, subject, TEXT, *WRITER))
    assert code(await site.post(f"{PATH}/{text}/release", {"reason": "EPONYM"}, *WRITER)) == (
        403,
        "own-text-not-released",
    )
    held_in(await noted(site, subject))


async def test_a_discarded_text_is_gone_and_does_not_pass(site: Site) -> None:
    subject = await recruited(site)
    text = held_in(await noted(site, subject))
    assert (await delete(site, f"{PATH}/{text}", *WRITER)).status_code == 204
    assert code(await site.get(f"{PATH}/{text}", *WRITER)) == (404, "unknown-quarantined-text")
    assert held_in(await noted(site, subject)) != text


async def test_it_is_forgotten_after_its_days_and_with_the_subject(site: Site) -> None:
    subject, other = await recruited(site), await recruited(site)
    ctx = site.api.context.context
    text = held_in(await noted(site, subject))
    assert await ctx.texts.sweep(30) == 0
    site.api.parts.now += timedelta(days=30)
    assert await ctx.texts.sweep(30) == 0, "on the last day it is still there"
    site.api.parts.now += timedelta(seconds=1)
    assert await ctx.texts.sweep(30) == 1
    assert text not in json.dumps((await site.get(PATH, *WRITER)).json())
    held_in(await noted(site, subject))
    stays = held_in(await noted(site, other))
    await forget(ctx, STUDY, subject)
    assert [one["id"] for one in (await site.get(PATH, *WRITER)).json()["items"]] == [stays]


async def test_a_subject_has_so_many_and_no_more(site: Site) -> None:
    subject = await recruited(site)
    for number in range(MOST):
        held_in(await noted(site, subject, f"{TEXT} {number}"))
    assert code(await noted(site, subject)) == (422, "text-identifies-somebody")


async def test_who_opened_a_text_is_recorded_before_it_is_told(site: Site) -> None:
    subject = await recruited(site)
    text = held_in(await noted(site, subject))
    log = site.api.parts.log
    before = (await log.head()).position
    for path, who in ((f"{PATH}/{text}", ("coordinator", "01")), ("/sites/02/quarantine", ("investigator", "02"))):
        await site.get(path, *who)
    assert (await log.head()).position == before, "who was shown nothing opened nothing"
    await site.get(f"{PATH}/{text}", *WRITER)
    (opened,) = [site.api.parts.facts.envelope(event) for event in await log.read(before, 10)]
    assert opened.fact == TextOpened(study=STUDY, subject=subject, text=UUID(text))
    assert opened.provenance.actor == "investigator-01"
    assert TextOpened.topic is None
    assert (await site.post(f"{PATH}/{text}/release", {"reason": "EPONYM"}, *WRITER)).status_code == 201


async def test_what_cannot_be_recorded_is_not_shown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    text = held_in(await noted(site, await recruited(site)))

    async def away(*_: object) -> None:
        raise Unavailable("database")

    monkeypatch.setattr(site.api.parts.log, "append", away)
    answer = await site.get(f"{PATH}/{text}", *WRITER)
    assert answer.status_code == 503
    assert "Kervella" not in answer.text


async def test_what_a_restored_backup_brings_back_of_somebody_erased_is_forgotten_at_the_start(site: Site) -> None:
    """The table of held texts, and that of keys, may be older than the log; the log says who was erased."""
    subject, other = await recruited(site), await recruited(site)
    ctx = site.api.context.context
    text, stays = held_in(await noted(site, subject)), held_in(await noted(site, other))
    saved = dict(ctx.quarantine.kept)
    withdrawal = {"scope": "DATA_USE", "withdrawn_on": "2022-04-01"}
    assert (await site.post(f"/subjects/{subject}/withdrawals", withdrawal, *WRITER)).status_code == 201
    ctx.quarantine.kept = saved
    assert code(await site.get(f"{PATH}/{text}", *WRITER)) == (410, "key-destroyed")
    assert await Erasures(ctx).look() == 1
    assert [one["id"] for one in (await site.get(PATH, *WRITER)).json()["items"]] == [stays]
    site.api.parts.now += timedelta(days=31)
    assert await ctx.texts.sweep(30) == 1, "what had its time before the restore goes by its own day"
