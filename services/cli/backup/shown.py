"""What a backup holds, as people read it."""

from hashlib import sha256
from pathlib import Path

from services.cli.backup.manifest import MANIFEST, Manifest
from services.cli.screen import console, table


def show_contents(backup: Path, manifest: Manifest) -> None:
    """Print where each service stood, which keys are needed, and the fingerprint by which all of it is known again."""
    contents = table("service", "facts", "hash of the head", "published", "holds of others", "parked", "bytes")
    for name, saved in manifest.services.items():
        at, size = saved.standing, sum(file.bytes for file in saved.files.values())
        numbers = (at.log.position, at.log.hash[:16], at.relay.out_pos, at.inbox.position, at.parked, size)
        contents.add_row(name, *map(str, numbers))
    console.print(contents)
    console.print(
        f"{', '.join(manifest.studies)} at {manifest.started_at:%Y-%m-%d %H:%M:%S} UTC, by reluth {manifest.program}"
        f" from PostgreSQL {manifest.postgresql}, in {backup}",
        soft_wrap=True,
    )
    needed = sorted({kek for saved in manifest.services.values() for kek in saved.standing.keks})
    if manifest.keys:
        console.print(f"Keys are in it: {', '.join(sorted(manifest.keys))}. Whoever has it reads what is sealed.")
    elif needed:
        console.print(
            f"Keys are not in it. Without {', '.join(needed)} nothing sealed can be read again: keep the key-encryption"
            " keys (the file kek of the state directory, or what RELUTH_KEK_FILE names), apart from the backup.",
            soft_wrap=True,
        )
    fingerprint = sha256((backup / MANIFEST).read_bytes()).hexdigest()
    console.print(f"SHA-256 of {MANIFEST}: {fingerprint} (note it elsewhere: it covers every file)", soft_wrap=True)
