-- The cursor, without a lock.
SELECT position FROM cursors WHERE name = $1
