-- What the inbox log has of a key, in any topic. Served by inbox_key.
SELECT topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version, pos, recorded_at,
       chain, meta, value, in_pos, received_at
FROM inbox WHERE key = $1 AND in_pos >= $2 AND in_pos <= $3
ORDER BY in_pos
