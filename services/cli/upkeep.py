"""What people who run the system do: projections rebuilt and switched, parked subjects looked at and requeued."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.chassis.inbox.parking import NotParked
from services.chassis.projections.operations import NoSuchProjection, NotReady
from services.chassis.unavailable import Unavailable
from services.cli import catalogue
from services.cli.exits import Exit, leave
from services.cli.inspection import inside
from services.cli.running import Running, find

parked = typer.Typer(help="Subjects whose facts could not be applied.", no_args_is_help=True)
projections = typer.Typer(help="Read models: list, build again, switch.", no_args_is_help=True)
console = Console(highlight=False)

StateDir = Annotated[
    Path, typer.Option("--state-dir", envvar="RELUTH_STATE_DIR", help="Where the system keeps its data.")
]
Service = Annotated[str, typer.Option("--service", help="Whose.")]
DEFAULT = Path(".reluth")


def _known(service: str) -> str:
    if service not in catalogue.NAMES:
        raise typer.BadParameter(f"{service!r} is not one of {', '.join(catalogue.NAMES)}")
    return service


def _do(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except (NoSuchProjection, NotReady, NotParked) as error:
        leave(Exit.DEFECT, str(error))
    except Unavailable as error:
        leave(Exit.FAILED, f"{error.what} is not available; try again")


@parked.command("list", epilog="Example: reluth parked list")
def parked_list(state_dir: StateDir = DEFAULT) -> None:
    """Every parked subject of every service, with the reason. Ends with 1 if there is any."""
    _do(_parked_list(find(state_dir)))


async def _parked_list(where: Running) -> None:
    table = Table("service", "follower", "key", "from position", "since", "reason", box=None, header_style="bold")
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            for one in await service.parking.list():
                since = f"{one.parked_at:%Y-%m-%d %H:%M}"
                table.add_row(name, one.follower, one.key, str(one.position), since, one.reason)
    if not table.row_count:
        console.print("Nothing is parked.")
        return
    console.print(table)
    raise typer.Exit(Exit.DEFECT)


@parked.command("show", epilog="Example: reluth parked show --service analytics p_dossier_v1_g1 RELUTH/01-001")
def parked_show(follower: str, key: str, service: Service = "analytics", state_dir: StateDir = DEFAULT) -> None:
    """What waits for one parked subject, the failing fact first."""
    _do(_parked_show(find(state_dir), _known(service), follower, key))


async def _parked_show(where: Running, name: str, follower: str, key: str) -> None:
    async with inside(where, name) as service:
        shown = await service.parking.show(follower, key)
    console.print(f"{shown.parked.key}: {shown.parked.reason}", markup=False, soft_wrap=True)
    for fact in shown.waiting:
        console.print(f"  {fact.place}  {fact.type}", markup=False)


@parked.command("requeue", epilog="Example: reluth parked requeue --service analytics p_dossier_v1_g1 RELUTH/01-001")
def parked_requeue(follower: str, key: str, service: Service = "analytics", state_dir: StateDir = DEFAULT) -> None:
    """Apply what waits for a parked subject again, in order, after the cause is mended."""
    _do(_parked_requeue(find(state_dir), _known(service), follower, key))


async def _parked_requeue(where: Running, name: str, follower: str, key: str) -> None:
    async with inside(where, name) as service:
        still = await service.parking.requeue(follower, key)
    if still is None:
        console.print(f"{key} is applied.")
        return
    console.print(f"{key} is parked still: {still.reason}", markup=False, soft_wrap=True)
    raise typer.Exit(Exit.DEFECT)


@projections.command("list", epilog="Example: reluth projections list")
def projections_list(state_dir: StateDir = DEFAULT) -> None:
    """Every build of every read model, how far it is, and which one serves."""
    _do(_projections_list(find(state_dir)))


async def _projections_list(where: Running) -> None:
    table = Table(
        "service",
        "projection",
        "version",
        "build",
        "status",
        "position",
        "behind",
        "parked",
        box=None,
        header_style="bold",
    )
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            for one in await service.operations.list():
                g = one.generation
                numbers = (g.version, g.number)
                table.add_row(
                    name, g.name, *map(str, numbers), g.status.value, str(g.position), str(one.lag), str(one.parked)
                )
    console.print(table)


@projections.command("rebuild", epilog="Example: reluth projections rebuild --service analytics dossiers")
def projections_rebuild(name: str, service: Service = "analytics", state_dir: StateDir = DEFAULT) -> None:
    """Build a read model again beside the serving one and compare the two. Ctrl-C gives the build up."""
    _do(_rebuild(find(state_dir), _known(service), name))


async def _rebuild(where: Running, service_name: str, name: str) -> None:
    async with inside(where, service_name) as service:
        with Progress(console=Console(stderr=True)) as bars:
            task = bars.add_task(name, total=None)
            rebuilt = await service.operations.rebuild(
                name, lambda done, total: bars.update(task, completed=done, total=max(total, 1))
            )
    g = rebuilt.generation
    console.print(f"{g.name} v{g.version} build {g.number}: {rebuilt.rows} rows at {g.position}, {rebuilt.checksum}")
    if rebuilt.same is None:
        console.print("There was no serving build of this version to compare it with.")
    elif rebuilt.same:
        console.print("Equal to the build that serves.")
    else:
        console.print("DIFFERENT from the build that serves. Find out why before you switch.")
        raise typer.Exit(Exit.DEFECT)
    console.print(f"Serve it with: reluth projections switch --service {service_name} {name}")


@projections.command("switch", epilog="Example: reluth projections switch --service analytics dossiers --version 2")
def projections_switch(
    name: str,
    version: Annotated[int | None, typer.Option(help="The newest that this program knows, if not given.")] = None,
    service: Service = "analytics",
    state_dir: StateDir = DEFAULT,
) -> None:
    """Let readers have the newest finished build of a version."""
    _do(_switch(find(state_dir), _known(service), name, version))


async def _switch(where: Running, service_name: str, name: str, version: int | None) -> None:
    async with inside(where, service_name) as service:
        serving = await service.operations.switch(name, version)
    sys.stdout.write(f"{serving.name} v{serving.version} build {serving.number} serves.\n")
