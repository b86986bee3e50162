-- Write the cursor. Relies on the lock taken by lock_cursor.sql.
UPDATE cursors SET position = $2 WHERE name = $1
