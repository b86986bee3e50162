-- Living keys that the active key-encryption key does not wrap. Reads the whole table: run at a rotation only.
SELECT key_id, wrapped, kek_id, created_at, destroyed_at
FROM subject_keys
WHERE wrapped IS NOT NULL AND kek_id <> $1
ORDER BY key_id
LIMIT $2
