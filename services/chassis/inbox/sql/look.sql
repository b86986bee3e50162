-- Everything that the judgement of a fetch depends on, in one round trip, under the lock of inbox_head.
-- $1 cluster, $2 and $3 partitions, $4 and $5 places, $6 and $7 keys. Served by the primary keys of inbox_offsets and
-- inbox_waiting, by inbox_topic_pos and inbox_key_seq, one step for each that is asked for.
SELECT 'offset' AS kind, o.topic, NULL::text AS key, o.partition::bigint AS n, o.next_offset AS m, NULL::uuid AS id,
       NULL::bytea AS chain, NULL::bigint[] AS held, NULL::bigint[] AS counts, NULL::timestamptz AS since
FROM inbox_offsets o JOIN unnest($2::text[], $3::int[]) AS wanted (topic, partition) USING (topic, partition)
WHERE o.cluster_id = $1
UNION ALL
SELECT 'place', i.topic, NULL, i.topic_pos, NULL, i.event_id, i.chain, NULL, NULL, NULL
FROM inbox i JOIN unnest($4::text[], $5::bigint[]) AS wanted (topic, topic_pos) USING (topic, topic_pos)
UNION ALL
SELECT 'place', w.topic, NULL, w.topic_pos, NULL, w.event_id, w.chain, NULL, NULL, NULL
FROM inbox_waiting w JOIN unnest($4::text[], $5::bigint[]) AS wanted (topic, topic_pos) USING (topic, topic_pos)
UNION ALL
SELECT 'key', topic, key, (SELECT max(i.key_seq) FROM inbox i WHERE i.topic = wanted.topic AND i.key = wanted.key),
       NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest($6::text[], $7::text[]) AS wanted (topic, key)
UNION ALL
SELECT 'standing', topic, NULL, topic_pos, pos, NULL, NULL, held, ARRAY[out_pos, announced], since FROM inbox_standings
UNION ALL
SELECT 'waits', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE EXISTS (SELECT 1 FROM inbox_waiting)
