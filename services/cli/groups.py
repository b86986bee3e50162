"""The commands that come in groups: `reluth parked`, `reluth projections`, `reluth keys`, `reluth events`."""

from typing import Annotated

import typer

from services.cli.failures import told
from services.cli.options import DEFAULT_STATE, Service, StateDir

parked = typer.Typer(help="Subjects whose facts could not be applied.", no_args_is_help=True)
projections = typer.Typer(help="Read models: list, build again, switch.", no_args_is_help=True)
events = typer.Typer(help="The facts themselves.", no_args_is_help=True)

keys = typer.Typer(help="What the keys of sealed texts and seeds are wrapped with.", no_args_is_help=True)

Follower = Annotated[str, typer.Argument(help="Who parked it, as `reluth parked list` says.")]
Key = Annotated[str, typer.Argument(help="The key that is parked, such as RELUTH/01-001.")]
Projection = Annotated[str, typer.Argument(help="The read model, as `reluth projections list` says.")]


@parked.command("list", epilog="Example: reluth parked list")
def parked_list(state_dir: StateDir = DEFAULT_STATE) -> None:
    """Every parked subject of every service, with the reason. Ends with 1 if there is any."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.parked_list(running.find(state_dir)))


@parked.command("show", epilog="Example: reluth parked show --service analytics p_dossiers_v1_g1 RELUTH/01-001")
def parked_show(
    follower: Follower, key: Key, service: Service = "analytics", state_dir: StateDir = DEFAULT_STATE
) -> None:
    """What waits for one parked subject, the failing fact first."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.parked_show(running.find(state_dir), service, follower, key))


@parked.command("requeue", epilog="Example: reluth parked requeue --service analytics p_dossiers_v1_g1 RELUTH/01-001")
def parked_requeue(
    follower: Follower, key: Key, service: Service = "analytics", state_dir: StateDir = DEFAULT_STATE
) -> None:
    """Apply what waits for a parked subject again, in order, after the cause is mended. Ends with 1 if it fails."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.parked_requeue(running.find(state_dir), service, follower, key))


@projections.command("list", epilog="Example: reluth projections list")
def projections_list(state_dir: StateDir = DEFAULT_STATE) -> None:
    """Every build of every read model, how far it is, and which one serves."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.projections_list(running.find(state_dir)))


@projections.command("rebuild", epilog="Example: reluth projections rebuild --service analytics dossiers")
def projections_rebuild(name: Projection, service: Service = "analytics", state_dir: StateDir = DEFAULT_STATE) -> None:
    """Build a read model again beside the serving one and compare the two. Ctrl-C gives the build up.

    Ends with 1 if they differ.
    """
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.rebuild(running.find(state_dir), service, name))


@projections.command("switch", epilog="Example: reluth projections switch --service analytics dossiers --version 2")
def projections_switch(
    name: Projection,
    version: Annotated[int | None, typer.Option(help="The newest that this program knows, if not given.")] = None,
    service: Service = "analytics",
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Let readers have the newest finished build of a version."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.switch(running.find(state_dir), service, name, version))


@keys.command("rewrap", epilog="Example: reluth keys rewrap")
def keys_rewrap(state_dir: StateDir = DEFAULT_STATE) -> None:
    """Wrap everything anew with the key-encryption key that is first now, so that older ones can go. Texts stay."""
    from services.cli import running, upkeep

    with told():
        upkeep.do(upkeep.rewrap(running.find(state_dir)))


@events.command("tail", epilog="Example: reluth events tail --service safety --follow")
def tail(
    service: Service = "enrolment",
    after: Annotated[int | None, typer.Option(min=0, help="Start behind this position; else the last 20.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the fact.")] = False,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Print the facts of a log in order. Sealed texts stay sealed; what tells or foretells an arm is left out."""
    from services.cli import inspection, running

    with told():
        running.run(inspection.tail(running.find(state_dir), service, after, follow, as_json))
