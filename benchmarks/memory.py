"""Memory of two services while a million facts pass: one appends and publishes them, one takes them in."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from benchmarks.result import Result, Table, Verdict
from benchmarks.stand import ROOT, Bench, WorkerFailed, kafka, own, postgres
from services.cli import catalogue
from services.cli.embedded.ports import LOOPBACK
from services.cli.embedded.topics import ensure_topics

OWNER, CONSUMER = "enrolment", "analytics"
EVENTS = 1_000_000
MIB_A_MILLION = 10.0  # growth over the second half that still counts as flat: what an allocator keeps varies by as much
_SECONDS_AN_EVENT = 1 / 500  # the patience; slower is a hang


@dataclass(frozen=True)
class Sample:
    """Facts so far and MiB, of one service."""

    events: int
    pss: float
    rss: float


async def measure(bench: Bench) -> Result:
    """Start both, let the facts pass, look at both processes meanwhile."""
    events = bench.count(EVENTS, 3_000)
    with bench.folder() as folder:
        async with _running(folder, events) as (urls, children):
            begun = time.perf_counter()
            series = await _watch(bench, urls, children, events)
            took = time.perf_counter() - begun
            held = await _one(urls[CONSUMER], "SELECT count(*) FROM inbox")
    rows, verdicts = [], []
    for name, samples in series.items():
        slope = _slope([sample for sample in samples if sample.events >= events / 2])
        marks = [_nearest(samples, share * events) for share in (0, 0.1, 0.5, 1)]
        what = "appends and publishes" if name == OWNER else "takes in and folds"
        rows.append([name, what, *(f"{mark.pss:.0f}" for mark in marks), f"{samples[-1].rss:.0f}", f"{slope:+.1f}"])
        verdicts.append(
            Verdict(
                f"growth of {name} over the second half of {events:,} events, MiB per million",
                f"<= {MIB_A_MILLION:g}",
                f"{slope:+.1f}",
                slope <= MIB_A_MILLION,
            )
        )
    lost = events - held
    verdicts.append(Verdict(f"of {events:,} facts: lost on the way to the inbox", "0", str(lost), not lost))
    return Result(
        "Memory",
        [
            f"{OWNER} appends {events:,} facts of the trial, one a command, and publishes them; {CONSUMER} takes them"
            f" in and folds its read models; real Kafka; {took:.0f} s in all ({events / took:,.0f} events/s)",
            "each service in a process of its own with all that runs in it, HTTP idle; MiB of PSS, RSS at the end",
        ],
        [Table(["service", "what it does", "at start", "at 10 %", "at 50 %", "at the end", "RSS", "slope"], rows)],
        verdicts,
        lost,
        series={name: [[s.events, round(s.pss, 1)] for s in samples] for name, samples in series.items()},
    )


@contextlib.asynccontextmanager
async def _running(folder: Path, events: int) -> AsyncIterator[tuple[dict[str, str], dict[str, psutil.Process]]]:
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(postgres(folder))
        bootstrap = await stack.enter_async_context(kafka(folder))
        await ensure_topics(bootstrap, catalogue.topics())
        urls = {name: (await server.migrated(name)).app for name in (OWNER, CONSUMER)}
        children = {}
        for name in (CONSUMER, OWNER):
            nobody = f"http://{LOOPBACK}:9"
            settings = {
                "state_dir": str(folder),
                "database_url": urls[name],
                "kafka_bootstrap": bootstrap,
                "oidc_issuer": nobody,
                "upstream_urls": dict.fromkeys(catalogue.NAMES, nobody),
                "log_file": str(folder / f"{name}.log"),
            }
            child = await stack.enter_async_context(_child(name, settings, events if name == OWNER else 0))
            children[name] = psutil.Process(child.pid)
        yield urls, children


@contextlib.asynccontextmanager
async def _child(name: str, settings: Mapping[str, Any], facts: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service's process, ready."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*own("memory_service"), stdin=pipe, stdout=pipe, cwd=ROOT)
    assert child.stdin
    assert child.stdout
    try:
        task = {"service": name, "settings": settings, "facts": facts}
        child.stdin.write(json.dumps(task).encode() + b"\n")
        async with asyncio.timeout(60):
            if await child.stdout.readline() != b"ready\n":
                raise WorkerFailed(f"{name} did not start")
        yield child
    finally:
        child.stdin.close()
        try:
            async with asyncio.timeout(20):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def _watch(
    bench: Bench, urls: Mapping[str, str], children: Mapping[str, psutil.Process], events: int
) -> dict[str, list[Sample]]:
    """Samples until the last fact is in the read models. Raises `TimeoutError`, psutil.Error when a service ended."""
    asked = {
        OWNER: "SELECT out_pos FROM relay_cursor",
        CONSUMER: "SELECT in_pos FROM inbox_head",
    }
    connections = {name: await asyncpg.connect(url) for name, url in urls.items()}
    series: dict[str, list[Sample]] = {name: [] for name in asked}
    try:
        async with asyncio.timeout(60 + events * _SECONDS_AN_EVENT):
            while True:
                for name, connection in connections.items():
                    seen = await connection.fetchval(asked[name])
                    if not series[name] or seen - series[name][-1].events >= events / 100:
                        memory = children[name].memory_full_info()
                        series[name].append(Sample(seen, memory.pss / 2**20, memory.rss / 2**20))
                    if name == CONSUMER:
                        bench.say(f"memory: {seen:,} of {events:,}")
                        if seen >= events:
                            return series
                await asyncio.sleep(min(1.0, events * 1e-5))
    finally:
        for connection in connections.values():
            await connection.close()


async def _one(url: str, statement: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


def _nearest(samples: list[Sample], events: float) -> Sample:
    return min(samples, key=lambda sample: abs(sample.events - events))


def _slope(samples: list[Sample]) -> float:
    """MiB per million events, by least squares."""
    if len(samples) < 2:
        return 0.0
    x = [sample.events / 1e6 for sample in samples]
    y = [sample.pss for sample in samples]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - middle) ** 2 for a in x)
    return sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / spread if spread else 0.0
