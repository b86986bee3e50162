-- What is kept under a key id. Served by the primary key.
SELECT key_id, wrapped, kek_id, created_at, destroyed_at FROM subject_keys WHERE key_id = $1
