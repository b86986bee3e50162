-- Keep messages that came before an earlier one of their key. Relies on the lock of inbox_head.
INSERT INTO inbox_waiting (topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version,
                           pos, recorded_at, chain, meta, value, received_at)
SELECT *, $17::timestamptz
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::uuid[], $8::text[],
            $9::int[], $10::text[], $11::bigint[], $12::bigint[], $13::timestamptz[], $14::bytea[], $15::bytea[],
            $16::bytea[])
