"""`reluth`: start the system, look at it, verify it.

The commands are thin: parse, call, end with a code. What they call is imported when they are called, so that help is
quick and servers start before the rest is loaded.
"""

import contextlib
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.cli import catalogue, groups, provision
from services.cli.backup import commands as backups
from services.cli.exits import Exit, leave
from services.cli.failures import told
from services.cli.options import DEFAULT_STATE, AsJson, LogToStderr, Ports, StateDir, known_service, ports
from services.cli.protocol import protocol
from services.cli.randomization import randomization
from services.cli.screen import console

app = typer.Typer(
    name="reluth",
    help="Runs a randomized oncology trial: services over an append-only log, Kafka and projections.",
    epilog="Exit codes: 0 done, 1 something is wrong with the data, 2 usage, 3 nothing runs there, 4 failed,"
    " 130 interrupted before it was done.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(groups.parked, name="parked")
app.add_typer(groups.projections, name="projections")
app.add_typer(groups.keys, name="keys")
app.add_typer(groups.events, name="events")
app.add_typer(randomization, name="randomization")
app.add_typer(protocol, name="protocol")
backups.register(app)
provision.register(app)
STOP_SECONDS = 60


def _log_file(state_dir: Path, to_stderr: bool) -> Path | None:
    return None if to_stderr else state_dir.expanduser().absolute() / "services.log"


@app.command(epilog="Example: reluth up --port enrolment=8001 --processes")
def up(
    state_dir: StateDir = DEFAULT_STATE,
    database_url: Annotated[
        str | None, typer.Option(help="PostgreSQL to use instead of our own: a role that may create databases.")
    ] = None,
    kafka: Annotated[str | None, typer.Option(help="Kafka to use instead of our own: host:port,...")] = None,
    processes: Annotated[bool, typer.Option("--processes", help="One process per service.")] = False,
    port: Ports = None,
    log_to_stderr: LogToStderr = False,
) -> None:
    """Start everything and stay until Ctrl-C."""
    from services.cli.staying import run_up, stay
    from services.cli.system import Options

    no_strangers()
    log = _log_file(state_dir, log_to_stderr)
    options = Options(state_dir, database_url, kafka, processes, ports(port), log)
    stay(lambda stop: run_up(options, stop))


@app.command(epilog="Example: reluth down --state-dir /srv/trial")
def down(state_dir: StateDir = DEFAULT_STATE) -> None:
    """Stop the system that runs in a state directory, and wait until it has stopped."""
    import psutil

    from services.cli.embedded.state import running

    run = running(state_dir)
    process = run.owner.process() if run else None
    if process is None:
        leave(Exit.NOT_RUNNING, f"No system runs in {state_dir.absolute()}.")
    deadline = time.monotonic() + STOP_SECONDS
    with contextlib.suppress(psutil.NoSuchProcess):
        try:
            process.send_signal(signal.SIGTERM)
        except psutil.AccessDenied:
            leave(Exit.FAILED, f"Process {process.pid} belongs to another account. Stop it as that account or as root.")
    while run and run.owner.process():  # not psutil's wait: a process that its parent has not collected has ended
        if time.monotonic() > deadline:
            leave(Exit.FAILED, f"Process {process.pid} has not stopped within {STOP_SECONDS} s. Look at its log.")
        time.sleep(0.02)
    console.print(f"Stopped process {process.pid}.")


@app.command(epilog="Example: reluth status --json")
def status(state_dir: StateDir = DEFAULT_STATE, as_json: AsJson = False) -> None:
    """Say what runs, whether it is ready, and whether every read model holds everything it was told.

    Ends with 1 if something is not as it should be.
    """
    from services.cli.inspection import print_status
    from services.cli.running import find, run

    with told():
        run(print_status(find(state_dir), as_json))


@app.command(epilog='Example: curl -H "Authorization: Bearer $(reluth token --role investigator --site 01)" ...')
def token(
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    site: Annotated[list[str] | None, typer.Option(help="Two digits; site roles need one.")] = None,
    actor: Annotated[str | None, typer.Option(help="The account that the facts will name.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=168)] = 8,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Print an access token of the local issuer. Embedded mode only: elsewhere the identity provider gives them."""
    from services.chassis.auth.issuer import LocalIssuer
    from services.chassis.settings import settings_of
    from services.cli.embedded.state import running

    for given in site or ():
        if len(given) != 2 or not (given.isascii() and given.isdigit()):
            raise typer.BadParameter(f"{given!r} is not a site: write its two digits, as in --site 01")
    if at_a_site := [r for r in role if r in SITE_ROLES and not site]:
        raise typer.BadParameter(f"{at_a_site[0].value} is a role at a site: add --site 01")
    run = running(state_dir)
    if run is None or "issuer" not in run.urls:
        leave(
            Exit.NOT_RUNNING,
            f"No local issuer runs in {state_dir.absolute()}. Start the system with `reluth up`, or name another"
            " directory with --state-dir.",
        )
    with told():
        issuer = LocalIssuer(state_dir, issuer=run.urls["issuer"], audience=settings_of().oidc_audience)
        name = actor or "-".join([role[0].value, *(site or [])])
        sys.stdout.write(issuer.mint(name, [r.value for r in role], site or [], timedelta(hours=hours)) + "\n")


@app.command(epilog="Example: reluth verify --service randomizer --json")
def verify(
    service: Annotated[list[str] | None, typer.Option(help="One service; all of them without it.")] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="A bundle of a locked allocation instead. Needs no system.", dir_okay=False)
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(help="With --bundle: certificates (PEM) of whoever stamped its commitments.")
    ] = None,
    last_hash: Annotated[
        str | None, typer.Option(help="With --bundle: the hash of its lock, as somebody else received it.")
    ] = None,
    as_json: AsJson = False,
    state_dir: StateDir = DEFAULT_STATE,
) -> None:
    """Re-derive every log from its bytes, and compare what each consumer holds with what its source recorded.

    Ends with 1 if anything does not hold, and names the service and the position. With --bundle every allocation of
    that file is derived again.
    """
    from services.cli.running import find, run
    from services.cli.verification import verify_all

    if bundle is None and (authority or last_hash):
        raise typer.BadParameter("--authority and --last-hash are about a bundle: say which with --bundle")
    if bundle is not None and service:
        raise typer.BadParameter("a bundle is of one allocation: --service and --bundle do not go together")
    names = [known_service(name) for name in service or catalogue.NAMES]
    with told():
        if bundle is not None:
            from services.cli.bundle import verify as verify_bundle

            holds = verify_bundle(bundle, authority, last_hash, as_json)
        else:
            holds = run(verify_all(find(state_dir), names, as_json))
        if not holds:
            raise typer.Exit(Exit.DEFECT)


@app.command(epilog="Example: reluth demo --subjects 40 --exit")
def demo(
    subjects: Annotated[int, typer.Option(min=1, max=500, help="How many invented subjects.")] = 24,
    seed: Annotated[int, typer.Option(help="Another seed is another cohort.")] = 2022,
    leave_at_end: Annotated[bool, typer.Option("--exit", help="Stop everything at the end.")] = False,
    journal: Annotated[
        Path | None, typer.Option(help="File to which each acknowledged answer is added, one JSON object a line.")
    ] = None,
    state_dir: StateDir = DEFAULT_STATE,
    port: Ports = None,
    log_to_stderr: LogToStderr = False,
) -> None:
    """Start everything, drive a cohort through the public APIs, show what the projections say, stay up.

    Stopped or killed, and started again in the same directory, it goes on where it was.
    """
    from services.cli.demo.show import Demo, run_demo
    from services.cli.staying import stay
    from services.cli.system import Options

    no_strangers()
    options = Options(state_dir, ports=ports(port), log_file=_log_file(state_dir, log_to_stderr))
    what = Demo(subjects, seed, stay=not leave_at_end, journal=journal)
    stay(lambda stop: run_demo(options, what, stop))


@app.command(epilog="Example: RELUTH_ENROLMENT_DATABASE_URL=... reluth serve enrolment")
def serve(service: Annotated[str, typer.Argument(callback=known_service)]) -> None:
    """Run one service in this process, as its environment says. For containers and process managers."""
    from services.cli.serving import new_event_loop, run_service
    from services.cli.staying import stay

    no_strangers()
    stay(lambda stop: run_service(service, stop.asked), new_event_loop)


def no_strangers() -> None:
    """End with a usage error where a RELUTH_ variable sets nothing: a misspelt limit must not go unnoticed."""
    from services.chassis.settings import strangers

    if unknown := [name for name in strangers(catalogue.NAMES) if name not in _OF_THE_COMMAND]:
        leave(Exit.USAGE, f"These variables set nothing, see docs/settings.md: {', '.join(unknown)}")


_OF_THE_COMMAND = frozenset({"RELUTH_CACHE", "RELUTH_TOKEN"})
"""Variables that the command line reads itself."""
