"""Installations to save and to restore."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.cli.backup import restoring, saving
from services.cli.embedded.progress import silent
from tests.conftest import Server
from tests.restore.installation import Installation, kek_file


@pytest.fixture(scope="package")
async def installation(
    postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """Databases with some facts. What a test appends is seen by those that follow."""
    made = Installation.of(postgres_server, kek_file(tmp_path_factory.mktemp("keys") / "kek"))
    await made.create()
    await made.fill()
    yield made
    await made.drop()


@pytest.fixture
def keys(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every installation that variables describe has the same keys."""
    monkeypatch.setenv("RELUTH_KEK_FILE", str(installation.kek_file))


@pytest.fixture(scope="package")
async def _saved(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("backups") / "saved"
    await saving.save(installation.place, to, with_keys=False, report=silent)
    return to


@pytest.fixture
def saved(_saved: Path, keys: None, tmp_path: Path) -> Path:
    """A backup of it, to be damaged at will."""
    return Path(shutil.copytree(_saved, tmp_path / "saved"))


@pytest.fixture(scope="package")
async def restored(installation: Installation, _saved: Path) -> AsyncIterator[Installation]:
    """What that backup becomes, for reading."""
    other = Installation.of(installation.server, installation.kek_file)
    await restoring.restore(_saved, other.place, [], restoring.How(without_keys=True), silent)
    yield other
    await other.drop()


@pytest.fixture
async def elsewhere(installation: Installation, keys: None) -> AsyncIterator[Installation]:
    """Names for another installation, whose databases are not there yet."""
    other = Installation.of(installation.server, installation.kek_file)
    yield other
    await other.drop()


another = elsewhere
