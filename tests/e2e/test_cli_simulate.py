"""`reluth randomization simulate --live`: the version in force of a running system, on the levels seen there."""

import asyncio
import json

from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from tests.e2e.command import reluth
from tests.e2e.conftest import Whole


async def test_the_version_in_force_is_simulated_on_the_levels_that_were_seen(whole: Whole) -> None:
    await play(whole.api, cohort(6, seed=4), run="simulated", set_day=whole.set_day, progress=lambda *_: None)
    path = f"/studies/{STUDY}/allocation/balance"
    balance = await whole.api.get("randomizer", path, role="statistician")
    asked = ("randomization", "simulate", "--live", "--json", "--trials", "200")
    # a process of its own: the system answers from this one
    result = await asyncio.to_thread(reluth, *asked, "--state-dir", whole.system.options.state_dir)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert balance["randomized"]
    assert found["name"] == f"{STUDY}, version 1 in force"
    assert found["subjects"] == 146
    assert {one["source"].partition(",")[0] for one in found["prevalence"].values()} == {
        f"seen: {balance['randomized']} subjects"
    }
    assert found["configuration_sha256"] == balance["versions"][0]["configuration_sha256"]
