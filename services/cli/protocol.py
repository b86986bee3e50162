"""`reluth protocol`: the protocol files that are loaded, and what a new version would have decided otherwise."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.exits import Exit, leave
from services.cli.failures import told
from services.cli.options import DEFAULT_STATE, AsJson, StateDir

protocol = typer.Typer(help="The trial as data: its versions, and the impact of a new one.", no_args_is_help=True)

NewFile = Annotated[Path, typer.Argument(help="Protocol file of the new version.", exists=True, dir_okay=False)]


@protocol.command(epilog="Example: reluth protocol impact amendment-2.yaml --json")
def impact(
    new: NewFile,
    study: Annotated[str | None, typer.Option(help="Whose decisions; else those of the file's own study.")] = None,
    as_json: AsJson = False,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Make every past decision again under a new version, on what was known when it was made. Nothing is written.

    Names the inclusions and randomizations that would have been decided otherwise, with the criteria, and strata that
    would have been others; counts the visits whose windows would move. Ends with 1 if anything would differ, with 0 if
    nothing would.
    """
    with told():
        from contracts.protocol.load import ProtocolError, load
        from services.cli.impact import measured, print_impact
        from services.cli.running import find, run

        try:
            version = load(new)
        except ProtocolError as error:
            leave(Exit.USAGE, str(error))
        found = run(measured(find(state_dir), version, study or version.study.id))
        print_impact(found, version, study or version.study.id, as_json)
        if found.any:
            raise typer.Exit(Exit.DEFECT)


@protocol.command(epilog="Example: reluth protocol versions trial.yaml amendment-1.yaml")
def versions(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Protocol files; else those of RELUTH_STUDY_FILES, or the packaged one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which versions there are of each study, and in which order. Ends with 2 if files do not fit together."""
    with told():
        from contracts.protocol.load import ProtocolError, studies
        from services.chassis.settings import settings_of
        from services.cli.impact import print_versions

        try:
            found = studies(tuple(files or settings_of().study_files))
        except ProtocolError as error:
            leave(Exit.USAGE, str(error))
        print_versions(found, as_json)
