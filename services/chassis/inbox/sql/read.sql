-- A stretch of the inbox log, of some types or of all (null). Served by the primary key.
SELECT topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version, pos, recorded_at,
       chain, meta, value, in_pos, received_at
FROM inbox
WHERE in_pos > $1 AND in_pos <= $2 AND ($3::text[] IS NULL OR type = ANY($3::text[]))
ORDER BY in_pos
