-- Add a generation, or write what may change of it.
INSERT INTO projection_generations (name, version, number, feed, status, position, started_at, ready_at, checksum)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (name, version, number) DO UPDATE
SET status = excluded.status, position = excluded.position, ready_at = excluded.ready_at, checksum = excluded.checksum
