-- Add to the inbox log and move its head ($19), standings ($20 to $26) and offsets ($27 to $30), in one statement.
-- Relies on the lock of inbox_head. A place or a key_seq that is there already is an error: there is no ON CONFLICT on
-- the log, a contradiction is never to be passed over. An array for each topic is not possible, so `held` is its text.
WITH added AS (
    INSERT INTO inbox (in_pos, topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version,
                       pos, recorded_at, chain, meta, value, received_at)
    SELECT *, $18::timestamptz
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::uuid[],
                $9::text[], $10::int[], $11::text[], $12::bigint[], $13::bigint[], $14::timestamptz[], $15::bytea[],
                $16::bytea[], $17::bytea[])
), stood AS (
    INSERT INTO inbox_standings (topic, topic_pos, pos, out_pos, held, announced, since)
    SELECT topic, topic_pos, pos, out_pos, held::bigint[], announced, since
    FROM unnest($20::text[], $21::bigint[], $22::bigint[], $23::bigint[], $24::text[], $25::bigint[], $26::timestamptz[])
         AS given (topic, topic_pos, pos, out_pos, held, announced, since)
    ON CONFLICT (topic) DO UPDATE
    SET topic_pos = excluded.topic_pos, pos = excluded.pos, out_pos = excluded.out_pos, held = excluded.held,
        announced = excluded.announced, since = excluded.since
), moved AS (
    INSERT INTO inbox_offsets (cluster_id, topic, partition, next_offset)
    SELECT $27, * FROM unnest($28::text[], $29::int[], $30::bigint[])
    ON CONFLICT (cluster_id, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
)
UPDATE inbox_head SET in_pos = $19
