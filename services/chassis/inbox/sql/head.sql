-- The last position of the inbox log.
SELECT in_pos FROM inbox_head
