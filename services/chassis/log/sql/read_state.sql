-- Everything a verdict needs, in one round trip, under the lock of log_head.
-- $1 streams, $2 command keys, $3 topics, $4 and $5 pairs of topic and key, $6 event ids.
-- Served by the primary keys of streams and commands, outbox_topic_pos, outbox_key_seq and events_event_id.
SELECT 'head' AS kind, NULL::text AS name, NULL::text AS key, pos AS n, out_pos AS m, hash AS x, NULL::bytea AS y,
       recorded_at AS t
FROM log_head
UNION ALL
SELECT 'stream', stream_id, NULL, version, NULL, NULL, NULL, NULL FROM streams WHERE stream_id = ANY($1::text[])
UNION ALL
SELECT 'command', key, NULL, pos, NULL, request_hash, response, NULL FROM commands WHERE key = ANY($2::text[])
UNION ALL
SELECT 'topic', topic, NULL, (SELECT max(o.topic_pos) FROM outbox o WHERE o.topic = wanted.topic), NULL, NULL, NULL, NULL
FROM unnest($3::text[]) AS wanted (topic)
UNION ALL
SELECT 'key', topic, key,
       (SELECT max(o.key_seq) FROM outbox o WHERE o.topic = wanted.topic AND o.key = wanted.key), NULL, NULL, NULL, NULL
FROM unnest($4::text[], $5::text[]) AS wanted (topic, key)
UNION ALL
SELECT 'event', event_id::text, NULL, pos, NULL, NULL, NULL, NULL FROM events WHERE event_id = ANY($6::uuid[])
