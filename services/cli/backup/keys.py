"""The keys that a backup needs and does not hold unless asked to: without them what is sealed stays sealed for ever."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from services.chassis.auth.issuer import KEY_FILE
from services.chassis.files import write_secret_once
from services.chassis.sealing.kek import KEK_FILE, keks_in, keks_of, transit_key_of
from services.chassis.settings import settings_of
from services.cli.backup.manifest import BackupRefused, File, Manifest
from services.randomizer.witness.authority import KEY_FILE as STAMPING_KEY_FILE

_FOLDER = "keys"
_OTHERS = (KEY_FILE, STAMPING_KEY_FILE)
"""Without them nothing is lost: others are made. Tokens and stamps of before then need the certificates of before."""


def copy(state_dir: Path | None, into: Path) -> Mapping[str, File]:
    """Copy the keys of a state directory into a backup."""
    if state_dir is None:
        raise BackupRefused(
            "--with-keys copies the keys of a state directory. Here they are where RELUTH_KEK_FILE or RELUTH_KEK says:"
            " copy them from there."
        )
    (into / _FOLDER).mkdir(mode=0o700)
    copied: dict[str, File] = {}
    for name in (KEK_FILE, *_OTHERS):
        if (state_dir / name).exists():
            to = into / _FOLDER / name
            write_secret_once(to, (state_dir / name).read_bytes)
            copied[f"{_FOLDER}/{name}"] = File.of(to)
    return copied


def offered(state_dir: Path | None, backup: Path, manifest: Manifest, given: Path | None) -> Path | None:
    """The file with keys that a restore brings along: the one given, else that of the backup where there is none yet.

    Raises `BackupRefused` when one is given where it would not be looked for.
    """
    own = state_dir / KEK_FILE if state_dir else None
    if given is not None and (own is None or own.exists()):
        where = f"{own} is there already" if own else "here the services have RELUTH_KEK_FILE or RELUTH_KEK"
        raise BackupRefused(f"--kek-file is for an installation without keys; {where}: add the keys there, one a line.")
    if own is None or own.exists():
        return None
    name = f"{_FOLDER}/{KEK_FILE}"
    return given or (backup / name if name in manifest.keys else None)


def check(manifest: Manifest, services: Sequence[str], state_dir: Path | None, brought: Path | None) -> None:
    """Raises `BackupRefused` when a service would not find the keys that it needs.

    It could start without them: embedded mode would make a new key, and nobody would notice before somebody reads.
    """
    more = keks_in(brought).ids if brought else frozenset[str]()
    lacking: dict[str, list[str]] = {}
    for name in services:
        needed = {kek for kek in manifest.services[name].standing.keks if not _in_a_service(name, kek)}
        if missing := sorted(needed - _at_hand(name, state_dir) - more):
            lacking[name] = missing
    if lacking:
        raise BackupRefused(
            "Key-encryption keys are missing, without which sealed texts cannot be read nor an allocation go on: "
            + "; ".join(f"{name} needs {', '.join(ids)}" for name, ids in lacking.items())
            + ". Give the file with --kek-file (RELUTH_KEK_FILE, where variables describe the installation), or say"
            " --without-keys."
        )


def put(state_dir: Path, backup: Path, manifest: Manifest, brought: Path | None) -> None:
    """Put keys where services look for them. What is there stays."""
    if brought is not None:
        write_secret_once(state_dir / KEK_FILE, brought.read_bytes)
    for file in _OTHERS:
        if (name := f"{_FOLDER}/{file}") in manifest.keys:
            write_secret_once(state_dir / file, (backup / name).read_bytes)


def _in_a_service(service: str, kek: str) -> bool:
    """Whether the key management service is asked for it. It is not asked now: only it knows what it still has."""
    key = transit_key_of(settings_of(service))
    return key is not None and kek.startswith(key.prefix)


def _at_hand(service: str, state_dir: Path | None) -> frozenset[str]:
    """The ids of the keys that the service would find. Makes none."""
    settings = settings_of(service)
    if settings.kek is not None or settings.kek_file is not None:
        return keks_of(settings).ids
    own = state_dir / KEK_FILE if state_dir else None
    return keks_in(own).ids if own and own.exists() else frozenset()
