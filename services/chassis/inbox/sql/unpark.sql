-- Forget a parked key, or all of a follower (null).
DELETE FROM parked WHERE follower = $1 AND ($2::text IS NULL OR key = $2)
