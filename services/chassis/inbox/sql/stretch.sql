-- A stretch of the inbox log as folds need it, of some types. Served by the primary key.
SELECT in_pos, topic, topic_pos, key, source, event_id, type, schema, stream, version, pos, recorded_at, chain, meta, value
FROM inbox
WHERE in_pos > $1 AND in_pos <= $2 AND type = ANY($3::text[])
ORDER BY in_pos
