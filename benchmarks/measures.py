"""Every measure by its name, each from a `Bench` to a `Result`."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from benchmarks import append, growth, http, latency, memory, rebuild
from benchmarks.result import Result, Table, Verdict
from benchmarks.stand import Bench, kafka, postgres

RATE = 200


async def over_http(bench: Bench) -> Result:
    """Durable commands through one service beside a bare FastAPI with one INSERT."""
    seconds = bench.scaled(15, 1)
    bench.say(f"http: about {6 * seconds:.0f} s")
    with bench.folder() as folder:
        found = await http.measure(folder / "state", seconds=seconds, subjects=bench.count(1000, 50))
    service, half = found["service"], found["half"]
    names = {"bare": "FastAPI and one INSERT", "service": "ReLUTH", "half": "ReLUTH, at half of that"}
    rows = [
        [
            name,
            f"{one['per_second']:,.0f}",
            *(f"{one[p]:.1f}" for p in ("p50_ms", "p99_ms", "max_ms")),
            str(one["cpu_us"]["bare" if one is found["bare"] else http.SERVICE]),
            *(str(one["cpu_us"]["postgres"]), f"{100 * one['client_cpu']:.0f} %", f"{one['rss_mb']:.0f}"),
        ]
        for one, name in ((found[key], name) for key, name in names.items())
    ]
    columns = ["server", "requests/s", "p50 ms", "p99 ms", "max ms", "CPU us", "PostgreSQL", "client", "RSS MiB"]
    acknowledged = service["statuses"].get("201", 0)
    refused = service["requests"] - acknowledged + half["requests"] - half["statuses"].get("201", 0)
    lost = acknowledged - service["in_log"]
    rate, share = service["per_second"], found["ratio"]["service_to_bare"]
    there = f"{lost}; {refused}; {service['lost'] + half['lost']}"
    return Result(
        "Commands over HTTP",
        [
            f"{http.CONNECTIONS} kept connections, a lean client in a process of its own, {seconds:g} s each after a"
            " warm-up; at half the load requests fall due evenly, and the wait is counted from when one was due",
            "the command: a dated finding about a consented subject, with a bearer token that is verified, role and"
            " site checked, an idempotency key; the bare application takes the same body and writes one row, no more",
            "same server options, same size of pool, same PostgreSQL with fsync on; Kafka runs, the relay publishes",
        ],
        [Table(columns, rows, "CPU: microseconds a request, of the server and of PostgreSQL; of the client a share.")],
        [
            Verdict("commands/s", ">= 1,500", f"{rate:,.0f}", rate >= 1500),
            Verdict("of the bare application", ">= 0.5", f"{share:.2f}", share >= 0.5),
            Verdict("p99 at half of that load, ms", "< 100", f"{half['p99_ms']:.0f}", half["p99_ms"] < 100),
            Verdict(
                f"of {acknowledged:,} acknowledged: not in the log; refused; unanswered",
                "0; 0; 0",
                there,
                there == "0; 0; 0",
            ),
        ],
        max(lost, 0),
        series={names[name]: found[name]["per_second"] for name in ("service", "bare")},
    )


async def to_projection(bench: Bench) -> Result:
    """From an acknowledged append in one process to the committed row in another, through Kafka."""
    seconds = bench.scaled(20, 4)
    bench.say(f"latency: about {seconds + 15:.0f} s")
    with bench.folder() as folder:
        async with postgres(folder) as server, kafka(folder) as bootstrap:
            owner, reader = (await server.migrated("owner")).app, (await server.migrated("reader")).app
            found = await latency.measure(owner, reader, bootstrap, rate=RATE, seconds=seconds)
    middle, most = found.percentile(0.5), found.percentile(0.99)
    rows = [[f"{RATE}", f"{len(found.milliseconds):,}", *(f"{found.percentile(p):.1f}" for p in (0.5, 0.9, 0.99, 1))]]
    return Result(
        "Fact to visible projection",
        [
            f"the facts of enrolment at an even {RATE} a second for {seconds:g} s, the first two not counted; from the"
            " acknowledged append to the commit of the transaction that holds the rows of analytics' read models",
            "owner and reader are processes with a database each, on one PostgreSQL with fsync on; relay and consumer"
            " as in the services, real Kafka",
        ],
        [Table(["facts/s", "counted", "p50 ms", "p90 ms", "p99 ms", "max ms"], rows)],
        [
            Verdict("p50, ms", "< 20", f"{middle:.1f}", middle < 20),
            Verdict("p99, ms", "< 100", f"{most:.1f}", most < 100),
            Verdict(
                "facts never seen; read model equals one built anew",
                "0; yes",
                f"{found.lost}; {'yes' if found.same else 'no'}",
                not found.lost and bool(found.same),
            ),
        ],
        found.lost,
        series={f"{RATE} facts/s": [[n / 200, round(found.percentile(n / 200), 2)] for n in range(201)]},
    )


async def rebuilding(bench: Bench) -> Result:
    """A read model of analytics, built again beside the one that serves."""
    events = bench.count(400_000, 2_000)
    bench.say(f"rebuild: {events:,} events")
    with bench.folder() as folder:
        async with postgres(folder) as server:
            found = await rebuild.measure((await server.migrated("rebuild")).app, events)
    rate = found.per_second
    return Result(
        "Rebuild of a projection",
        [
            "the dossiers of analytics, out of an inbox log that holds the trial's facts in their usual proportions, by"
            " the operation that people use; then compared with what serves by checksum",
        ],
        [
            Table(
                ["events", "rows", "building s", "events/s", "with comparison s", "same as what serves"],
                [
                    [
                        *(f"{found.events:,}", f"{found.rows:,}", f"{found.building:.1f}", f"{rate:,.0f}"),
                        *(f"{found.whole:.1f}", str(found.same)),
                    ]
                ],
            )
        ],
        [
            Verdict("events/s", ">= 50,000", f"{rate:,.0f}", rate >= 50_000),
            Verdict("the new build equals the serving one", "yes", "yes" if found.same else "no", bool(found.same)),
        ],
        series={"events/s": rate},
    )


MEASURES: Mapping[str, Callable[[Bench], Coroutine[Any, Any, Result]]] = {
    "append": append.measure,
    "http": over_http,
    "latency": to_projection,
    "rebuild": rebuilding,
    "growth": growth.measure,
    "memory": memory.measure,
}
