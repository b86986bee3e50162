-- One statement writes a whole batch: events, stream versions, outbox, idempotency records and the new head.
-- Relies on the lock of log_head taken by lock_head.sql. A duplicate position, version or event id is an error and
-- rolls everything back: there is no ON CONFLICT on events, a conflict there is never to be passed over.
WITH appended AS (
    INSERT INTO events (pos, event_id, stream_id, version, type, schema, meta, payload, recorded_at, hash)
    SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::bytea[],
                         $8::bytea[], $9::timestamptz[], $10::bytea[])
), advanced AS (
    INSERT INTO streams (stream_id, version)
    SELECT * FROM unnest($11::text[], $12::bigint[])
    ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version
), outgoing AS (
    INSERT INTO outbox (out_pos, pos, topic, topic_pos, key, key_seq, value)
    SELECT * FROM unnest($13::bigint[], $14::bigint[], $15::text[], $16::bigint[], $17::text[], $18::bigint[], $19::bytea[])
), answered AS (
    INSERT INTO commands (key, request_hash, response, pos)
    SELECT * FROM unnest($20::text[], $21::bytea[], $22::bytea[], $23::bigint[])
)
UPDATE log_head SET pos = $24, out_pos = $25, hash = $26, recorded_at = $27
