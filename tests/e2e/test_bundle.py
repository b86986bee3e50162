"""One whole way: a trial is randomized, closed and locked, its bundle taken away, and every arm derived elsewhere."""

import asyncio
import json
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli import bundle_verifier
from services.cli.clock import TurnableClock
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.running import find, inside
from services.cli.system import Options, System
from services.randomizer.witness.authority import CERTIFICATE_FILE
from tests.e2e.command import reluth

WHY = {"reason": "Recruitment is complete"}


@pytest.fixture
async def locking(tmp_path: Path) -> AsyncIterator[tuple[System, Api]]:
    """A system of its own, since nothing opens a closed allocation again, with some subjects randomized in it."""
    clock = TurnableClock()
    async with System(Options(tmp_path / "state"), clock=clock) as system, httpx.AsyncClient(timeout=30) as client:
        api = Api(system.urls, Tokens(system), client)
        await play(api, cohort(12, seed=4), run="whole-way", set_day=clock.set_day, progress=lambda *_: None)
        yield system, api
        clock.release()


async def outside(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own: the system answers from this one."""
    return await asyncio.to_thread(reluth, *arguments)


async def test_from_a_running_trial_to_the_verdict_on_a_machine_that_has_nothing(
    locking: tuple[System, Api], tmp_path: Path
) -> None:
    system, api = locking
    state, bundle = system.options.state_dir, tmp_path / "bundle.jsonl"
    told = {
        one["subject"]: (await _arm(api, one["subject"]))
        for one in (await api.get("randomizer", f"/studies/{STUDY}/randomizations", role="sponsor"))["items"]
    }
    assert len(told) >= 5

    early = await outside("randomization", "export-bundle", "--out", bundle, "--state-dir", state)
    assert (early.returncode, bundle.exists()) == (4, False)
    assert "is not locked" in early.stderr

    for path, role in (("closure", "sponsor"), ("lock-signatures", "sponsor"), ("lock-signatures", "statistician")):
        await api.post("randomizer", f"/studies/{STUDY}/allocation/{path}", WHY, key=f"{path}-{role}", role=role)
    done = await outside("randomization", "export-bundle", "--out", bundle, "--state-dir", state)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    again = await outside("randomization", "export-bundle", "--out", bundle, "--state-dir", state)
    assert again.returncode == 2
    assert "not written over" in again.stderr

    verdict = _on_a_clean_machine(tmp_path / "elsewhere", bundle)
    assert (verdict["holds"], verdict["rederived"], verdict["allocations"]) == (True, len(told), len(told))
    lines = [json.loads(line) for line in bundle.read_text("utf-8").splitlines()]
    arms = [json.loads(one["payload"]) for one in lines if one.get("type") == "randomization.arm-allocated"]
    assert {one["subject"]: one["arm"] for one in arms} == told

    witness = ("--authority", state / CERTIFICATE_FILE, "--last-hash", await _received(api, state))
    checked = await outside("verify", "--bundle", bundle, *witness)
    assert checked.returncode == 0, checked.stdout
    assert f"{len(told)} of {len(told)} allocations derived again; 0 defects" in checked.stdout
    whole = await outside("verify", "--state-dir", state)
    assert whole.returncode == 0, whole.stdout


async def _received(api: Api, state: Path) -> str:
    """The hash of the lock as analytics received it: what no bundle can show of itself."""
    held = f"randomizer:{api.positions['randomizer']}"
    await api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=held)
    async with inside(find(state), "analytics") as reader, reader.store.begin(snapshot=True) as tx:
        entries = await tx.inbox.read(0, await tx.inbox.head())
    (lock,) = [one.message for one in entries if one.message.type == "randomization.allocation-locked"]
    return lock.chain


async def _arm(api: Api, subject: str) -> str:
    answer = await api.get("randomizer", f"/studies/{STUDY}/randomizations/{subject}", role="statistician")
    return str(answer["arm"])


def _on_a_clean_machine(directory: Path, bundle: Path) -> Any:
    """The file and the bundle, Python alone: no site packages, no environment, nothing of ours."""
    directory.mkdir()
    shutil.copy(bundle_verifier.__file__, directory / "bundle_verifier.py")
    shutil.copy(bundle, directory / "bundle.jsonl")
    command = [sys.executable, "-I", "-S", "bundle_verifier.py", "bundle.jsonl", "--json"]
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, env={})
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    return json.loads(result.stdout)
