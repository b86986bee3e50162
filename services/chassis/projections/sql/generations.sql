-- Every generation of every projection. A handful of rows.
SELECT name, version, number, feed, status, position, started_at, ready_at, checksum
FROM projection_generations ORDER BY name, version, number
