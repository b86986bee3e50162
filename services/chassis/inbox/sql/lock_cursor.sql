-- The cursor, locked until the transaction ends.
SELECT position FROM cursors WHERE name = $1 FOR UPDATE
