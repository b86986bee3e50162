-- What the relay sends next, with the event each message belongs to. Served by the primary keys of both tables.
SELECT o.out_pos, o.topic, o.topic_pos, o.key, o.key_seq, o.value,
       e.pos, e.event_id, e.stream_id, e.version, e.type, e.schema, e.meta, e.payload, e.recorded_at, e.hash
FROM outbox o JOIN events e ON e.pos = o.pos
WHERE o.out_pos > $1 ORDER BY o.out_pos LIMIT $2
