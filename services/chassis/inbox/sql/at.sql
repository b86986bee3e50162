-- One message by its place. Served by inbox_topic_pos.
SELECT topic, topic_pos, key, key_seq, out_pos, source, event_id, type, schema, stream, version, pos, recorded_at,
       chain, meta, value
FROM inbox WHERE topic = $1 AND topic_pos = $2
