"""`reluth`: start the system, look at it, verify it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.cli import catalogue, inspection, upkeep
from services.cli.embedded.progress import ProgressBars
from services.cli.embedded.state import StateBusy, StateUnusable, running
from services.cli.exits import Exit, leave
from services.cli.running import find
from services.cli.system import Options, StartFailed, System

app = typer.Typer(
    name="reluth",
    help="Runs a randomized oncology trial: services over an append-only log, Kafka and projections.",
    epilog="Exit codes: 0 done, 1 something is wrong with the data, 2 usage, 3 nothing runs there, 4 failed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(upkeep.parked, name="parked")
app.add_typer(upkeep.projections, name="projections")
app.add_typer(inspection.events, name="events")
console = Console(highlight=False)

StateDir = Annotated[
    Path, typer.Option("--state-dir", help="Where the system keeps its data.", envvar="RELUTH_STATE_DIR")
]
DEFAULT_STATE = Path(".reluth")


def _ports(values: list[str]) -> dict[str, int]:
    known = {*catalogue.NAMES, "issuer", "postgres", "kafka"}
    ports: dict[str, int] = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in known or not number.isdigit() or not 0 < int(number) < 65536:
            raise typer.BadParameter(f"{value!r}: write NAME=PORT, with NAME one of {', '.join(sorted(known))}")
        ports[name] = int(number)
    return ports


def _run(main: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run until it returns or a signal asks for the end; a second Ctrl-C does not wait."""

    async def guarded() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, stop.set)
        await main(stop)

    try:
        asyncio.run(guarded())
    except (StateBusy, StateUnusable, StartFailed, RuntimeError, OSError) as error:
        leave(Exit.FAILED, str(error) or type(error).__name__)


@app.command(epilog="Example: reluth up --port enrolment=8001 --processes")
def up(
    state_dir: StateDir = DEFAULT_STATE,
    database_url: Annotated[
        str | None, typer.Option(help="PostgreSQL to use instead of our own: a role that may create databases.")
    ] = None,
    kafka: Annotated[str | None, typer.Option(help="Kafka to use instead of our own: host:port,...")] = None,
    processes: Annotated[bool, typer.Option("--processes", help="One process per service.")] = False,
    port: Annotated[list[str] | None, typer.Option(help="NAME=PORT; without it a free port is found.")] = None,
) -> None:
    """Start everything and stay until Ctrl-C."""
    options = Options(state_dir, database_url, kafka, processes, _ports(port or []))

    async def main(stop: asyncio.Event) -> None:
        begun = time.monotonic()
        with ProgressBars() as report:
            system = System(options, report=report)
            await system.__aenter__()
        try:
            _show(system)
            console.print(f"Ready after {time.monotonic() - begun:.1f} s. Ctrl-C stops it.")
            await system.until(stop)
        finally:
            await system.__aexit__(None, None, None)

    _run(main)


def _show(system: System) -> None:
    table = Table("part", "address", box=None, header_style="bold")
    for name, url in sorted(system.urls.items()):
        table.add_row(name, url if name == "issuer" else f"{url}/docs")
    console.print(table)


@app.command(epilog="Example: reluth down --state-dir /srv/trial")
def down(state_dir: StateDir = DEFAULT_STATE) -> None:
    """Stop the system that runs in a state directory, and wait until it has stopped."""
    run = running(state_dir)
    if run is None:
        leave(Exit.NOT_RUNNING, f"No system runs in {state_dir}.")
    process = run.owner.process()
    if process is not None:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    console.print(f"Stopped process {run.owner.pid}.")


@app.command(epilog="Example: reluth status --json")
def status(
    state_dir: StateDir = DEFAULT_STATE, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Say what runs, whether it is ready, and whether every read model holds everything it was told."""
    asyncio.run(inspection.status(find(state_dir), as_json))


@app.command(epilog='Example: curl -H "Authorization: Bearer $(reluth token --role investigator --site 01)" ...')
def token(
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    site: Annotated[list[str] | None, typer.Option(help="Two digits; site roles need one.")] = None,
    actor: Annotated[str | None, typer.Option(help="The account that the facts will name.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=168)] = 8,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Print an access token of the local issuer. Embedded mode only: elsewhere the identity provider gives them."""
    if not site and any(r in SITE_ROLES for r in role):
        raise typer.BadParameter(f"{role[0].value} is a role at a site: add --site 01")
    run = running(state_dir)
    if run is None or "issuer" not in run.urls:
        leave(Exit.NOT_RUNNING, f"No local issuer runs in {state_dir}. Start the system with `reluth up`.")
    issuer = inspection.issuer(state_dir, run.urls["issuer"])
    name = actor or "-".join([role[0].value, *(site or [])])
    sys.stdout.write(issuer.mint(name, [r.value for r in role], site or [], timedelta(hours=hours)) + "\n")


@app.command(epilog="Example: reluth verify --service randomizer --json")
def verify(
    service: Annotated[list[str] | None, typer.Option(help="One service; all of them without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Re-derive every log from its bytes, and compare what each consumer holds with what its source recorded."""
    names = service or list(catalogue.NAMES)
    for name in names:
        if name not in catalogue.NAMES:
            raise typer.BadParameter(f"{name!r} is not one of {', '.join(catalogue.NAMES)}")
    if not asyncio.run(inspection.verify_all(find(state_dir), names, as_json)):
        raise typer.Exit(Exit.DEFECT)


@app.command(epilog="Example: reluth demo --subjects 40 --exit")
def demo(
    subjects: Annotated[int, typer.Option(min=1, max=500, help="How many invented subjects.")] = 24,
    seed: Annotated[int, typer.Option(help="Another seed is another cohort.")] = 2022,
    leave_at_end: Annotated[bool, typer.Option("--exit", help="Stop everything at the end.")] = False,
    state_dir: StateDir = DEFAULT_STATE,
    port: Annotated[list[str] | None, typer.Option(help="NAME=PORT; without it a free port is found.")] = None,
) -> None:
    """Start everything, drive a cohort through the public APIs, show what the projections say, stay up."""
    from services.cli.demo.show import run_demo

    options = Options(state_dir, ports=_ports(port or []))
    _run(lambda stop: run_demo(options, subjects, seed, stay=not leave_at_end, stop=stop, console=console))


@app.command(hidden=True, epilog="Example: RELUTH_ENROLMENT_DATABASE_URL=... reluth serve enrolment")
def serve(service: str) -> None:
    """Run one service in this process, as its environment says. For containers and process managers."""
    import uvicorn

    from services.chassis.settings import settings_of, strangers

    if service not in catalogue.NAMES:
        raise typer.BadParameter(f"{service!r} is not one of {', '.join(catalogue.NAMES)}")
    if unknown := strangers(catalogue.NAMES, os.environ):
        leave(Exit.USAGE, f"These variables set nothing, see docs/settings.md: {', '.join(unknown)}")
    settings = settings_of(service)
    uvicorn.run(
        catalogue.spec(service).create(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=15,
    )


if __name__ == "__main__":
    app()
