-- Write what is held of a topic. Relies on the lock of inbox_head.
INSERT INTO inbox_standings (topic, topic_pos, pos, out_pos, held, announced, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (topic) DO UPDATE
SET topic_pos = excluded.topic_pos, pos = excluded.pos, out_pos = excluded.out_pos, held = excluded.held,
    announced = excluded.announced, since = excluded.since
