"""What a backup says of itself: where each service stood, which files hold it, and what each file must be."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import asyncpg
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.chassis.log.statements import statement
from services.cli.embedded.state import write_private

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_SQL: Final = Path(__file__).parent / "sql"
_CHUNK: Final = 1 << 20

Position = Annotated[int, Field(ge=0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BackupDamaged(Exception):
    """A backup is not what its manifest says, or has none; the message names the file."""


class BackupRefused(RuntimeError):
    """A backup or a restore was not done; the message says what would make it pass."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LogStanding(_Part):
    """The head of the log: its last position, the last place of its outbox, the hash of the chain."""

    position: Position
    out_pos: Position
    hash: Sha256


class RelayStanding(_Part):
    """How far the outbox was published, and to which cluster."""

    out_pos: Position
    epoch: Position
    cluster_id: str | None


class TopicHeld(_Part):
    """What is held of a topic, as in `inbox_standings`."""

    topic_pos: Position
    position: Position
    out_pos: Position
    held: tuple[int, ...]


class InboxStanding(_Part):
    """What is held of others."""

    position: Position
    topics: Mapping[str, TopicHeld]


class Build(_Part):
    """One build of a read model."""

    name: str
    version: int
    build: int
    status: str
    position: Position


class Standing(_Part):
    """Everything by which a service's database can be known again, read in one snapshot."""

    revisions: tuple[str, ...]
    log: LogStanding
    topics: Mapping[str, Position]
    relay: RelayStanding
    inbox: InboxStanding
    parked: Position
    keks: tuple[str, ...]
    projections: tuple[Build, ...]

    @classmethod
    async def read(cls, connection: "asyncpg.Connection[asyncpg.Record]") -> Self:
        """Of the snapshot that the connection's transaction has, with the rights of the schema's owner."""
        return cls.model_validate_json(await connection.fetchval(statement(_SQL, "standing")))


class File(_Part):
    """What a file of the backup must be."""

    bytes: Position
    sha256: Sha256

    @classmethod
    def of(cls, path: Path) -> Self:
        """What it is."""
        digest, count = hashlib.sha256(), 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                count += len(chunk)
        return cls(bytes=count, sha256=digest.hexdigest())


class Saved(_Part):
    """One service: where it stood, and its files by their path in the backup."""

    standing: Standing
    files: Mapping[str, File]


class Manifest(_Part):
    """A whole backup. `keys`: the files with keys, where they were asked for."""

    format: Literal[1] = FORMAT
    studies: tuple[str, ...]
    program: str
    postgresql: int
    started_at: datetime
    ended_at: datetime
    keys: Mapping[str, File]
    services: Mapping[str, Saved]

    @classmethod
    def read(cls, backup: Path) -> Self:
        """Raises `BackupDamaged`, and `BackupRefused` for one that another program must read."""
        path = backup / MANIFEST
        try:
            raw: Any = json.loads(path.read_bytes())
            if isinstance(raw, dict) and raw.get("format") not in (None, FORMAT):
                raise BackupRefused(
                    f"{path} has format {raw['format']!r}, this program reads {FORMAT}. It was made by reluth"
                    f" {raw.get('program')}: use that version or a newer one."
                )
            return cls.model_validate(raw)
        except (FileNotFoundError, NotADirectoryError):
            raise BackupDamaged(f"{backup} is not a complete backup: it has no {MANIFEST}") from None
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            raise BackupDamaged(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        except ValueError:
            raise BackupDamaged(f"{path} is not JSON: it was cut off or changed") from None

    def write(self, backup: Path) -> None:
        """The last file of a backup: without it there is none."""
        write_private(backup / MANIFEST, self.model_dump_json(indent=2) + "\n")

    def check(self, backup: Path, services: Iterable[str] | None = None) -> None:
        """Compare the files with what they must be. Raises `BackupDamaged`, which names all that differ."""
        wanted = dict(self.keys)
        for name in services or self.services:
            wanted |= self.services[name].files
        if wrong := [says for name, file in wanted.items() if (says := _differs(backup / name, file))]:
            raise BackupDamaged(f"{backup} is damaged and must not be used: {'; '.join(wrong)}")


def _differs(path: Path, wanted: File) -> str | None:
    try:
        found = File.of(path)
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
    if found.bytes != wanted.bytes:
        return f"{path.parent.name}/{path.name} has {found.bytes} bytes instead of {wanted.bytes}"
    if found.sha256 != wanted.sha256:
        return f"{path.parent.name}/{path.name} has other content than was written"
    return None
