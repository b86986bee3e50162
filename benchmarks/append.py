"""Single appends at 1, 16 and 64 concurrent writers: ReLUTH's log beside its peers, in turns, on the same server."""

import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from benchmarks.load import PAYLOAD, Audit, Load, audit
from benchmarks.peers import emmett_log, eventsourcing_log, message_db_log, umadb_log
from benchmarks.peers.install import unusable
from benchmarks.peers.peer import Guarantees, Peer
from benchmarks.result import Result, Table, Verdict, ms, percentile
from benchmarks.stand import Bench, Postgres, WorkerFailed, own, postgres, worker

CONCURRENT = (1, 16, 64)
ROUNDS = 3
PEERS = (
    eventsourcing_log.LOCKED,
    eventsourcing_log.UNLOCKED,
    emmett_log.PEER,
    message_db_log.ONE_CATEGORY,
    message_db_log.CATEGORIES,
    message_db_log.COMPLETED,
    umadb_log.PEER,
)
OURS = Peer(
    "ReLUTH",
    "this commit",
    "PostgresLog.append, one process, one writer's connection; each append also writes its message and its answer",
    Guarantees(
        check="yes: expected version, of several streams at once",
        key="yes: the stored answer, to the byte",
        outbox="yes: in the same transaction, numbered",
        chain="yes: SHA-256 over every stored byte",
        feed="contiguous positions from 1, in order of commit",
        all_five=True,
    ),
    lambda: own("reluth_log"),
    store="migrated",
    pools=(1,),
)


@dataclass
class Runs:
    """The runs of one subject at one concurrency."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.rates) if self.rates else 0.0

    def total(self, what: Callable[[Audit], int]) -> int:
        return sum(map(what, self.audits))


async def measure(bench: Bench) -> Result:
    """Every subject in turn, `ROUNDS` times, so that a slow minute of the machine is everybody's."""
    reasons = unusable(PEERS) if bench.peers else {peer.name: "not asked for" for peer in PEERS}
    subjects = [OURS, *(peer for peer in PEERS if peer.name not in reasons)]
    runs = {(subject.name, n): Runs() for subject in subjects for n in CONCURRENT}
    failures: dict[str, str] = {}
    seconds, warm_up = bench.scaled(3, 0.3), bench.scaled(0.7, 0.1)
    rounds = ROUNDS if bench.scale >= 1 else 1
    with bench.folder() as folder:
        async with postgres(folder) as server:
            place = Place(server, folder)
            pools: dict[str, int] = {}
            for subject in subjects:
                bench.say(f"append: the best pool for {subject.name}")
                try:
                    pools[subject.name] = await _best_pool(place, subject, seconds / 3, warm_up / 2)
                except WorkerFailed as error:
                    failures[subject.name] = str(error)
            turns = list(itertools.product(range(rounds), CONCURRENT, subjects))
            for number, (_, concurrency, subject) in enumerate(turns):
                if subject.name in failures:
                    continue
                bench.say(f"append: {subject.name}, {concurrency} at once ({number + 1} of {len(turns)})")
                load = Load("", concurrency, seconds, warm_up, min(pools[subject.name], concurrency))
                try:
                    await place.run(subject, load, runs[(subject.name, concurrency)])
                except WorkerFailed as error:
                    failures[subject.name] = str(error)
    left_out = [f"{name}: {why}" for name, why in (reasons | failures).items()]
    return _result(subjects, runs, pools, left_out, seconds, rounds)


class Place:
    """Where subjects keep their events: a new database or directory for each run."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._numbers = itertools.count(1)

    async def run(self, subject: Peer, load: Load, runs: Runs) -> None:
        """One run, and a look at what is there afterwards. Raises `WorkerFailed`."""
        name = f"run{next(self._numbers)}"
        folder = self._folder / name
        match subject.store:
            case "directory":
                folder.mkdir()
                place = str(folder)
            case "migrated":
                place = (await self._server.migrated(name)).app
            case _:
                place = (await self._server.empty(name)).owner
        try:
            worked = await worker(subject.command(), replace(load, place=place), seconds=60 + 10 * load.seconds)
        finally:
            if subject.store == "directory":
                shutil.rmtree(folder)
            else:
                await self._server.drop(name)
        runs.rates.append(worked["rate"])
        runs.latencies += worked["latencies"]
        runs.audits.append(audit(worked["counts"], worked["feed"]))
        runs.broken += worked["broken"]


async def _best_pool(place: Place, subject: Peer, seconds: float, warm_up: float) -> int:
    """The number of connections with which it is fastest at the most writers: everybody gets the best shot."""
    rates = dict.fromkeys(subject.pools, 0.0)
    if len(rates) > 1:
        for pool in rates:
            await place.run(subject, Load("", max(CONCURRENT), seconds, warm_up, pool), tried := Runs())
            rates[pool] = tried.rate
    return max(rates, key=lambda pool: rates[pool])


def _result(
    subjects: list[Peer],
    runs: dict[tuple[str, int], Runs],
    pools: dict[str, int],
    left_out: list[str],
    seconds: float,
    rounds: int,
) -> Result:
    rows = [
        [
            subject.name,
            str(n),
            f"{found.rate:,.0f}",
            ms(percentile(found.latencies, 0.5)),
            ms(percentile(found.latencies, 0.99)),
            f"{found.total(lambda a: a.acknowledged):,}",
            str(found.total(lambda a: a.lost)),
            str(found.total(lambda a: a.doubled + a.unasked)),
            str(found.total(lambda a: a.disorder)),
            str(found.total(lambda a: a.holes)),
        ]
        for n in CONCURRENT
        for subject in subjects
        if (found := runs[(subject.name, n)]).rates
    ]
    figures = Table(
        ["log", "at once", "appends/s", "p50 ms", "p99 ms", "acknowledged", "lost", "doubled", "disorder", "holes"],
        rows,
    )
    promises = Table(
        ["log", "version", "optimistic check", "idempotency key", "outbox", "hash chain", "feed"],
        [[s.name, s.version, g.check, g.key, g.outbox, g.chain, g.feed] for s in subjects for g in (s.guarantees,)],
        "What each promises, from its documentation and source. No peer gives all five by itself.",
    )
    ways = Table(
        ["log", "how it is run", "connections"],
        [[s.name, s.how, f"{pools.get(s.name, 0)} of {', '.join(map(str, s.pools))}"] for s in subjects],
        "Connections: the fastest of some, tried at the most writers before the first round.",
    )
    most = max(CONCURRENT)
    ours = [runs[(OURS.name, n)] for n in CONCURRENT]
    broken = [what for found in ours for what in found.broken]
    lost = sum(found.total(lambda a: a.lost) for found in ours)
    wrong = sum(found.total(lambda a: a.doubled + a.unasked + a.disorder + a.holes) for found in ours) + len(broken)
    rate = runs[(OURS.name, most)].rate
    verdicts = [
        Verdict(f"appends/s at {most}", ">= 10,000", f"{rate:,.0f}", rate >= 10_000),
        Verdict(
            "lost; doubled, out of order, holes, broken links, missing messages or answers",
            "0; 0",
            f"{lost}; {wrong}" + (f" ({broken[0]})" if broken else ""),
            not lost and not wrong,
        ),
    ]
    for label, peers in (
        ("of the same guarantees", [s for s in subjects[1:] if s.guarantees.all_five]),
        ("on PostgreSQL", [s for s in subjects[1:] if s.store == "postgresql"]),
        ("of any kind", subjects[1:]),
    ):
        if peers:
            best = max(peers, key=lambda peer: runs[(peer.name, most)].rate)
            ratio = rate / (runs[(best.name, most)].rate or rate)
            what = f"times the fastest peer {label} ({best.name}), {most} at once"
            verdicts.append(Verdict(what, ">= 4", f"{ratio:.1f}", ratio >= 4))
    return Result(
        "Append",
        [
            f"{len(PAYLOAD)} bytes of payload, one event an append, a stream for every ten events, {rounds} rounds of"
            f" {seconds:g} s a subject and concurrency, in turns; rate: the median round, latencies: of all rounds",
            "PostgreSQL 18 with fsync and synchronous_commit on, a new database for each run; UmaDB's own server on the"
            " same disk",
            "every run ends with a look at what is there: lost = acknowledged and not found; holes = positions that no"
            " event has",
        ],
        [figures, promises, ways],
        verdicts,
        lost,
        left_out,
        {s.name: {str(n): runs[(s.name, n)].rate for n in CONCURRENT} for s in subjects},
    )
