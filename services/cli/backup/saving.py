"""`reluth backup`: dump all services at one moment, read the dumps back, and only then give the directory its name."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from contracts.protocol.load import studies
from services.chassis.log.verify import Defect
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.backup import keys
from services.cli.backup.manifest import BackupDamaged, BackupRefused, File, Manifest, Saved, Standing
from services.cli.backup.moment import one_moment
from services.cli.backup.place import Place
from services.cli.backup.programs import dump
from services.cli.backup.reading import read_back
from services.cli.databases import DatabaseUrls
from services.cli.embedded import Report, Step

PUBLIC, PROJECTIONS = "public", "projections"
"""The schemas of a service's database: the owner's, and the one in which the service itself makes tables."""


def archive(service: str, schema: str) -> str:
    """The name of a dump within a backup."""
    return f"{service}/{schema}.dump"


async def save(place: Place, to: Path, *, with_keys: bool, report: Report) -> Manifest:
    """Write a backup into `to`, which must not be there yet: it appears complete or not at all.

    Raises `BackupRefused`, `BackupDamaged` when what was written does not hold, `StartFailed`, and asyncpg's errors.
    """
    refuse_what_exists(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{to.name}.partial-", dir=to.parent))
    try:
        manifest = await _write(place, partial, with_keys, report)
        manifest.write(partial)
        _reach_the_disk([partial, *(partial / name for name in manifest.services)])
        partial.rename(to)  # noqa: ASYNC240
        _reach_the_disk([to.parent])
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return manifest


def refuse_what_exists(to: Path) -> None:
    """Raises `BackupRefused`."""
    if to.exists():
        raise BackupRefused(f"{to} is there already. Each backup has a directory of its own: name another one.")


def left_by_killed(to: Path) -> list[Path]:
    """What backups of this name have left that were killed, or that still run."""
    return sorted(to.parent.glob(f"{to.name}.partial-*"))


async def _write(place: Place, into: Path, with_keys: bool, report: Report) -> Manifest:
    started_at = datetime.now(UTC)
    copied = keys.copy(place.state_dir, into) if with_keys else {}
    standings: dict[str, Standing] = {}
    async with one_moment({name: urls.owner for name, urls in place.urls.items()}) as moment:
        versions = [snapshot.connection.get_server_version().major for snapshot in moment.values()]
        for name, snapshot in moment.items():
            report(Step(name, "dumping", total=2))
            standings[name] = await Standing.read(snapshot.connection)
            (into / name).mkdir(mode=0o700)
            await _dump(place.urls[name], snapshot.id, into, name, max(versions))
            report(Step(name, "dumped", done=1, total=2))
    services: dict[str, Saved] = {}
    for name, standing in standings.items():
        await _read_back(into, name, standing, max(versions))
        files = [archive(name, schema) for schema in (PUBLIC, PROJECTIONS)]
        services[name] = Saved(standing=standing, files={file: File.of(into / file) for file in files})
        report(Step(name, f"{standing.log.position} facts, read back and verified", done=2, total=2))
    return Manifest(
        studies=tuple(studies(settings_of().study_files)),
        program=version("reluth"),
        postgresql=max(versions),
        started_at=started_at,
        ended_at=datetime.now(UTC),
        keys=copied,
        services=services,
    )


async def verify_dumps(backup: Path, manifest: Manifest) -> None:
    """Verify every log from the bytes of its dump. Raises `BackupDamaged`."""
    for name, saved in manifest.services.items():
        await _read_back(backup, name, saved.standing, manifest.postgresql)


async def _read_back(backup: Path, name: str, standing: Standing, major: int) -> None:
    defects = await read_back(backup / archive(name, PUBLIC), standing, catalogue.spec(name).registry, major)
    raise_for(name, defects)


async def _dump(urls: DatabaseUrls, snapshot: str, into: Path, name: str, major: int) -> None:
    """Each schema as the role whose tables are in it: nobody has to be able to read everything."""
    for schema, url in ((PUBLIC, urls.owner), (PROJECTIONS, urls.app)):
        await dump(url, schema, snapshot, into / archive(name, schema), major)


def raise_for(name: str, defects: Iterable[Defect]) -> None:
    """Raises `BackupDamaged` if there are any."""
    if says := [f"position {d.position}: {d.what}" if d.position else d.what for d in defects]:
        raise BackupDamaged(f"{name} does not hold: {'; '.join(says[:10])}{' ...' if len(says) > 10 else ''}")


def _reach_the_disk(directories: Iterable[Path]) -> None:
    for directory in directories:
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
