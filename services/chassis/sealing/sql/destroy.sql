-- Forget a key for good, or bar an id that has none. The first destruction keeps its time. Locks the one row.
INSERT INTO subject_keys AS k (key_id, wrapped, kek_id, created_at, destroyed_at) VALUES ($1, NULL, '', $2, $2)
ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(k.destroyed_at, excluded.destroyed_at)
RETURNING key_id, wrapped, kek_id, created_at, destroyed_at
