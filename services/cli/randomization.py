"""`reluth randomization`: what a statistician does with an allocation from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.failures import told
from services.cli.options import DEFAULT_STATE, AsJson, StateDir

randomization = typer.Typer(help="The allocation: its design simulated, its record exported.", no_args_is_help=True)

PICTURES = (".svg", ".png")


def _picture(file: Path | None) -> Path | None:
    if file is not None and file.suffix not in PICTURES:
        raise typer.BadParameter(f"{file}: a picture ends in {' or '.join(PICTURES)}")
    return file


@randomization.command(epilog="Example: reluth randomization simulate --compare --plot designs.svg")
def simulate(
    trials: Annotated[int, typer.Option(min=100, max=1_000_000, help="How many trials of each design.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another simulation.")] = 1,
    live: Annotated[
        bool, typer.Option("--live", help="The version in force of a running system, on the levels seen there.")
    ] = False,
    protocol: Annotated[
        Path | None, typer.Option(help="Protocol file; the packaged one without it.", exists=True, dir_okay=False)
    ] = None,
    study: Annotated[str | None, typer.Option(help="With --live: which one; else the protocol file's.")] = None,
    subjects: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="How many are randomized; the cap without it.")
    ] = None,
    sites: Annotated[int, typer.Option(min=1, max=1_000, help="Centres, whose rates differ.")] = 22,
    prevalence: Annotated[
        list[str] | None, typer.Option(help="FACTOR=LEVEL:SHARE, as in F1=LT18:0.30. The last level has the rest.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Beside the other designs there are.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Picture to write: .svg or .png.", callback=_picture)] = None,
    as_json: AsJson = False,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Say what a design gives: imbalance overall, in margins and strata, and how often the next arm is guessed.

    Every design meets the same simulated subjects. No seed of a running allocation is used or needed. With --live an
    unblinded statistician asks: RELUTH_TOKEN, or in embedded mode the local issuer.
    """
    with told():
        from services.cli.simulation import answer, question

        if live:
            asked = question.of_system(state_dir, protocol, study, prevalence or [], subjects, sites)
        else:
            asked = question.of_file(protocol, prevalence or [], subjects, sites)
        found = answer.answered(asked, trials, seed, compare=compare)
        answer.print_answer(found, json_wanted=as_json)
        if plot is not None:
            answer.draw(found, plot)


@randomization.command("export-bundle", epilog="Example: reluth randomization export-bundle --out reluth.jsonl")
def export_bundle(
    out: Annotated[Path, typer.Option(help="A new file. It tells every arm: it is made for your account alone.")],
    study: Annotated[str | None, typer.Option(help="Which one; else the packaged protocol file's.")] = None,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Take away what it takes to derive every allocation again, once the allocation is locked.

    `reluth verify --bundle` reads it, and bundle_verifier.py anywhere else.
    """
    with told():
        from contracts.protocol.load import load
        from services.cli.bundle import export
        from services.cli.running import find

        export(find(state_dir), state_dir, study or load().study.id, out)
