"""Eight writers in three processes at one log whose sessions die under them: nothing lost, nothing twice."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

from services.chassis.migrations.run import migrate
from services.cli.databases import Databases
from services.cli.embedded import EmbeddedPostgres, State
from tests.torture.logfire import log_under_fire

SEED = os.environ.get("RELUTH_TORTURE_SEED", "1")
SECONDS = float(os.environ.get("RELUTH_TORTURE_SECONDS", "4"))
KILLS = max(4, round(SECONDS / 6))


async def test_a_log_keeps_everything_once_while_its_sessions_die(tmp_path: Path) -> None:
    """A server of its own: a session that is killed takes all sessions of its server along."""
    state = State.acquire(tmp_path / "state")
    server = EmbeddedPostgres(state)
    await server.start()
    try:
        urls = (await Databases(server.admin_url, state.path / "databases.json").ensure(["log"]))["log"]
        await migrate(urls.owner, "log_app")
        admin_url = server.admin_url.replace("/postgres?", "/log?")
        fire = await log_under_fire(urls.app, admin_url, tmp_path, seed=SEED, seconds=SECONDS, kills=KILLS)
    finally:
        await server.stop()
        state.release()
    sys.stdout.write(f"seed {SEED}: {asdict(fire)}\n")
    assert fire.sessions > SECONDS
    assert fire.killed == KILLS
    assert fire.hot
