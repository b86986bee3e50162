"""`reluth randomization simulate --live`: the version in force of a running system, on the levels seen there."""

import json
from pathlib import Path

import pytest

from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from services.cli.system import System
from tests.e2e.command import here
from tests.e2e.conftest import Whole

_PLAYED: list[System] = []


@pytest.fixture
async def state(whole: Whole) -> Path:
    """The state directory of a system in which a few subjects are randomized."""
    if whole.system not in _PLAYED:
        await play(whole.api, cohort(6, seed=4), run="simulated", set_day=whole.set_day, progress=lambda *_: None)
        _PLAYED.append(whole.system)
    return whole.system.options.state_dir


@pytest.fixture
async def balance(whole: Whole, state: Path) -> dict[str, object]:
    """What the statistician reads there."""
    found: dict[str, object] = await whole.api.get(
        "randomizer", f"/studies/{STUDY}/allocation/balance", role="statistician"
    )
    return found


def test_the_version_in_force_is_simulated_on_the_levels_that_were_seen(
    state: Path, balance: dict[str, object]
) -> None:
    result = here("randomization", "simulate", "--live", "--json", "--trials", 200, "--state-dir", state)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert balance["randomized"]
    assert found["name"] == f"{STUDY}, version 1 in force"
    assert found["subjects"] == 146
    assert {one["source"].partition(",")[0] for one in found["prevalence"].values()} == {
        f"seen: {balance['randomized']} subjects"
    }
    assert isinstance(balance["versions"], list)
    assert found["configuration_sha256"] == balance["versions"][0]["configuration_sha256"]
