-- Every generation, locked in one order by everybody. Whoever adds or switches has taken the registry's advisory lock
-- before: row locks do not keep two processes from adding the same generation.
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM projection_generations ORDER BY name, version, number FOR UPDATE
