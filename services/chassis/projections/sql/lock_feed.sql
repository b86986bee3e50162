-- The finished generations of one feed, locked in the same order as all of them. One that is being built is left out:
-- its builder holds it for a whole step, and nobody who follows the feed is to wait for that.
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM projection_generations WHERE feed = $1 AND status <> 'building' ORDER BY name, version, number FOR UPDATE
