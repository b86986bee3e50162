-- Add to the inbox log and move its head, in one statement. Relies on the lock of inbox_head. A place or a key_seq
-- that is there already is an error: there is no ON CONFLICT, a contradiction is never to be passed over.
WITH added AS (
    INSERT INTO inbox (in_pos, topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version,
                       pos, recorded_at, chain, meta, value, received_at)
    SELECT *, $18::timestamptz
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::uuid[],
                $9::text[], $10::int[], $11::text[], $12::bigint[], $13::bigint[], $14::timestamptz[], $15::bytea[],
                $16::bytea[], $17::bytea[])
)
UPDATE inbox_head SET in_pos = $19
