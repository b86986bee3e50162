-- A stream after a version, as known at a position ($3) or a recorded time ($4); null means now.
-- Served by the unique index (stream_id, version); takes no lock.
SELECT pos, event_id, stream_id, version, type, schema, meta, payload, recorded_at, hash
FROM events
WHERE stream_id = $1 AND version > $2
  AND ($3::bigint IS NULL OR pos <= $3) AND ($4::timestamptz IS NULL OR recorded_at <= $4)
ORDER BY version
