-- How many messages of a topic are there, in the log or waiting. An index-only count over inbox_topic_pos.
SELECT (SELECT count(*) FROM inbox WHERE topic = $1) + (SELECT count(*) FROM inbox_waiting WHERE topic = $1)
