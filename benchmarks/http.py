"""Durable commands a second through one service, beside a bare FastAPI with one INSERT, on the same machine.

The command is a dated finding about a consented subject: token verified, role and site checked, body bounded and
parsed, idempotency key, subject folded, one fact with its hash, outbox and answer in one commit, relayed to Kafka.
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from contracts.protocol.load import studies
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.migrations.run import migrate
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.databases import Databases
from services.cli.demo.sites import site_opening
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, State
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child
from services.cli.embedded.topics import ensure_topics
from services.cli.serving import serving
from services.cli.system import variables

SERVICE, STUDY, CONNECTIONS = "enrolment", "RELUTH", 64
BODY = {"findings": [{"field": "platelets", "value": "210", "unit": "10*9/L", "observed_on": "2026-02-15"}]}
Figures = dict[str, Any]


@dataclass(frozen=True)
class Stand:
    """One service and the bare application, running; `pids` are those of their processes."""

    urls: Mapping[str, str]
    databases: Mapping[str, str]
    pids: Mapping[str, int]
    issuer: LocalIssuer


async def measure(
    state_dir: Path, *, seconds: float = 15, subjects: int = 500, wrap: tuple[str, ...] = ()
) -> dict[str, Figures]:
    """Both as fast as they go, then the service at half of its own speed. `wrap` goes before the service's command."""
    async with standing(state_dir, wrap) as stand:
        requests = await prepared(stand, subjects)
        found: dict[str, Figures] = {}
        await load(stand, "bare", requests, seconds / 3, "warm")
        await load(stand, SERVICE, requests, seconds / 3, "warm")
        found["bare"] = await load(stand, "bare", requests, seconds, "full")
        before = await _count(stand)
        found["service"] = await load(stand, SERVICE, requests, seconds, "full")
        found["service"]["in_log"] = await _count(stand) - before
        half = found["service"]["per_second"] / 2
        found["half"] = await load(stand, SERVICE, requests, seconds, "half", rate=half)
        found["ratio"] = {
            "service_to_bare": found["service"]["per_second"] / found["bare"]["per_second"],
        }
        return found


@asynccontextmanager
async def standing(state_dir: Path, wrap: tuple[str, ...] = ()) -> AsyncIterator[Stand]:
    """PostgreSQL with fsync, Kafka, an issuer, the service and the bare application, each a process of its own."""
    async with AsyncExitStack() as stack:
        state = State.acquire(state_dir)
        stack.callback(state.release)
        postgres, kafka = EmbeddedPostgres(state), EmbeddedKafka(state)
        stack.push_async_callback(postgres.stop)
        stack.push_async_callback(kafka.stop)
        admin_url, bootstrap = await asyncio.gather(postgres.start(), kafka.start())
        await ensure_topics(bootstrap, catalogue.topics())
        urls = await Databases(admin_url, state_dir / "databases.json").ensure([SERVICE, "bare"])
        await migrate(urls[SERVICE].owner, f"{SERVICE}_app")
        connection = await asyncpg.connect(urls["bare"].owner)
        await connection.execute(
            "CREATE TABLE bare (id uuid PRIMARY KEY, key text UNIQUE, subject text, body bytea);"
            "GRANT SELECT, INSERT ON bare TO bare_app"
        )
        await connection.close()
        ports = {name: find_port(None) for name in ("issuer", SERVICE, "bare")}
        at = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
        issuer = LocalIssuer(state_dir, issuer=at["issuer"], audience=settings_of().oidc_audience)
        await stack.enter_async_context(serving("issuer", issuer.app(), _listening(ports["issuer"])))
        given = {
            "state_dir": str(state_dir),
            "database_url": urls[SERVICE].app,
            "kafka_bootstrap": bootstrap,
            "oidc_issuer": at["issuer"],
            "upstream_urls": dict.fromkeys(catalogue.NAMES, at["issuer"]),
            "log_file": str(state_dir / "service.log"),
            "http_port": ports[SERVICE],
        }
        pids = {}
        programs: tuple[tuple[str, list[str], dict[str, str]], ...] = (
            (SERVICE, [*wrap, sys.executable, "-m", "services.cli", "serve", SERVICE], variables(given)),
            (
                "bare",
                [sys.executable, "-m", "benchmarks.http_bare"],
                {"BARE_URL": urls["bare"].app, "BARE_PORT": str(ports["bare"])},
            ),
        )
        for name, program, environment in programs:
            child = await Child.spawn(
                name,
                program,
                directory=Path.cwd(),
                log=state_dir / f"{name}.output.log",
                death_signal=signal.SIGTERM,
                environment=environment,
            )
            stack.push_async_callback(child.stop, (signal.SIGTERM, 20.0))
            pids[name] = child.pid
        pids |= {"postgres": postgres.pid or 0, "kafka": kafka.pid or 0}
        await _answering(f"{at[SERVICE]}/health/ready")
        await _answering(f"{at['bare']}/docs")
        yield Stand(at, {name: url.app for name, url in urls.items()}, pids, issuer)


async def prepared(stand: Stand, subjects: int) -> list[dict[str, str]]:
    """Consented subjects at many sites, and one request about each of them."""
    sites = [f"{n:02d}" for n in range(1, 1 + max(1, min(90, subjects // 25)))]
    tokens = {s: stand.issuer.mint(f"coordinator-{s}", ["coordinator"], [s]) for s in sites}
    sponsor = stand.issuer.mint("sponsor", ["sponsor"])
    root = f"/studies/{STUDY}"
    async with httpx.AsyncClient(base_url=stand.urls[SERVICE], timeout=30) as client:

        async def post(path: str, token: str, key: str, body: Mapping[str, Any]) -> Any:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            answer = await client.post(root + path, json=dict(body), headers=headers)
            answer.raise_for_status()
            return answer.json()["recorded"][0]["fact"]

        async def enrol(site: str, count: int) -> list[str]:
            for entry in site_opening(studies()[STUDY].newest, site, "Centre", date(2026, 1, 5), consent="1.0"):
                await post(f"/{entry.path}", sponsor, f"site-{site}-{entry.name}", entry.body)
            numbers = []
            for n in range(count):
                screened = {"site": site, "sex": "F", "birth_month": "1956-04", "screened_on": "2026-02-02"}
                fact = await post("/subjects", tokens[site], f"screen-{site}-{n}", screened)
                consent = {"version": "1.0", "signed_on": "2026-02-02"}
                path = f"/subjects/{fact['subject']}/consents"
                await post(path, tokens[site], f"consent-{site}-{n}", consent)
                numbers.append(fact["subject"])
            return numbers

        found = await asyncio.gather(*(enrol(site, subjects // len(sites)) for site in sites))
    body = json.dumps(BODY)
    return [
        {"path": f"{root}/subjects/{number}/findings", "token": tokens[number[:2]], "body": body}
        for row in zip(*found, strict=True)
        for number in row
    ]


async def load(
    stand: Stand,
    name: str,
    requests: list[dict[str, str]],
    seconds: float,
    run: str,
    *,
    rate: float = 0,
    connections: int = CONNECTIONS,
) -> Figures:
    """Let the client, in its own process, send those requests over and over. `cpu_us`: of the server, a request."""
    host, _, port = stand.urls[name].removeprefix("http://").partition(":")
    server = psutil.Process(stand.pids[name])
    plan = {
        "host": host,
        "port": int(port),
        "seconds": seconds,
        "connections": connections,
        "rate": rate,
        "run": f"{run}-{time.time_ns()}",
        "requests": requests,
    }
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.http_load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    before = {name: cpu(pid) for name, pid in stand.pids.items()}
    output, _ = await client.communicate(json.dumps(plan).encode())
    figures: Figures = json.loads(output)
    spent = {name: cpu(pid) - before[name] for name, pid in stand.pids.items()}
    count = max(figures["requests"], 1)
    return figures | {
        "cpu_us": {n: int(1e6 * s / count) for n, s in spent.items()},
        "rss_mb": server.memory_info().rss >> 20,
    }


def cpu(pid: int) -> float:
    """Seconds of a process and of the children it has now."""
    parent = psutil.Process(pid)
    return sum(sum(process.cpu_times()[:2]) for process in (parent, *parent.children(recursive=True)))


async def _count(stand: Stand) -> int:
    connection = await asyncpg.connect(stand.databases[SERVICE])
    try:
        return int(await connection.fetchval("SELECT count(*) FROM events"))
    finally:
        await connection.close()


async def _answering(url: str) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(url)).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


def _listening(port: int) -> Any:
    import socket

    return socket.create_server((LOOPBACK, port))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="http-bench-") as folder:
        wrap = tuple(sys.argv[2:])
        for name, figures in asyncio.run(measure(Path(folder), seconds=float(sys.argv[1]), wrap=wrap)).items():
            print(name, {k: round(v, 2) if isinstance(v, float) else v for k, v in figures.items() if v != ""})
