-- Messages that wait, of some keys or of all (null). Served by inbox_waiting_key_seq; the table is empty on a good day.
SELECT topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version, pos, recorded_at,
       chain, meta, value
FROM inbox_waiting
WHERE $1::text[] IS NULL OR (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY topic, key, key_seq
