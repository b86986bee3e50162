-- The feed after a position. Safe to tail without a lock: positions are given under the lock of log_head and become
-- visible with its commit, so no position ever appears behind one that was seen. Served by the primary key.
SELECT pos, event_id, stream_id, version, type, schema, meta, payload, recorded_at, hash
FROM events WHERE pos > $1 ORDER BY pos LIMIT $2
