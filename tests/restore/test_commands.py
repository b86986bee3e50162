"""`reluth backup` and `reluth restore` as people run them: what they print, their codes, and a kill in the middle."""

import asyncio
import json
import re
import signal
from pathlib import Path

import asyncpg
import psutil
import pytest

from services.chassis.sealing.kek import keks_in
from services.cli.backup.manifest import Manifest
from tests.e2e.command import Process, here, reluth
from tests.restore.installation import Installation, changed


def test_a_backup_is_for_its_owner_alone_and_tells_neither_password_nor_key(
    saved: Path, installation: Installation
) -> None:
    files = [path for path in saved.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (saved, *saved.rglob("*")) if path.is_dir()} == {0o700}
    content = b"".join(path.read_bytes() for path in files)
    assert b"owner%20of" not in content
    assert b"owner of" not in content
    assert installation.kek_file.read_bytes() not in content


def test_the_manifest_is_shown_and_the_files_are_checked(saved: Path, installation: Installation) -> None:
    shown = here("backup", "show", saved)
    head = Manifest.read(saved).services["enrolment"].standing.log.hash
    assert re.search(rf"enrolment +10 +{head[:16]}", shown.stdout)
    assert f"Without {keks_in(installation.kek_file).active} nothing sealed" in shown.stdout
    assert re.search(r"SHA-256 of manifest.json: [0-9a-f]{64}", shown.stdout)
    as_json = here("backup", "show", saved, "--json").stdout
    assert json.loads(as_json) == json.loads((saved / "manifest.json").read_text())
    assert here("backup", "check", saved).exit_code == 0

    file = saved / "safety" / "public.dump"
    file.write_bytes(file.read_bytes() + b"x")
    checked = here("backup", "check", saved)
    assert checked.exit_code == 1
    assert "safety/public.dump has" in checked.stderr
    assert here("restore", saved).exit_code == 1
    (saved / "manifest.json").unlink()
    assert here("backup", "show", saved).exit_code == 1


def test_what_is_refused_says_so_with_a_code(
    saved: Path, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = here("backup", "--to", saved)
    assert taken.exit_code == 4
    assert "is there already" in taken.stderr
    for name, value in installation.variables.items():
        monkeypatch.setenv(name, value)
    full = here("restore", saved, "--service", "enrolment")
    assert full.exit_code == 4
    assert "Nothing is restored over facts" in full.stderr
    changed(saved, {"program": "9.1.0"})
    newer = here("restore", saved)
    assert newer.exit_code == 4
    assert "restore it with 9.1.0 or newer" in newer.stderr
    assert here("restore", saved, "--service", "nobody").exit_code == 2


def test_where_nothing_is_it_says_so(tmp_path: Path) -> None:
    nowhere = here("backup", "--to", tmp_path / "b", "--state-dir", tmp_path / "none")
    assert nowhere.exit_code == 3
    assert not list(tmp_path.iterdir())


async def test_a_backup_that_is_killed_leaves_nothing_that_looks_complete(
    installation: Installation, tmp_path: Path
) -> None:
    to = tmp_path / "backup"
    holder = await asyncpg.connect(installation.urls("safety").owner)
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")  # pg_dump waits for it
            process = Process(tmp_path / "out", "backup", "--to", to, **installation.variables)
            await asyncio.to_thread(process.until, lambda: list(tmp_path.glob("backup.partial-*/safety")), "a dump")
            process.process.send_signal(signal.SIGKILL)
            process.ended()
            _, alive = psutil.wait_procs(_of(tmp_path), timeout=10)
            assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE], "pg_dump ends with it"
    finally:
        await holder.close()
    assert not to.exists()
    (left,) = tmp_path.glob("backup.partial-*")
    for command in (("backup", "check", left), ("restore", left)):
        refused = await asyncio.to_thread(reluth, *command)
        assert refused.returncode == 1
        assert "is not a complete backup" in refused.stderr
    again = Process(tmp_path / "again", "backup", "--to", to, **installation.variables)
    assert await asyncio.to_thread(again.ended) == 0
    assert f"{left} is what a backup left that was killed" in again.says


def _of(directory: Path) -> list[psutil.Process]:
    """Programs that write into it."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(directory) in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found
