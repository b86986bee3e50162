"""What people who run the system do: projections rebuilt and switched, parked subjects looked at and requeued."""

import sys
from collections.abc import Coroutine
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from services.chassis.inbox.parking import NotParked
from services.chassis.projections.operations import NoSuchProjection, NotReady
from services.chassis.sealing.port import SealBroken, UnknownKek
from services.chassis.unavailable import Unavailable
from services.cli import catalogue
from services.cli.exits import Exit, leave
from services.cli.running import Running, inside, run
from services.cli.screen import console, table


def do(work: Coroutine[Any, Any, None]) -> None:
    """Run what a command does, and say what stands in its way."""
    try:
        run(work)
    except (NoSuchProjection, NotParked) as error:
        leave(Exit.USAGE, f"{error}. `reluth projections list` and `reluth parked list` say what there is.")
    except NotReady as error:
        leave(Exit.FAILED, str(error))
    except Unavailable as error:
        leave(Exit.FAILED, f"{error.what} is not available; try again.")


async def parked_list(where: Running) -> None:
    """Print what is parked, by whom and why."""
    shown = table("service", "follower", "key", "from position", "since", "reason")
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            for one in await service.parking.list():
                since = f"{one.parked_at:%Y-%m-%d %H:%M}"
                shown.add_row(name, one.follower, one.key, str(one.position), since, one.reason)
    if not shown.row_count:
        console.print("Nothing is parked.")
        return
    console.print(shown)
    raise typer.Exit(Exit.DEFECT)


async def parked_show(where: Running, name: str, follower: str, key: str) -> None:
    """Print what waits for a parked key."""
    async with inside(where, name) as service:
        shown = await service.parking.show(follower, key)
    console.print(f"{shown.parked.key}: {shown.parked.reason}", soft_wrap=True)
    for fact in shown.waiting:
        console.print(f"  {fact.place}  {fact.type}")


async def parked_requeue(where: Running, name: str, follower: str, key: str) -> None:
    """Apply what waits for a parked key."""
    async with inside(where, name) as service:
        still = await service.parking.requeue(follower, key)
    if still is None:
        console.print(f"{key} is applied.")
        return
    console.print(f"{key} is parked still: {still.reason}", soft_wrap=True)
    raise typer.Exit(Exit.DEFECT)


async def rewrap(where: Running) -> None:
    """Wrap anew what another key wraps, service by service. What was moved before a failure stays moved."""
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            try:
                moved = await service.sealer.rewrap()
            except Unavailable as error:
                leave(Exit.FAILED, f"{name}: {error.what} is not available; run it again.")
            except (UnknownKek, SealBroken) as error:
                leave(Exit.FAILED, f"{name}: {error}. Name that key beside the new one, behind it, and run it again.")
        console.print(f"{name}: {moved} wrapped anew.")
    console.print("Nothing needs the older keys any more, but backups taken before now.")


async def projections_list(where: Running) -> None:
    """Print every build of every read model."""
    shown = table("service", "projection", "version", "build", "status", "position", "behind", "parked")
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            for one in await service.operations.list():
                g = one.generation
                numbers = (g.version, g.number)
                shown.add_row(
                    name, g.name, *map(str, numbers), g.status.value, str(g.position), str(one.lag), str(one.parked)
                )
    console.print(shown)


async def rebuild(where: Running, service_name: str, name: str) -> None:
    """Build beside, compare, say what to do next."""
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


async def switch(where: Running, service_name: str, name: str, version: int | None) -> None:
    """Let readers have another build."""
    async with inside(where, service_name) as service:
        serving = await service.operations.switch(name, version)
    sys.stdout.write(f"{serving.name} v{serving.version} build {serving.number} serves.\n")
