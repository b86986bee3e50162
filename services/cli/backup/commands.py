"""`reluth backup` with `show` and `check`, and `reluth restore`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.cli.exits import Exit, errors, leave
from services.cli.failures import told
from services.cli.options import DEFAULT_STATE, AsJson, StateDir, known_service
from services.cli.screen import console

backup = typer.Typer(help="Save all services at one moment; look at what was saved.", invoke_without_command=True)

Directory = Annotated[Path, typer.Argument(metavar="BACKUP", help="The directory of a backup.")]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="The PostgreSQL that `reluth up --database-url` uses, while it does not run.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(backup, name="backup")
    app.command(epilog="Example: reluth restore /srv/backups/monday --state-dir /srv/trial --kek-file /mnt/safe/kek")(
        restore
    )


@contextmanager
def _told() -> Iterator[None]:
    """A damaged backup is something wrong with the data; the rest is as everywhere."""
    from services.cli.backup.manifest import BackupDamaged

    with told():
        try:
            yield
        except BackupDamaged as error:
            leave(Exit.DEFECT, str(error))


@backup.callback(epilog="Example: reluth backup --to /srv/backups/monday")
def save(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A new directory; without it, one named after the time.")] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Copy the keys as well: then the backup alone opens what is sealed.")
    ] = False,
    prove: Annotated[
        bool, typer.Option("--prove", help="Restore it into a PostgreSQL of its own, which is removed again.")
    ] = False,
    database_url: DatabaseUrl = None,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Save all services at one moment, while they run or while they are stopped.

    The dumps are read back and their logs verified before the directory gets its name. It holds trial data: it is made
    for your account alone. The key-encryption keys are not in it, and without them nothing sealed can be read again:
    keep them apart.
    """
    if context.invoked_subcommand is not None:
        return
    from services.cli.backup import place, saving
    from services.cli.backup.shown import show_contents
    from services.cli.embedded.progress import ProgressBars
    from services.cli.running import run

    path = (to or Path(f"reluth-backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")).expanduser().absolute()

    async def work() -> None:
        saving.refuse_what_exists(path)
        with ProgressBars() as report:
            async with place.to_save(state_dir, database_url, report) as found:
                manifest = await saving.save(found, path, with_keys=with_keys, report=report)
        show_contents(path, manifest)
        if prove:
            await _prove(path)

    with _told():
        run(work())
        for left in saving.left_by_killed(path):
            errors.print(f"{left} is what a backup left that was killed (or still runs): remove it.", soft_wrap=True)


async def _prove(path: Path) -> None:
    from services.cli.backup import place, restoring
    from services.cli.embedded.progress import ProgressBars

    with tempfile.TemporaryDirectory(prefix="reluth-prove-") as scratch, ProgressBars() as report:
        async with place.started(Path(scratch) / "state", None, report) as found:
            await restoring.restore(path, found, [], restoring.How(without_keys=True), report)
    console.print("It was restored into a PostgreSQL of its own, where it holds; that one is removed again.")


@backup.command("show", epilog="Example: reluth backup show /srv/backups/monday --json")
def show(directory: Directory, as_json: AsJson = False) -> None:
    """Print what a backup holds, by its manifest. Nothing is checked: that is `reluth backup check`."""
    from services.cli.backup.manifest import Manifest
    from services.cli.backup.shown import show_contents

    with _told():
        manifest = Manifest.read(directory)
        if as_json:
            sys.stdout.write(manifest.model_dump_json(indent=2) + "\n")
            return
        show_contents(directory, manifest)


@backup.command("check", epilog="Example: reluth backup check /srv/backups/monday")
def check(directory: Directory) -> None:
    """Compare every file with the manifest, and verify every log from the dump's bytes. Ends with 1 if one differs."""
    from services.cli.backup import saving
    from services.cli.backup.manifest import Manifest
    from services.cli.running import run

    with _told():
        manifest = Manifest.read(directory)
        manifest.check(directory)
        run(saving.verify_dumps(directory, manifest))
        console.print(f"{directory} is what was written: {len(manifest.services)} services, every log holds.")


def restore(
    directory: Directory,
    service: Annotated[list[str] | None, typer.Option(help="One service; all of them without it.")] = None,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="Keep databases that hold facts under other names, not refuse.")
    ] = False,
    kek_file: Annotated[
        Path | None, typer.Option(help="The key-encryption keys of the services; copied into the state directory.")
    ] = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Restore although what is sealed cannot be opened.")
    ] = False,
    database_url: DatabaseUrl = None,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Restore a backup into an installation that is empty and does not run: all of it or nothing.

    Files are compared with the manifest first; what was loaded is verified before it gets its name. Where RELUTH_
    variables describe the installation, RELUTH_ADMIN_URL says who may create databases. A single service that is older
    than those that read it makes them stop: restore all of them, if that is not what you want to see.
    """
    from services.cli.backup import place, restoring
    from services.cli.embedded.progress import ProgressBars
    from services.cli.running import run

    names = [known_service(name) for name in service or ()]
    path = directory.expanduser().absolute()
    how = restoring.How(set_aside, without_keys, kek_file)

    async def work() -> tuple[str, ...]:
        restoring.readable(path, names)  # before a server is started, or a directory made
        with ProgressBars() as report:
            async with place.to_restore(state_dir, database_url, report) as found:
                return await restoring.restore(path, found, names, how, report)

    with _told():
        for kept in run(work()):
            console.print(f"What was there is kept in the database {kept}.", soft_wrap=True)
        console.print(
            f"Restored from {path}. At the next start everything is published to the broker again.", soft_wrap=True
        )
