-- They are in the inbox log now. Relies on the lock of inbox_head.
DELETE FROM inbox_waiting w USING unnest($1::text[], $2::bigint[]) AS released (topic, topic_pos)
WHERE w.topic = released.topic AND w.topic_pos = released.topic_pos
