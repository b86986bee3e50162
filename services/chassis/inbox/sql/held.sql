-- Which places are known, in the log or waiting. Served by inbox_topic_pos and the primary key of inbox_waiting.
SELECT i.topic, i.topic_pos, i.event_id, i.chain
FROM inbox i JOIN unnest($1::text[], $2::bigint[]) AS wanted (topic, topic_pos) USING (topic, topic_pos)
UNION ALL
SELECT w.topic, w.topic_pos, w.event_id, w.chain
FROM inbox_waiting w JOIN unnest($1::text[], $2::bigint[]) AS wanted (topic, topic_pos) USING (topic, topic_pos)
