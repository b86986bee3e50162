-- The start-up check: a log whose head, highest position and number of rows disagree has lost or gained rows.
SELECT h.pos AS head, h.out_pos AS out_head, h.hash,
       (SELECT count(*) FROM events) AS events, (SELECT coalesce(max(pos), 0) FROM events) AS last,
       (SELECT hash FROM events WHERE pos = h.pos) AS last_hash,
       (SELECT count(*) FROM outbox) AS messages, (SELECT coalesce(max(out_pos), 0) FROM outbox) AS last_out
FROM log_head h
