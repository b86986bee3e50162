-- Park a key, or give a parked one its new place and reason.
INSERT INTO parked (follower, key, position, reason, parked_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (follower, key) DO UPDATE
SET position = excluded.position, reason = excluded.reason, parked_at = excluded.parked_at
