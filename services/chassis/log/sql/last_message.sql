-- The last message of a topic up to a place of the outbox, with its event. Served by outbox_topic_pos, read backwards:
-- within a topic both numbers grow together, so what is passed over is what was appended after that place.
SELECT o.out_pos, o.topic, o.topic_pos, o.key, o.key_seq, o.value,
       e.pos, e.event_id, e.stream_id, e.version, e.type, e.schema, e.meta, e.payload, e.recorded_at, e.hash
FROM outbox o JOIN events e ON e.pos = o.pos
WHERE o.topic = $1 AND o.out_pos <= $2 ORDER BY o.topic_pos DESC LIMIT 1
