-- How much would be lost with this database: facts of its own, and what it holds of others.
SELECT (SELECT pos FROM log_head) + (SELECT in_pos FROM inbox_head)
