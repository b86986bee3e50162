"""Opening an allocation for a demo: whoever was stopped half way, and wherever, the next one goes on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.cli.demo.opening import NotOpened, open_allocation
from tests.unit.randomizer.service import Api, Service, running

STEPS = 4  # a draft, two signatures, the activation


class Killed(Exception):
    """The process is gone."""


class Office:
    """Talks to the real routes; dies before or after the n-th command is carried out."""

    def __init__(self, api: Api, *, before: int | None = None, after: int | None = None) -> None:
        self._api, self._before, self._after = api, before, after
        self.sent = 0

    async def read(self, path: str, role: str) -> Any:
        return (await self._api.get(f"/{path}", role)).json()

    async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
        self.sent += 1
        if self.sent == self._before:
            raise Killed
        answer = await self._api.post(f"/{path}", dict(body), role, key=key)
        if self.sent == self._after:
            raise Killed
        code = None if answer.is_success else answer.json()["type"].rpartition(":")[2]
        return code, answer.json() if answer.is_success else None


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
@pytest.mark.parametrize("runs", ["aa", "ab", "aba"])
async def test_the_demo_goes_on_wherever_it_was_killed_and_whichever_it_was(
    tmp_path: Path, place: str, step: int, runs: str
) -> None:
    async with running(Service(), tmp_path) as api:
        for run in runs[:-1]:
            try:
                await open_allocation(Office(api, **{place: step}), run)
            except Killed:
                continue
        await open_allocation(Office(api), runs[-1])
        told = (await api.get("/allocation", "sponsor")).json()
        assert (told["status"], told["version"]) == ("active", 1)
        assert await api.service.counted() == {
            "randomizer.allocation-drafted": 1,
            "randomizer.allocation-signed": 2,
            "randomizer.allocation-configured": 1,
            "randomizer.seed-sealed": 1,
            "randomization.allocation-activated": 1,
            "randomization.commitment-stamped": 1,
        }


async def test_what_is_open_is_left_alone(tmp_path: Path) -> None:
    async with running(Service(), tmp_path) as api:
        await open_allocation(Office(api), "one")
        office = Office(api)
        await open_allocation(office, "two")
        assert office.sent == 0


async def test_a_refusal_ends_the_demo_and_is_named(tmp_path: Path) -> None:
    class Denied(Office):
        async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
            return await super().send(path, body, "monitor", key)

    async with running(Service(), tmp_path) as api:
        with pytest.raises(NotOpened, match=r"allocation/drafts: not-permitted"):
            await open_allocation(Denied(api), "one")
        assert await api.service.counted() == {}
