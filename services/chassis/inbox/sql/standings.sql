-- What is held, by topic.
SELECT topic, topic_pos, pos, out_pos, held, announced, since FROM inbox_standings
