"""Looking at a system from outside: status, verification, the feed of facts."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from contracts.events.catalogue import OWNERS
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.assembly import Opened, opened
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.auth.outgoing import Upstream
from services.chassis.clock import system_clock
from services.chassis.log.port import LogCorrupt, LogError
from services.chassis.log.verify import Defect, verify, verify_outbox
from services.chassis.log.witness import Testimony, compare
from services.chassis.settings import settings_of
from services.chassis.unavailable import Unavailable
from services.cli import catalogue
from services.cli.exits import Exit, leave
from services.cli.running import Running, find

events = typer.Typer(help="The facts themselves.", no_args_is_help=True)
console = Console(highlight=False)
PAGE = 1_000


def issuer(state_dir: Path, url: str) -> LocalIssuer:
    """The local issuer of a running system."""
    return LocalIssuer(state_dir, issuer=url, audience=settings_of().oidc_audience)


@asynccontextmanager
async def inside(where: Running, name: str) -> AsyncIterator[Opened[Any]]:
    """A service's database, opened beside the service. Nothing is checked first: finding what is wrong is the point."""

    def nobody(upstream: str) -> Upstream:
        raise Unavailable(upstream)

    try:
        async with opened(catalogue.spec(name), where.settings(name), system_clock, nobody, check=False) as service:
            yield service
    except (LogError, Unavailable, OSError) as error:
        leave(Exit.FAILED, f"{name}: its database does not answer ({type(error).__name__}).")


async def status(where: Running, as_json: bool) -> None:
    """Print what each service says of itself."""
    found: dict[str, dict[str, Any]] = {}
    async with httpx.AsyncClient(timeout=10) as client:
        for name in catalogue.NAMES:
            found[name] = {"url": where.urls.get(name)}
            for page in ("ready", "consistency"):
                found[name][page] = await _health(client, where.urls.get(name), page)
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        table = Table("service", "address", "ready", "holds", box=None, header_style="bold")
        for name, says in found.items():
            table.add_row(name, str(says["url"]), _short(says["ready"]), _holds(says["consistency"]))
        console.print(table)
    if any(says[page]["status"] == "failed" for says in found.values() for page in ("ready", "consistency")):
        raise typer.Exit(Exit.DEFECT)


async def _health(client: httpx.AsyncClient, url: str | None, page: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = (await client.get(f"{url}/health/{page}")).json()
    except (httpx.HTTPError, ValueError) as error:
        return {"status": "failed", "checks": {}, "because": type(error).__name__}
    return answer.get("context", answer) if "checks" not in answer else answer


def _short(says: Mapping[str, Any]) -> str:
    if says["status"] == "ok":
        return "ok"
    worse = [f"{name}: {c.get('because') or c}" for name, c in says.get("checks", {}).items() if c["status"] != "ok"]
    return "; ".join([says["status"], *worse])


def _holds(says: Mapping[str, Any]) -> str:
    if not says.get("checks"):
        return "reads nobody" if says["status"] == "ok" else says["status"]
    parts = [
        f"{topic} {what}"
        for check in says["checks"].values()
        for topic, what in sorted(check.items())
        if topic != "status"
    ]
    return "\n".join(parts) or "nothing yet"


@dataclass(slots=True)
class Verified:
    """What was found of one service."""

    events: int = 0
    hash: str = ""
    witnesses: dict[str, int] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)


async def verify_all(where: Running, names: Sequence[str], as_json: bool) -> bool:
    """Verify the logs, their outboxes, and what each consumer remembers of them. True if everything holds."""
    found = {name: Verified() for name in names}
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bars:
        for name, result in found.items():
            task = bars.add_task(name, total=None)
            async with inside(where, name) as service:
                hashes = await _verify_log(service, result, lambda n, t=task: bars.update(t, completed=n))
            for reader in catalogue.NAMES:
                topics = [topic for topic in catalogue.spec(reader).subscriptions if OWNERS[topic] == name]
                if topics:
                    async with inside(where, reader) as witness:
                        testimonies = [t async for t in _testimonies(witness, topics)]
                    result.witnesses[reader] = len(testimonies)
                    result.defects += compare(hashes, testimonies, reader)
    if as_json:
        sys.stdout.write(json.dumps({name: asdict(result) for name, result in found.items()}, indent=2) + "\n")
    else:
        _print(found)
    return not any(result.defects for result in found.values())


async def _verify_log(service: Opened[Any], result: Verified, progress: Any) -> dict[int, str]:
    try:
        report = await verify(service.log, service.facts.registry, progress)
        result.events, result.hash = report.events, report.hash
        result.defects += report.defects
        result.defects += await verify_outbox(service.log, service.facts.registry)
    except LogCorrupt as error:
        result.defects.append(Defect(None, str(error)))
    hashes: dict[int, str] = {}
    after = 0
    while page := await service.log.read(after, PAGE):
        hashes |= {event.position: event.hash.hex() for event in page}
        after = page[-1].position
    return hashes


async def _testimonies(witness: Opened[Any], topics: Sequence[str]) -> AsyncIterator[Testimony]:
    async with witness.store.begin(snapshot=True) as tx:
        head, after = await tx.inbox.head(), 0
        while after < head:
            until = min(after + PAGE, head)
            for entry in await tx.inbox.read(after, until):
                if entry.message.topic in topics:
                    yield Testimony(entry.message.position, entry.message.chain)
            after = until


def _print(found: Mapping[str, Verified]) -> None:
    table = Table("service", "facts", "hash of the head", "witnesses", "verdict", box=None, header_style="bold")
    for name, result in found.items():
        witnesses = ", ".join(f"{reader} {count}" for reader, count in result.witnesses.items())
        table.add_row(
            name,
            str(result.events),
            result.hash[:16],
            witnesses or "-",
            f"{len(result.defects)} defects" if result.defects else "holds",
        )
    console.print(table)
    for name, result in found.items():
        for defect in result.defects:
            where = f"position {defect.position}" if defect.position is not None else "the log"
            console.print(f"{name}, {where}: {defect.what}", markup=False, soft_wrap=True)


@events.command("tail", epilog="Example: reluth events tail --service safety --follow")
def tail(
    service: Annotated[str, typer.Option(help="Whose log.")] = "enrolment",
    after: Annotated[int | None, typer.Option(help="Start behind this position; else the last 20.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the fact.")] = False,
    state_dir: Annotated[Path, typer.Option("--state-dir", envvar="RELUTH_STATE_DIR")] = Path(".reluth"),
) -> None:
    """Print the facts of a log in order. Sealed texts stay sealed."""
    if service not in catalogue.NAMES:
        raise typer.BadParameter(f"{service!r} is not one of {', '.join(catalogue.NAMES)}")
    asyncio.run(_tail(find(state_dir), service, after, follow, as_json))


async def _tail(where: Running, name: str, after: int | None, follow: bool, as_json: bool) -> None:
    async with inside(where, name) as service:
        position = after if after is not None else max((await service.log.head()).position - 20, 0)
        while True:
            for event in await service.log.read(position, PAGE):
                position = event.position
                sys.stdout.write(_line(service.facts.envelope(event), as_json) + "\n")
            sys.stdout.flush()
            if (await service.log.head()).position > position:
                continue
            if not follow:
                return
            await service.log.appended(position, 5)


def _line(envelope: Envelope[Fact], as_json: bool) -> str:
    if not as_json:
        return (
            f"{envelope.position:>7} {envelope.recorded_at:%Y-%m-%d %H:%M:%S} {envelope.fact.type_name:<45} "
            f"{envelope.stream} by {envelope.provenance.actor}"
        )
    return json.dumps(
        {
            "position": envelope.position,
            "event_id": str(envelope.event_id),
            "type": envelope.fact.type_name,
            "version": envelope.fact.type_version,
            "stream": envelope.stream,
            "stream_version": envelope.version,
            "recorded_at": envelope.recorded_at.isoformat(),
            "actor": envelope.provenance.actor,
            "chain": envelope.chain,
            "fact": envelope.fact.model_dump(mode="json"),
        }
    )
