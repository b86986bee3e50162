// Emmett under the load of benchmarks/load.py: the same writers, the same streams, the same clock.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), "..", ".peers", "package.json"));
const { getPostgreSQLEventStore } = await import(
  pathToFileURL(require.resolve("@event-driven-io/emmett-postgresql").replace(/\.cjs$/, ".js")).href
);
const pg = require("pg");

const PER_STREAM = 10;
const STREAMS_PER_WRITER = 1_000_000;
const load = JSON.parse(readFileSync(0, "utf8"));
const data = JSON.parse(load.payload);

const pool = new pg.Pool({ connectionString: load.place, max: load.pool });
const store = getPostgreSQLEventStore(load.place, { connectionOptions: { pooled: true, pool } });
await store.schema.migrate();

const counts = new Array(load.concurrency).fill(0);
const latencies = [];
const begin = performance.now() + load.warm_up * 1000;
const end = begin + load.seconds * 1000;

async function write(writer) {
  for (;;) {
    const started = performance.now();
    if (started >= end) return;
    const number = counts[writer];
    const stream = writer * STREAMS_PER_WRITER + Math.floor(number / PER_STREAM);
    await store.appendToStream(`subject-${stream}`, [{ type: "test.happened", data }], {
      expectedStreamVersion: BigInt(number % PER_STREAM),
    });
    const now = performance.now();
    counts[writer] += 1;
    if (now >= begin && now <= end) latencies.push((now - started) / 1000);
  }
}

await Promise.all(counts.map((_, writer) => write(writer)));
const { rows } = await pool.query(
  "SELECT global_position, stream_id, stream_position FROM emt_messages ORDER BY transaction_id, global_position",
);
const feed = rows.map((row) => [
  Number(row.global_position),
  Number(row.stream_id.slice("subject-".length)),
  Number(row.stream_position),
]);
await store.close();
await pool.end();
process.stdout.write(
  JSON.stringify({ counts, latencies, rate: latencies.length / load.seconds, feed, broken: [] }),
  () => process.exit(0),
);
