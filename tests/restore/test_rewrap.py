"""`reluth keys rewrap`: a new key-encryption key takes over, and the old one can go."""

import asyncio
from pathlib import Path

import pytest

from services.chassis.pool import open_pool
from services.chassis.sealing.kek import fresh_kek, keks_in
from services.chassis.sealing.port import UnknownKek
from services.chassis.sealing.postgres import PostgresSubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.cli.exits import Exit
from tests.conftest import Server
from tests.e2e.command import here
from tests.restore.installation import Installation, kek_file


def written(path: Path, *keys: str) -> Path:
    path.write_text("\n".join(keys))
    path.chmod(0o600)
    return path


def test_after_a_rotation_nothing_needs_the_old_key(
    postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotated = Installation.of(postgres_server, kek_file(tmp_path / "kek"))
    old, new = rotated.kek_file.read_text(), fresh_kek()
    for name, value in rotated.variables.items():
        monkeypatch.setenv(name, value)
    try:
        asyncio.run(rotated.create())
        asyncio.run(rotated.fill())
        written(rotated.kek_file, new)
        refused = here("keys", "rewrap")
        assert refused.exit_code == Exit.FAILED
        assert "safety: kek-" in refused.stderr
        assert old not in refused.stderr
        written(rotated.kek_file, new, old)
        moved = here("keys", "rewrap")
        assert moved.exit_code == Exit.OK, moved.output
        assert "safety: 1 wrapped anew." in moved.stdout
        assert "safety: 0 wrapped anew." in here("keys", "rewrap").stdout
        written(rotated.kek_file, old)
        with pytest.raises(UnknownKek):
            asyncio.run(opened(rotated))
        written(rotated.kek_file, new)
        asyncio.run(opened(rotated))
    finally:
        asyncio.run(rotated.drop())


async def opened(rotated: Installation) -> None:
    """The person's key, used as it was wrapped."""
    pool = await open_pool(rotated.urls("safety").app, 1)
    try:
        sealer = Sealer(PostgresSubjectKeys(pool), keks_in(rotated.kek_file))
        assert await sealer.unseal(await sealer.seal("01-001", "more", purpose="test"), purpose="test") == "more"
    finally:
        await pool.close()
