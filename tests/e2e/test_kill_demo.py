"""kill -9 in the middle of the demo, then the demo again: what was acknowledged is there, once."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx

from services.chassis.log.verify import PAGE
from services.cli.catalogue import NAMES
from services.cli.running import find, inside
from tests.e2e.command import belonging, going, kill_servers, reluth

SUBJECTS = 8


def acknowledged(journal: Path) -> list[dict[str, Any]]:
    """What the sites were told. A line that the kill has cut was not."""
    answers = []
    for line in journal.read_text().splitlines() if journal.exists() else ():
        with suppress(json.JSONDecodeError):
            answers.append(json.loads(line))
    return answers


def event_ids(answer: object) -> Iterator[str]:
    match answer:
        case dict():
            for name, value in answer.items():
                if name == "event_id" and isinstance(value, str):
                    yield value
                else:
                    yield from event_ids(value)
        case list():
            for item in answer:
                yield from event_ids(item)


async def logged(state: Path, service: str) -> Counter[str]:
    """How often each event is in the log."""
    found: Counter[str] = Counter()
    async with inside(find(state), service) as opened:
        after = 0
        while page := await opened.log.read(after, PAGE):
            found.update(str(event.event_id) for event in page)
            after = page[-1].position
    return found


async def held(state: Path) -> Counter[str]:
    """How often analytics holds each event."""
    found: Counter[str] = Counter()
    async with inside(find(state), "analytics") as opened, opened.store.begin(snapshot=True) as tx:
        found.update(str(e.message.event_id) for e in await tx.inbox.read(0, await tx.inbox.head()))
    return found


async def test_what_was_acknowledged_before_a_kill_is_there_once(tmp_path: Path) -> None:
    """Killed twice, at moments that a seed chooses; the second time with database and broker."""
    chance, state, journal = Random(1), tmp_path / "state", tmp_path / "journal"
    demo = ("demo", "--subjects", str(SUBJECTS), "--journal", journal)
    told = 0
    for number, servers_too in enumerate((False, True)):
        told += chance.randint(5, 55)
        with going(tmp_path / f"output-{number}", state, *demo) as process:
            process.until(lambda told=told: len(acknowledged(journal)) >= told, "progress")  # type: ignore[misc]
            process.kill()
            if servers_too:
                kill_servers(state)
    with going(tmp_path / "output", state, *demo) as process:
        process.until_it_says("Ctrl-C stops everything")
        assert "had been recorded by an earlier run" in process.says

        answers = acknowledged(journal)
        facts = {service: await logged(state, service) for service in NAMES}
        promised = {(a["service"], event_id) for a in answers for event_id in event_ids(a["answer"])}
        assert len(promised) > told
        assert {facts[service][event_id] for service, event_id in promised} == {1}
        same = Counter((a["key"], json.dumps(a["answer"], sort_keys=True)) for a in answers)
        assert len(same) == len({key for key, _ in same}), "a key has one answer, before and after the kill"

        assert set((await held(state)).values()) == {1}
        screened = {a["key"] for a in answers if a["key"].endswith("-screen")}
        flow = await participant_flow(state)
        assert flow["screened"] == len(screened) == SUBJECTS
        assert flow["stands_on"]["complete"]

        verified = reluth("verify", "--state-dir", state)
        assert verified.returncode == 0, verified.stdout
        status = reluth("status", "--state-dir", state)
        assert status.returncode == 0, status.stdout
        async with inside(find(state), "analytics") as analytics:
            for projection in ("dossiers", "allocated", "alerts", "conduct"):  # folded again from the first fact on
                assert (await analytics.operations.rebuild(projection)).same, projection
        assert reluth("down", "--state-dir", state).returncode == 0
        assert process.ended() == 0
    assert not belonging(state)


async def participant_flow(state: Path) -> dict[str, Any]:
    where = find(state)
    token = reluth("token", "--role", "sponsor", "--state-dir", state).stdout.strip()
    async with httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.get(f"{where.urls['analytics']}/studies/RELUTH/participant-flow")
    found: dict[str, Any] = answer.raise_for_status().json()
    return found
