-- The generations of one feed, locked in the same order as all of them.
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM projection_generations WHERE feed = $1 ORDER BY name, version, number FOR UPDATE
