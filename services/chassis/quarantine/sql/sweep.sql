-- Forget what is held for too long.
DELETE FROM quarantine WHERE since < $1 RETURNING id
