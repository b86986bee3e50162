"""pg_dump and pg_restore: those of the wheel that brings the embedded server, or those on PATH if they are newer."""

import contextlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from services.cli.backup.manifest import BackupRefused
from services.cli.embedded import account
from services.cli.embedded.process import run

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_ENVIRONMENT: Final = {"PGTZ": "UTC", "PGCLIENTENCODING": "UTF8", "PGAPPNAME": "reluth backup"}


def program(name: str, major: int) -> Path:
    """The program, of at least the server's major version. Raises `BackupRefused`."""
    found = {path: _major(path) for path in _candidates(name)}
    for path, version in found.items():
        if version >= major:
            return path
    there = ", ".join(f"{path} is {version}" for path, version in found.items()) or "none was found"
    raise BackupRefused(
        f"{name} of PostgreSQL {major} or newer is needed, as the server is ({there}). Install PostgreSQL's client"
        f" programs of version {major} and put them on PATH."
    )


def _candidates(name: str) -> list[Path]:
    found: list[Path] = []
    with contextlib.suppress(account.NoPostgres):
        found.append(account.programs(None) / name)
    if on_path := shutil.which(name):
        found.append(Path(on_path))
    return [path for path in found if path.exists()]


@cache
def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = _VERSION.search(said)
    return int(found[1]) if found else 0


async def dump(url: str, schema: str, snapshot: str, to: Path, major: int) -> None:
    """Write what a schema holds in an exported snapshot into an archive of the custom format.

    Raises `StartFailed` with what pg_dump said.
    """
    database, secret = without_password(url)
    options = ["--format=custom", f"--schema={schema}", f"--snapshot={snapshot}", "--encoding=UTF8", "--no-password"]
    await run(
        [program("pg_dump", major), *options, f"--file={to}", f"--dbname={database}"],
        directory=to.parent,
        environment=_ENVIRONMENT | secret,
    )


async def load(url: str, schema: str, archive: Path, major: int, *options: str) -> None:
    """Load what an archive has of a schema, all or nothing. Raises `StartFailed` with what pg_restore said."""
    database, secret = without_password(url)
    always = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    await run(
        [program("pg_restore", major), *always, f"--schema={schema}", *options, f"--dbname={database}", archive],
        directory=archive.parent,
        environment=_ENVIRONMENT | secret,
    )


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """The URL as a command line may show it, and the variable that carries its password."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    shown = parts._replace(scheme="postgresql", netloc=f"{name}@{host}").geturl()
    return shown, {"PGPASSWORD": unquote(password)}
