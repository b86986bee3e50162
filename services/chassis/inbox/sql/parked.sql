-- Parked keys, of one follower or some keys only, if given. Served by the primary key.
SELECT follower, key, position, reason, parked_at FROM parked
WHERE ($1::text IS NULL OR follower = $1) AND ($2::text[] IS NULL OR key = ANY($2::text[]))
ORDER BY follower, key
